import Model
import Storage
import Wire

/// Rows to memory, once at the start.
extension OrchestratorCore {
    func load() throws(StorageError) {
        try database.migrate(to: OrchestratorSchema.schema)
        try loadTotals()
        try loadNodes()
        try loadTargets()
        try loadLeases()
        try loadNotices()
        try loadDecisions()
        try readOldestSubmission()
        // The wall clock may have jumped while nobody watched: a key is remembered for its hour of this life at least.
        if submissionsExpire != nil { submissionsExpire = now + Limits.keyMemory }
    }

    private func loadTotals() throws(StorageError) {
        let stored = try database.first(
            """
            SELECT incarnation, fence_counter, receipt_position, submitted, successes, empties, failures, handed_back,
                released, fenced, stored, duplicates, refused, unchanged FROM totals
            """
        ) { row in
            Totals(
                incarnation: row.uint(0), fenceCounter: row.uint(1), receiptPosition: row.uint(2),
                submitted: row.uint(3), successes: row.uint(4), empties: row.uint(5), failures: row.uint(6),
                handedBack: row.uint(7), released: row.uint(8), fenced: row.uint(9), stored: row.uint(10),
                duplicates: row.uint(11), refused: row.uint(12), unchanged: row.uint(13))
        }
        totals = stored ?? Totals()
        if totals.incarnation > configuration.incarnation {
            alerts.append(
                "the configured incarnation \(configuration.incarnation) is older than \(totals.incarnation), "
                    + "which goes on"
            )
        }
        totals.incarnation = max(totals.incarnation, configuration.incarnation)
    }

    private func loadNodes() throws(StorageError) {
        let nodes = try database.all("SELECT name, presence, profile FROM nodes ORDER BY number") { row in
            (name: row.text(0), presence: row.int(1), profile: row.blob(2))
        }
        for node in nodes {
            guard let message = try? Proto.RegisterNode(decoding: node.profile),
                let profile = try? NodeProfile(message, name: node.name)
            else { throw unreadable("nodes", node.name) }
            let presence: Presence =
                switch node.presence {
                case 0: .suspect(nil)
                case 1: .left
                case 3: .removed
                default: .offline
                }
            let number = fleet.restore(name: node.name, profile: profile, presence: presence, now: now)
            if presence == .suspect(nil) { enlist(number) }
        }
        try database.query("SELECT node, successes, failures FROM node_counters") { row in
            let number = Int(row.int(0))
            guard number < fleet.nodes.count else { return }
            fleet[number].successes = row.uint(1)
            fleet[number].failures = row.uint(2)
        }
        try loadHealth()
    }

    private func loadHealth() throws(StorageError) {
        for (node, value) in try records(.standing, 0...Int.max) where node < fleet.nodes.count {
            restoreStanding(of: node, value)
        }
        var outcomes: [NodeNumber: [(ordinal: UInt64, outcome: HealthOutcome)]] = [:]
        for (place, value) in try records(.outcome, 0...Int.max) {
            outcomes[place / 256, default: []].append(HealthOutcome.unpacked(value))
        }
        for (node, list) in outcomes where node < fleet.nodes.count { fleet[node].health.restore(list) }
    }

    private func loadDecisions() throws(StorageError) {
        actors = try records(.actor, 0...Int.max).map { String(decoding: $0.value, as: UTF8.self) }
        guard let counter = try records(.decisionCounter, 0...0).first else { return }
        var rest = Unpacked(counter.value)
        decisionNumber = rest.number()
    }

    private func loadTargets() throws(StorageError) {
        try database.query(
            """
            SELECT id, type, location, priority, once, interval_ms, min_retry_ms, capability, pin, details, state, due,
                attempts, successes, target_failures, content_failures, node_failures, first_blamed, second_agrees,
                avoid,
                last_error, last_lease, pace_ms, last_attempt, last_success
                FROM targets JOIN progress ON target = number ORDER BY number
            """
        ) { (row: borrowing Row) throws(StorageError) in
            guard let id = row.withBlob(0, { TargetID($0) }), let type = TargetType(name: row.text(1)),
                let stored = StoredState(rawValue: row.int(10))
            else { throw unreadable("targets", row.text(2)) }
            let details = try details(row.blobOrNil(9))
            var timing = Timing(
                row.bool(4) ? .once : .interval, interval: .milliseconds(row.uint(5)),
                minRetry: .milliseconds(row.uint(6)))
            if let spec = details?.spec { timing.take(spec.schedule, cron: spec.cron) }
            let progress = progress(row)
            let capability = row.textOrNil(7)
            let requirement = Requirement(capability: capability ?? type.name, pin: row.text(8))
            let target = Target(
                id: id, timing: timing, priority: UInt8(clamping: row.int(3)),
                state: restored(stored, due: WallTime(milliseconds: row.int(11)), timing, progress.pace),
                progress: progress)
            add(
                TargetEntry(
                    target: target, type: type, location: row.text(2), capability: capability, pin: row.text(8),
                    place: assigner.place(requirement, host: Location.host(of: row.text(2))),
                    details: details))
        }
        if UInt64(targets.count) != totals.submitted {
            alerts.append("\(totals.submitted) targets were submitted, but \(targets.count) are stored")
        }
        try database.query("SELECT target FROM bookmarks") { row in
            if row.int(0) < targets.count { targets[Int(row.int(0))].hasBookmark = true }
        }
    }

    private func progress(_ row: borrowing Row) -> TargetProgress {
        TargetProgress(
            attempts: row.uint(12), successes: row.uint(13),
            run: FailureRun(
                ofTarget: UInt32(clamping: row.int(14)), ofContent: UInt32(clamping: row.int(15)),
                ofNode: UInt32(clamping: row.int(16)), firstBlamedBy: row.intOrNil(17).map { Int($0) },
                secondAgrees: row.bool(18)),
            lastError: row.text(20), avoid: row.intOrNil(19).map { Int($0) }, lastLease: row.uint(21),
            pace: .milliseconds(row.uint(22)), lastAttempt: WallTime(milliseconds: row.int(23)),
            lastSuccess: WallTime(milliseconds: row.int(24)))
    }

    private func details(_ blob: [UInt8]?) throws(StorageError) -> TargetDetails? {
        guard let blob else { return nil }
        guard let spec = try? Proto.TargetSpec(decoding: blob) else { throw unreadable("targets", "details") }
        return TargetDetails(spec)
    }

    /// No wait is longer than the longest that its state allows, whatever the wall clock did in between.
    private func restored(
        _ stored: StoredState, due: WallTime, _ timing: Timing, _ pace: Span
    ) -> TargetState {
        switch stored {
        case .scheduled: .scheduled(due: min(due, timing.next(after: time, pace: pace) ?? time + timing.interval))
        case .retry: .retry(due: min(due, time + Limits.maxInterval))
        case .paused: .paused
        case .dead: .dead
        case .cancelled: .cancelled
        case .done: .done
        }
    }

    private func loadLeases() throws(StorageError) {
        try database.query(
            """
            SELECT number, incarnation, target, node, claim, error, stream, last_sequence, retry_after_ms, stored,
                duplicates, unchanged, refused, received_stream, received_sequence FROM leases ORDER BY number
            """
        ) { (row: borrowing Row) throws(StorageError) in
            let number = Int(row.int(2))
            let node = Int(row.int(3))
            guard number < targets.count, node < fleet.nodes.count, targets[number].target.wakes != nil else {
                throw unreadable("leases", "\(row.uint(0))")
            }
            let ref = LeaseRef(
                lease: row.uint(0), target: targets[number].target.id,
                fence: Fence(incarnation: row.uint(1), counter: row.uint(0)))
            let tally = ReceiptTally(
                stored: row.uint(9), duplicates: row.uint(10), unchanged: row.uint(11), refused: row.uint(12),
                stream: row.uint(13), lastSequence: row.uint(14))
            // A lease makes its target due first, whatever its row says of the time.
            change(number) { $0.resumeLease(ref.lease) }
            hold(Lease(ref: ref, target: number, node: node, phase: phase(row), tally: tally))
        }
    }

    private func phase(_ row: borrowing Row) -> Lease.Phase {
        guard let claim = LeaseReport.Claim(rawValue: UInt8(clamping: row.int(4))) else {
            return .collecting(deadline: now + configuration.collectingDeadline, progress: 0)
        }
        let report = LeaseReport(
            claim: claim, error: row.text(5), stream: row.uint(6), lastSequence: row.uint(7),
            retryAfter: .milliseconds(row.uint(8)))
        return .delivering(report, deadline: now + configuration.deliveringDeadline)
    }

    /// Notices that nobody has confirmed are given again with the first turn.
    private func loadNotices() throws(StorageError) {
        try database.query("SELECT incarnation, counter, lease, target FROM late_notices") {
            (row: borrowing Row) throws(StorageError) in
            guard let target = row.withBlob(3, { TargetID($0) }) else { throw unreadable("late_notices", "target") }
            let ref = LeaseRef(
                lease: row.uint(2), target: target, fence: Fence(incarnation: row.uint(0), counter: row.uint(1)))
            notices.insert(ref)
            effects.append(.late(ref))
        }
        if !notices.isEmpty { noticesRepeat = now + Limits.requestTimeout }
    }

    private func unreadable(_ table: String, _ which: String) -> StorageError {
        StorageError(
            .corrupt,
            "could not read \(database.path): \(quoted(which)) in \(table) makes no sense; restore it from a backup")
    }
}
