import Model
import Storage

enum SpoolSQL {
    static let read: SQL = """
        SELECT position, lease, target, incarnation, counter, size, form, body
        FROM item WHERE position >= ? ORDER BY position LIMIT ?
        """
    static let outcomes: SQL = """
        SELECT lease, target, incarnation, counter, kind, error, status, retry_after, items, duration, stream,
            last_sequence, last_position, acknowledged, crawl_delay, address, hosts
        FROM outcome
        """
}

/// Puts the changes of one turn into the open transaction.
struct SpoolWriter {
    let database: Database
    let base: UInt64
    let stream: UInt64

    func apply(_ change: Spool.Change) throws(StorageError) {
        switch change {
        case .insert(let row):
            try insert(row)
        case .delete(let through):
            try database.run("DELETE FROM item WHERE position <= ?", .int(through))
        case .outcome(let outcome):
            try database.run(
                "INSERT OR REPLACE INTO outcome VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                binding: outcome.columns)
        case .forgetOutcome(let lease):
            try database.run("DELETE FROM outcome WHERE lease = ?", .int(lease))
        case .renumberOutcomes:
            try database.run(
                """
                UPDATE outcome SET stream = ?, last_sequence = last_position - ?, acknowledged = 0
                WHERE last_position > ?
                """, .int(stream), .int(base), .int(base))
        case .digest(let mark, let digest?):
            try remember(digest, of: mark)
        case .digest(let mark, nil):
            try database.run("DELETE FROM digest WHERE mark = ?", .int(mark))
        }
    }

    private func insert(_ row: ItemRow) throws(StorageError) {
        try database.run(
            """
            INSERT INTO item(position, lease, target, incarnation, counter, mark, stored, size, form, body)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            binding: [.int(row.position)] + row.lease.columns + [
                .int(orNull: row.mark), .int(row.stored), .int(row.size), .int(row.form.rawValue), .blob(row.body),
            ])
    }

    /// Row numbers only grow, so the oldest are found by number and not by a scan.
    private func remember(_ digest: [UInt8], of mark: UInt64) throws(StorageError) {
        try database.run("INSERT OR REPLACE INTO digest(mark, digest) VALUES(?, ?)", .int(mark), .blob(digest))
        try database.run("DELETE FROM digest WHERE id <= ?", .int(database.lastInsertedRow - Spool.digestsKept))
    }
}
