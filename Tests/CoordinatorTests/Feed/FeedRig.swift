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
    private(set) var parts: Parts
    private var core: DerivedCore
    private var next: [UInt64: UInt64] = [:]
    /// Of this start, as a process has one.
    private(set) var ratingBoard = RatingBoard()

    /// What the feed follows.
    struct Parts {
        var reputation: ReputationConsumer
        var ranking: RankingConsumer
        var patterns: Patterns
    }

    init(policy: FeedPolicy = FeedPolicy()) throws {
        fixture = try LedgerFixture()
        time = ManualTime(wall: fixture.now)
        self.policy = policy
        (database, feed, parts, core) = try FeedRig.open(fixture, policy, ratingBoard)
    }

    deinit { core.close() }

    private static func open(
        _ fixture: LedgerFixture, _ policy: FeedPolicy, _ ratings: RatingBoard
    ) throws -> (Database, FeedConsumer, Parts, DerivedCore) {
        // Each call makes a place of its own; the fixture's values do not change.
        let (path, secret) = (fixture.place.path, fixture.secret.id)
        var setup = FeedSetup(incarnation: 1) { LedgerPlace(path: path, secretID: secret, compressor: Zstd()) }
        setup.policy = policy
        let reputation = ReputationConsumer(ratings: ratings)
        let parts = Parts(
            reputation: reputation, ranking: RankingConsumer(reputation: reputation), patterns: Patterns())
        let feed = FeedConsumer(
            setup, reputation: reputation, ranking: parts.ranking, patterns: parts.patterns)
        let database = try Database.open(path: fixture.directory.file("derived.db"), access: .writer)
        let core = try DerivedCore(
            database: database, reader: ChangeReader(fixture.place),
            consumers: [reputation, parts.ranking, parts.patterns, feed])
        return (database, feed, parts, core)
    }

    /// What a killed process leaves behind, opened again.
    func restart() throws {
        core.close()
        ratingBoard = RatingBoard()
        (database, feed, parts, core) = try FeedRig.open(fixture, policy, ratingBoard)
    }

    /// One commit of these artifacts, followed.
    func store(_ artifacts: [Proto.Artifact]) throws {
        let codes = try send(artifacts, from: "n1").map(\.code)
        #expect(codes.allSatisfy { $0 == .stored })
    }

    /// One commit of what this node sends, whatever becomes of it, followed.
    @discardableResult
    func send(
        _ artifacts: [Proto.Artifact], from node: String, believing reputations: Reputations = Reputations()
    ) throws -> [Proto.Verdict] {
        fixture.now = time.wall()
        let stream = node.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) }
        let first = next[stream, default: 1]
        let batch = try fixture.prepared(artifacts, stream: stream, first: first, node: node)
        next[stream] = first + UInt64(artifacts.count)
        let outcome = try fixture.ledger.commit([batch], now: fixture.now, reputations: reputations)
        try follow()
        return outcome.results[0].verdicts
    }

    func follow() throws { while try core.advance() {} }

    /// Makes the rows as a rebuild would find them: the outbox is there, all else is gone.
    func forgetDerived() throws {
        let kept: Set = ["migration", "feed_outbox", "feed_shard", "feed_sketch", "feed_rating", "feed_value"]
        let tables = try database.all("SELECT name FROM sqlite_schema WHERE type = 'table'") { $0.text(0) }
        for table in tables where !kept.contains(table) { try database.execute("DELETE FROM \(table)") }
        try restart()
        try follow()
    }

    func pass(after span: Span = .minutes(1)) throws {
        time.advance(by: span)
        try core.pass(now: time.now(), wall: time.wall())
    }

    func waiting(_ limit: Int = 1_000) throws -> [OutboxRecord] { try feed.waiting(limit, in: database) }

    func store(_ report: DeliveryReport) throws { try feed.store(report, in: database) }

    /// What was said of scenarios so far, in order.
    func ratings() throws -> [FeedRatings.Rating] {
        try FeedRatings.next(after: 0, upTo: UInt64(Int64.max), in: database)
    }

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
