import Compression
import Lifecycle
import Model
import Synchronization
import Telemetry
import TestKit
import Testing
import Transport
import Wire

@testable import Node

/// A hub of one process: the model hub behind a listener, and one assignment to give.
private final class TestHub: Sendable {
    let loops: EventLoopGroup
    let listener: Listener
    let changes: AsyncStream<ModelHub>
    private let changed: AsyncStream<ModelHub>.Continuation

    init(_ assignments: [Proto.Assignment]) throws {
        loops = try EventLoopGroup(count: 1, name: "test-hub")
        var model = ModelHub()
        model.known = Set(assignments.map(\.lease))
        let (changes, changed) = AsyncStream.makeStream(of: ModelHub.self)
        (self.changes, self.changed) = (changes, changed)
        let hub = SharedHub(model, assignments) { changed.yield($0) }
        listener = try Listener(
            SocketAddress(host: "127.0.0.1", port: 0), loops: loops, context: .init(compressor: Zstd())
        ) { HubHandler(hub) }
    }

    /// Waits until the hub is as wanted.
    func until(_ isReached: (ModelHub) -> Bool) async -> ModelHub? {
        for await hub in changes where isReached(hub) { return hub }
        return nil
    }

    func stop() async {
        await listener.stop()
        loops.stop()
    }
}

private final class SharedHub: Sendable {
    private let state: Mutex<(model: ModelHub, assignments: [Proto.Assignment])>
    private let changed: @Sendable (ModelHub) -> Void

    init(_ model: ModelHub, _ assignments: [Proto.Assignment], changed: @escaping @Sendable (ModelHub) -> Void) {
        state = Mutex((model, assignments))
        self.changed = changed
    }

    func answers(_ envelope: Proto.Envelope) -> [Proto.Envelope] {
        let (answers, model) = state.withLock { state in
            if case .hello = envelope.body {
                return ([Proto.Envelope(inReplyTo: envelope.id, body: .welcome(state.model.welcome))], state.model)
            }
            var answers = [state.model.answer(envelope)].compactMap(\.self)
            if case .registerNode = envelope.body {
                answers += state.assignments.map { Proto.Envelope(body: .assignment($0)) }
                state.assignments = []
            }
            return (answers, state.model)
        }
        changed(model)
        return answers
    }
}

private final class HubHandler: FrameHandler {
    private let hub: SharedHub
    private let encoder = FrameEncoder()

    init(_ hub: SharedHub) { self.hub = hub }

    func received(_ payload: ArraySlice<UInt8>, on connection: isolated Connection) {
        guard let envelope = try? Proto.Envelope(decoding: payload) else { return }
        connection.setFrameLimit(Limits.maxFrame)
        for answer in hub.answers(envelope) {
            if let frame = try? encoder.encode(answer) { connection.send(frame) }
        }
    }

    func closed(_ reason: CloseReason, on connection: isolated Connection) {}
}

private struct Lines: LogSink {
    let entries: AsyncStream<String>.Continuation
    func write(_ entry: LogEntry) { entries.yield("\(entry.message)") }
}

@Suite("The node as a service")
struct NodeServiceTests {
    @Test("it connects, collects a page and a file, delivers both, reports both, and drains")
    func endToEnd() async throws {
        let directory = TemporaryDirectory()
        let loop = try EventLoop(name: "test-site")
        let site = try TinyServer(on: loop) { _ in .init(headers: ["ETag: \"1\""], body: Array("page".utf8)) }
        await site.start()
        let file = directory.write("file", to: "note.txt")
        var page = Proto.Assignment.sample(1)
        page.location = site.url("/")
        var note = Proto.Assignment.sample(2, type: "file")
        note.location = file
        let hub = try TestHub([page, note])
        var configuration = NodeConfiguration(
            name: "n1", hub: hub.listener.address, dataDirectory: directory.path + "/node")
        configuration.allowPrivateHosts = ["127.0.0.0/8"]
        configuration.allowedRoots = [directory.path]
        let (lines, entries) = AsyncStream.makeStream(of: String.self)
        let service = try NodeService(
            configuration, log: Logger(sink: Lines(entries: entries), time: SystemTime())
        ) { Issue.record("the node failed: \($0)") }
        try await service.start()
        let done = await hub.until { $0.outcomes.count == 2 && $0.applied.values.first?.count == 4 }
        let applied = try #require(done?.applied.values.first)
        #expect(applied.filter { $0 == "page" || $0 == "file" }.sorted() == ["file", "page"])
        #expect(applied.filter { $0.hasPrefix("bookmark") }.count == 2)
        #expect(done?.outcomes.values.map(\.kind) == [.collected, .collected])
        #expect(done?.outcomes[1]?.status == 200)
        await service.stop()
        entries.finish()
        var written: [String] = []
        for await line in lines { written.append(line) }
        #expect(written.filter { $0 == "collected" }.count == 2)
        #expect(written.first == "spool opened")
        #expect(written.last == "drained")
        await site.stop()
        loop.stop()
        await hub.stop()
    }

    @Test("a second process takes the directory over; a stop that is cancelled does not wait for a hub that is gone")
    func restarted() async throws {
        let directory = TemporaryDirectory()
        let note = { (lease: UInt64) in
            var note = Proto.Assignment.sample(lease, type: "file")
            note.location = directory.write("note \(lease)", to: "note.txt")
            return note
        }
        let log = Logger(sink: Lines(entries: AsyncStream.makeStream(of: String.self).1), time: SystemTime())
        for lease in 1...2 as ClosedRange<UInt64> {
            let hub = try TestHub([note(lease)])
            var configuration = NodeConfiguration(
                name: "n1", hub: hub.listener.address, dataDirectory: directory.path + "/node")
            configuration.allowedRoots = [directory.path]
            let service = try NodeService(configuration, log: log) { Issue.record("the node failed: \($0)") }
            try await service.start()
            let reached = await hub.until { hub in
                hub.outcomes[lease] != nil && hub.applied.values.first?.contains("note \(lease)") == true
            }
            #expect(reached?.applied.count == 1)
            await hub.stop()
            await cancelled { await service.stop() }
        }
    }

    /// As at a second signal: what runs is not waited for.
    private func cancelled(_ body: @escaping @Sendable () async -> Void) async {
        let task = Task { await body() }
        task.cancel()
        await task.value
    }

    @Test("it says what is wrong with its configuration")
    func configuration() async throws {
        let directory = TemporaryDirectory()
        let hub = SocketAddress(host: "127.0.0.1", port: 1)
        let log = Logger(sink: Lines(entries: AsyncStream.makeStream(of: String.self).1), time: SystemTime())
        var wrong = NodeConfiguration(name: "", hub: hub, dataDirectory: directory.path)
        let cases: [(NodeConfiguration, NodeError, String)] = [
            (
                wrong, .badName(""),
                "the node name \"\" has 0 bytes, or others than A-Z a-z 0-9 . _ -; give --name 1 to 64 of these"
            ),
            {
                wrong.name = "n"
                wrong.capacity = 0
                return (wrong, .noCapacity, "a capacity of 0 would take no work; give --capacity 1 or more")
            }(),
            {
                wrong.capacity = 1
                wrong.allowedRoots = ["/no/such"]
                return (
                    wrong, .badRoot("/no/such"),
                    "the root /no/such is not a directory that can be read; give --allow-root one that is"
                )
            }(),
        ]
        for (configuration, error, words) in cases {
            let service = try NodeService(configuration, log: log) { _ in }
            await #expect(throws: error) { try await service.start() }
            #expect(error.description == words)
            await service.stop()
        }
    }

    @Test("a user agent names product and contact in one line")
    func userAgent() {
        var configuration = NodeConfiguration(
            name: "n", hub: SocketAddress(host: "h", port: 1), dataDirectory: "/d")
        configuration.version = "1.2"
        #expect(configuration.userAgent == "Rookery/1.2 (+no contact)")
        configuration.contact = "ops@example.org\r\nX: y"
        #expect(configuration.userAgent == "Rookery/1.2 (+ops@example.orgX: y)")
        #expect(configuration.kinds == [.web, .crawl, .documentation, .feed, .api, .dataset])
        configuration.allowedRoots = ["/"]
        configuration.settings.programs["p"] = CollectorSettings.Program(path: "/p")
        #expect(Set(configuration.kinds).isSuperset(of: [.file, .exec]))
    }
}
