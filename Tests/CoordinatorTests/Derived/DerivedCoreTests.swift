import Compression
import Model
import Storage
import Telemetry
import TestKit
import Testing
import Wire

@testable import Coordinator

/// Writes down what it is given, so that a gap or a repeat shows.
private final class Scribe: DerivedConsumer {
    let name: String
    let needsContent: Bool
    private(set) var seen: [UInt64] = []
    private(set) var contents: [String] = []
    var failsAt: UInt64?

    init(_ name: String, needsContent: Bool = false) {
        self.name = name
        self.needsContent = needsContent
    }

    func load(from database: Database) throws(StorageError) {
        try database.execute("CREATE TABLE IF NOT EXISTS \(name)(version INTEGER PRIMARY KEY)")
        seen = try database.all(SQL("SELECT version FROM \(name) ORDER BY version")) { $0.uint(0) }
    }

    func apply(_ commit: ChangeCommit, in database: Database) throws(StorageError) {
        if commit.version == failsAt { throw StorageError(.other, "told to fail") }
        try database.run(SQL("INSERT INTO \(name) VALUES(?)"), .int(commit.version))
        seen.append(commit.version)
        contents += commit.stored.compactMap { $0.content.map { String(decoding: $0, as: UTF8.self) } }
    }
}

@Suite struct DerivedCoreTests {
    private func core(_ fixture: LedgerFixture, _ consumers: [any DerivedConsumer]) throws -> DerivedCore {
        try DerivedCore(
            database: Database.open(path: fixture.directory.file("derived.db"), access: .writer),
            reader: ChangeReader(fixture.place), consumers: consumers)
    }

    private func fill(_ fixture: LedgerFixture, commits: Int) throws {
        let from = fixture.ledger.head.stored
        for number in from..<from + UInt64(commits) {
            _ = try fixture.commit([LedgerFixture.artifact("text \(number)")], first: number + 1)
        }
    }

    @Test func everyCommitIsGivenOnceAndInOrderAcrossARestart() throws {
        let fixture = try LedgerFixture()
        try fill(fixture, commits: 100)
        let first = Scribe("a")
        var running = try core(fixture, [first])
        while try running.advance() {}
        #expect(first.seen == Array(1...100))
        running.close()
        try fill(fixture, commits: 30)
        let again = Scribe("a")
        running = try core(fixture, [again])
        while try running.advance() {}
        #expect(again.seen == Array(1...130))
        running.close()
    }

    @Test func aStepThatIsCutShortByAStopIsTakenAgainWhole() throws {
        let fixture = try LedgerFixture()
        try fill(fixture, commits: 10)
        let cut = Scribe("a")
        var running = try core(fixture, [cut])
        let error = #expect(throws: LedgerError.self) { try running.advance(isStopping: { cut.seen.count == 4 }) }
        guard case .storage(let why) = error else { return #expect(Bool(false), "\(String(describing: error))") }
        #expect(why == StorageError(.interrupted, "the process stops"))
        #expect(cut.seen == [1, 2, 3, 4])
        running.close()
        let again = Scribe("a")
        running = try core(fixture, [again])
        #expect(again.seen == [])
        while try running.advance() {}
        #expect(again.seen == Array(1...10))
        running.close()
    }

    @Test func aNewConsumerBeginsAtTheBeginningWhileOthersKeepTheirPlace() throws {
        let fixture = try LedgerFixture()
        try fill(fixture, commits: 70)
        let old = Scribe("a")
        var running = try core(fixture, [old])
        while try running.advance() {}
        running.close()
        let (kept, new) = (Scribe("a"), Scribe("b", needsContent: true))
        running = try core(fixture, [kept, new])
        try fill(fixture, commits: 5)
        while try running.advance() {}
        #expect(kept.seen == Array(1...75))
        #expect(new.seen == Array(1...75))
        #expect(new.contents == (0..<75).map { "text \($0)" })
        running.close()
    }

    @Test func aStepThatFailsStoresNeitherRowsNorPosition() throws {
        let fixture = try LedgerFixture()
        try fill(fixture, commits: 10)
        let failing = Scribe("a")
        failing.failsAt = 7
        var running = try core(fixture, [failing])
        #expect(throws: LedgerError.self) { try running.advance() }
        running.close()
        let healed = Scribe("a")
        running = try core(fixture, [healed])
        #expect(healed.seen == [])
        while try running.advance() {}
        #expect(healed.seen == Array(1...10))
        running.close()
    }

    @Test func sightingsAndTalliesTellWhoSentWhat() throws {
        let fixture = try LedgerFixture()
        var bad = LedgerFixture.artifact("x")
        bad.contentType = ""
        _ = try fixture.commit([LedgerFixture.artifact("a"), LedgerFixture.artifact("a"), bad], first: 1)
        let reader = try ChangeReader(fixture.place)
        defer { reader.close() }
        let commit = try #require(try reader.commits(after: 0).first)
        #expect(commit.tallies == [ChangeCommit.Tally(node: "n1", received: 3, refused: 1)])
        #expect(commit.sightings.map(\.artifact) == [1])
        #expect(commit.stored.map(\.id) == [1])
        #expect(try reader.commits(after: 1).isEmpty)
    }

    @Test func `while another program reads derived.db nothing goes on, and it does when that ends`() async throws {
        let fixture = try LedgerFixture()
        try fill(fixture, commits: 3)
        var rules = LogRules()
        (rules.steps, rules.limit) = (1, 1)
        let place = fixture.place
        let (path, secret) = (place.path, place.secretID)
        let service = try DerivedService(
            path: fixture.directory.file("derived.db"),
            ledger: { LedgerPlace(path: path, secretID: secret, compressor: Zstd()) }, time: SystemTime(),
            log: Logger(level: .error, sink: NoSink(), time: SystemTime()), rules: rules, make: { [Scribe("a")] })
        service.start()
        while await service.position < 3 { service.committed(3) }
        let foreign = try Database.open(path: fixture.directory.file("derived.db"), access: .reader)
        try foreign.execute("BEGIN")
        #expect(try foreign.first("SELECT count(*) FROM a") { $0.int(0) } == 3)
        try fill(fixture, commits: 2)
        while service.logHeld == 0 { service.committed(await service.position) }
        let held = await service.position
        try fill(fixture, commits: 2)
        for _ in 0..<100 { service.committed(await service.position) }
        #expect(await service.position == held && service.logHeld > 0)
        try foreign.execute("COMMIT")
        foreign.close()
        while await service.position < 7 { service.committed(7) }
        while service.logHeld > 0 { service.committed(await service.position) }
        await service.stop()
    }
}

private struct NoSink: LogSink {
    func write(_ entry: LogEntry) {}
}
