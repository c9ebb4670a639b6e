import Model
import Storage
import Wire

/// Memory to disk: every changed thing once a turn, in one transaction.
extension OrchestratorCore {
    func store() throws(StorageError) {
        let follows = rowsMustFollow()
        guard !changes.isEmpty || follows else { return }
        try recordDecisions()
        let group = journalGroup()
        let entries = group == StoredFormat.Group() ? [] : group.encoded()
        try database.transaction { () throws(StorageError) in
            try writeRows()
            if !entries.isEmpty {
                try database.run(
                    "INSERT INTO journal (number, entries) VALUES (?, ?)", .int(journalEnd + 1), .blob(entries))
            }
            if follows { try followRows() }
        }
        noteJournal(entries.count)
        changes.removeAll()
        try checkpointWhenDue()
    }

    /// What is seldom or large goes to its rows at once.
    private func writeRows() throws(StorageError) {
        for number in changes.specs.order {
            try writeSpec(number)
            if number >= changes.firstCreated {
                try write(StoredFormat.Progress(of: targets[number], number: number))
            }
        }
        for node in changes.nodes.order { try writeNode(node) }
        for ref in changes.notices { try writeNotice(ref) }
        for submission in changes.submissions { try writeSubmission(submission.place, submission.reply) }
        if changes.submissionsExpire { try forgetSubmissions() }
        if changes.totals { try writeTotals() }
        pagesSinceCheckpoint += 3 + changes.specs.count / 8 + changes.submissions.count
    }

    /// What changes with every lease goes to the journal.
    private func journalGroup() -> StoredFormat.Group {
        var group = StoredFormat.Group()
        for number in changes.progress.order where number < changes.firstCreated {
            group.progress.append(StoredFormat.Progress(of: targets[number], number: number))
        }
        for number in changes.leases.order {
            if let lease = leases[number] {
                group.leases.append(StoredFormat.Lease(of: lease))
            } else {
                group.ended.append(number)
            }
        }
        for node in changes.nodeCounters.order {
            group.counters.append(
                StoredFormat.Counter(
                    node: UInt64(node), successes: fleet[node].successes, failures: fleet[node].failures))
        }
        for number in changes.bookmarks.keys.sorted() {
            group.bookmarks.append(
                StoredFormat.Bookmark(target: UInt64(number), value: (changes.bookmarks[number] ?? [])[...]))
        }
        group.records.reserveCapacity(changes.records.count)
        for (key, value) in changes.records {
            group.records.append(
                StoredFormat.Record(
                    kind: UInt32(key.kind.rawValue), number: UInt64(key.number), value: value.map { $0[...] }))
        }
        return group
    }

    /// The group is on disk: its rows are to follow.
    private func noteJournal(_ bytes: Int) {
        guard bytes > 0 else { return }
        journalEnd += 1
        pagesSinceCheckpoint += bytes >> 12
        rowsFollow = now + configuration.journal.rest
        for number in changes.progress.order where number < changes.firstCreated { unwritten.add(progress: number) }
        for number in changes.leases.order { unwritten.add(lease: number) }
        for node in changes.nodeCounters.order { unwritten.add(counter: node) }
        for (number, value) in changes.bookmarks { unwritten.add(bookmark: value, of: number) }
        for (key, value) in changes.records { unwritten.add(record: key, value) }
        unwritten.journalGrew(by: bytes)
    }

    private func checkpointWhenDue() throws(StorageError) {
        // The file shows what pages alone do not: while somebody reads on in one transaction it can only grow.
        let isLong = try database.walBytes() >= Int64(configuration.journal.logHeld)
        guard isLong || pagesSinceCheckpoint > OrchestratorCore.checkpointPages else { return }
        pagesSinceCheckpoint = 0
        try settleLog()
    }

    /// Moves the log into the database file; `logHeld` says what keeps it from being emptied, when it must be.
    func settleLog() throws(StorageError) {
        logHeld = try database.settleLog(limit: configuration.journal.logHeld)
    }

    private static let checkpointPages = 4_096  // about 16 MiB of WAL

    // MARK: Rows

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

    func write(_ progress: StoredFormat.Progress) throws(StorageError) {
        try database.run(
            """
            INSERT OR REPLACE INTO progress (target, state, due, attempts, successes, target_failures, content_failures,
                node_failures, first_blamed, second_agrees, avoid, last_error, last_lease, pace_ms, last_attempt,
                last_success, undecided) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .int(progress.target), .int(progress.state), .int(progress.due), .int(progress.attempts),
            .int(progress.successes), .int(progress.targetFailures), .int(progress.contentFailures),
            .int(progress.nodeFailures), .int(orNull: progress.firstBlamed.map { Int64(clamping: $0) }),
            .int(progress.secondAgrees ? 1 : 0), .int(orNull: progress.avoid.map { Int64(clamping: $0) }),
            .text(progress.lastError), .int(progress.lastLease), .int(progress.paceMs), .int(progress.lastAttempt),
            .int(progress.lastSuccess), .int(progress.undecided ? 1 : 0))
    }

    func write(_ lease: StoredFormat.Lease) throws(StorageError) {
        try database.run(
            """
            INSERT OR REPLACE INTO leases (number, incarnation, target, node, claim, error, stream, last_sequence,
                retry_after_ms, stored, duplicates, unchanged, refused, received_stream, received_sequence)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .int(lease.number), .int(lease.incarnation), .int(lease.target), .int(lease.node),
            .int(orNull: lease.claim == 0 ? nil : Int64(lease.claim)), .text(lease.error), .int(lease.stream),
            .int(lease.lastSequence), .int(lease.retryAfterMs), .int(lease.stored), .int(lease.duplicates),
            .int(lease.unchanged), .int(lease.refused), .int(lease.receivedStream), .int(lease.receivedSequence))
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
