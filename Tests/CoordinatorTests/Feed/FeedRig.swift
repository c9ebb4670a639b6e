import Compression
import Model
import Sealing
import Storage
import TestKit
import Testing
import Wire

@testable import Coordinator

/// A ledger, its derived database and a feed, driven by hand.
final class FeedRig {
    let fixture: LedgerFixture
    let time: ManualTime
    var policy = FeedPolicy()
    private(set) var database: Database
    private(set) var feed: FeedConsumer
    private var core: DerivedCore
    private var next: UInt64 = 1
    var qualities: [QualityReport] { heard.reports }
    private let heard = Heard()

    /// Written on the test's thread alone.
    private final class Heard: @unchecked Sendable {
        var reports: [QualityReport] = []
    }

    init(policy: FeedPolicy = FeedPolicy()) throws {
        fixture = try LedgerFixture()
        time = ManualTime(wall: fixture.now)
        self.policy = policy
        (database, feed, core) = try FeedRig.open(fixture, policy, heard)
    }

    deinit { core.close() }

    private static func open(
        _ fixture: LedgerFixture, _ policy: FeedPolicy, _ heard: Heard
    ) throws -> (Database, FeedConsumer, DerivedCore) {
        // Each call makes a place of its own; the fixture's values do not change.
        let (path, secret) = (fixture.place.path, fixture.secret.id)
        var setup = FeedSetup(incarnation: 1) { LedgerPlace(path: path, secretID: secret, compressor: Zstd()) }
        setup.policy = policy
        setup.onQuality = { report, _ in heard.reports.append(report) }
        let feed = FeedConsumer(setup)
        let database = try Database.open(path: fixture.directory.file("derived.db"), access: .writer)
        let core = try DerivedCore(database: database, reader: ChangeReader(fixture.place), consumers: [feed])
        return (database, feed, core)
    }

    /// What a killed process leaves behind, opened again.
    func restart() throws {
        core.close()
        (database, feed, core) = try FeedRig.open(fixture, policy, heard)
    }

    /// One commit of these artifacts, followed.
    func store(_ artifacts: [Proto.Artifact]) throws {
        fixture.now = time.wall()
        let result = try fixture.commit(artifacts, first: next)
        #expect(result.codes.allSatisfy { $0 == .stored })
        next += UInt64(artifacts.count)
        try follow()
    }

    func follow() throws { while try core.advance() {} }

    /// Makes the rows as a rebuild would find them: the outbox is there, all else is gone.
    func forgetDerived() throws {
        try database.execute(
            "DELETE FROM consumer; DELETE FROM feed_candidate; DELETE FROM feed_skip; DELETE FROM feed_withdrawn")
        try restart()
        try follow()
    }

    func pass(after span: Span = .minutes(1)) throws {
        time.advance(by: span)
        try core.pass(now: time.now(), wall: time.wall())
    }

    func waiting(_ limit: Int = 1_000) throws -> [OutboxRecord] { try feed.waiting(limit, in: database) }

    func store(_ report: DeliveryReport) throws { try feed.store(report, in: database) }

    func state() throws -> SinkState {
        var state = SinkState()
        for kind in OutboxRecord.Kind.allCases { state.shards += try feed.shards(kind, in: database) }
        state.qualityRead = feed.figures.qualityRead
        return state
    }

    static func artifact(
        _ number: Int, text: String? = nil, domain: String? = nil, type: String = "text",
        signals: StringMap = StringMap()
    ) -> Proto.Artifact {
        Proto.Artifact(
            contentType: type, content: Array((text ?? "text number \(number)").utf8)[...],
            rawSource: "http://d\(number).example/", metadata: ["domain": domain ?? "d\(number).example"],
            confidence: 0.5, threatLevel: Double(number % 11), signals: signals)
    }
}
