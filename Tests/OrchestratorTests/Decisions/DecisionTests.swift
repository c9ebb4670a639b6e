import Model
import TestKit
import Testing
import Wire

@testable import Orchestrator

@Suite struct DecisionTests {
    private func ask(_ rig: Rig, _ message: Proto.ListDecisions) throws -> Proto.ListDecisionsReply {
        let bodies = try rig.send(.listDecisions(message), as: "op", on: 9).bodies
        for case .listDecisionsReply(let reply) in bodies { return reply }
        throw World.Broken(sentence: "\(bodies)")
    }

    @Test func `an assignment says who, what, when, where, why and how`() throws {
        let rig = try Rig()
        let target = try rig.submit(page(1))[0].target
        try rig.pass(.seconds(3))
        try rig.register("n", on: 1)
        let decision = try #require(try ask(rig, Proto.ListDecisions(target: target)).decisions.first)
        #expect(decision.who == "orchestrator")
        #expect(decision.what == "assigned")
        #expect(decision.atMs == rig.core.time.milliseconds)
        #expect(decision.node == "n")
        #expect(decision.where == "h1.example")
        #expect(decision.why == "due for 3000 ms at priority 5; n has usefulness 0.4 and load 0 of 8")
        #expect(decision.how == "lease 1 under fence 1.1")
        let ofNode = try ask(rig, Proto.ListDecisions(node: "n"))
        #expect(ofNode.decisions.map(\.what) == ["assigned", "node_state"])
        #expect(ofNode.decisions[0] == decision)
    }

    @Test func `the last sixteen of a target are kept in full, older ones as counts, over a restart`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        var spec = page(1)
        spec.intervalS = 1
        let target = try rig.submit(spec)[0].target
        for round in 0..<20 {
            if round == 10 {
                try rig.restart()
                try rig.register("n", on: 1, leases: try rig.held().map { $0.held() })
            }
            let assignment = try #require(try rig.held().first)
            try rig.report(assignment, as: "n", on: 1)
            try rig.pass(.seconds(1), alive: 1)
        }
        try rig.restart()
        let reply = try ask(rig, Proto.ListDecisions(target: target))
        #expect(reply.decisions.count == 16)
        #expect(reply.decisions.map(\.what) == Array(repeating: "assigned", count: 16))
        #expect(reply.decisions[0].how.hasPrefix("lease 21 "))
        #expect(reply.older == [Proto.Counter(name: "assigned", value: 5)])
        let numbers = reply.decisions.map(\.number)
        #expect(numbers == numbers.sorted(by: >))
    }

    @Test func `rejections and operations are found by who made them`() throws {
        let rig = try Rig()
        var bad = page(1)
        bad.priority = 11
        try rig.submit(bad)
        let target = try rig.submit(page(2))[0].target
        let pause = Proto.OperateTargets(
            key: Array(repeating: 1, count: 16)[...], action: .pause, targets: [target])
        try rig.send(.operateTargets(pause), as: "mary", on: 9)
        let rejected = try ask(rig, Proto.ListDecisions(actor: "op"))
        #expect(
            rejected.decisions.map(\.why) == [
                "target \"https://h1.example/1\": priority: 11 is out of range; use 1 to 10"
            ])
        try rig.restart()
        let operated = try ask(rig, Proto.ListDecisions(actor: "mary")).decisions
        #expect(operated.map(\.why) == ["due to paused, by an operator"])
        #expect(operated[0].target == target)
        #expect(
            try rig.send(.listDecisions(Proto.ListDecisions(actor: "john")), as: "op", on: 9).errors.first?.message
                == "\"john\" has decided nothing here")
    }

    @Test func `the last thousand of an actor are kept, and the rest counted`() throws {
        let rig = try Rig()
        var bad = page(1)
        bad.priority = 11
        let chunk = Array(repeating: bad, count: 600)
        for number in 0..<2 {
            let message = Proto.SubmitTargets(
                key: Array(repeating: 5, count: 16)[...], chunk: UInt64(number), targets: chunk)
            try rig.send(.submitTargets(message), as: "op", on: 9)
        }
        let reply = try ask(rig, Proto.ListDecisions(actor: "op"))
        #expect(reply.decisions.count == 1_000)
        #expect(reply.older == [Proto.Counter(name: "rejected", value: 200)])
    }

    @Test func `since and limit bound what is shown`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        try rig.pass(.seconds(100), alive: 1)
        try rig.submit(page(1), page(2))
        #expect(try ask(rig, Proto.ListDecisions(node: "n")).decisions.count == 3)
        #expect(try ask(rig, Proto.ListDecisions(node: "n", sinceMsAgo: 50_000)).decisions.count == 2)
        #expect(try ask(rig, Proto.ListDecisions(node: "n", limit: 1)).decisions.map(\.location) == [page(2).location])
        #expect(try ask(rig, Proto.ListDecisions()).decisions.count == 3)
        #expect(try ask(rig, Proto.ListDecisions(actor: "orchestrator")).decisions.count == 3)
        #expect(
            try rig.send(.listDecisions(Proto.ListDecisions(node: "x")), as: "op", on: 9).errors.first?.code
                == .notFound)
    }

    @Test func `a decision comes back from its row as it was`() {
        var trail = DecisionTrail(isKnown: true)
        for _ in 0..<300 { _ = trail.next(.assigned, ring: 16) }
        let decision = Decision(
            number: .max, at: WallTime(milliseconds: -5), kind: .quota, actor: 0, target: nil, node: 300,
            figures: [1, .max], note: "ä")
        let (found, counts) = Decision.unpacked(decision.packed(trail))
        #expect(found == decision)
        #expect(counts.count == 300)
        #expect(Decision.unpacked([]).decision.note == "", "a row that was cut short is no trap")
    }
}
