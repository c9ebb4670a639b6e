import Model
import TestKit
import Testing
import Wire

@testable import Orchestrator

@Suite struct ExplainTests {
    private func explain(_ rig: Rig, _ question: Proto.Explain) throws -> Proto.ExplainReply {
        let bodies = try rig.send(.explain(question), as: "op", on: 9).bodies
        for case .explainReply(let reply) in bodies { return reply }
        throw World.Broken(sentence: "\(bodies)")
    }

    private func gates(_ rig: Rig, _ target: ArraySlice<UInt8>) throws -> [String] {
        try explain(rig, Proto.Explain(target: target)).gates.map(\.name)
    }

    private func operate(_ rig: Rig, _ action: Proto.TargetAction, _ target: ArraySlice<UInt8>, key: UInt8) throws {
        try rig.send(
            .operateTargets(
                Proto.OperateTargets(
                    key: Array(repeating: key, count: 16)[...], action: action, targets: [target])), as: "op", on: 9)
    }

    @Test func `each state that is a gate appears with its state and goes with it`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        var spec = page(1)
        spec.minRetryIntervalS = 100
        let target = try rig.submit(spec)[0].target
        #expect(try gates(rig, target) == ["leased"])
        let leased = try explain(rig, Proto.Explain(target: target))
        #expect(leased.gates[0].reason == "n collects from it, under lease 1")
        #expect(leased.next == "it is due again when its lease has settled")
        try operate(rig, .pause, target, key: 1)
        #expect(try gates(rig, target) == ["paused"])
        try operate(rig, .resume, target, key: 2)
        #expect(try gates(rig, target) == ["leased"])
        try rig.report(try #require(try rig.held().first), .failedTarget, as: "n", on: 1)
        let backing = try explain(rig, Proto.Explain(target: target)).gates
        #expect(backing.map(\.name) == ["backing_off"])
        #expect(backing[0].reason == "it backs off after this error: why")
        #expect((100_000...200_000).contains(backing[0].opensInMs))
        try operate(rig, .retry, target, key: 3)
        try rig.report(try #require(try rig.held().first), as: "n", on: 1)
        let waiting = try explain(rig, Proto.Explain(target: target)).gates
        #expect(waiting.map(\.name) == ["not_due"])
        #expect(waiting[0].opensInMs == 3_600_000)
        try operate(rig, .cancel, target, key: 4)
        #expect(try gates(rig, target) == ["cancelled"])
    }

    @Test func `a gate of the fleet appears alone and goes alone`() throws {
        let rig = try Rig()
        let target = try rig.submit(page(1))[0].target
        #expect(try gates(rig, target) == ["no_capable_node"])
        #expect(try explain(rig, Proto.Explain(target: target)).gates[0].reason == "no node offers web")
        try rig.register("n", on: 1, capabilities: ["feed"])
        #expect(try gates(rig, target) == ["no_capable_node"])
        // One lease fills the node, so that the second target waits for it.
        try rig.register("n", on: 1, capacity: 1)
        let second = try rig.submit(page(2))[0].target
        #expect(try gates(rig, second) == ["no_capacity"])
        #expect(try explain(rig, Proto.Explain(target: second)).gates[0].reason == "n collects 1 of 1")
        try rig.turn(.disconnected(ConnectionID(1)))
        #expect(try gates(rig, second) == ["no_live_node"])
        #expect(try explain(rig, Proto.Explain(target: second)).gates[0].reason == "n is suspect")
        try rig.register("n", on: 1, capacity: 1, leases: try rig.held().map { $0.held() })
        #expect(try gates(rig, second) == ["no_capacity"])
        try rig.register("m", on: 2, instance: 2, capacity: 1)
        #expect(try gates(rig, second) == ["leased"], "another node takes it")
    }

    @Test func `draining, spool, quota and health are gates, one at a time`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        try rig.send(.heartbeat(Proto.Heartbeat(spoolNearlyFull: true)), as: "n", on: 1)
        let target = try rig.submit(page(1))[0].target
        #expect(try gates(rig, target) == ["spool_full"])
        let drain = Proto.OperateNode(key: Array(repeating: 1, count: 16)[...], name: "n", action: .drain)
        try rig.send(.operateNode(drain), as: "op", on: 9)
        try rig.send(.heartbeat(Proto.Heartbeat()), as: "n", on: 1)
        #expect(try gates(rig, target) == ["draining"])
        try rig.turn(.outOfCredit(node: "n", .seconds(30)))
        let undrain = Proto.OperateNode(key: Array(repeating: 2, count: 16)[...], name: "n", action: .undrain)
        try rig.send(.operateNode(undrain), as: "op", on: 9)
        let quota = try explain(rig, Proto.Explain(target: target)).gates
        #expect(quota == [Proto.Gate(name: "no_quota", reason: "n has used up its quota", opensInMs: 30_000)])
        rig.core.fleet[0].health.restore(.degraded(reason: "a test"), failingSince: nil)
        rig.core.fleet[0].probeAt = rig.time.now() + .seconds(60)
        try rig.pass(.seconds(30), alive: 1)
        let health = try explain(rig, Proto.Explain(target: target)).gates
        #expect(health.map(\.name) == ["no_healthy_node"])
        #expect(health[0].opensInMs == 30_000)
        try rig.pass(.seconds(30), alive: 1)
        #expect(try gates(rig, target) == ["leased"], "the probe")
    }

    @Test func `politeness of a host is a gate, by number and by time`() throws {
        let rig = try Rig { $0.politeness = Politeness(concurrency: 1, delay: .seconds(5)) }
        try rig.register("n", on: 1)
        let targets = try rig.submit(page(1, host: "h"), page(2, host: "h")).map(\.target)
        let early = try explain(rig, Proto.Explain(target: targets[1])).gates
        #expect(early.map(\.name) == ["host_politeness"])
        #expect(early[0].opensInMs == 5_000)
        try rig.pass(.seconds(6), alive: 1)
        let late = try explain(rig, Proto.Explain(target: targets[1])).gates
        #expect(late.map(\.reason) == ["1 of at most 1 leases collect from h"])
        try rig.report(try #require(try rig.held().first), as: "n", on: 1)
        #expect(try gates(rig, targets[1]) == ["leased"])
    }

    @Test func `a node is explained by the same gates, and by having nothing to do`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        func names() throws -> [String] { try explain(rig, Proto.Explain(node: "n")).gates.map(\.name) }
        #expect(try names() == ["nothing_due"])
        try rig.send(.heartbeat(Proto.Heartbeat(spoolNearlyFull: true)), as: "n", on: 1)
        try rig.submit(page(1))
        #expect(try names() == ["spool_full"])
        try rig.turn(.disconnected(ConnectionID(1)))
        #expect(try names() == ["no_live_node", "spool_full"])
        let unknown = try rig.send(.explain(Proto.Explain(node: "x")), as: "op", on: 9).errors.first
        #expect(unknown?.message == "there is no node \"x\"; rookery nodes list shows them")
        let target = try rig.send(.explain(Proto.Explain(target: [1])), as: "op", on: 9).errors.first
        #expect(target?.code == .notFound)
    }

    @Test func `each question is asked of the nodes that the questions before left over`() {
        var offline = NodeOutlook(name: "a", state: "offline")
        offline.isLive = false
        var busy = NodeOutlook(name: "b", state: "active")
        busy.collecting = 1
        #expect(NodeOutlook.gate(of: [offline, busy], needing: "web")?.name == .noCapacity)
        #expect(NodeOutlook.gate(of: [offline, busy], needing: "web")?.reason == "b collects 1 of 1")
        let free = NodeOutlook(name: "c", state: "active")
        #expect(NodeOutlook.gate(of: [offline, busy, free], needing: "web") == nil)
        let many = (0..<5).map { number in
            var node = NodeOutlook(name: "n\(number)", state: "active")
            node.creditIn = .seconds(UInt64(number) + 1)
            return node
        }
        let gate = NodeOutlook.gate(of: many, needing: "web")
        #expect(gate?.opensIn == .seconds(1))
        #expect(gate?.reason.hasSuffix("; and 2 more") == true)
    }
}
