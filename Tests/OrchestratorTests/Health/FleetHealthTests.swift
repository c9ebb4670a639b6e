import Model
import TestKit
import Testing
import Wire

@testable import Orchestrator

/// Health as the fleet lives it: what leases say, and what follows.
@Suite struct FleetHealthTests {
    /// Reports the oldest running lease of a node, with what the ledger did with it.
    private func end(
        _ rig: Rig, _ name: String, on connection: UInt64, _ kind: Proto.OutcomeKind = .collected, stored: UInt32 = 0
    ) throws {
        let node = try #require(rig.core.fleet.node(named: name))
        let lease = try #require(rig.core.fleet[node].leases.min())
        let assignment = try #require(try rig.held().first { $0.lease == lease })
        try rig.report(assignment, kind, last: stored == 0 ? 0 : 1, as: name, on: connection)
        if stored > 0 { try rig.receipt(assignment, from: name, last: 1, stored: stored) }
    }

    private func state(_ rig: Rig, _ name: String) throws -> String {
        let node = try #require(rig.core.fleet.node(named: name))
        return rig.core.info(rig.core.fleet[node]).state
    }

    /// A lone node that fails all that it is given.
    private func degraded() throws -> Rig {
        let rig = try Rig()
        try rig.register("n", on: 1, capacity: 1)
        for number in 0..<9 { try rig.submit(page(number)) }
        for _ in 0..<5 { try end(rig, "n", on: 1, .failedNode) }
        return rig
    }

    @Test func `a node that fails everything is degraded and given one target a minute`() throws {
        let rig = try degraded()
        #expect(try state(rig, "n") == "degraded")
        #expect(try rig.held().isEmpty == false, "the first probe goes out at once")
        try end(rig, "n", on: 1, .failedNode)
        #expect(try rig.held().isEmpty)
        try rig.pass(.seconds(59), alive: 1)
        #expect(try rig.held().isEmpty)
        try rig.pass(.seconds(1), alive: 1)
        #expect(try rig.held().count == 1)
        try end(rig, "n", on: 1, stored: 1)
        #expect(try state(rig, "n") == "busy", "one success brings it back, and it is given the next at once")
    }

    @Test func `health, and why it is what it is, survives a restart`() throws {
        let rig = try degraded()
        let before = rig.core.info(rig.core.fleet[0])
        #expect(before.health == "usefulness 0.26 is below 0.3")
        try rig.restart()
        try rig.register("n", on: 1, capacity: 1)
        let after = rig.core.info(rig.core.fleet[0])
        #expect(after.state == "degraded")
        #expect(after.health == before.health)
        #expect(after.outcomes == before.outcomes && after.successRate == 0)
    }

    @Test func `a failure that another node repeats is the target's, and nobody's health suffers`() throws {
        let rig = try Rig()
        try rig.register("a", on: 1)
        var spec = page(1)
        spec.minRetryIntervalS = 1
        try rig.submit(spec)
        try end(rig, "a", on: 1, .failedTarget)
        #expect(rig.core.fleet[0].health.outcomes == 1)
        try rig.register("b", on: 2)
        try rig.pass(.seconds(5), alive: 1, 2)
        try end(rig, "b", on: 2, .failedTarget)
        #expect(rig.core.fleet[0].health.outcomes == 0)
        #expect(rig.core.fleet[1].health.outcomes == 0)
        #expect(rig.core.targets[0].target.progress.run.ofTarget == 2)
    }

    @Test func `a failure that another node does not repeat stays with the node that had it`() throws {
        let rig = try Rig()
        try rig.register("a", on: 1)
        var spec = page(1)
        spec.minRetryIntervalS = 1
        try rig.submit(spec)
        try end(rig, "a", on: 1, .failedTarget)
        try rig.register("b", on: 2)
        try rig.pass(.seconds(5), alive: 1, 2)
        try end(rig, "b", on: 2, stored: 1)
        #expect(rig.core.fleet[0].health.outcomes == 1)
        #expect(rig.core.fleet[1].health.outcomes == 1)
        #expect(rig.core.targets[0].target.progress.run.ofTarget == 0)
        #expect(try state(rig, "a") == "active")
    }

    @Test func `late and fenced outcomes change nobody's health, nor does an empty collection`() throws {
        let rig = try Rig()
        try rig.register("a", on: 1)
        try rig.submit(page(1))
        let old = try #require(try rig.held().first)
        try rig.pass(.minutes(11), alive: 1)
        let expired = rig.core.fleet[0].health
        #expect(expired.outcomes == 1, "a lease whose time ran out is its node's failure")
        try rig.report(old, .failedNode, as: "a", on: 1)
        try rig.receipt(old, from: "a", last: 1)
        #expect(rig.core.fleet[0].health.ordinal == expired.ordinal)
        let before = rig.core.fleet[0].health.ordinal
        try end(rig, "a", on: 1)
        #expect(rig.core.fleet[0].health.ordinal == before)
    }

    @Test func `the more useful node is preferred, and a busy one is not`() throws {
        let rig = try Rig()
        try rig.register("bad", on: 1, instance: 1)
        for number in 0..<5 {
            try rig.submit(page(number))
            let assignment = try #require(try rig.held().first)
            try rig.report(
                assignment, number < 3 ? .failedNode : .collected, last: number < 3 ? 0 : 1, as: "bad", on: 1)
            if number >= 3 { try rig.receipt(assignment, from: "bad", last: 1) }
            try rig.send(.goodbye(Proto.Goodbye()), as: "bad", on: 1, id: 0)
            try rig.register("bad", on: 1, instance: 1)
        }
        try rig.register("good", on: 2, instance: 2)
        rig.core.fleet[1].health.restore(
            (0..<9).map { ($0, HealthOutcome(.success, target: 0, took: .zero, sent: 1, valid: 1, fresh: 1)) })
        rig.core.refreshLoad(of: 1)
        try rig.turn(.tick)
        for number in 10..<13 { try rig.submit(page(number)) }
        let good = try #require(rig.core.fleet.node(named: "good"))
        #expect(rig.core.fleet[good].collecting >= 2)
    }

    @Test func `drained by an operator a node gets nothing new, over a restart, until it is undrained`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        func operate(_ action: Proto.NodeAction, _ name: String = "n", key: UInt8) throws -> Proto.Envelope.Body? {
            let message = Proto.OperateNode(key: Array(repeating: key, count: 16)[...], name: name, action: action)
            return try rig.send(.operateNode(message), as: "op", on: 9).bodies.first
        }
        func changed(_ body: Proto.Envelope.Body?) -> Bool? {
            if case .operateNodeReply(let reply) = body { reply.changed } else { nil }
        }
        #expect(try changed(operate(.drain, key: 1)) == true)
        #expect(try changed(operate(.drain, key: 2)) == false)
        #expect(try changed(operate(.drain, key: 1)) == true, "the same key, the same answer")
        try rig.submit(page(1))
        #expect(try rig.held().isEmpty)
        try rig.restart()
        try rig.register("n", on: 1)
        #expect(try state(rig, "n") == "draining")
        #expect(try rig.held().isEmpty)
        #expect(try changed(operate(.undrain, key: 3)) == true)
        #expect(try rig.held().count == 1)
        guard case .error(let refusal) = try operate(.remove, key: 4) else { throw World.Broken(sentence: "removed") }
        #expect(refusal.message == "\"n\" is connected and active; stop it first, then remove it")
        try rig.turn(.disconnected(ConnectionID(1)))
        #expect(try changed(operate(.remove, key: 5)) == true)
        #expect(try state(rig, "n") == "removed")
        #expect(rig.core.leases.isEmpty, "its lease is given out again")
        try rig.restart()
        #expect(try state(rig, "n") == "removed")
        try rig.register("n", on: 1)
        #expect(try state(rig, "n") == "active")
        guard case .error(let unknown) = try operate(.drain, "x", key: 6) else {
            throw World.Broken(sentence: "drained")
        }
        #expect(unknown.message == "there is no node \"x\"; rookery nodes list shows them")
    }

    @Test func `a node is suspected after two missed heartbeats, and offline when configured`() throws {
        let rig = try Rig { $0.offlineAfter = .seconds(5) }
        try rig.register("n", on: 1)
        for _ in 0..<6 {
            try rig.send(.heartbeat(Proto.Heartbeat()), as: "n", on: 1)
            rig.time.advance(by: .seconds(1))
        }
        try rig.turn(.tick)
        #expect(try state(rig, "n") == "active")
        try rig.pass(.milliseconds(1_500))
        #expect(try state(rig, "n") == "suspect")
        try rig.pass(.milliseconds(2_500))
        #expect(try state(rig, "n") == "offline")
    }
}
