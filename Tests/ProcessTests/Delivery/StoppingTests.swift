import Glibc
import Model
import TestKit
import Testing
import Wire

/// How processes start and end.
@Suite(.processes) struct StoppingTests {
    private let directory = TemporaryDirectory()

    @Test func `a hub is ready within seconds on an empty directory`() throws {
        let time = SystemTime()
        var spans: [Span] = []
        for number in 0..<5 {
            let began = time.now()
            _ = try Rookery.hub(directory, data: "hub-\(number)")
            spans.append(time.now().since(began))
        }
        spans.sort()
        print("hub ready after \(spans[2].milliseconds) ms (median of 5), \(spans[4].milliseconds) ms at most")
        #expect(spans[4] < .seconds(5))
    }

    @Test func `a hub that is asked to stop tells its peers, ends with 0, and its port is free`() throws {
        let hub = try Rookery.hub(directory)
        let peer = try WirePeer(port: hub.port, as: .node)
        hub.process.signal(SIGTERM)
        let error = try peer.expectError(.shuttingDown)
        #expect(error?.message == "the hub is shutting down; reconnect later")
        #expect(error?.retryAfterMs == 1_000)
        try peer.expectEnd()
        peer.endWriting()
        #expect(try hub.process.wait() == .exited(0))
        #expect(ProcFile.processes(with: [directory.file("hub")]).isEmpty)
        let next = try Rookery.hub(directory, port: hub.port)
        #expect(next.port == hub.port)
        #expect(try HubView(port: next.port).status().intake == "open")
    }

    @Test func `a hub that is asked to stop while it starts, stops`() throws {
        var random = SeededRandom(seed: 3)
        for number in 0..<10 {
            let words = ["hub", "--data", directory.file("hub-\(number)"), "--listen", "127.0.0.1:0"]
            let process = try ChildProcess(words, in: directory)
            _ = process.waitForOutput(milliseconds: Int32(random.below(80)))
            process.signal(SIGTERM)
            let end = try process.wait()
            // Before it can listen to signals, the kernel ends it.
            #expect(end == .exited(0) || end == .killed(SIGTERM), "\(process.errorText)")
        }
    }

    @Test func `what a hub acked before it was asked to stop is there when it starts again`() throws {
        let first = try Rookery.hub(directory)
        let node = try WirePeer(port: first.port, as: .node)
        for batch in 0..<6 {
            let sequences = UInt64(batch * 200 + 1)...UInt64(batch * 200 + 200)
            node.send(Proto.Envelope(id: UInt64(batch + 2), body: .ingestBatch(Batches.numbered(sequences, stream: 3))))
        }
        guard case .ingestAck? = try node.next()?.body else { throw WirePeer.Unexpected(description: "no ack") }
        first.process.signal(SIGTERM)
        var acked: UInt64 = 200
        while let envelope = try node.next() {
            if case .ingestAck(let ack)? = envelope.body { acked = max(acked, ack.lastApplied) }
        }
        node.endWriting()
        #expect(try first.process.wait() == .exited(0))
        let second = try Rookery.hub(directory)
        let status = try HubView(port: second.port).status()
        #expect(status.value("artifacts_stored") >= acked && status.conserves, "\(status.summary)")
        #expect(status.value("artifacts_stored") % 200 == 0, "a batch is stored whole or not at all")
    }

    @Test func `a hub ends with 0 while a node and a deaf peer are connected`() throws {
        let hub = try Rookery.hub(directory)
        let node = try Rookery.node("n1", directory, hub: hub.port)
        let deaf = try WirePeer(port: hub.port, as: .operator)
        try HubView(port: hub.port).wait(for: "the node") { $0.value("nodes_live") == 1 }
        #expect(try hub.process.terminate() == .exited(0))
        // The node is still there, and is asked to stop with nobody to say goodbye to.
        #expect(ProcFile.state(of: node.pid) != nil)
        #expect(try node.terminate() == .exited(0))
        withExtendedLifetime(deaf) {}
    }

    @Test func `a node that is asked to stop drains and ends with 0`() throws {
        let hub = try Rookery.hub(directory)
        let node = try Rookery.node("n1", directory, hub: hub.port)
        let view = try HubView(port: hub.port)
        try view.wait(for: "the node") { $0.value("nodes_live") == 1 }
        #expect(try node.terminate() == .exited(0))
        #expect(node.errorText.contains("drained node=n1 undelivered=0"))
        try view.wait(for: "its goodbye") { $0.value("nodes_live") == 0 }
    }

    @Test func `a second SIGTERM ends a draining node at once`() throws {
        let hub = try Rookery.hub(directory, flags: ["--host-delay", "0s"])
        let silent = try SilentServer()
        let node = try Rookery.node("n1", directory, hub: hub.port)
        let view = try HubView(port: hub.port)
        let page = Proto.TargetSpec(type: "web", location: "http://127.0.0.1:\(silent.port)/", schedule: .once)
        _ = try view.submit([page], key: [UInt8](repeating: 2, count: 16))
        try view.wait(for: "the collection") { $0.value("leases_collecting") == 1 }
        node.signal(SIGTERM)
        for _ in 0..<500 where !node.errorText.contains("stopping") { try view.peer.listen(milliseconds: 20) }
        #expect(node.errorText.contains("stopping reason="))
        #expect(try node.terminate() == .exited(128 + SIGTERM))
    }
}
