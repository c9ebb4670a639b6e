import Model
import Storage
import Wire

/// Memory to rows: every changed thing once a turn, in one transaction.
extension OrchestratorCore {
    func writeChanges() throws(StorageError) {
        try recordDecisions()
        for number in changes.specs.order { try writeSpec(number) }
        for number in changes.progress.order { try writeProgress(number) }
        for number in changes.bookmarks.keys.sorted() {
            try database.run(
                "INSERT OR REPLACE INTO bookmarks (target, value) VALUES (?, ?)",
                .int(number), .blob(changes.bookmarks[number] ?? []))
        }
        for number in changes.leases.order { try writeLease(number) }
        for node in changes.nodes.order { try writeNode(node) }
        for node in changes.nodeCounters.order {
            try database.run(
                "INSERT OR REPLACE INTO node_counters (node, successes, failures) VALUES (?, ?, ?)",
                .int(node), .int(fleet[node].successes), .int(fleet[node].failures))
        }
        for ref in changes.notices.order { try writeNotice(ref) }
        for submission in changes.submissions { try writeSubmission(submission.place, submission.reply) }
        if changes.submissionsExpire { try forgetSubmissions() }
        if changes.totals { try writeTotals() }
        try writeRecords()
    }

    private func writeSpec(_ number: TargetNumber) throws(StorageError) {
        let entry = targets[number]
        let timing = entry.target.timing
        try database.run(
            """
            INSERT OR REPLACE INTO targets (number, id, type, location, priority, once, interval_ms, min_retry_ms,
                capability, pin, details) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .int(number), .blob(entry.target.id.bytes), .text(entry.type.name), .text(entry.location),
            .int(UInt32(entry.target.priority)), .int(timing.once ? 1 : 0), .int(timing.interval.milliseconds),
            .int(timing.minRetry.milliseconds), .text(orNull: entry.capability), .text(entry.pin),
            .blob(orNull: entry.details?.spec.encoded()))
    }

    private func writeProgress(_ number: TargetNumber) throws(StorageError) {
        let target = targets[number].target
        let progress = target.progress
        let (state, due) = OrchestratorCore.stored(target.state)
        try database.run(
            """
            INSERT OR REPLACE INTO progress (target, state, due, attempts, successes, target_failures, content_failures,
                node_failures, first_blamed, second_agrees, avoid, last_error, last_lease, pace_ms, last_attempt,
                last_success) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .int(number), .int(state.rawValue), .int(due), .int(progress.attempts), .int(progress.successes),
            .int(progress.run.ofTarget), .int(progress.run.ofContent), .int(progress.run.ofNode),
            .int(orNull: progress.run.firstBlamedBy.map { Int64($0) }), .int(progress.run.secondAgrees ? 1 : 0),
            .int(orNull: progress.avoid.map { Int64($0) }), .text(progress.lastError), .int(progress.lastLease),
            .int(progress.pace.milliseconds), .int(progress.lastAttempt.milliseconds),
            .int(progress.lastSuccess.milliseconds))
    }

    private static func stored(_ state: TargetState) -> (StoredState, due: Int64) {
        switch state {
        case .scheduled(let due): (.scheduled, due.milliseconds)
        case .due(let since), .leased(_, let since): (.scheduled, since.milliseconds)
        case .retry(let due): (.retry, due.milliseconds)
        case .paused: (.paused, 0)
        case .dead: (.dead, 0)
        case .cancelled: (.cancelled, 0)
        case .done: (.done, 0)
        }
    }

    private func writeLease(_ number: UInt64) throws(StorageError) {
        guard let lease = leases[number] else {
            return try database.run("DELETE FROM leases WHERE number = ?", .int(number))
        }
        var report: LeaseReport?
        if case .delivering(let said, _) = lease.phase { report = said }
        try database.run(
            """
            INSERT OR REPLACE INTO leases (number, incarnation, target, node, claim, error, stream, last_sequence,
                retry_after_ms, stored, duplicates, unchanged, refused, received_stream, received_sequence)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .int(number), .int(lease.ref.fence.incarnation), .int(lease.target), .int(lease.node),
            .int(orNull: report.map { Int64($0.claim.rawValue) }), .text(report?.error ?? ""),
            .int(report?.stream ?? 0), .int(report?.lastSequence ?? 0), .int(report?.retryAfter.milliseconds ?? 0),
            .int(lease.tally.stored), .int(lease.tally.duplicates), .int(lease.tally.unchanged),
            .int(lease.tally.refused), .int(lease.tally.stream), .int(lease.tally.lastSequence))
    }

    private func writeNode(_ number: NodeNumber) throws(StorageError) {
        let node = fleet[number]
        let presence: Int64 =
            switch node.presence {
            case .live, .suspect: 0
            case .left: 1
            case .offline: 2
            case .removed: 3
            }
        let profile = Proto.RegisterNode(
            instance: node.profile.instance[...], capabilities: node.profile.capabilities,
            capacity: node.profile.capacity,
            labels: StringMap(node.profile.labels.map { (key: $0.key, value: $0.value) }),
            draining: node.profile.draining)
        try database.run(
            "INSERT OR REPLACE INTO nodes (number, name, presence, profile) VALUES (?, ?, ?, ?)",
            .int(number), .text(node.name), .int(presence), .blob(profile.encoded()))
    }

    private func writeRecords() throws(StorageError) {
        for key in changes.records.order {
            if let value = changes.recordValues[key] {
                try database.run(
                    "INSERT OR REPLACE INTO records (kind, number, value) VALUES (?, ?, ?)",
                    .int(key.kind.rawValue), .int(key.number), .blob(value))
            } else {
                try database.run(
                    "DELETE FROM records WHERE kind = ? AND number = ?", .int(key.kind.rawValue), .int(key.number))
            }
        }
    }

    private func writeNotice(_ ref: LeaseRef) throws(StorageError) {
        let values: [SQLValue] = [
            .int(ref.fence.incarnation), .int(ref.fence.counter), .int(ref.lease), .blob(ref.target.bytes),
        ]
        if notices.contains(ref) {
            try database.run(
                "INSERT OR REPLACE INTO late_notices (incarnation, counter, lease, target) VALUES (?, ?, ?, ?)",
                binding: values)
        } else {
            try database.run(
                "DELETE FROM late_notices WHERE incarnation = ? AND counter = ? AND lease = ? AND target = ?",
                binding: values)
        }
    }

    private func writeTotals() throws(StorageError) {
        try database.run(
            """
            INSERT OR REPLACE INTO totals (one, incarnation, fence_counter, receipt_position, submitted, successes,
                empties, failures, handed_back, released, fenced, stored, duplicates, refused, unchanged)
                VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .int(totals.incarnation), .int(totals.fenceCounter), .int(totals.receiptPosition), .int(totals.submitted),
            .int(totals.successes), .int(totals.empties), .int(totals.failures), .int(totals.handedBack),
            .int(totals.released), .int(totals.fenced), .int(totals.stored), .int(totals.duplicates),
            .int(totals.refused), .int(totals.unchanged))
    }

    func readBookmark(_ number: TargetNumber) throws(StorageError) -> [UInt8]? {
        try database.first("SELECT value FROM bookmarks WHERE target = ?", .int(number)) { $0.blob(0) }
    }

    // MARK: Replies that are kept

    func readSubmission(_ place: SubmissionPlace) throws(StorageError) -> [UInt8]? {
        try database.first(
            "SELECT reply FROM submissions WHERE key = ? AND chunk = ?", .blob(place.key), .int(place.chunk)
        ) { $0.blob(0) }
    }

    private func writeSubmission(_ place: SubmissionPlace, _ reply: [UInt8]) throws(StorageError) {
        try database.run(
            "INSERT INTO submissions (key, chunk, at, reply) VALUES (?, ?, ?, ?)",
            .blob(place.key), .int(place.chunk), .int(time.milliseconds), .blob(reply))
    }

    /// A bounded number a turn; the next turn goes on.
    private func forgetSubmissions() throws(StorageError) {
        let oldest = time.milliseconds - Int64(Limits.keyMemory.milliseconds)
        try database.run(
            """
            DELETE FROM submissions WHERE number IN
                (SELECT number FROM submissions WHERE at <= ? ORDER BY at LIMIT 64)
            """, .int(oldest))
        try readOldestSubmission()
    }

    func readOldestSubmission() throws(StorageError) {
        let at = try database.first("SELECT min(at) FROM submissions") { $0.intOrNil(0) } ?? nil
        submissionsExpire = at.map {
            min(clock.instant(of: WallTime(milliseconds: $0) + Limits.keyMemory), now + Limits.keyMemory)
        }
    }
}
