import Model
import Storage
import TestKit
import Testing
import Wire

@testable import Orchestrator

/// From a submitted target to a settled lease, through the core and its database.
@Suite struct LeaseCourseTests {
    /// One node, one target, and the assignment that follows.
    private func started(_ spec: Proto.TargetSpec = page(1)) throws -> (Rig, Proto.Assignment) {
        let rig = try Rig()
        try rig.register("n", on: 1)
        try rig.submit(spec)
        return (rig, try #require(try rig.held().first))
    }

    @Test func `a due target goes to a node with free capacity, with what its collector needs`() throws {
        let rig = try Rig()
        var spec = page(1)
        spec.priority = 7
        spec.metadata = ["depth": "2"]
        spec.confidence = 0.75
        spec.maxBytes = 4_096
        let verdicts = try rig.submit(spec)
        let assignment = try #require(try rig.register("n", on: 1).assignments.first)
        #expect(assignment.target == verdicts[0].target)
        #expect(assignment.fence == Proto.Fence(incarnation: 1, counter: 1))
        #expect(assignment.type == "web")
        #expect(assignment.location == "https://h1.example/1")
        #expect(assignment.priority == 7)
        #expect(assignment.deadlineMs == 600_000)
        #expect(assignment.budget == Proto.HostBudget(host: "h1.example", concurrency: 2, delayMs: 0))
        #expect(assignment.metadata == ["depth": "2"])
        #expect(assignment.confidence == 0.75)
        #expect(assignment.threatLevel == nil)
        #expect(assignment.maxBytes == 4_096)
        #expect(rig.core.status().targets.leased == 1)
    }

    @Test func `outcome and receipt settle it in either order`() throws {
        for receiptFirst in [true, false] {
            let (rig, assignment) = try started()
            if receiptFirst { try rig.receipt(assignment, from: "n", last: 3) }
            let effects = try rig.report(assignment, last: 3, as: "n", on: 1)
            #expect(effects.bodies == [.leaseOutcomesAck(Proto.LeaseOutcomesAck(leases: [assignment.lease]))])
            if !receiptFirst {
                #expect(rig.core.status().delivering == 1)
                try rig.receipt(assignment, from: "n", last: 3)
            }
            let status = rig.core.status()
            #expect(status.successes == 1)
            #expect(status.targets.scheduled == 1)
            #expect(status.delivering == 0)
            #expect(status.alerts == [])
            #expect(try rig.pass(.seconds(3_600), alive: 1).assignments.map(\.lease) == [2])
        }
    }

    @Test func `a page of receipts at or below the position changes nothing`() throws {
        let (rig, assignment) = try started()
        try rig.receipt(assignment, from: "n", last: 1, position: 10)
        try rig.receipt(assignment, from: "n", last: 1, position: 10)
        try rig.receipt(assignment, from: "n", last: 1, position: 4)
        #expect(rig.core.status().stored == 1)
        #expect(rig.core.receiptPosition == 10)
    }

    @Test func `a bookmark reaches the next assignment with the receipt that brought it`() throws {
        let (rig, assignment) = try started()
        #expect(assignment.bookmark == nil)
        try rig.receipt(assignment, from: "n", last: 2, bookmark: [1, 2, 3])
        try rig.report(assignment, last: 2, as: "n", on: 1)
        let second = try #require(try rig.pass(.seconds(3_600), alive: 1).assignments.first)
        #expect(second.bookmark == [1, 2, 3])
        try rig.restart()
        #expect(try rig.register("n", on: 2).assignments.first?.bookmark == [1, 2, 3])
    }

    @Test func `an old fence changes nothing: counted, and its receipt noticed as late until that is recorded`() throws
    {
        let (rig, old) = try started()
        let new = try #require(try rig.pass(Limits.collectingDeadline, alive: 1).assignments.first)
        #expect(new.lease == 2)
        #expect(new.target == old.target)
        try rig.report(old, .failedTarget, as: "n", on: 1)
        let effects = try rig.receipt(old, from: "n", last: 2)
        #expect(effects.late == [old.ref])
        var status = rig.core.status()
        #expect(status.fenced == 2)
        #expect(status.lateNotices == 1)
        #expect(status.collecting == 1)
        #expect(status.failures == 0)

        try rig.restart()
        #expect(try rig.turn(.tick).late == [old.ref])
        try rig.turn(.lateRecorded(old.ref))
        status = rig.core.status()
        #expect(status.lateNotices == 0)
        #expect(status.fenced == 2)
        try rig.restart()
        #expect(try rig.turn(.tick).late == [])
    }

    @Test func `a fence is worth nothing in the hands of another node`() throws {
        let (rig, assignment) = try started()
        try rig.register("thief", on: 2)
        try rig.report(assignment, as: "thief", on: 2)
        #expect(rig.core.status().collecting == 1)
        #expect(rig.core.status().fenced == 1)
        #expect(try rig.receipt(assignment, from: "thief", last: 1).late == [assignment.ref])
    }

    @Test func `a repeat of the outcome that settled a lease is only acknowledged`() throws {
        let (rig, assignment) = try started()
        try rig.receipt(assignment, from: "n", last: 1)
        try rig.report(assignment, last: 1, as: "n", on: 1)
        try rig.restart()
        try rig.register("n", on: 2)
        let again = try rig.report(assignment, last: 1, as: "n", on: 2)
        #expect(again.bodies == [.leaseOutcomesAck(Proto.LeaseOutcomesAck(leases: [assignment.lease]))])
        #expect(rig.core.status().fenced == 0)
        #expect(rig.core.status().successes == 1)
    }

    @Test func `a lease is renewed while its node makes progress, and given out again at its deadline`() throws {
        let (rig, assignment) = try started()
        func renew(_ progress: UInt64) throws -> Proto.Envelope.Body? {
            let message = Proto.RenewLease(lease: assignment.lease, fence: assignment.fence, progress: progress)
            return try rig.send(.renewLease(message), as: "n", on: 1).bodies.first
        }
        func reply(_ kept: Bool, _ ms: UInt32) -> Proto.Envelope.Body {
            .renewLeaseReply(Proto.RenewLeaseReply(lease: assignment.lease, kept: kept, deadlineMs: ms))
        }
        rig.time.advance(by: .seconds(20))
        #expect(try renew(1) == reply(true, 600_000))
        for _ in 0..<30 { try rig.pass(.seconds(19), alive: 1) }
        #expect(try renew(1) == reply(true, 30_000))
        let effects = try rig.pass(.seconds(30), alive: 1)
        #expect(effects.bodies.first == .leaseRevoked(Proto.LeaseRevoked(lease: 1, reason: "its time ran out")))
        #expect(effects.assignments.map(\.lease) == [2])
        #expect(try renew(2) == reply(false, 0))
    }

    @Test func `once is done, and stays done after a restart`() throws {
        var spec = page(1)
        spec.schedule = .once
        let (rig, assignment) = try started(spec)
        try rig.receipt(assignment, from: "n", last: 1)
        try rig.report(assignment, last: 1, as: "n", on: 1)
        try rig.restart()
        try rig.register("n", on: 2)
        #expect(try rig.pass(.hours(48)).assignments == [])
        #expect(rig.core.status().targets.done == 1)
    }

    @Test func `paused while leased: the lease is revoked, and resuming makes it due`() throws {
        let (rig, assignment) = try started()
        let paused = try rig.turn(.operate(.pause, assignment.ref.target))
        #expect(
            paused.bodies == [.leaseRevoked(Proto.LeaseRevoked(lease: 1, reason: "an operator stopped its target"))])
        try rig.restart()
        try rig.register("n", on: 2)
        #expect(rig.core.status().targets.paused == 1)
        #expect(try rig.turn(.operate(.resume, assignment.ref.target)).assignments.map(\.lease) == [2])
    }

    @Test func `nothing is written when nothing has changed`() throws {
        let (rig, _) = try started()
        let before = try rig.database.walBytes()
        for _ in 0..<5 { try rig.send(.heartbeat(Proto.Heartbeat(collecting: 1)), as: "n", on: 1) }
        #expect(try rig.database.walBytes() == before)
    }
}
