import Model
import TestKit
import Testing
import Wire

@testable import Orchestrator

@Suite struct QuotaTests {
    private func set(_ rig: Rig, base: UInt64? = nil, cluster: UInt64? = nil, key: UInt8) throws
        -> [OrchestratorEffect]
    {
        try rig.send(
            .setQuota(Proto.SetQuota(key: Array(repeating: key, count: 16)[...], base: base, cluster: cluster)),
            as: "op", on: 9)
    }

    @Test func `a node's quota is base times two times its success rate, and never below a tenth of base`() {
        var policy = QuotaPolicy()
        policy.base = 1_000
        #expect(policy.quota(successRate: 0.5) == 1_000)
        #expect(policy.quota(successRate: 1) == 2_000)
        #expect(policy.quota(successRate: 0.04) == 100)
        #expect(policy.quota(successRate: 0) == 100)
        policy.base = 5
        #expect(policy.quota(successRate: 0) == 1)
        #expect(QuotaPolicy(packed: policy.packed) == policy)
    }

    @Test func `setting a quota decides each node's, numbered, and orders it`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        let effects = try set(rig, base: 1_000, cluster: 10_000, key: 1)
        let orders = effects.orders
        #expect(orders.count == 1)
        #expect(orders[0].base == 1_000 && orders[0].cluster == 10_000)
        #expect(orders[0].nodes.map(\.name) == ["n"])
        #expect(orders[0].nodes.map(\.quota) == [1_000])
        #expect(orders[0].nodes[0].revision < orders[0].revision)
        #expect(try set(rig, base: 1_000, cluster: 10_000, key: 2).orders == [], "nothing has changed")
        #expect(try set(rig, base: 7, key: 1).bodies == effects.bodies, "the same key, the same answer")
        #expect(rig.core.quotas.base == 1_000)
    }

    @Test func `a quota follows the success rate within a minute, over a restart`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        _ = try set(rig, base: 1_000, key: 1)
        for number in 0..<5 {
            try rig.submit(page(number))
            let assignment = try #require(try rig.held().first)
            try rig.report(assignment, last: 1, as: "n", on: 1)
            let effects = try rig.receipt(assignment, from: "n", last: 1)
            #expect(effects.orders == [])
        }
        let effects = try rig.pass(.minutes(1), alive: 1)
        #expect(effects.orders.flatMap(\.nodes).map(\.quota) == [2_000])
        try rig.restart()
        #expect(try rig.turn(.tick).orders.flatMap(\.nodes).map(\.quota) == [2_000], "told again after a restart")
        let reply = rig.core.quotaReply()
        #expect(reply.nodes.map(\.quota) == [2_000])
        let decision = try rig.send(.listDecisions(Proto.ListDecisions(node: "n")), as: "op", on: 9).bodies
        guard case .listDecisionsReply(let list)? = decision.first else { throw World.Broken(sentence: "no list") }
        #expect(
            list.decisions.filter { $0.what == "quota" }.map(\.why) == [
                "from 1000 to 2000 artifacts an hour: base 1000, success rate 1.0",
                "from none to 1000 artifacts an hour: base 1000, success rate 0.5",
            ])
    }

    @Test func `a node without credit gets no new leases until it has some`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        try rig.turn(.outOfCredit(node: "n", .seconds(90)))
        try rig.submit(page(1))
        #expect(try rig.held().isEmpty)
        try rig.pass(.seconds(20), alive: 1)
        try rig.pass(.seconds(20), alive: 1)
        try rig.pass(.seconds(20), alive: 1)
        try rig.pass(.seconds(20), alive: 1)
        #expect(try rig.held().isEmpty)
        try rig.pass(.seconds(10), alive: 1)
        #expect(try rig.held().count == 1)
    }

    @Test func `taking the quota away frees everybody`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        _ = try set(rig, base: 10, key: 1)
        try rig.turn(.outOfCredit(node: "n", .minutes(30)))
        try rig.submit(page(1))
        #expect(try rig.held().isEmpty)
        let orders = try set(rig, base: 0, key: 2).orders
        #expect(orders.map(\.base) == [0])
        #expect(orders[0].nodes == [])
        #expect(try rig.held().count == 1)
        try rig.restart()
        #expect(rig.core.quotaReply().nodes == [])
        #expect(try rig.turn(.tick).orders == [])
    }

    @Test func `a quota beyond reason is refused with its field`() throws {
        let rig = try Rig()
        let error = try set(rig, cluster: 1_000_000_001, key: 1).errors.first
        #expect(error?.field == "cluster")
        #expect(error?.message == "1000000001 is out of range; use 0 (none) to 1000000000")
    }
}

extension [OrchestratorEffect] {
    fileprivate var orders: [QuotaOrder] {
        compactMap { if case .quotas(let order) = $0 { order } else { nil } }
    }
}
