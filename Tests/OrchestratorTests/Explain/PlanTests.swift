import Model
import TestKit
import Testing
import Wire

@testable import Orchestrator

@Suite struct PlanTests {
    private func plan(_ rig: Rig, limit: UInt32 = 0) throws -> Proto.PlanReply {
        for case .planReply(let reply) in try rig.send(.plan(Proto.Plan(limit: limit)), as: "op", on: 9).bodies {
            return reply
        }
        throw World.Broken(sentence: "no plan")
    }

    @Test func `what is due is shown in its order, with what it waits for`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1, capacity: 1)
        var urgent = page(3)
        urgent.priority = 9
        try rig.submit(page(1), page(2), urgent)
        let reply = try plan(rig)
        #expect(reply.due == 2)
        #expect(reply.targets.map { $0.target?.location ?? "" } == [page(1).location, page(2).location])
        #expect(reply.targets.map(\.gate) == ["no_capacity", "no_capacity"])
        #expect(reply.targets.map(\.node) == ["", ""])
        #expect(reply.nodes.map(\.collecting) == [1])
        #expect(try plan(rig, limit: 1).targets.count == 1)
    }

    @Test func `what only one node can do, or none, is a risk`() throws {
        let rig = try Rig()
        var feed = page(1)
        feed.type = "feed"
        try rig.submit(feed, page(2))
        try rig.register("n", on: 1)
        #expect(try plan(rig).risks == ["no node offers feed, which targets need", "only n offers web"])
        try rig.register("m", on: 2, instance: 2, capabilities: ["web", "feed"])
        #expect(try plan(rig).risks == ["only m offers feed"])
    }

    @Test func `a host whose targets outpace its politeness is a risk until they do not`() throws {
        let rig = try Rig { $0.politeness = Politeness(concurrency: 2, delay: .seconds(20)) }
        try rig.register("a", on: 1)
        try rig.register("b", on: 2, instance: 2)
        var specs = (0..<5).map { page($0, host: "h") }
        for place in specs.indices { specs[place].intervalS = 60 }
        for spec in specs { try rig.submit(spec) }
        let sentence = "the targets of h ask for 5.0 collections a minute; its politeness allows 3.0"
        #expect(try plan(rig).risks == [sentence])
        try rig.restart()
        #expect(try plan(rig).risks.contains(sentence))
        for (key, spec) in specs.prefix(2).enumerated() {
            let target = try rig.submit(spec)[0].target
            let cancel = Proto.OperateTargets(
                key: Array(repeating: UInt8(key + 1), count: 16)[...], action: .cancel, targets: [target])
            try rig.send(.operateTargets(cancel), as: "op", on: 9)
        }
        #expect(try plan(rig).risks.allSatisfy { !$0.contains("politeness") })
    }
}
