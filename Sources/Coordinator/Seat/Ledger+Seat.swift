import Storage

/// Who reads the receipts lies in the ledger's table of single values.
extension Ledger {
    static func loadSeat(from database: Database) throws(StorageError) -> OrchestratorSeat? {
        try database.first("SELECT value FROM meta WHERE key = 'orchestrator'") { $0.text(0) }
            .flatMap(OrchestratorSeat.init)
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
