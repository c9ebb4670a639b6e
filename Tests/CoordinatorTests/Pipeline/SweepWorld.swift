import Compression
import Glibc
import Model
import Storage
import TestKit
import Testing
import Wire

@testable import Coordinator

/// Everything behind the ledger, led through a fixed scenario. At one write, sync or truncate of derived.db the power
/// is cut: what was not synced may be there, torn or gone. It is started again then, and goes on where its files say.
final class SweepWorld {
    private let ledgers: SweepLedgers
    private let disk: SimulatedDisk
    private let directory = TemporaryDirectory()
    private let time: ManualTime
    private var isLate = false
    private var database: Database?
    private var consumers: [any DerivedConsumer] = []
    private var core: DerivedCore?
    private var sink: JSONLSink?
    private(set) var kills = 0
    /// The bug: after a kill the last commit is taken once more.
    private let planted: Bool

    private enum Step {
        case advance, grow, deliver, rate, idle, find, checkpoint
        case pass(minutes: UInt64)
    }

    private static let script: [Step] =
        [.advance, .pass(minutes: 1), .deliver, .pass(minutes: 30), .deliver, .rate, .idle, .find]
        + [.checkpoint, .grow, .advance, .advance, .pass(minutes: 45), .deliver, .pass(minutes: 20)]
        + [.deliver, .idle, .find, .checkpoint, .pass(minutes: 55), .deliver, .deliver, .idle]

    private static let patience = 8  // starts in a row that may fail: more would be no crash but a fault

    init(_ ledgers: SweepLedgers, seed: UInt64, planted: Bool = false) {
        self.ledgers = ledgers
        self.planted = planted
        disk = SimulatedDisk(seed: seed)
        time = ManualTime(wall: ledgers.end)
    }

    deinit { core?.close() }

    /// Runs the whole scenario; it is killed at the nth change of the disk, or (nil) at none.
    func run(killedAt nth: Int? = nil) async throws {
        if let nth { disk.cutPower(atChange: nth) }
        try await alive {}
        for step in SweepWorld.script { try await take(step) }
    }

    // MARK: Life and death

    private func open() throws {
        let fixture = isLate ? ledgers.late : ledgers.early
        let (path, secret) = (fixture.place.path, fixture.secret.id)
        var setup = FeedSetup(incarnation: 1) { LedgerPlace(path: path, secretID: secret, compressor: Zstd()) }
        setup.policy = FeedSamples.policy(rate: 6)
        let made = Consumers.make(feed: setup)
        let opened = try Database.open(
            path: directory.file("derived.db"), access: .writer, options: DatabaseOptions(vfs: disk.name))
        do {
            if planted, kills > 0 {
                try opened.execute("UPDATE consumer SET position = position - 1 WHERE name = 'sightings'")
            }
            core = try DerivedCore(database: opened, reader: ChangeReader(fixture.place), consumers: made)
            (database, consumers) = (opened, made)
        } catch {
            opened.close()
            throw error
        }
    }

    private func die() {
        core?.close()
        (core, database, sink, consumers) = (nil, nil, nil, [])
    }

    /// Does something; if it is killed in the midst of it, it starts again and does it once more. What may have been
    /// stored in the moment of the kill and must not be done twice, `body` has to look for.
    private func alive(_ body: () async throws -> Void) async throws {
        for _ in 0..<SweepWorld.patience {
            do {
                if core == nil { try open() }
                return try await body()
            } catch {
                die()
                guard !disk.isPowered else { throw error }
                kills += 1
                disk.crash()
            }
        }
        Issue.record("it does not come up again")
    }

    // MARK: The scenario

    private func consumer<C: DerivedConsumer>(_ type: C.Type) throws -> C {
        try #require(consumers.lazy.compactMap { $0 as? C }.first)
    }

    private func both() throws -> (DerivedCore, Database) { (try #require(core), try #require(database)) }

    private func take(_ step: Step) async throws {
        switch step {
        case .advance: try await alive { while try both().0.advance(artifacts: 6) {} }
        case .grow:
            die()
            isLate = true
            try await alive {}
        case .pass(let minutes):
            time.advance(by: .minutes(minutes))
            let before = try consumer(FeedConsumer.self).figures.walks
            try await alive {
                if try consumer(FeedConsumer.self).figures.walks == before {
                    try both().0.pass(now: time.now(), wall: time.wall())
                }
            }
        case .find: try await alive { try find() }
        case .checkpoint: try await alive { _ = try both().0.settleLog(limit: 1) }
        case .deliver:
            let before = try consumer(FeedConsumer.self).figures.delivered
            try await alive {
                if try consumer(FeedConsumer.self).figures.delivered == before { try await deliver() }
            }
        case .rate: try rate()
        case .idle: try await alive { try await idle() }
        }
    }

    private func openSink() async throws -> JSONLSink {
        if let sink { return sink }
        let (feed, database) = (try consumer(FeedConsumer.self), try both().1)
        let made = JSONLSink(
            directory: directory.file("feed"), incarnation: 1, compressor: Zstd(), shardBytes: 1_500)
        var state = SinkState()
        for kind in OutboxRecord.Kind.allCases { state.shards += try feed.shards(kind, in: database) }
        state.qualityRead = feed.figures.qualityRead
        #expect(await made.begin(state, at: time.wall()).trouble == nil)
        sink = made
        return made
    }

    private func deliver() async throws {
        let sink = try await openSink()
        let (feed, database) = (try consumer(FeedConsumer.self), try both().1)
        var answer = await sink.deliver(try feed.waiting(5, in: database), at: time.wall())
        #expect(answer.trouble == nil)
        answer.report.sink = "jsonl"
        try feed.store(answer.report, in: database)
        sink.stored(answer.report)
    }

    /// What whoever trains thinks of the first scenarios, as lines in a file.
    private func rate() throws {
        let lines = (1...6).map { "{\"id\": \"s1-\($0)\", \"quality\": 0.\($0 + 1)}\n" }.joined()
        let descriptor = Glibc.open(directory.file("feed/quality.jsonl"), O_WRONLY | O_CREAT | O_APPEND, 0o600)
        defer { close(descriptor) }
        #expect(Array(lines.utf8).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } == lines.utf8.count)
    }

    private func idle() async throws {
        let sink = try await openSink()
        guard var report = sink.idle(at: time.wall()) else { return }
        report.sink = "jsonl"
        try consumer(FeedConsumer.self).store(report, in: both().1)
        sink.stored(report)
    }

    private func find() throws {
        let (patterns, database) = (try consumer(Patterns.self), try both().1)
        let snapshot = patterns.snapshot(at: time.wall())
        #expect(snapshot.artifacts.count >= Limits.patternTextsAtLeast)
        let previous = try patterns.run(upTo: 0, in: database)
        if previous?.stateVersion == snapshot.version { return }
        try patterns.store(ledgers.found(snapshot, after: previous, at: time.wall()), in: database)
    }

    // MARK: What came of it

    /// Every row of every table as text, and what the sink holds, in order.
    func outcome() throws -> [String] {
        // What rests for a while is known in memory alone.
        die()
        try open()
        let database = try both().1
        #expect(try database.integrityCheck() == [])
        var rows: [String] = []
        let tables = try database.all("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name") {
            $0.text(0)
        }
        for table in tables {
            let columns = try database.all(SQL("SELECT name FROM pragma_table_info('\(table)')")) { $0.text(0) }
            let text = columns.map { "quote(\($0))" }.joined(separator: " || ' ' || ")
            rows += try database.all(SQL("SELECT \(text) FROM \(table)")) { "\(table) \($0.text(0))" }.sorted()
        }
        let ranked = try consumer(RankingConsumer.self).top(1_000, at: time.wall())
        rows += ranked.map { "top a\($0.artifact) \($0.score)" }
        let feed = directory.file("feed")
        rows += try ShardReading(directory: feed).ids().map { "fed \($0)" }
        return rows + (try ShardReading(directory: feed + "/withdrawn").ids().map { "withdrawn \($0)" })
    }
}
