import Glibc
import TestKit
import Testing

@testable import Storage

@Suite struct DatabaseTests {
    let directory = TemporaryDirectory()
    var path: String { directory.file("a.db") }

    private func table() throws -> Database {
        let database = try Database.open(path: path, access: .writer)
        try database.execute("CREATE TABLE t(a INTEGER PRIMARY KEY, b)")
        return database
    }

    private func count(_ database: Database) throws -> Int64? {
        try database.first("SELECT count(*) FROM t") { $0.int(0) }
    }

    @Test func aWriterIsInWALModeSyncsFullyAndCheckpointsOnlyWhenTold() throws {
        let database = try table()
        let found = try ["journal_mode", "synchronous", "wal_autocheckpoint", "foreign_keys", "page_size"].map {
            try database.first(SQL("PRAGMA \($0)")) { $0.text(0) }
        }
        #expect(found == ["wal", "2", "0", "0", "4096"])
        for number in 0..<1_100 { try database.run("INSERT INTO t(b) VALUES(?)", .int(number)) }
        #expect(try database.walBytes() > 1_000 * 4_096)
        let result = try database.checkpoint(.truncate)
        #expect(result == .init(walFrames: 0, checkpointed: 0, logBytes: 0))
        #expect(try database.walBytes() == 0)
    }

    @Test func closingCheckpointsNothing() throws {
        let database = try table()
        try database.run("INSERT INTO t(b) VALUES(1)")
        let before = TemporaryDirectory.size(of: directory.file("a.db"))
        database.close()
        #expect(TemporaryDirectory.size(of: directory.file("a.db")) == before)
        #expect(try #require(TemporaryDirectory.size(of: directory.file("a.db-wal"))) > 0)
        #expect(try count(try Database.open(path: path, access: .writer)) == 1)
    }

    @Test func aSecondWriterInTheProcessIsRefusedWhateverThePathIsCalled() throws {
        let first = try table()
        symlink(path, directory.file("link.db"))
        for other in [path, directory.path + "/./a.db", directory.file("link.db")] {
            let error = #expect(throws: StorageError.self) { try Database.open(path: other, access: .writer) }
            #expect(error?.code == .alreadyOpenForWriting)
            #expect(
                error?.sentence
                    == "could not open \(path) for writing: this process writes to it already; "
                    + "use the one writer there is"
            )
        }
        first.close()
        #expect(throws: Never.self) { try Database.open(path: path, access: .writer) }
    }

    @Test func aReaderSeesCommitsAndCanWriteNothing() throws {
        let writer = try table()
        let reader = try Database.open(path: path, access: .reader)
        try writer.run("INSERT INTO t(b) VALUES('x')")
        #expect(try count(reader) == 1)
        let error = #expect(throws: StorageError.self) { try reader.run("DELETE FROM t") }
        #expect(error?.code == .readOnly)
        #expect(throws: StorageError.self) { try reader.checkpoint(.passive) }
        #expect(reader.isPoisoned == false)
        #expect(try count(writer) == 1)
    }

    @Test func aLockedFileHasNoReaders() throws {
        let options = DatabaseOptions(exclusiveLocking: true)
        let writer = try Database.open(path: path, access: .writer, options: options)
        try writer.execute("CREATE TABLE t(a)")
        #expect(TemporaryDirectory.size(of: directory.file("a.db-shm")) == nil)
        var impatient = DatabaseOptions()
        impatient.readerBusyMilliseconds = 0
        let error = #expect(throws: StorageError.self) {
            try Database.open(path: path, access: .reader, options: impatient)
        }
        #expect(error?.code == .busy)
    }

    @Test func everyKindOfValueComesBackAsItWas() throws {
        let database = try Database.open(path: path, access: .writer)
        try database.execute("CREATE TABLE v(n INTEGER, a, b, c, d, e, f, g)")
        let long = [UInt8](repeating: 7, count: 10_000)
        let values: [SQLValue] = [
            .null, .int(UInt64.max), .double(0.1), .text("grüße"), .utf8(Array("naïve".utf8)[1...]),
            .blob(long[9_990...]),
            .blob([UInt8]()), .text(""),
        ]
        try database.run("INSERT INTO v VALUES(?, ?, ?, ?, ?, ?, ?, ?)", binding: values)
        let statement = try database.prepare("INSERT INTO v VALUES(?, ?, ?, ?, ?, ?, ?, ?)")
        try statement.bind(values)
        #expect(try statement.step() == false)
        statement.reset()
        var rows = 0
        try database.query("SELECT * FROM v") { row in
            rows += 1
            #expect(row.isNull(0) && row.intOrNil(0) == nil && row.textOrNil(0) == nil && row.blobOrNil(0) == nil)
            #expect(row.uint(1) == .max && row.uintOrNil(1) == .max && row.bool(1))
            #expect(row.double(2) == 0.1 && row.doubleOrNil(2) == 0.1)
            #expect(row.text(3) == "grüße" && row.text(4) == "aïve")
            #expect(row.blob(5) == [UInt8](repeating: 7, count: 10) && row.withBlob(5) { $0.count } == 10)
            #expect(row.blobOrNil(6) == [] && row.textOrNil(7) == "")
        }
        #expect(rows == 2 && database.changes == 1 && database.lastInsertedRow == 2)
    }

    @Test func nilIsBoundAsNull() throws {
        let database = try table()
        let nothing: [SQLValue] = [
            .text(orNull: nil), .blob(orNull: nil), .int(orNull: Int64?.none), .int(orNull: UInt64?.none),
        ]
        for value in nothing { try database.run("INSERT INTO t(b) VALUES(?)", value) }
        let some: [SQLValue] = [
            .text(orNull: "a"), .blob(orNull: [1]), .int(orNull: Int64(1)), .int(orNull: UInt64(1)),
        ]
        for value in some { try database.run("INSERT INTO t(b) VALUES(?)", value) }
        let kinds = try database.all("SELECT typeof(b) FROM t ORDER BY a") { $0.text(0) }
        #expect(kinds == ["null", "null", "null", "null", "text", "blob", "integer", "integer"])
    }

    @Test func aStatementIsPreparedOnce() throws {
        let database = try table()
        let literal = try (0..<3).map { _ in try database.prepare("SELECT 1") }
        #expect(literal[0] === literal[1] && literal[1] === literal[2])
        let text = try database.prepare(SQL("SELECT 2"))
        #expect(try database.prepare(SQL("SELECT 2")) === text)
        for number in 0..<200 { _ = try database.first(SQL("SELECT \(number)")) { $0.int(0) } }
        #expect(try database.first(SQL("SELECT 2")) { $0.int(0) } == 2)
    }

    @Test func aRunningStatementCannotBeUsedForAnotherPurpose() throws {
        let database = try table()
        try database.run("INSERT INTO t(b) VALUES(1), (2)")
        let error = #expect(throws: StorageError.self) {
            try database.query("SELECT a FROM t") { _ throws(StorageError) in
                try database.query(SQL("SELECT a FROM t")) { _ throws(StorageError) in
                    try database.query(SQL("SELECT a FROM t")) { _ in }
                }
            }
        }
        #expect(error?.code == .misuse)
        #expect(error?.sentence == "could not run 'SELECT a FROM t' in \(path): it is running already")
        #expect(try database.all(SQL("SELECT a FROM t")) { $0.int(0) } == [1, 2])
    }

    @Test func aStatementOfAClosedDatabaseIsRefused() throws {
        let database = try table()
        let statement = try database.prepare("SELECT 1")
        database.close()
        #expect(throws: StorageError(.misuse, "could not use \(path): it is closed")) { try statement.step() }
        #expect(throws: StorageError(.misuse, "could not use \(path): it is closed")) { try database.run("SELECT 1") }
    }

    @Test func anErrorNamesTheFileTheReasonAndTheRemedy() throws {
        let none = directory.file("none/a.db")
        #expect(
            throws: StorageError(
                .cantOpen, sqlite: 14,
                "could not open \(none): unable to open database file (SQLite 14); "
                    + "check that its directory exists and may be entered and written")
        ) { try Database.open(path: none, access: .writer) }
        directory.write([UInt8](repeating: 65, count: 4_096), to: "text.db")
        let text = directory.file("text.db")
        let error = #expect(throws: StorageError.self) { try Database.open(path: text, access: .writer) }
        #expect(error?.code == .notADatabase)
        #expect(
            error?.sentence.hasSuffix("file is not a database (SQLite 26); check the path: this file is something else")
                == true)
        let database = try table()
        try database.run("INSERT INTO t(a) VALUES(1)")
        #expect(
            throws: StorageError(
                .constraint, sqlite: 1_555,
                "could not run 'INSERT INTO t(a) VALUES(?)' in \(path): UNIQUE constraint failed: t.a (SQLite 1555)")
        ) { try database.run("INSERT INTO t(a) VALUES(?)", .int(1)) }
    }

    @Test func aSoundFileHasNothingToReport() throws {
        let database = try table()
        #expect(try database.integrityCheck().isEmpty)
        #expect(try database.quickCheck().isEmpty)
    }

    @Test func aLogThatAReaderKeepsIsMeasuredAndOneThatNobodyKeepsIsEmptied() throws {
        let writer = try table()
        func write() throws {
            try writer.transaction { () throws(StorageError) in
                try writer.run("INSERT INTO t(b) VALUES(zeroblob(100000))")
            }
        }
        try write()
        #expect(try writer.settleLog(limit: 1 << 20) == nil)
        let reader = try Database.open(path: path, access: .reader)
        try reader.execute("BEGIN")
        _ = try reader.first("SELECT count(*) FROM t") { $0.int(0) }
        try write()
        let kept = try writer.settleLog(limit: 1)
        let held = try #require(kept)
        let file = try writer.walBytes()
        #expect(held > 100_000 && held < Int(file))
        #expect(try writer.settleLog(limit: held + 1) == nil)
        reader.close()
        #expect(try writer.settleLog(limit: 1) == nil)
        #expect(try writer.walBytes() == 0)
    }

    @Test func checkpointsWaitForNobody() throws {
        let writer = try table()
        let reader = try Database.open(path: path, access: .reader)
        try writer.run("INSERT INTO t(b) VALUES(1)")
        let reading = try reader.prepare("SELECT b FROM t")
        #expect(try reading.step())
        try writer.run("INSERT INTO t(b) VALUES(2)")
        let passive = try writer.checkpoint(.passive)
        #expect(passive.checkpointed < passive.walFrames)
        let error = #expect(throws: StorageError.self) { try writer.checkpoint(.truncate) }
        #expect(error?.code == .busy)
        reading.reset()
        #expect(try writer.checkpoint(.truncate) == .init(walFrames: 0, checkpointed: 0, logBytes: 0))
    }
}
