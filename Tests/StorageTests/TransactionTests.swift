import Model
import TestKit
import Testing

@testable import Storage

@Suite struct TransactionTests {
    private struct OwnError: Error, Equatable {}

    let directory = TemporaryDirectory()
    let database: Database

    init() throws {
        database = try Database.open(path: directory.file("a.db"), access: .writer)
        try database.execute("CREATE TABLE t(a INTEGER PRIMARY KEY)")
    }

    private func rows() throws -> [Int64] { try database.all("SELECT a FROM t ORDER BY a") { $0.int(0) } }
    private func insert(_ number: Int) throws(StorageError) {
        try database.run("INSERT INTO t VALUES(?)", .int(number))
    }

    private static func write(_ path: String, _ vfs: String, _ begun: AsyncStream<Void>.Continuation) async throws {
        let foreign = try Database.open(path: path, access: .writer, options: DatabaseOptions(vfs: vfs))
        defer { foreign.close() }
        try foreign.transaction { () throws(StorageError) in
            try foreign.run("INSERT INTO t VALUES(1)")
            begun.yield()
        }
    }

    @Test func aLockThatIsHeldForAMomentIsWaitedFor() async throws {
        let vfs = try FaultingVFS(name: "held-for-a-moment")
        let (events, send) = AsyncStream<Void>.makeStream()
        let (path, name) = (directory.file("a.db"), vfs.name)
        vfs.faults.set(FaultRule(.write, .delay(.milliseconds(40)), suffix: "-wal"))
        async let other: Void = TransactionTests.write(path, name, send)
        for await _ in events { break }
        try database.transaction { () throws(StorageError) in try insert(2) }
        try await other
        #expect(try rows() == [1, 2])
    }

    @Test func aTransactionIsStoredWholeOrNotAtAll() throws {
        let value = try database.transaction { () throws(StorageError) in
            try insert(1)
            try insert(2)
            return "done"
        }
        #expect(value == "done")
        let error = #expect(throws: StorageError.self) {
            try database.transaction { () throws(StorageError) in
                try insert(3)
                try insert(1)
            }
        }
        #expect(error?.code == .constraint)
        #expect(try rows() == [1, 2])
    }

    @Test func aBodyMayThrowAnErrorOfItsOwn() throws {
        let error = #expect(throws: TransactionFailure<OwnError>.self) {
            try database.transaction(failingWith: OwnError.self) { () throws(OwnError) in
                try? insert(1)
                throw OwnError()
            }
        }
        guard case .body(let own) = error else { throw OwnError() }
        #expect(own == OwnError())
        #expect(try rows() == [])
    }

    @Test func transactionsDoNotNest() throws {
        let error = #expect(throws: StorageError.self) {
            try database.transaction { () throws(StorageError) in
                try database.transaction { () throws(StorageError) in try insert(1) }
            }
        }
        #expect(error?.sentence == "could not begin in \(database.path): a transaction is open already")
        try database.transaction { () throws(StorageError) in try insert(2) }
        #expect(try rows() == [2])
    }

    /// What follows would otherwise commit by itself, statement by statement.
    @Test func afterSQLiteRolledBackNothingMoreOfTheBodyIsStored() throws {
        try insert(1)
        let error = #expect(throws: StorageError.self) {
            try database.transaction { () throws(StorageError) in
                try insert(2)
                try? database.run("INSERT OR ROLLBACK INTO t VALUES(1)")
                try? insert(3)
            }
        }
        #expect(error?.code == .rolledBack)
        #expect(try rows() == [1])
        #expect(database.isPoisoned == false)
    }

    @Test func checkpointsDoNotHappenInsideATransaction() throws {
        let error = #expect(throws: StorageError.self) {
            try database.transaction { () throws(StorageError) in
                try insert(1)
                try database.checkpoint(.passive)
            }
        }
        #expect(error?.code == .misuse)
        #expect(try rows() == [])
    }

    @Test func recoveryNeedsEveryConnectionClosed() throws {
        let error = #expect(throws: StorageError.self) { try Database.recover(path: database.path) }
        #expect(
            error
                == StorageError(
                    .stillOpen,
                    "could not recover \(database.path): 1 writers and 0 readers are open; close them first"))
        try insert(5)
        database.close()
        let again = try Database.recover(path: database.path)
        #expect(try again.walBytes() == 0)
        #expect(try again.first("SELECT a FROM t") { $0.int(0) } == 5)
    }

    /// A log that holds nothing gives a checkpoint nothing to sync: that it succeeds says nothing about the disk.
    @Test func recoveryFailsWhileNothingCanBeSynced() throws {
        let vfs = try FaultingVFS(name: "recovery-of-an-empty-log")
        let path = directory.file("failing.db")
        let options = DatabaseOptions(vfs: "recovery-of-an-empty-log")
        let failing = try Database.open(path: path, access: .writer, options: options)
        try failing.execute("CREATE TABLE t(a INTEGER)")
        try failing.checkpoint(.passive)
        vfs.faults.set(FaultRule(.sync, sticky: true, .error))
        let unknown = #expect(throws: StorageError.self) {
            try failing.transaction { () throws(StorageError) in try failing.run("INSERT INTO t VALUES(1)") }
        }
        #expect(unknown?.code == .commitUnknown)
        failing.close()
        let refused = #expect(throws: StorageError.self) { try Database.recover(path: path, options: options) }
        #expect(refused?.code == .commitUnknown)
        vfs.faults.clear()
        let again = try Database.recover(path: path, options: options)
        #expect(try again.first("SELECT count(*) FROM t") { $0.int(0) } == 0)
        again.close()
    }
}
