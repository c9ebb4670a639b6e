package import Model
import Storage

/// Quotas lie in the ledger's table of single values, their slots are written with the artifacts that they count.
extension Ledger {
    /// From now on, and after a restart, until another order comes.
    package func setQuotas(_ order: QuotaOrder) throws(LedgerError) {
        var next = quotas
        next.take(order)
        do throws(StorageError) {
            try database.transaction { () throws(StorageError) in
                try database.run("INSERT OR REPLACE INTO meta VALUES('quota', ?)", .text(next.text))
                if !next.isSet { try database.run("DELETE FROM meta WHERE key LIKE 'quota-slots:%'") }
            }
        } catch {
            throw .storage(error)
        }
        quotas = next
    }

    static func loadQuotas(from database: Database) throws(StorageError) -> QuotaBook {
        var book = QuotaBook()
        let text = try database.first("SELECT value FROM meta WHERE key = 'quota'") { $0.text(0) }
        if let order = text.flatMap(QuotaBook.order) { book.take(order) }
        let slots = try database.all("SELECT key, value FROM meta WHERE key LIKE 'quota-slots:%'") { row in
            (name: String(row.text(0).dropFirst("quota-slots:".count)), packed: row.blob(1))
        }
        for (name, packed) in slots { book.restore(slots: packed, of: name) }
        return book
    }

    func writeSlots(_ book: QuotaBook) throws(StorageError) {
        for (name, packed) in book.changedSlots {
            try database.run("INSERT OR REPLACE INTO meta VALUES(?, ?)", .text("quota-slots:" + name), .blob(packed))
        }
    }
}
