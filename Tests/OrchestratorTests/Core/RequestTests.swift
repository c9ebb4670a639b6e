import Model
import Storage
import TestKit
import Testing
import Wire

@testable import Orchestrator

@Suite struct RequestTests {
    @Test func `a connection that has not registered is told to`() throws {
        let rig = try Rig()
        for body: Proto.Envelope.Body in [
            .heartbeat(Proto.Heartbeat()), .leaseOutcomes(Proto.LeaseOutcomes()), .renewLease(Proto.RenewLease()),
        ] {
            #expect(try rig.send(body, as: "n", on: 1).errors.map(\.code) == [.notRegistered])
        }
    }

    @Test func `a message that is not the orchestrator's is answered, not obeyed`() throws {
        #expect(try Rig().send(.ingestAck(Proto.IngestAck()), as: "n", on: 1).errors.map(\.code) == [.unknownBody])
    }

    @Test func `a registration names what is wrong with it`() throws {
        let rig = try Rig()
        func refusal(_ message: Proto.RegisterNode, name: String = "n") throws -> [String] {
            try rig.send(.registerNode(message), as: name, on: 1).errors.flatMap { [$0.field, $0.message] }
        }
        let instance = Array(repeating: 7, count: 16)[...] as ArraySlice<UInt8>
        var good = Proto.RegisterNode(instance: instance, capabilities: ["web"], capacity: 1)
        #expect(try refusal(good, name: "") == ["name", "\"\" cannot be a node's name; use 1 to 64 bytes"])
        good.capacity = 0
        #expect(try refusal(good) == ["capacity", "0 is out of range; use 1 to 10000"])
        good.capacity = 1
        good.capabilities = []
        #expect(try refusal(good) == ["capabilities", "there are 0; send 1 to 64"])
        good.capabilities = ["web"]
        good.instance = [1]
        #expect(try refusal(good) == ["instance", "it has 1 bytes; send 16 random ones that are kept"])
        good.instance = instance
        good.leases = [Proto.HeldLease(lease: 4, target: id(1).bytes[...])]
        #expect(
            try refusal(good) == [
                "leases[0].fence", "lease 4 comes without a fence; send the one of its Assignment",
            ])
        good.leases = []
        #expect(try refusal(good) == [])
        #expect(rig.core.nodes().map(\.name) == ["n"])
    }

    @Test func `one bad outcome is named, and the others of its message count`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        try rig.submit(page(1))
        let assignment = try #require(try rig.held().first)
        let good = Proto.LeaseOutcome(
            lease: assignment.lease, target: assignment.target, fence: assignment.fence, kind: .collected)
        var bad = good
        bad.kind = .unrecognized(8)
        let effects = try rig.send(
            .leaseOutcomes(Proto.LeaseOutcomes(outcomes: [bad, good])), as: "n", on: 1)
        #expect(effects.errors.map(\.field) == ["outcomes[0].kind"])
        #expect(rig.core.status().empties == 1)
    }

    @Test func `a node that asks for a host's budget gets it`() throws {
        let rig = try Rig { $0.politeness = Politeness(concurrency: 3, delay: .milliseconds(250)) }
        let effects = try rig.send(.hostBudgetRequest(Proto.HostBudgetRequest(host: "x.example")), as: "n", on: 1)
        #expect(effects.bodies == [.hostBudget(Proto.HostBudget(host: "x.example", concurrency: 3, delayMs: 250))])
    }

    @Test func `a nearly full spool stops assignments until a heartbeat says otherwise`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        try rig.send(.heartbeat(Proto.Heartbeat(spooledItems: 70, spoolNearlyFull: true)), as: "n", on: 1)
        try rig.submit(page(1))
        #expect(rig.core.status().targets.due == 1)
        #expect(rig.core.nodes()[0].spooledItems == 70)
        #expect(try rig.send(.heartbeat(Proto.Heartbeat()), as: "n", on: 1).assignments.map(\.lease) == [1])
    }

    @Test func `a heartbeat is answered with the node's quota, and whether an operator drains it`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        #expect(
            try rig.send(.heartbeat(Proto.Heartbeat()), as: "n", on: 1).bodies == [.heartbeatAck(Proto.HeartbeatAck())])
        func key(_ byte: UInt8) -> ArraySlice<UInt8> { Array(repeating: byte, count: 16)[...] }
        try rig.send(.operateNode(Proto.OperateNode(key: key(1), name: "n", action: .drain)), as: "op", on: 9)
        try rig.send(.setQuota(Proto.SetQuota(key: key(2), base: 100)), as: "op", on: 9)
        #expect(
            try rig.send(.heartbeat(Proto.Heartbeat()), as: "n", on: 1).bodies
                == [.heartbeatAck(Proto.HeartbeatAck(quota: 100, directives: [.drain]))])
    }

    @Test func `a host's targets wait for each other, and the core says when to come back`() throws {
        let rig = try Rig { $0.politeness = Politeness(concurrency: 2, delay: .milliseconds(500)) }
        try rig.submit(page(1, host: "x.example"), page(2, host: "x.example"), page(3, host: "x.example"))
        #expect(try rig.register("n", on: 1).assignments.map(\.lease) == [1])
        #expect(rig.core.nextDeadline == rig.time.now() + .milliseconds(500))
        #expect(try rig.pass(.milliseconds(500)).assignments.map(\.lease) == [2])
        #expect(try rig.pass(.seconds(5)).assignments.map(\.lease) == [])
        #expect(rig.core.status().targets.due == 1)
    }

    @Test func `a pinned target goes to its node only, by name or by label`() throws {
        let rig = try Rig()
        try rig.register("a", on: 1, capabilities: ["file"])
        try rig.submit(
            Proto.TargetSpec(type: "file", location: "/b/*", metadata: ["node": "b"]),
            Proto.TargetSpec(type: "file", location: "/a/*", metadata: ["node": "a"]))
        #expect(rig.core.leases.values.map { rig.core.targets[$0.target].location } == ["/a/*"])
        #expect(try rig.register("b", on: 2, capabilities: ["file"]).assignments.map(\.location) == ["/b/*"])
    }
}
