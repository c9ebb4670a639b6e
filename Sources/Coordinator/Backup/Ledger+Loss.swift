package import Model
package import Storage

extension Ledger {
    /// Why no work may be taken: a peer knows of more than is stored here. Nil: it may.
    package var loss: String? { losses.reason }

    /// A node says where its stream stands. What it lacks here is noted, once; where the loss was accepted, the stream
    /// goes on from what the node still holds.
    package func resume(
        stream: UInt64, node: String, firstUnacked: UInt64, now: WallTime
    ) throws(LedgerError) -> StreamStanding {
        let state = streamState(stream)
        let last = state?.lastApplied ?? 0
        guard firstUnacked <= UInt64(Int64.max), firstUnacked > last + 1, losses.counts(state) else {
            return .applied(last)
        }
        let range = MissingRange(stream: stream, node: node, first: last + 1, last: firstUnacked - 1)
        let accepted = losses.isAccepted(state)
        let isNoted = try isNoted(range)
        if accepted || !isNoted { try note(range, accepted: accepted, now: now) }
        guard accepted else { return .behind(range.sentence) }
        return .applied(range.last)
    }

    private func isNoted(_ range: MissingRange) throws(LedgerError) -> Bool {
        try storing { () throws(StorageError) in
            try database.first(
                "SELECT 1 FROM missing WHERE stream = ? AND first = ? AND last = ? AND accepted = 0",
                .int(range.stream), .int(range.first), .int(range.last)
            ) { _ in true } ?? false
        }
    }

    private func note(_ range: MissingRange, accepted: Bool, now: WallTime) throws(LedgerError) {
        try append(now: now) { version, at throws(StorageError) in
            try database.run(
                "INSERT INTO missing(stream, node, first, last, version, at_ms, accepted) VALUES(?, ?, ?, ?, ?, ?, ?)",
                .int(range.stream), .text(range.node), .int(range.first), .int(range.last), .int(version),
                .int(at.milliseconds), .int(accepted ? 1 : 0))
            guard accepted else { return 0 }
            try database.run(
                """
                INSERT INTO stream VALUES(?, ?, ?, ?, NULL)
                ON CONFLICT(id) DO UPDATE SET last_applied = excluded.last_applied, version = excluded.version,
                    recent = NULL
                """, .int(range.stream), .text(range.node), .int(range.last), .int(version))
            return 0
        }
        if accepted {
            move(stream: range.stream, to: StreamState(node: range.node, lastApplied: range.last, recent: .unknown))
        } else {
            losses.note(range)
        }
    }

    /// A copy of the database in use; see `DatabaseCopy`.
    package func copy(to path: String) throws(LedgerError) -> DatabaseCopy {
        try storing { () throws(StorageError) in try DatabaseCopy(of: database, to: path) }
    }
}
