import TestKit
import Testing

@testable import Storage

@Suite struct MigrationTests {
    let directory = TemporaryDirectory()
    var path: String { directory.file("a.db") }

    private let first = Migration(1, "targets", sql: "CREATE TABLE target(id INTEGER PRIMARY KEY)")
    private let second = Migration(2, "first target", revision: "1") { database throws(StorageError) in
        try database.run("INSERT INTO target VALUES(7)")
    }

    private func schema(_ migrations: Migration...) -> Schema {
        Schema(applicationID: 0x524F_4F4B, migrations: migrations)
    }
    private func open(_ access: Database.Access = .writer) throws(StorageError) -> Database {
        try Database.open(path: path, access: access)
    }

    @Test func eachMigrationIsAppliedOnceAndRecorded() throws {
        var database = try open()
        try database.migrate(to: schema(first))
        #expect(try database.userVersion() == 1)
        #expect(try database.applicationID() == 0x524F_4F4B)
        database.close()
        database = try open()
        try database.migrate(to: schema(first, second))
        try database.migrate(to: schema(first, second))
        #expect(try database.all("SELECT id FROM target") { $0.int(0) } == [7])
        #expect(try database.all("SELECT name FROM migration") { $0.text(0) } == ["targets", "first target"])
    }

    @Test func aMigrationThatFailsLeavesNothingBehind() throws {
        let database = try open()
        let broken = Migration(2, "broken", sql: "CREATE TABLE extra(a); INSERT INTO nowhere VALUES(1)")
        let error = #expect(throws: StorageError.self) { try database.migrate(to: schema(first, broken)) }
        #expect(error?.code == .other)
        #expect(try database.userVersion() == 1)
        try database.migrate(to: schema(first, second))
        #expect(try database.first("SELECT count(*) FROM sqlite_schema WHERE name='extra'") { $0.int(0) } == 0)
    }

    @Test func aNewerFileIsRefusedNamingBothVersionsAndTheRemedy() throws {
        let database = try open()
        try database.migrate(to: schema(first, second))
        #expect(
            throws: StorageError(
                .newerSchema,
                "could not use \(path): it has schema version 2 and this program knows up to 1; "
                    + "start the newer program "
                    + "that wrote it, or restore a backup from before the upgrade")
        ) { try database.migrate(to: schema(first)) }
    }

    @Test func aShippedMigrationMayNotChange() throws {
        let database = try open()
        try database.migrate(to: schema(first))
        let edited = Migration(1, "targets", sql: "CREATE TABLE target(id INTEGER PRIMARY KEY, extra)")
        #expect(
            throws: StorageError(
                .changedMigration,
                "could not use \(path): migration 1 'targets' was applied to it in another form than this program has; "
                    + "start the program that wrote it, and undo the change to the migration")
        ) { try database.migrate(to: schema(edited)) }
    }

    @Test func aFileOfAnotherApplicationIsLeftAlone() throws {
        let database = try open()
        try database.execute("CREATE TABLE theirs(a)")
        #expect(
            throws: StorageError(
                .foreignFile,
                "could not use \(path): its application id is 0 and not 1380929355, so it belongs to something else; "
                    + "check the path")
        ) { try database.migrate(to: schema(first)) }
        #expect(try database.all("SELECT name FROM sqlite_schema") { $0.text(0) } == ["theirs"])
    }

    @Test func aReaderNeedsTheSchemaItWasBuiltFor() throws {
        let writer = try open()
        try writer.migrate(to: schema(first))
        let reader = try open(.reader)
        try reader.verify(schema: schema(first))
        #expect(
            throws: StorageError(
                .olderSchema,
                "could not read \(path): it has schema version 1 and 2 is needed; start the service once, so that it "
                    + "migrates the file")
        ) { try reader.verify(schema: schema(first, second)) }
    }

    @Test func aHistoryWithAStepMissingIsDamage() throws {
        let database = try open()
        try database.migrate(to: schema(first, second))
        try database.run("DELETE FROM migration WHERE number=2")
        let error = #expect(throws: StorageError.self) { try database.migrate(to: schema(first, second)) }
        #expect(error?.code == .corrupt)
    }

    @Test func migrationsAreNumberedWithoutGaps() async {
        await #expect(processExitsWith: .failure) {
            _ = Schema(applicationID: 1, migrations: [Migration(2, "late", sql: "SELECT 1")])
        }
    }

    @Test func aSchemaHasAnApplicationIDOfItsOwn() async {
        await #expect(processExitsWith: .failure) { _ = Schema(applicationID: 0, migrations: []) }
    }
}
