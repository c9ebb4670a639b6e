import Model
import Storage
import Wire

/// Rows follow the journal: a slice a turn, when nothing else has happened for a while or the journal is long.
extension OrchestratorCore {
    /// Whether this turn writes a slice. Begins a sweep where one is due.
    func rowsMustFollow() -> Bool {
        let isLong = unwritten.journalBytes >= configuration.journal.bytes
        let isQuiet = changes.isEmpty && rowsFollow.map { $0 <= now } ?? false
        if unwritten.sweep == nil {
            guard isLong || isQuiet else { return false }
            unwritten.beginSweep(through: journalEnd)
        }
        // A sweep that has begun goes on beside what happens once the journal has grown as long again.
        return isQuiet || isLong || changes.isEmpty || unwritten.journalBytes >= configuration.journal.bytes / 4
    }

    /// One slice: rows, and when those are written the journal's.
    func followRows() throws(StorageError) {
        var left = configuration.journal.slice
        while left > 0, let piece = unwritten.next(isRunning: { leases[$0] != nil }) {
            try write(piece)
            left -= 1
        }
        pagesSinceCheckpoint += (configuration.journal.slice - left) / 2
        rowsFollow = now + Limits.rowsPause
        guard left > 0, let through = unwritten.sweep?.through else { return }
        try database.run(
            """
            DELETE FROM journal WHERE number IN (SELECT number FROM journal WHERE number <= ? ORDER BY number LIMIT ?)
            """, .int(through), .int(Limits.journalRowsASlice))
        guard database.changes < Limits.journalRowsASlice else { return }
        unwritten.endSweep()
        rowsFollow = unwritten.isEmpty ? nil : now + configuration.journal.rest
    }

    private func write(_ piece: Unwritten.Piece) throws(StorageError) {
        switch piece {
        case .progress(let number):
            try write(StoredFormat.Progress(of: targets[number], number: number))
        case .lease(let number):
            if let lease = leases[number] {
                try write(StoredFormat.Lease(of: lease))
            } else {
                try database.run("DELETE FROM leases WHERE number = ?", .int(number))
            }
        case .counter(let node):
            try database.run(
                "INSERT OR REPLACE INTO node_counters (node, successes, failures) VALUES (?, ?, ?)",
                .int(node), .int(fleet[node].successes), .int(fleet[node].failures))
        case .bookmark(let number, let value):
            try database.run(
                "INSERT OR REPLACE INTO bookmarks (target, value) VALUES (?, ?)", .int(number), .blob(value))
        case .record(let key, .some(let value)):
            try database.run(
                "INSERT OR REPLACE INTO records (kind, number, value) VALUES (?, ?, ?)",
                .int(key.kind.rawValue), .int(key.number), .blob(value))
        case .record(let key, .none):
            try database.run(
                "DELETE FROM records WHERE kind = ? AND number = ?", .int(key.kind.rawValue), .int(key.number))
        }
    }
}
