import Glibc
import Lifecycle
import Model
import TestKit
import Testing
import Wire

/// Peers that do nothing wrong but cost room: many, silent, or deaf.
@Suite(.processes) struct CrowdTests {
    private let directory = TemporaryDirectory()

    @Test func `silence on an open connection ends it`() throws {
        let hub = try Rookery.hub(directory, flags: ["--idle-timeout", "300ms"])
        let peer = try WirePeer(port: hub.port, as: .node)
        let error = try peer.expectError(.idleTimeout)
        #expect(error?.message == "no valid message within 300 ms; send Ping when idle")
        try peer.expectEnd()
        let view = try HubView(port: hub.port)
        #expect(try view.counter("peer_idle_timeout") == 1)
    }

    @Test func `a reader that never reads is closed, and costs little memory`() throws {
        let hub = try Rookery.hub(directory)
        let before = try #require(ProcFile.peakMemory(of: hub.process.pid))
        let deaf = try WirePeer(port: hub.port, as: .operator, receiveBuffer: 4 << 10)
        // 200 MiB of Pongs are asked for; the hub goes on reading, and closes long before.
        let payload = [UInt8](repeating: 1, count: 1_024)[...]
        let pings = (2...UInt64(257)).flatMap { id -> [UInt8] in
            let bytes = Proto.Envelope(id: id, body: .ping(Proto.Ping(payload: payload))).encoded()
            return WirePeer.header(bytes.count + 1) + bytes
        }
        var sent = 0
        while sent < 200 << 20 {
            let taken = deaf.send(pings)
            sent += taken
            if taken < pings.count { break }
        }
        #expect(sent < 100 << 20)
        let view = try HubView(port: hub.port)
        try view.wait(for: "the deaf peer to be closed", tries: 200) {
            $0.value("connection_closed_slow_reader") == 1 && $0.value("peer_slow_reader") == 1
        }
        let after = try #require(ProcFile.peakMemory(of: hub.process.pid))
        #expect(after - before < 48 << 10, "KiB more than before")
    }

    @Test func `who asks without end and never reads is closed, and costs little memory`() throws {
        let hub = try Rookery.hub(directory)
        let before = try #require(ProcFile.peakMemory(of: hub.process.pid))
        let deaf = try WirePeer(port: hub.port, as: .operator, receiveBuffer: 4 << 10)
        // Each question is 10 bytes, each answer about 2,000.
        var flood: [UInt8] = []
        for id in UInt64(2)..<20_002 {
            let question = Proto.Envelope(id: id, body: .clusterStatus(Proto.ClusterStatus())).encoded()
            flood += WirePeer.header(question.count + 1) + question
        }
        while deaf.send(flood) == flood.count {}
        let view = try HubView(port: hub.port)
        let status = try view.wait(for: "the deaf peer to be closed", tries: 200) {
            $0.value("connection_closed_slow_reader") == 1
        }
        #expect(status.value("requests_too_busy") > 0)
        let after = try #require(ProcFile.peakMemory(of: hub.process.pid))
        #expect(after - before < 64 << 10, "KiB more than before")
    }

    @Test func `who asks more than is answered at a time is told that it is too much`() throws {
        let hub = try Rookery.hub(directory)
        let eager = try WirePeer(port: hub.port, as: .operator)
        var flood: [UInt8] = []
        for id in UInt64(2)..<2_002 {
            let question = Proto.Envelope(id: id, body: .clusterStatus(Proto.ClusterStatus())).encoded()
            flood += WirePeer.header(question.count + 1) + question
        }
        eager.send(flood)
        var answered: Set<UInt64> = []
        var refused: UInt64 = 0
        while answered.count < 2_000, let envelope = try eager.next() {
            #expect(answered.insert(envelope.inReplyTo).inserted)
            if case .error(let error)? = envelope.body {
                #expect(error.code == .tooBusy && error.retryAfterMs == 200)
                #expect(error.message == "64 answers are under way here; read them first")
                refused += 1
            }
        }
        #expect(answered == Set(2..<2_002))
        #expect(refused > 0)
        #expect(try HubView(port: hub.port).counter("requests_too_busy") == refused)
    }

    @Test func `a thousand idle connections are held, beyond the soft limit of descriptors`() throws {
        OpenFileLimit.raise()
        // The hub is started as many systems start it: with room for few descriptors, which it may raise itself.
        let hub = try Rookery.hub(
            directory, through: ["/bin/sh", "-c", "ulimit -Sn 256; exec \"$@\"", "sh"])
        var crowd: [WirePeer] = []
        let before = try #require(ProcFile.peakMemory(of: hub.process.pid))
        for number in 0..<1_000 { crowd.append(try WirePeer(port: hub.port, as: .node, name: "idle-\(number)")) }
        let view = try HubView(port: hub.port)
        #expect(try view.counter("connections_open") == 1_001)
        let cost = try #require(ProcFile.peakMemory(of: hub.process.pid)) - before
        print("1,000 idle connections cost the hub \(cost) KiB")
        #expect(cost < 32 << 10)
        #expect(try crowd[999].ask(.ping(Proto.Ping())) == .pong(Proto.Pong()))
        crowd = []
        try view.wait(for: "the crowd to be gone", tries: 500) { $0.value("connections_open") == 1 }
    }

    @Test func `one connection too many is told so, and there is room again when another ends`() throws {
        let hub = try Rookery.hub(directory, flags: ["--max-connections", "3"])
        let view = try HubView(port: hub.port)
        var others: [WirePeer] = []
        for number in 0..<2 { others.append(try WirePeer(port: hub.port, as: .node, name: "n\(number)")) }
        let refused = try WirePeer(port: hub.port)
        let error = try refused.expectError(.tooManyConnections)
        #expect(error?.message == "the hub has as many connections as it takes; try again")
        #expect(error?.retryAfterMs == 1_000)
        try refused.expectEnd()
        #expect(try view.counter("connections_refused") == 1)
        others = []
        try view.wait(for: "room", tries: 200) { $0.value("connections_open") == 1 }
        let welcome = try WirePeer(port: hub.port, as: .node)
        #expect(try welcome.ask(.ping(Proto.Ping())) == .pong(Proto.Pong()))
    }

    @Test func `when descriptors are few, connections are refused and the ledger goes on`() throws {
        let hub = try Rookery.hub(directory, through: ["/bin/sh", "-c", "ulimit -n 80; exec \"$@\"", "sh"])
        // 80 descriptors less the 64 that are kept apart.
        var crowd: [WirePeer] = []
        for number in 0..<16 { crowd.append(try WirePeer(port: hub.port, as: .node, name: "n\(number)")) }
        try WirePeer(port: hub.port).expectError(.tooManyConnections)
        let answer = try crowd[0].ask(.ingestBatch(Batches.numbered(1...2, stream: 7)))
        guard case .ingestAck(let ack) = answer else { throw WirePeer.Unexpected(description: "\(answer)") }
        #expect(ack.refusal == .accepted && ack.lastApplied == 2)
    }
}
