import Glibc
import Model
import TestKit
import Testing
import Wire

/// A hub, or an orchestrator apart, killed at random moments while a node answers leases: what was acknowledged stays,
/// and nothing is given out twice under one fence.
@Suite(.processes) struct LeaseKillTests {
    private let directory = TemporaryDirectory()
    private static let count = 900

    /// `ROOKERY_KILLS=500 ./scripts/test --filter KillTests` looks harder.
    private static let kills = getenv("ROOKERY_KILLS").flatMap { Int(String(cString: $0)) } ?? 12

    /// What the node knows over all lives of the hub.
    private struct Memory {
        var lastFence: (UInt64, UInt64) = (0, 0)
        /// Targets whose outcome was acknowledged.
        var acknowledged: Set<[UInt8]> = []
        /// Leases in outcomes by their request, until those are acknowledged.
        var asked: [UInt64: [[UInt8]]] = [:]

        mutating func take(_ assignment: Proto.Assignment) {
            let fence = (assignment.fence?.incarnation ?? 0, assignment.fence?.counter ?? 0)
            #expect(fence > lastFence, "fences only grow")
            lastFence = fence
            #expect(!acknowledged.contains(Array(assignment.target)), "an acknowledged target came again")
        }
    }

    private func register(_ node: WirePeer) throws {
        let message = Proto.RegisterNode(
            instance: [UInt8](repeating: 6, count: 16)[...], capabilities: ["dataset"], capacity: 40)
        guard case .registered = try node.ask(.registerNode(message)) else {
            throw WirePeer.Unexpected(description: "not registered")
        }
    }

    /// Answers leases until `enough` outcomes are acknowledged in this life; as many targets at least must be left.
    private func work(_ node: WirePeer, _ memory: inout Memory, enough: Int, _ random: inout SeededRandom) throws {
        var request: UInt64 = 1_000
        var acknowledged = 0
        while acknowledged < enough {
            guard let envelope = try node.next() else {
                throw WirePeer.Unexpected(description: "the hub closed the connection")
            }
            switch envelope.body {
            case .assignment(let assignment)?:
                memory.take(assignment)
                request += 1
                let outcome = Proto.LeaseOutcome(
                    lease: assignment.lease, target: assignment.target, fence: assignment.fence, kind: .collected)
                memory.asked[request] = [Array(assignment.target)]
                node.send(
                    Proto.Envelope(id: request, body: .leaseOutcomes(Proto.LeaseOutcomes(outcomes: [outcome]))))
            case .leaseOutcomesAck?:
                memory.acknowledged.formUnion(memory.asked.removeValue(forKey: envelope.inReplyTo) ?? [])
                acknowledged += 1
            default: throw WirePeer.Unexpected(description: "\(envelope)")
            }
        }
        _ = try node.waitForInput(milliseconds: Int32(random.below(3)))
    }

    @Test(arguments: Arrangement.allCases)
    func `a hub killed while it leases forgets no outcome it acknowledged and repeats no fence`(
        _ arrangement: Arrangement
    ) throws {
        let hub = try Cluster(arrangement, directory)
        hub.killNow(.orchestrator)
        var random = SeededRandom(seed: 77)
        var memory = Memory()
        let specs = (0..<LeaseKillTests.count).map {
            Proto.TargetSpec(
                type: "dataset", location: "/sets/\($0)", priority: UInt32($0 % 10) + 1, schedule: .once)
        }
        for life in 0..<LeaseKillTests.kills {
            try hub.start(.orchestrator)
            let view = try hub.view()
            if life == 0 { _ = try view.submit(specs, key: [UInt8](repeating: 5, count: 16)) }
            let status = try view.wait(for: "its start, with nothing amiss") { $0.alerts.isEmpty }
            #expect(status.value("leases_empty") >= UInt64(memory.acknowledged.count), "\(status.summary)")
            #expect(status.conserves, "\(status.summary)")
            // An outcome may have been stored and its acknowledgement not have come.
            let left = LeaseKillTests.count - Int(status.value("targets_done"))
            guard left > 0 else { break }
            memory.asked = [:]
            let node = try WirePeer(port: hub.orchestrator.port, as: .node, name: "worker")
            try register(node)
            try work(node, &memory, enough: min(left, 1 + Int(random.below(40))), &random)
            hub.killNow(.orchestrator)
        }
        try hub.start(.orchestrator)
        let view = try hub.view()
        // Until it has found the coordinator it does not know where nodes deliver: it would tell them to come again.
        try view.wait(for: "its start, with nothing amiss") { $0.alerts.isEmpty }
        let node = try WirePeer(port: hub.orchestrator.port, as: .node, name: "worker")
        memory.asked = [:]
        try register(node)
        while try view.counter("targets_done") < UInt64(LeaseKillTests.count) {
            if try node.waitForInput(milliseconds: 20) { try work(node, &memory, enough: 1, &random) }
        }
        let status = try view.status()
        // Each target was settled once, whatever was asked how often.
        #expect(status.value("leases_empty") == UInt64(LeaseKillTests.count), "\(status.summary)")
        #expect(status.conserves && status.alerts.isEmpty, "\(status.summary)")
        #expect(try hub.terminate())
    }
}
