import Model
import TestKit
import Testing
import Wire

@testable import Orchestrator

@Suite struct OperationTests {
    private func operate(
        _ rig: Rig, _ action: Proto.TargetAction, _ targets: [ArraySlice<UInt8>] = [],
        _ filter: Proto.TargetFilter? = nil, key: UInt8 = 1
    ) throws -> Proto.OperateTargetsReply {
        let message = Proto.OperateTargets(
            key: Array(repeating: key, count: 16)[...], action: action, targets: targets, filter: filter)
        let bodies = try rig.send(.operateTargets(message), as: "op", on: 9).bodies
        for case .operateTargetsReply(let reply) in bodies { return reply }
        throw World.Broken(sentence: "\(bodies)")
    }

    private func error(_ rig: Rig, _ message: Proto.OperateTargets) throws -> String? {
        try rig.send(.operateTargets(message), as: "op", on: 9).errors.first?.message
    }

    private static let key = Array(repeating: UInt8(3), count: 16)[...]

    @Test func `targets are paused, resumed and cancelled by id, and each answer counts`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        let ids = try rig.submit(page(1), page(2)).map(\.target)
        let unknown = id(9).bytes[...]
        let paused = try operate(rig, .pause, ids + [unknown], key: 1)
        #expect(paused == Proto.OperateTargetsReply(changed: 2, unknown: [unknown]))
        #expect(rig.core.leases.isEmpty, "what was under way is revoked")
        let again = try operate(rig, .pause, ids, key: 2)
        #expect(again.unchanged == 2)
        #expect(again.message == "it is paused; what is scheduled, due, leased or in retry can be paused")
        try rig.restart()
        #expect(rig.core.status().targets.paused == 2)
        #expect(try operate(rig, .resume, [ids[0]], key: 3).changed == 1)
        #expect(try operate(rig, .cancel, ids, key: 4).changed == 2)
        #expect(rig.core.status().targets.cancelled == 2)
    }

    @Test func `asking again with the same key changes nothing and answers the same`() throws {
        let rig = try Rig()
        let target = try rig.submit(page(1))[0].target
        let first = try operate(rig, .pause, [target], key: 7)
        _ = try operate(rig, .resume, [target], key: 8)
        try rig.restart()
        #expect(try operate(rig, .pause, [target], key: 7) == first)
        #expect(rig.core.status().targets.paused == 0)
    }

    @Test func `a key that submitted targets is no key of an operation`() throws {
        let rig = try Rig()
        let target = try rig.submit(page(1), key: 7)[0].target
        #expect(try operate(rig, .pause, [target], key: 7).changed == 1)
    }

    @Test func `a filter names state, type, label, host and a text, all of them`() throws {
        let rig = try Rig()
        var labelled = page(1, host: "a.example")
        labelled.labels = ["desk": "red"]
        var feed = page(2, host: "a.example")
        feed.type = "feed"
        try rig.submit(labelled, feed, page(3, host: "b.example"))
        func count(_ filter: Proto.TargetFilter) throws -> Int {
            let message = Proto.ListTargets(filter: filter)
            for case .listTargetsReply(let reply) in try rig.send(.listTargets(message), as: "op", on: 9).bodies {
                return reply.targets.count
            }
            return -1
        }
        #expect(try count(Proto.TargetFilter()) == 3)
        #expect(try count(Proto.TargetFilter(host: "A.example")) == 2)
        #expect(try count(Proto.TargetFilter(type: "web", host: "a.example")) == 1)
        #expect(try count(Proto.TargetFilter(label: "desk=red")) == 1)
        #expect(try count(Proto.TargetFilter(label: "desk=blue")) == 0)
        #expect(try count(Proto.TargetFilter(text: "example/3")) == 1)
        #expect(try count(Proto.TargetFilter(state: "due", text: "example")) == 3)
        #expect(try operate(rig, .cancel, [], Proto.TargetFilter(host: "a.example")).changed == 2)
        #expect(rig.core.status().targets.cancelled == 2)
    }

    @Test func `what makes no sense is refused with field and remedy`() throws {
        let rig = try Rig()
        #expect(
            try error(rig, Proto.OperateTargets(key: [1], action: .pause, filter: Proto.TargetFilter()))
                == "it has 1 bytes; use 16 random ones")
        #expect(
            try error(rig, Proto.OperateTargets(key: Self.key, filter: Proto.TargetFilter()))
                == "0 is no action; use 1 (retry), 2 (cancel), 3 (pause) or 4 (resume)")
        #expect(
            try error(rig, Proto.OperateTargets(key: Self.key, action: .pause))
                == "there are none, and no filter; name targets, or send a filter, empty for all")
        #expect(
            try error(rig, Proto.OperateTargets(key: Self.key, action: .pause, filter: Proto.TargetFilter(label: "x")))
                == "\"x\" is no label; write KEY=VALUE")
        #expect(
            try error(rig, Proto.OperateTargets(key: Self.key, action: .pause, filter: Proto.TargetFilter(type: "x")))
                == "\"x\" is not a type of target; use one of \(TargetType.names)")
    }

    @Test func `a dead target is revived and collected at once`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        var spec = page(1)
        spec.minRetryIntervalS = 1
        let target = try rig.submit(spec)[0].target
        for _ in 0..<Limits.failuresUntilDead {
            let assignment = try #require(try rig.held().first)
            try rig.report(assignment, .failedTarget, as: "n", on: 1)
            try rig.pass(.hours(2), alive: 1)
            if rig.core.fleet[0].presence == .offline { try rig.register("n", on: 1) }
            try rig.turn(.tick)
        }
        let dead = try #require(rig.info(TargetID(target) ?? id(0)))
        #expect(dead.state == "dead")
        #expect(dead.failures == 5)
        #expect(dead.lastError == "why")
        try rig.register("n", on: 1)
        #expect(try operate(rig, .retry, [target]).changed == 1)
        #expect(try rig.held().count == 1)
    }

    @Test func `a target is shown with all that was submitted, and submitting that again changes nothing`() throws {
        let rig = try Rig()
        var spec = page(1)
        spec.labels = ["a": "b"]
        spec.metadata = ["c": "d"]
        spec.schedule = .adaptive
        spec.intervalS = 7_200
        spec.maxBytes = 10
        let target = try rig.submit(spec)[0].target
        func shown() throws -> Proto.TargetInfo? {
            for case .getTargetReply(let reply) in try rig.send(.getTarget(Proto.GetTarget(id: target)), as: "o", on: 9)
                .bodies
            {
                return reply.target
            }
            return nil
        }
        let first = try #require(try shown()?.spec)
        #expect(first.labels == spec.labels && first.metadata == spec.metadata && first.maxBytes == 10)
        #expect(first.schedule == .adaptive && first.intervalS == 7_200 && first.priority == 5)
        #expect(try rig.submit(first).map(\.result) == [.updated])
        #expect(try shown()?.spec == first)
        #expect(
            try rig.send(.getTarget(Proto.GetTarget(id: [1])), as: "o", on: 9).errors.first?.code == .notFound)
    }
}
