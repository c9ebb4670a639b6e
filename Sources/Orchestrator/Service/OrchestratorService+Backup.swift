import Glibc
import Storage

extension OrchestratorService {
    /// Copies the database while it goes on; returns the receipt position of the copy.
    package func copy(to path: String) async throws -> UInt64 { try await owner.copy(to: path) }

    /// For a ledger that was restored from an older copy: receipts are read again from where it ends.
    package static func limitReceipts(path: String, to version: UInt64) throws {
        guard access(path, F_OK) == 0 else { return }
        let database = try Database.open(path: path, access: .writer)
        defer { database.close() }
        try database.verify(schema: OrchestratorSchema.schema)
        try database.transaction { () throws(StorageError) in
            try database.run("UPDATE totals SET receipt_position = min(receipt_position, ?)", .int(version))
        }
        try database.checkpoint(.truncate)
    }
}

extension OrchestratorActor {
    private static let pagesAStep: Int32 = 128

    func copy(to path: String) async throws(StorageError) -> UInt64 {
        guard let core = servingCore else { throw StorageError(.interrupted, "the orchestrator is being opened again") }
        let copy = try DatabaseCopy(of: core.database, to: path)
        // The core may be closed while others have their turn: then the copy is of no use, and must let go first.
        backup = copy
        defer { backup = nil }
        while !(try copy.step(pages: OrchestratorActor.pagesAStep)) { await Task.yield() }
        return core.receiptPosition
    }
}
