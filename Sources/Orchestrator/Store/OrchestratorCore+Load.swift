import Model
import Storage
import Wire

/// Rows and what the journal says beyond them to memory, once at the start.
extension OrchestratorCore {
    func load() throws(StorageError) {
        try database.migrate(to: OrchestratorSchema.schema)
        try loadTotals()
        let tail = try JournalTail(of: database)
        for (key, value) in tail.records { unwritten.add(record: key, value) }
        try loadNodes(tail)
        // Before their targets, which then wait where they belong at once.
        restoreHosts(try records(.host, 0...Int.max).map(\.value))
        try loadTargets(tail)
        try loadLeases(tail)
        resume(tail)
        try loadNotices()
        try loadDecisions()
        try loadQuotas()
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

    private func loadNodes(_ tail: JournalTail) throws(StorageError) {
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
        for (number, counter) in tail.counters where number < fleet.nodes.count {
            fleet[number].successes = counter.successes
            fleet[number].failures = counter.failures
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

    /// What only the journal has is to be written to rows as if it had happened now.
    private func resume(_ tail: JournalTail) {
        journalEnd = tail.lastRow
        guard tail.bytes > 0 else { return }
        for number in tail.progress.keys { unwritten.add(progress: number) }
        for number in tail.leases.keys { unwritten.add(lease: number) }
        for number in tail.ended { unwritten.add(lease: number) }
        for number in tail.counters.keys { unwritten.add(counter: number) }
        for (number, value) in tail.bookmarks { unwritten.add(bookmark: value, of: number) }
        unwritten.journalGrew(by: tail.bytes)
        rowsFollow = now + configuration.journal.rest
    }

    private func loadTargets(_ tail: JournalTail) throws(StorageError) {
        let last = try database.first("SELECT max(number) FROM targets") { $0.intOrNil(0) } ?? nil
        targets.reserveCapacity(Int(last ?? -1) + 1)
        numbers.reserveCapacity(Int(last ?? -1) + 1)
        try database.query(
            """
            SELECT id, type, location, priority, once, interval_ms, min_retry_ms, capability, pin, details, state, due,
                attempts, successes, target_failures, content_failures, node_failures, first_blamed, second_agrees,
                avoid, last_error, last_lease, pace_ms, last_attempt, last_success, undecided
                FROM targets JOIN progress ON target = number ORDER BY number
            """
        ) { (row: borrowing Row) throws(StorageError) in
            let stored = tail.progress[targets.count] ?? progress(row)
            guard let id = row.withBlob(0, { TargetID($0) }), let type = TargetType(name: row.text(1)),
                let state = StoredState(rawValue: Int64(stored.state))
            else { throw unreadable("targets", row.text(2)) }
            let details = try details(row.blobOrNil(9))
            var timing = Timing(
                row.bool(4) ? .once : .interval, interval: .milliseconds(row.uint(5)),
                minRetry: .milliseconds(row.uint(6)))
            if let spec = details?.spec { timing.take(spec.schedule, cron: spec.cron) }
            let (location, capability, pin) = (row.text(2), row.textOrNil(7), row.text(8))
            let requirement = Requirement(capability: capability ?? type.name, pin: pin)
            var target = Target(
                id: id, timing: timing, priority: UInt8(clamping: row.int(3)),
                state: restored(state, due: WallTime(milliseconds: stored.due), timing, stored.progress.pace),
                progress: stored.progress)
            // What fell due while nobody watched need not wait for its timer.
            _ = target.fallDue(at: time)
            add(
                TargetEntry(
                    target: target, type: type, location: location, capability: capability, pin: pin,
                    place: assigner.place(requirement, host: OrchestratorCore.gate(of: location, details)),
                    details: details, trail: DecisionTrail(isKnown: stored.undecided)))
        }
        if UInt64(targets.count) != totals.submitted {
            alerts.append("\(totals.submitted) targets were submitted, but \(targets.count) are stored")
        }
        try database.query("SELECT target FROM bookmarks") { row in
            if row.int(0) < targets.count { targets[Int(row.int(0))].hasBookmark = true }
        }
        for number in tail.bookmarks.keys where number < targets.count { targets[number].hasBookmark = true }
    }

    private func progress(_ row: borrowing Row) -> StoredFormat.Progress {
        StoredFormat.Progress(
            target: UInt64(targets.count), state: UInt32(clamping: row.int(10)), due: row.int(11),
            attempts: row.uint(12), successes: row.uint(13), targetFailures: UInt32(clamping: row.int(14)),
            contentFailures: UInt32(clamping: row.int(15)), nodeFailures: UInt32(clamping: row.int(16)),
            firstBlamed: row.intOrNil(17).map { UInt64(clamping: $0) }, secondAgrees: row.bool(18),
            avoid: row.intOrNil(19).map { UInt64(clamping: $0) }, lastError: row.text(20), lastLease: row.uint(21),
            paceMs: row.uint(22), lastAttempt: row.int(23), lastSuccess: row.int(24),
            undecided: row.bool(25))
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
        case .scheduled where due <= time: .scheduled(due: due)
        case .scheduled: .scheduled(due: min(due, timing.next(after: time, pace: pace) ?? time + timing.interval))
        case .retry: .retry(due: min(due, time + Limits.maxInterval))
        case .paused: .paused
        case .dead: .dead
        case .cancelled: .cancelled
        case .done: .done
        }
    }

    private func loadLeases(_ tail: JournalTail) throws(StorageError) {
        var stored = tail.leases
        try database.query(
            """
            SELECT number, incarnation, target, node, claim, error, stream, last_sequence, retry_after_ms, stored,
                duplicates, unchanged, refused, received_stream, received_sequence FROM leases
            """
        ) { row in
            let number = row.uint(0)
            unwritten.hasRow(lease: number)
            guard stored[number] == nil, !tail.ended.contains(number) else { return }
            stored[number] = StoredFormat.Lease(
                number: number, incarnation: row.uint(1), target: row.uint(2), node: row.uint(3),
                claim: UInt32(clamping: row.intOrNil(4) ?? 0), error: row.text(5), stream: row.uint(6),
                lastSequence: row.uint(7), retryAfterMs: row.uint(8), stored: row.uint(9), duplicates: row.uint(10),
                unchanged: row.uint(11), refused: row.uint(12), receivedStream: row.uint(13),
                receivedSequence: row.uint(14))
        }
        for number in stored.keys.sorted() { if let lease = stored[number] { try resume(lease) } }
    }

    private func resume(_ lease: StoredFormat.Lease) throws(StorageError) {
        let number = Int(clamping: lease.target)
        let node = Int(clamping: lease.node)
        guard number < targets.count, node < fleet.nodes.count, targets[number].target.waitsSince != nil else {
            throw unreadable("leases", "\(lease.number)")
        }
        let ref = LeaseRef(
            lease: lease.number, target: targets[number].target.id,
            fence: Fence(incarnation: lease.incarnation, counter: lease.number))
        let phase: Lease.Phase =
            if let report = lease.report {
                .delivering(report, deadline: now + configuration.deliveringDeadline)
            } else {
                .collecting(deadline: now + configuration.collectingDeadline, progress: 0)
            }
        change(number) { $0.resumeLease(ref.lease) }
        hold(Lease(ref: ref, target: number, node: node, phase: phase, tally: lease.tally))
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
