import Model
import Storage
import TestKit
import Testing
import Wire

@testable import Orchestrator

/// What a crash, a lost node or a broken connection leaves behind.
@Suite struct RestartTests {
    @Test func `after a crash targets, leases, fences and counters are as they were`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1, capacity: 3)
        try rig.submit(page(1), page(2), page(3), page(4))
        let before = rig.core.status()
        #expect(before.targets.leased == 3)
        rig.configuration.incarnation = 2
        try rig.restart()
        var after = rig.core.status()
        #expect(after.targets == before.targets)
        try rig.turn(.tick)
        after = rig.core.status()
        #expect(after.targets == before.targets)
        #expect(after.leasesGiven == 3)
        #expect(after.collecting == 3)
        #expect(after.alerts == [])
    }

    @Test func `nothing is assigned twice at the same fence, and fences only grow`() throws {
        let rig = try Rig()
        var seen: [Fence] = []
        try rig.submit(page(1))
        for life in 1...4 as ClosedRange<UInt64> {
            rig.configuration.incarnation = life
            try rig.restart()
            seen += try rig.register("n", on: life).assignments.map(\.ref.fence)
        }
        #expect(seen == (1...4).map { Fence(incarnation: $0, counter: $0) })
    }

    @Test func `a node comes back with what it holds: kept, dropped, and what it does not know is given out again`()
        throws
    {
        let rig = try Rig()
        try rig.register("n", on: 1, capacity: 3)
        try rig.submit(page(1), page(2), page(3))
        let given = try rig.held()
        try rig.restart()
        rig.time.advance(by: .seconds(500))
        var old = given[0]
        old.fence = Proto.Fence(incarnation: 0, counter: 1)
        let effects = try rig.register(
            "n", on: 2, capacity: 3, leases: [given[0].held(), given[1].held(delivering: 0), old.held()])
        #expect(
            effects.dispositions == [
                Proto.LeaseDisposition(lease: 1, keep: true, remainingMs: 600_000),
                Proto.LeaseDisposition(lease: 2, keep: true),
                Proto.LeaseDisposition(lease: 1, keep: false, reason: "its target was given out again"),
            ])
        #expect(effects.assignments.map(\.location) == ["https://h3.example/3"])
        #expect(effects.assignments.map(\.lease) == [4])
        let status = rig.core.status()
        #expect(status.empties == 1)
        #expect(status.collecting == 2)
        #expect(status.released == 1)
    }

    @Test func `every running lease has its full time anew`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        try rig.submit(page(1))
        try rig.pass(.seconds(200))
        try rig.restart()
        try rig.turn(.tick)
        #expect(rig.core.leases.values.first?.deadline == rig.time.now() + Limits.collectingDeadline)
    }

    @Test func `a node that went offline loses its leases, and its capacity and hosts are free at once`() throws {
        let rig = try Rig { $0.politeness = Politeness(concurrency: 1, delay: .zero) }
        try rig.register("a", on: 1)
        try rig.submit(page(1, host: "x.example"))
        try rig.turn(.disconnected(ConnectionID(1)))
        try rig.register("b", on: 2)
        try rig.submit(page(2, host: "x.example"))
        #expect(rig.core.status().targets.due == 1)
        for _ in 0..<15 { try rig.pass(.seconds(20), alive: 2) }
        let status = rig.core.status()
        #expect(status.nodesLive == 1)
        #expect(status.collecting == 1)
        #expect(status.released == 1)
        #expect(rig.core.nodes().map(\.state) == ["offline", "active"])
        #expect(rig.core.leases.values.map(\.node) == [1])
    }

    @Test func `Goodbye gives back what was collecting and waits for what was delivered`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        try rig.submit(page(1), page(2))
        let given = try rig.held()
        try rig.report(given[0], last: 4, as: "n", on: 1)
        try rig.send(.goodbye(Proto.Goodbye()), as: "n", on: 1, id: 0)
        #expect(rig.core.status().targets.due == 1)
        #expect(rig.core.status().delivering == 1)
        try rig.receipt(given[0], from: "n", last: 4)
        #expect(rig.core.status().successes == 1)
    }

    @Test func `the same instance replaces its session, another one is refused until the first is offline`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1, instance: 1)
        #expect(try rig.register("n", on: 2, instance: 1).closed == [ConnectionID(1)])
        let refusal = try rig.register("n", on: 3, instance: 2).errors
        #expect(
            refusal == [
                Proto.Error(
                    code: .nameTaken,
                    message: "another instance is registered as \"n\"; stop it or choose another name", field: "name",
                    retryAfterMs: 300_000)
            ])
        try rig.restart()
        #expect(try rig.register("n", on: 4, instance: 2).errors.map(\.code) == [.nameTaken])
        try rig.pass(.seconds(300))
        #expect(try rig.register("n", on: 5, instance: 2).dispositions == [])
    }

    @Test func `a jump of the wall clock moves nothing while the process lives, and little after a restart`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        try rig.submit(page(1))
        let assignment = try #require(try rig.held().first)
        try rig.report(assignment, as: "n", on: 1)
        #expect(rig.core.status().targets.scheduled == 1)
        rig.time.jumpWall(byMilliseconds: 86_400_000)
        #expect(try rig.pass(.seconds(10), alive: 1).assignments == [])
        rig.time.jumpWall(byMilliseconds: -10 * 86_400_000)
        try rig.restart()
        try rig.register("n", on: 2)
        #expect(try rig.pass(.seconds(3_599), alive: 2).assignments == [])
        #expect(try rig.pass(.seconds(1), alive: 2).assignments.map(\.lease) == [2])
    }

    @Test func `an error of the database ends the core, and what was stored before is there for the next one`() throws {
        let rig = try Rig()
        try rig.submit(page(1))
        rig.database.close()
        let closed = StorageError(.misuse, "could not use \(rig.database.path): it is closed")
        #expect(throws: closed) { try rig.submit(page(2)) }
        #expect(throws: closed) { try rig.turn(.tick) }
        try rig.restart()
        #expect(rig.core.status().submitted == 1)
        #expect(rig.core.status().alerts == [])
    }
}
