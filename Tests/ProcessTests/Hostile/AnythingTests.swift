import FuzzKit
import Model
import TestKit
import Testing
import Wire

/// Whatever a peer says within the protocol's frames, the hub answers or closes, keeps its counts, and goes on.
@Suite(.processes) struct AnythingTests {
    private let directory = TemporaryDirectory()

    /// Says it, and then asks for a sign of life: true when the connection still stands.
    private func say(_ payload: [UInt8], to peer: WirePeer) throws -> Bool {
        peer.send(frame: payload)
        peer.send(Proto.Envelope(id: 1 << 60, body: .ping(Proto.Ping())))
        while let envelope = try peer.next() {
            if envelope.inReplyTo == 1 << 60 { return true }
        }
        return false
    }

    private func expectHealth(_ hub: Running, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let status = try HubView(port: hub.port).status()
        #expect(status.conserves && status.alerts.isEmpty, "\(status.summary)", sourceLocation: sourceLocation)
        #expect(try hub.process.terminate() == .exited(0), "\(hub.process.errorText)", sourceLocation: sourceLocation)
    }

    @Test(arguments: [Proto.Role.node, .operator])
    func `a hub outlives thousands of messages that nobody meant`(role: Proto.Role) throws {
        let hub = try Rookery.hub(directory, flags: ["--allow-chaos"])
        var fuzzer = MutationFuzzer(corpus: Corpus.envelopes().map(\.bytes), seed: role == .node ? 1 : 2)
        var peer = try WirePeer(port: hub.port, as: role, name: "n-1")
        var closed = 0
        for _ in 0..<2_000 {
            if try say(fuzzer.next(), to: peer) { continue }
            closed += 1
            peer = try WirePeer(port: hub.port, as: role, name: "n-1")
        }
        // A Goodbye among them closes; hardly anything else does.
        #expect(closed < 200)
        try expectHealth(hub)
    }

    /// Values at the ends of their ranges, where sums overflow and sizes are taken for granted.
    private static let nodeExtremes: [Proto.Envelope.Body] = {
        let id = [UInt8](repeating: 0xFF, count: 16)[...]
        let fence = Proto.Fence(incarnation: .max, counter: .max)
        let item = Batches.numbered(1...1, stream: 1).items[0]
        var far = item
        far.lease = .max
        let outcome = Proto.LeaseOutcome(
            lease: .max, target: id, fence: fence, kind: .unrecognized(.max), stream: .max, lastSequence: .max,
            items: .max, durationMs: .max, status: .max, retryAfterMs: .max)
        return [
            .heartbeat(Proto.Heartbeat(collecting: .max, spooledItems: .max, freeCapacity: .max)),
            .leaseOutcomes(Proto.LeaseOutcomes(outcomes: [outcome], freeCapacity: .max)),
            .registerNode(Proto.RegisterNode()),
            .registerNode(Proto.RegisterNode(instance: [1], capacity: .max)),
            .registerNode(
                Proto.RegisterNode(
                    instance: id, capabilities: ["web"], capacity: 8,
                    leases: [Proto.HeldLease(lease: .max, target: id, fence: fence, phase: .delivering, stream: .max)],
                    streams: [Proto.StreamPosition(stream: .max, firstUnacked: .max, next: 0)])),
            .heartbeat(
                Proto.Heartbeat(
                    collecting: .max, delivering: .max, spooledItems: .max, spooledBytes: .max, freeCapacity: .max)),
            .leaseOutcomes(Proto.LeaseOutcomes(outcomes: [outcome, Proto.LeaseOutcome()], freeCapacity: .max)),
            .renewLease(Proto.RenewLease(lease: .max, fence: fence, progress: .max)),
            .renewLease(Proto.RenewLease()),
            .hostBudgetRequest(Proto.HostBudgetRequest(host: "")),
            .hostBudgetRequest(Proto.HostBudgetRequest(host: String(repeating: "a", count: 100_000))),
            .ingestBatch(Proto.IngestBatch()),
            .ingestBatch(Proto.IngestBatch(stream: 0, firstSequence: 0, items: [item])),
            .ingestBatch(Proto.IngestBatch(stream: 5, firstSequence: .max, items: [item, item])),
            .ingestBatch(Proto.IngestBatch(stream: 5, firstSequence: 1, items: [far])),
            .ingestBatch(Proto.IngestBatch(stream: 5, firstSequence: 1, items: [Proto.Item()])),
            .ingestBatch(Proto.IngestBatch(stream: 6, firstSequence: 1)),
            .ingestBatch(
                Proto.IngestBatch(stream: 7, firstSequence: 1, items: [item], leases: [Proto.LeaseRef(lease: .max)])),
            .ingestBatch(
                Proto.IngestBatch(stream: 8, firstSequence: 1, items: Array(repeating: item, count: 257))),
            .ingestBatch(
                Proto.IngestBatch(stream: 9, firstSequence: 1, items: Array(repeating: item, count: 5_000))),
        ]
    }()

    private static let operatorExtremes: [Proto.Envelope.Body] = {
        let key = [UInt8](repeating: 1, count: 16)[...]
        let greedy = Proto.TargetSpec(
            type: "web", location: "https://example.org/", priority: .max, schedule: .interval, intervalS: .max,
            minRetryIntervalS: .max, confidence: .nan, threatLevel: .infinity, opportunityValue: -1, maxBytes: .max)
        var plain = greedy
        (plain.priority, plain.confidence, plain.threatLevel, plain.opportunityValue) = (1, 1, 1, 1)
        return [
            .submitTargets(Proto.SubmitTargets()),
            .submitTargets(Proto.SubmitTargets(key: key, chunk: .max, targets: [greedy, plain, Proto.TargetSpec()])),
            .submitTargets(Proto.SubmitTargets(key: [1], chunk: 1, targets: [plain])),
            .submitTargets(
                Proto.SubmitTargets(key: key, chunk: 2, targets: Array(repeating: plain, count: 1_001))),
            .listTargets(Proto.ListTargets(state: "", after: [1], limit: .max)),
            .listTargets(Proto.ListTargets(state: "\0", after: key, limit: 1)),
            .listArtifacts(Proto.ListArtifacts(before: .max, limit: .max)),
            .getArtifact(Proto.GetArtifact()),
            .getArtifact(Proto.GetArtifact(which: .id(.max), withContent: true)),
            .getArtifact(Proto.GetArtifact(which: .digest([1]), withContent: true)),
            .chaosInject(Proto.ChaosInject(key: key, fault: .delay, node: "", durationMs: .max, delayMs: .max)),
            .chaosInject(
                Proto.ChaosInject(key: key, fault: .unrecognized(.min), node: "n", durationMs: 1, delayMs: .max)),
            .chaosClear(Proto.ChaosClear(fault: .max)),
        ]
    }()

    @Test(arguments: [Proto.Role.node, .operator])
    func `a hub outlives values at the ends of their ranges`(role: Proto.Role) throws {
        let hub = try Rookery.hub(directory, flags: ["--allow-chaos"])
        let bodies = role == .node ? AnythingTests.nodeExtremes : AnythingTests.operatorExtremes
        for (number, body) in bodies.enumerated() {
            let peer = try WirePeer(port: hub.port, as: role, name: "n-1")
            let payload = Proto.Envelope(id: UInt64(number + 2), body: body).encoded()
            #expect(try say(payload, to: peer), "the hub closed after \(body)")
        }
        // The same, on one connection and in a row.
        let peer = try WirePeer(port: hub.port, as: role, name: "n-1")
        for body in bodies { #expect(try say(Proto.Envelope(id: 2, body: body).encoded(), to: peer), "\(body)") }
        try expectHealth(hub)
    }

    @Test func `a request of an operator is answered, whatever it says`() throws {
        let hub = try Rookery.hub(directory, flags: ["--allow-chaos"])
        let peer = try WirePeer(port: hub.port, as: .operator)
        for body in AnythingTests.operatorExtremes { _ = try peer.ask(body) }
        try expectHealth(hub)
    }

    @Test func `a request of a node is answered, whatever it says`() throws {
        let hub = try Rookery.hub(directory)
        for body in AnythingTests.nodeExtremes {
            _ = try WirePeer(port: hub.port, as: .node, name: "n-2").ask(body)
        }
        try expectHealth(hub)
    }
}
