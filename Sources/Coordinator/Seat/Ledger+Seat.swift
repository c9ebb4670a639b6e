import Storage

/// Who reads the receipts lies in the ledger's table of single values.
extension Ledger {
    static func loadSeat(from database: Database) throws(StorageError) -> OrchestratorSeat? {
        try database.first("SELECT value FROM meta WHERE key = 'orchestrator'") { $0.text(0) }
            .flatMap(OrchestratorSeat.init)
    }

    /// Set by a restore.
    static func loadReceiptsLimit(from database: Database) throws(StorageError) -> UInt64? {
        try database.first("SELECT value FROM meta WHERE key = 'receipts_limit'") { $0.uint(0) }
    }

    /// Who reads receipts has been found to know of nothing beyond it.
    func liftReceiptsLimit() throws(LedgerError) {
        try storing { () throws(StorageError) in
            try database.run("DELETE FROM meta WHERE key = 'receipts_limit'")
        }
        receiptsLimit = nil
    }

    /// Nil: a hub has the ledger again.
    func setSeat(_ seat: OrchestratorSeat?) throws(LedgerError) {
        do throws(StorageError) {
            try database.transaction { () throws(StorageError) in
                if let seat {
                    try database.run("INSERT OR REPLACE INTO meta VALUES('orchestrator', ?)", .text(seat.text))
                } else {
                    try database.run("DELETE FROM meta WHERE key = 'orchestrator'")
                }
            }
        } catch {
            throw .storage(error)
        }
        self.seat = seat
    }
}
