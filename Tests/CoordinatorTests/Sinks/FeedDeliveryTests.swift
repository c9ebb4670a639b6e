import Compression
import Glibc
import Model
import Synchronization
import Telemetry
import TestKit
import Testing
import Transport
import Wire

@testable import Coordinator

/// The outbox of a real feed, shared between the test and the delivery.
private actor SharedOutbox: FeedOutbox {
    private let rig: FeedRig
    private var failuresOfStore: Int
    private var goal: (settled: UInt64, done: CheckedContinuation<Void, Never>)?

    /// The first so many reports are stored, and the delivery is not told so: their outcome is unknown to it.
    init(scenarios: Int, unknownStores: Int = 0) throws {
        rig = try FeedRig()
        try rig.store((1...scenarios).map { FeedRig.artifact($0) })
        try rig.pass()
        failuresOfStore = unknownStores
    }

    func state() throws(LedgerError) -> SinkState? { try? rig.state() }
    func waiting(_ limit: Int) throws(LedgerError) -> [OutboxRecord]? { try? rig.waiting(limit) }

    func store(_ report: DeliveryReport) throws(LedgerError) -> Bool {
        guard (try? rig.store(report)) != nil else { return false }
        if let goal, settled >= goal.settled {
            self.goal = nil
            goal.done.resume()
        }
        failuresOfStore -= 1
        return failuresOfStore < 0
    }

    private var settled: UInt64 { figures.delivered + figures.quarantined }

    func until(settled count: UInt64) async {
        guard settled < count else { return }
        await withCheckedContinuation { goal = (count, $0) }
    }

    var figures: FeedFigures { rig.feed.figures }
    func ratings() throws -> [FeedRatings.Rating] { try rig.ratings() }
    var path: String { rig.fixture.directory.file("feed") }
    func states() throws -> [String: String] {
        let listed = try rig.feed.list(before: 0, limit: 100, in: rig.database).scenarios
        return Dictionary(listed.map { ($0.id, $0.state) }) { $1 }
    }
}

private struct Silence: LogSink {
    func write(_ entry: LogEntry) {}
}

@Suite struct FeedDeliveryTests {
    private func deliver(
        _ outbox: SharedOutbox, on loop: EventLoop, until settled: UInt64,
        _ sink: @escaping @Sendable () throws -> any Sink
    ) async {
        let delivery = FeedDelivery(
            on: loop, outbox: outbox, time: SystemTime(), random: SeededRandom(seed: 1),
            log: Logger(sink: Silence(), time: SystemTime()),
            machine: DeliveryMachine(base: .milliseconds(1), cap: .milliseconds(2)), sink: sink)
        let running = Task { await delivery.run() }
        await outbox.until(settled: settled)
        await delivery.stop()
        await running.value
    }

    private func post(
        scenarios: Int, unknownStores: Int = 0, settled: UInt64? = nil,
        _ act: @escaping @Sendable (String, Int) -> TinySink.Act
    ) async throws -> (outbox: SharedOutbox, keys: [String], taken: Set<String>) {
        let outbox = try SharedOutbox(scenarios: scenarios, unknownStores: unknownStores)
        let loops = (try EventLoop(name: "server"), try EventLoop(name: "sink"))
        defer {
            loops.1.stop()
            loops.0.stop()
        }
        let server = try TinySink(on: loops.0, act: act)
        await server.start()
        let (loop, url) = (loops.1, "http://127.0.0.1:\(server.port)/")
        await deliver(outbox, on: loop, until: settled ?? UInt64(scenarios)) {
            try HTTPSink(url, on: loop, time: SystemTime(), timeout: .milliseconds(300))
        }
        let (keys, taken) = (await server.keys, Set(await server.bodies.keys))
        await server.stop()
        return (outbox, keys, taken)
    }

    /// Repeats that follow each other, as one.
    private func distinct(_ keys: [String]) -> [String] {
        keys.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }

    @Test func `a sink that fails, is slow or loses its answer gets all records in order`() async throws {
        let all = (1...8).map { "s1-\($0)" }
        let (outbox, keys, taken) = try await post(scenarios: 8) { key, attempt in
            switch (key, attempt) {
            case ("s1-2", 1...3): .status("503 Later")
            case ("s1-4", 1): .neverAnswer
            case ("s1-6", 1...2): .takeAndHangUp
            default: .status("200 OK", body: "{\"quality\":0.5}")
            }
        }
        #expect(distinct(keys) == all)
        #expect(taken == Set(all))
        #expect(keys.filter { $0 == "s1-2" }.count == 4)
        #expect(await outbox.figures.delivered == 8)
        let ratings = try await outbox.ratings()
        #expect(ratings.map(\.quality) == Array(repeating: 0.5, count: 8))
        #expect(ratings.allSatisfy { $0.sink.hasPrefix("http:http://") })
    }

    @Test func `a record whose delivery could not be recorded may come again, under the same key`() async throws {
        let (outbox, keys, _) = try await post(scenarios: 3, unknownStores: 1) { _, _ in .status("204 Done") }
        #expect(distinct(keys) == ["s1-1", "s1-2", "s1-3"])
        #expect(await outbox.figures.delivered == 3)
    }

    @Test func `a record refused five times is quarantined, and the next ones are delivered`() async throws {
        let (outbox, keys, taken) = try await post(scenarios: 4) { key, _ in
            key == "s1-2" ? .status("422 Never") : .status("200 OK")
        }
        #expect(keys.filter { $0 == "s1-2" }.count == 5)
        #expect(taken == ["s1-1", "s1-3", "s1-4"])
        #expect(try await outbox.states()["s1-2"] == "quarantined")
    }

    @Test func `a record that brings the sink down each time is quarantined once another is taken`() async throws {
        let (outbox, keys, taken) = try await post(scenarios: 3) { key, _ in
            key == "s1-1" ? .status("500 Oops") : .status("200 OK")
        }
        #expect(Array(keys.prefix(6)) == Array(repeating: "s1-1", count: 5) + ["s1-2"])
        #expect(taken == ["s1-2", "s1-3"])
        #expect(try await outbox.states()["s1-1"] == "quarantined")
    }

    @Test func `a sink that is down for all records costs nothing but delay`() async throws {
        let requests = Mutex(0)
        let (outbox, _, taken) = try await post(scenarios: 3) { _, _ in
            let count = requests.withLock {
                $0 += 1
                return $0
            }
            return count <= 20 ? .status("500 Down") : .status("200 OK")
        }
        #expect(taken.count == 3)
        #expect(await outbox.figures.quarantined == 0)
    }

    @Test func `a stop does not wait for a sink that never answers`() async throws {
        let outbox = try SharedOutbox(scenarios: 1)
        let loops = (try EventLoop(name: "server"), try EventLoop(name: "sink"))
        defer {
            loops.1.stop()
            loops.0.stop()
        }
        let (asked, asks) = AsyncStream<Void>.makeStream()
        let server = try TinySink(on: loops.0) { _, _ in
            asks.yield()
            return .neverAnswer
        }
        await server.start()
        let (loop, url) = (loops.1, "http://127.0.0.1:\(server.port)/")
        let delivery = FeedDelivery(
            on: loop, outbox: outbox, time: SystemTime(), random: SeededRandom(seed: 1),
            log: Logger(sink: Silence(), time: SystemTime())
        ) { try HTTPSink(url, on: loop, time: SystemTime(), timeout: .minutes(10)) }
        let running = Task { await delivery.run() }
        for await _ in asked { break }
        await delivery.stop()
        await running.value
        #expect(await outbox.figures.waiting == 1)
        await server.stop()
    }

    @Test func `shards get each scenario once even when it is not known what was recorded`() async throws {
        let outbox = try SharedOutbox(scenarios: 10, unknownStores: 1)
        let loop = try EventLoop(name: "sink")
        defer { loop.stop() }
        let path = await outbox.path
        await deliver(outbox, on: loop, until: 10) {
            JSONLSink(directory: path, incarnation: 1, compressor: Zstd())
        }
        #expect(try ShardReading(directory: path).ids() == (1...10).map { "s1-\($0)" })
    }
}
