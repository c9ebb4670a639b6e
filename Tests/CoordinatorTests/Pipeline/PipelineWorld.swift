import Compression
import Model
import Storage
import TestKit
import Testing
import Wire

@testable import Coordinator

/// A whole coordinator from a seed: nodes that agree, that collude and that lie, a ledger, everything behind it, and a
/// sink. Any write to derived.db may fail, and coordinator and sink may be killed at any moment.
final class PipelineWorld {
    static let honest = ["a", "b", "c", "d"]
    let fixture: LedgerFixture
    let time: ManualTime
    let policy: FeedPolicy
    private let vfs: FaultingVFS
    var random: SeededRandom
    private(set) var database: Database
    private(set) var consumers: [any DerivedConsumer]
    private var core: DerivedCore
    private var sink: JSONLSink?
    private let board = ReputationBoard()
    private var next: [String: UInt64] = [:]
    private var written = 0
    private var sent: [Proto.Artifact] = []
    private(set) var failures = 0

    init(seed: UInt64) throws {
        fixture = try LedgerFixture()
        time = ManualTime(wall: fixture.now)
        vfs = try FaultingVFS(name: "pipeline-\(seed)-\(ObjectIdentifier(fixture).hashValue)")
        random = SeededRandom(seed: seed)
        policy = FeedSamples.policy(rate: 20)
        (database, consumers, core) = try PipelineWorld.open(fixture, vfs, policy, board)
    }

    deinit { core.close() }

    private static func open(
        _ fixture: LedgerFixture, _ vfs: FaultingVFS, _ policy: FeedPolicy, _ board: ReputationBoard
    ) throws -> (Database, [any DerivedConsumer], DerivedCore) {
        let (path, secret) = (fixture.place.path, fixture.secret.id)
        var setup = FeedSetup(incarnation: 1) { LedgerPlace(path: path, secretID: secret, compressor: Zstd()) }
        setup.policy = policy
        let consumers = Consumers.make(feed: setup, reputations: board)
        let database = try Database.open(
            path: fixture.directory.file("derived.db"), access: .writer,
            options: DatabaseOptions(vfs: vfs.name, synchronous: .off))
        do {
            let core = try DerivedCore(
                database: database, reader: ChangeReader(fixture.place), consumers: consumers)
            return (database, consumers, core)
        } catch {
            database.close()
            throw error
        }
    }

    func consumer<C: DerivedConsumer>(_ type: C.Type) throws -> C {
        try #require(consumers.lazy.compactMap { $0 as? C }.first)
    }

    var feed: FeedConsumer { get throws { try consumer(FeedConsumer.self) } }
    var reputation: Reputation { get throws { try consumer(ReputationConsumer.self).reputation } }

    // MARK: Life and death

    /// Opens everything anew, as a process that starts does.
    func restart() throws {
        core.close()
        vfs.faults.clear()
        (database, consumers, core) = try PipelineWorld.open(fixture, vfs, policy, board)
        sink = nil
    }

    /// Does something while the disk under derived.db may fail at any write, and starts again if it did.
    private func risk(_ body: () throws -> Void) throws {
        if random.below(3) == 0 {
            vfs.faults.set(FaultRule(.changes, nth: 1 + Int(random.below(40)), random.below(2) == 0 ? .error : .torn))
        }
        do {
            try body()
            vfs.faults.clear()
        } catch {
            failures += 1
            try restart()
        }
    }

    /// What can be computed again is gone, as if the file had been deleted and its outbox restored.
    func forgetDerived() throws {
        let kept: Set = ["migration", "feed_outbox", "feed_shard", "feed_sketch", "feed_rating", "feed_value"]
        let tables = try database.all("SELECT name FROM sqlite_schema WHERE type = 'table'") { $0.text(0) }
        for table in tables where !kept.contains(table) { try database.execute("DELETE FROM \(table)") }
        try restart()
        while try core.advance() {}
    }

    // MARK: One step

    func step() async throws {
        time.advance(by: .seconds(30 + random.below(900)))
        switch random.below(10) {
        case 0..<5: try collect()
        case 5: try collude()
        case 6: try lie()
        case 7: try withdraw()
        default: break
        }
        try risk { while try core.advance() {} }
        try risk { try core.pass(now: time.now(), wall: time.wall()) }
        if random.below(3) > 0 { try await deliver() }
        if random.below(6) == 0 { try judge() }
        if random.below(12) == 0 { try restart() }
    }

    /// Until nothing more comes of it: everything is read, fed as far as the rules allow, and delivered.
    func settle() async throws {
        while try core.advance() {}
        var before: UInt64
        var idle = 0
        repeat {
            before = try feed.figures.scenarios
            time.advance(by: .minutes(20))
            try core.pass(now: time.now(), wall: time.wall())
            idle = try feed.figures.scenarios == before ? idle + 1 : 0
        } while idle < 8
        while try !feed.waiting(1, in: database).isEmpty { try await deliver(mayDie: false) }
    }

    // MARK: What nodes do

    private func artifact(_ source: String, confidence: Double) -> Proto.Artifact {
        written += 1
        let words = (0..<12).map { _ in "w\(random.below(5_000))" }.joined(separator: " ")
        return Proto.Artifact(
            contentType: ["text", "html", "json"][Int(random.below(3))],
            content: Array("\(written) \(words)".utf8)[...], rawSource: "http://\(source)/\(written)",
            metadata: ["domain": source], confidence: confidence, threatLevel: Double(random.below(11)))
    }

    private func send(_ artifacts: [Proto.Artifact], from node: String) throws {
        fixture.now = time.wall()
        let stream = node.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) }
        let batch = try fixture.prepared(artifacts, stream: stream, first: next[node, default: 1], node: node)
        next[node, default: 1] += UInt64(artifacts.count)
        _ = try fixture.ledger.commit([batch], now: fixture.now, reputations: board.current)
    }

    /// Honest nodes find the same things, with a confidence that differs a little.
    private func collect() throws {
        let order = PipelineWorld.honest.indices.map { _ in Int(random.below(4)) }
        let found = (0..<12).map { _ in artifact("d\(random.below(8)).example", confidence: 0.7) }
        sent += found
        for place in Set(order).sorted() {
            let own = found.map { artifact in
                var artifact = artifact
                artifact.confidence = 0.6 + Double(random.below(30)) / 100
                return artifact
            }
            try send(own, from: PipelineWorld.honest[place])
        }
    }

    /// Many new names bear each other out.
    private func collude() throws {
        let found = (0..<6).map { _ in
            var artifact = artifact("s\(random.below(30)).example", confidence: 1)
            artifact.threatLevel = 10
            return artifact
        }
        for _ in 0..<5 { try send(found, from: "sybil\(random.below(40))") }
    }

    /// Claims everything, and half of it cannot be taken.
    private func lie() throws {
        let found = (0..<10).map { place in
            var artifact = artifact("liar.example", confidence: 1)
            artifact.threatLevel = place % 2 == 0 ? 10 : 11
            return artifact
        }
        try send(found, from: "liar")
    }

    /// A source forbids training, with new content or with what is kept already.
    private func withdraw() throws {
        guard var old = sent.isEmpty ? nil : sent[Int(random.below(UInt64(sent.count)))] else { return }
        old.signals = ["x-robots-tag": "noai"]
        if random.below(2) == 0 { old.content += Array(" changed".utf8) }
        try send([old], from: PipelineWorld.honest[Int(random.below(4))])
    }

    // MARK: What the sink does

    private func deliver(mayDie: Bool = true) async throws {
        let sink =
            self.sink
            ?? JSONLSink(
                directory: fixture.directory.file("feed"), incarnation: 1, compressor: Zstd(), shardBytes: 2_000)
        if self.sink == nil {
            var state = SinkState()
            for kind in OutboxRecord.Kind.allCases { state.shards += try feed.shards(kind, in: database) }
            #expect(await sink.begin(state, at: time.wall()).trouble == nil)
            self.sink = sink
        }
        let answer = await sink.deliver(try feed.waiting(5, in: database), at: time.wall())
        #expect(answer.trouble == nil)
        // Killed between the files and the outbox.
        if mayDie, random.below(5) == 0 { return self.sink = nil }
        guard mayDie else {
            try feed.store(answer.report, in: database)
            return sink.stored(answer.report)
        }
        try risk {
            try feed.store(answer.report, in: database)
            sink.stored(answer.report)
        }
    }

    private func judge() throws {
        let last = try feed.sequence
        guard last > 0 else { return }
        let id = ScenarioID(incarnation: 1, sequence: 1 + random.below(last))
        let quality = Double(random.below(11)) / 10
        try risk { _ = try feed.rate(id, quality, by: "jsonl", in: database) }
    }
}
