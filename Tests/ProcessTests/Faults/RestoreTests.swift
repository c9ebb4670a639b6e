import Model
import TestKit
import Testing
import Wire

/// A copy older than what the cluster knows: nothing is lost in silence, and no fence is given twice.
@Suite struct RestoreTests {
    private let directory = TemporaryDirectory()

    private func register(_ peer: WirePeer, firstUnacked: UInt64, next: UInt64) throws -> Proto.Envelope.Body {
        let position = Proto.StreamPosition(stream: 7, firstUnacked: firstUnacked, next: next)
        return try peer.ask(
            .registerNode(
                Proto.RegisterNode(
                    instance: Array(repeating: 1, count: 16)[...], capabilities: ["web"], capacity: 1,
                    streams: [position])))
    }

    private func ingest(_ peer: WirePeer, _ sequences: ClosedRange<UInt64>) throws -> Proto.IngestAck {
        let answer = try peer.ask(.ingestBatch(Batches.numbered(sequences, stream: 7)))
        guard case .ingestAck(let ack) = answer else { throw WirePeer.Unexpected(description: "\(answer)") }
        return ack
    }

    private func run(_ words: String...) throws -> (end: ChildProcess.End, output: String, errors: String) {
        try Rookery.run(words, in: directory)
    }

    @Test func `an older copy serves only after its loss is accepted, and lists it`() throws {
        var hub = try Rookery.hub(directory)
        var node = try WirePeer(port: hub.port, as: .node, name: "n1")
        _ = try register(node, firstUnacked: 1, next: 21)
        #expect(try ingest(node, 1...10).lastApplied == 10)
        let before = try #require(node.welcome)
        let backup = directory.file("backup")
        #expect(try run("backup", "--hub", hub.address, "--with-secret", backup).end == .exited(0))
        #expect(try run("backup", "--hub", hub.address, backup).end == .exited(1))
        #expect(try ingest(node, 11...20).lastApplied == 20)
        hub.process.killNow()

        let restored = try run("restore", "--from", backup, "--data", directory.file("second"))
        #expect(restored.end == .exited(0), "\(restored.errors)")
        #expect(try run("restore", "--from", backup, "--data", directory.file("second")).end == .exited(1))
        hub = try Rookery.hub(directory, data: "second")
        node = try WirePeer(port: hub.port, as: .node, name: "n1")
        #expect(node.welcome?.clusterId == before.clusterId)
        #expect(try #require(node.welcome).incarnation > before.incarnation)
        guard case .error(let refusal) = try register(node, firstUnacked: 21, next: 25) else {
            return #expect(Bool(false), "a node that is ahead was registered")
        }
        #expect(refusal.code == .unavailable && refusal.message.contains("sequences 11 to 20"))
        #expect(try ingest(node, 21...24).refusal == .unavailable)
        #expect(try run("status", "--hub", hub.address).output.contains("sequences 11 to 20"))
        #expect(try run("restore", "--accept-loss", "--data", directory.file("second")).end == .exited(1))
        hub.process.killNow()

        // A restart forgets nothing of it.
        hub = try Rookery.hub(directory, data: "second")
        #expect(try run("status", "--hub", hub.address).output.contains("sequences 11 to 20"))
        #expect(try hub.process.terminate() == .exited(0))
        #expect(try run("restore", "--accept-loss", "--data", directory.file("second")).end == .exited(0))
        hub = try Rookery.hub(directory, data: "second")
        node = try WirePeer(port: hub.port, as: .node, name: "n1")
        guard case .registered(let registered) = try register(node, firstUnacked: 21, next: 25) else {
            return #expect(Bool(false), "the node was not registered after the loss was accepted")
        }
        #expect(registered.streams.first?.firstUnacked == 21)
        #expect(try ingest(node, 21...24).lastApplied == 24)
        let missing = try run("streams", "missing", "--hub", hub.address, "--json").output
        #expect(missing.contains("\"first\": 11") && missing.contains("\"last\": 20"))
        #expect(try HubView(port: hub.port).artifacts().count == 14)
        #expect(try hub.process.terminate() == .exited(0))
    }
}
