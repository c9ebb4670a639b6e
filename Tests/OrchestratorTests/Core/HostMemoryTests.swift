import Model
import TestKit
import Testing
import Wire

@testable import Orchestrator

@Suite struct HostMemoryTests {
    private func end(
        _ rig: Rig, _ change: (inout Proto.LeaseOutcome) -> Void
    ) throws -> [OrchestratorEffect] {
        let assignment = try #require(try rig.held().first)
        var outcome = Proto.LeaseOutcome(
            lease: assignment.lease, target: assignment.target, fence: assignment.fence, kind: .collected)
        change(&outcome)
        return try rig.send(.leaseOutcomes(Proto.LeaseOutcomes(outcomes: [outcome])), as: "n", on: 1)
    }

    private func gate(_ rig: Rig, _ target: TargetNumber) -> Gate? {
        rig.core.assigner.gate(of: rig.core.targets[target].place, now: rig.core.now)
    }

    @Test func `a host that answers 429 is left alone for as long as it asks, by all, over a restart`() throws {
        let rig = try Rig { $0.politeness = Politeness(concurrency: 1, delay: .zero) }
        try rig.register("n", on: 1)
        try rig.submit(page(1, host: "h"), page(2, host: "h"))
        let effects = try end(rig) {
            $0.kind = .failedTarget
            $0.status = 429
            $0.retryAfterMs = 100_000
        }
        #expect(effects.assignments.isEmpty)
        #expect(gate(rig, 1)?.reason == "h answered 429 and asked to be left alone")
        #expect(gate(rig, 1)?.opensIn == .seconds(100))
        rig.time.advance(by: .seconds(40))
        try rig.restart()
        try rig.register("n", on: 1)
        #expect(try rig.held().isEmpty)
        #expect(gate(rig, 1)?.opensIn == .seconds(60))
        try rig.pass(.seconds(59), alive: 1)
        #expect(try rig.held().isEmpty)
        try rig.pass(.seconds(1), alive: 1)
        #expect(try rig.held().map(\.location) == [page(2, host: "h").location])
    }

    @Test func `a clock set back while nobody watched makes no wait longer than it was when it was asked for`() throws {
        let rig = try Rig { $0.politeness = Politeness(concurrency: 1, delay: .zero) }
        try rig.register("n", on: 1)
        try rig.submit(page(1, host: "h"), page(2, host: "h"))
        _ = try end(rig) {
            $0.kind = .failedTarget
            $0.status = 503
            $0.retryAfterMs = 100_000
        }
        rig.time.jumpWall(byMilliseconds: -86_400_000)
        try rig.restart()
        try rig.register("n", on: 1)
        #expect(gate(rig, 1)?.opensIn == .seconds(100))
    }

    @Test func `what hosts' names resolve to is kept, over a restart, and the plan names hosts that share an address`()
        throws
    {
        let rig = try Rig { $0.politeness = Politeness(concurrency: 1, delay: .zero) }
        try rig.register("n", on: 1)
        for host in ["a", "b", "c"] {
            try rig.submit(page(1, host: host))
            _ = try end(rig) { $0.address = host == "c" ? "192.0.2.2" : "192.0.2.1" }
        }
        func risks() throws -> [String] {
            let bodies = try rig.send(.plan(Proto.Plan()), as: "op", on: 9).bodies
            guard case .planReply(let plan) = bodies.first else { return [] }
            return plan.risks
        }
        let shared =
            "a, b share the address 192.0.2.1, each with a budget of its own; targets with one label politeness=NAME "
            + "share one, and with --share-addresses all hosts of one address do"
        #expect(try risks().contains(shared))
        try rig.restart()
        #expect(rig.core.hostMemories.map(\.address) == ["192.0.2.1", "192.0.2.1", "192.0.2.2"])
        #expect(try risks().contains(shared))
    }

    @Test func `a crawl-delay holds for the whole fleet and is in the budget`() throws {
        let rig = try Rig { $0.politeness = Politeness(concurrency: 1, delay: .seconds(1)) }
        try rig.register("n", on: 1)
        try rig.submit(page(1, host: "h"), page(2, host: "h"), page(3, host: "h"))
        _ = try end(rig) { $0.crawlDelayMs = 20_000 }
        try rig.pass(.seconds(1), alive: 1)
        _ = try end(rig) { _ in }
        try rig.pass(.seconds(19), alive: 1)
        #expect(try rig.held().isEmpty)
        try rig.pass(.seconds(1), alive: 1)
        #expect(try rig.held().first?.budget?.delayMs == 20_000)
        #expect(rig.core.budget(of: "other").delayMs == 1_000)
    }

    @Test func `what each host of a collection said is kept for that host, and for no other`() throws {
        let rig = try Rig { $0.politeness = Politeness(concurrency: 1, delay: .zero) }
        try rig.register("n", on: 1)
        try rig.submit(page(1, host: "h"), page(2, host: "h"), page(1, host: "other"))
        _ = try end(rig) {
            $0.status = 200
            $0.crawlDelayMs = 7_000
            $0.hosts = [
                Proto.HostReport(host: "h", crawlDelayMs: 2_000),
                Proto.HostReport(host: "other", status: 503, retryAfterMs: 50_000),
                Proto.HostReport(host: "2001:db8::1", status: 429),
            ]
        }
        #expect(rig.core.budget(of: "h").delayMs == 2_000)
        #expect(rig.core.budget(of: "other").delayMs == 0)
        let closed = rig.core.hostMemories.filter { !$0.why.isEmpty }.map(\.why).sorted()
        #expect(closed == ["[2001:db8::1] answered 429", "other answered 503 and asked to be left alone"])
        let many = (0..<40).map { Proto.HostReport(host: "m\($0)", status: 429) }
        try rig.pass(.seconds(60), alive: 1)
        _ = try end(rig) { $0.hosts = many }
        #expect(rig.core.hostMemories.count { $0.name.hasPrefix("m") } == Limits.hostsReported)
    }

    @Test func `a 503 without a time rests the host a little, and nothing is believed for ever`() {
        var memory = HostMemory(name: "h")
        #expect(memory.learn(Proto.HostReport(status: 200), at: wall(0)) == false)
        #expect(memory.learn(Proto.HostReport(status: 503), at: wall(0)) == true)
        #expect(memory.closedUntil == wall(30))
        #expect(memory.why == "h answered 503")
        #expect(memory.learn(Proto.HostReport(retryAfterMs: .max), at: wall(0)) == true)
        #expect(memory.closedUntil == wall(24 * 3_600))
        #expect(memory.learn(Proto.HostReport(crawlDelayMs: .max), at: wall(0)) == true)
        #expect(memory.delay == .minutes(10))
        #expect(HostMemory(packed: memory.packed) == memory)
    }

    @Test func `what comes under an old fence closes no host`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        try rig.submit(page(1))
        let outcome = Proto.LeaseOutcome(
            lease: 77, target: rig.core.targets[0].target.id.bytes[...],
            fence: Proto.Fence(incarnation: 1, counter: 77), kind: .failedTarget, status: 429, retryAfterMs: 9_000)
        try rig.send(.leaseOutcomes(Proto.LeaseOutcomes(outcomes: [outcome])), as: "n", on: 1)
        #expect(rig.core.hostMemories.isEmpty)
    }

    @Test func `targets with one politeness label share one budget, also when it comes later`() throws {
        let rig = try Rig { $0.politeness = Politeness(concurrency: 1, delay: .zero) }
        try rig.register("n", on: 1)
        var first = page(1)
        var second = page(2)
        first.labels = ["politeness": "acme"]
        second.labels = ["politeness": "acme"]
        try rig.submit(first, second)
        #expect(try rig.held().map(\.location) == [first.location])
        try rig.restart()
        try rig.register("n", on: 1, leases: try rig.held().map { $0.held() })
        #expect(try rig.held().count == 1)
        _ = try end(rig) { _ in }
        #expect(try rig.held().map(\.location) == [second.location])
        second.labels = ["politeness": "other"]
        try rig.submit(second)
        #expect(rig.core.assigner.hosts.map(\.collecting).reduce(0, +) == 1)
        first.intervalS = 1
        try rig.submit(first)
        try rig.pass(.seconds(1), alive: 1)
        #expect(try rig.held().count == 2)
    }
}
