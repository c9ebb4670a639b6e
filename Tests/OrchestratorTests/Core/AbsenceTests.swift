import Model
import TestKit
import Testing
import Wire

@testable import Orchestrator

/// A coordinator in a process of its own that is away for a while.
@Suite struct AbsenceTests {
    private func started(_ count: Int = 1) throws -> (Rig, [Proto.Assignment]) {
        let rig = try Rig()
        try rig.register("n", on: 1)
        for number in 1...count { try rig.submit(page(number)) }
        return (rig, try rig.held())
    }

    @Test func `a lease loses no time to an absence`() throws {
        let (rig, held) = try started()
        let half = Span.milliseconds(Limits.collectingDeadline.milliseconds / 2)
        try rig.pass(half, alive: 1)
        try rig.turn(.coordinatorAway)
        for _ in 0..<60 { try rig.pass(.minutes(1), alive: 1) }
        #expect(rig.core.status().collecting == 1 && rig.core.status().released == 0)
        try rig.turn(.coordinatorBack)
        try rig.pass(.milliseconds(half.milliseconds - 1), alive: 1)
        #expect(rig.core.status().released == 0)
        #expect(try rig.pass(.milliseconds(1), alive: 1).assignments.map(\.lease) == [held[0].lease + 1])
        #expect(rig.core.status().released == 1)
    }

    @Test func `what waits for receipts waits on, and settles when they come`() throws {
        let (rig, held) = try started()
        try rig.turn(.coordinatorAway)
        try rig.report(held[0], last: 3, as: "n", on: 1)
        for _ in 0..<50 { try rig.pass(.hours(1), alive: 1) }
        #expect(rig.core.status().delivering == 1 && rig.core.status().released == 0)
        try rig.turn(.coordinatorBack)
        try rig.receipt(held[0], from: "n", last: 3)
        #expect(rig.core.status().successes == 1 && rig.core.status().alerts == [])
    }

    @Test func `what delivers has its day, whatever its node asks for or says again`() throws {
        let (rig, held) = try started()
        try rig.report(held[0], last: 3, as: "n", on: 1)
        let deadline = rig.core.leases[held[0].lease]?.deadline
        func ask(after input: OrchestratorInput) throws {
            try rig.turn(input)
            let renewal = Proto.RenewLease(lease: held[0].lease, fence: held[0].fence, progress: 9)
            let answer = Proto.RenewLeaseReply(lease: held[0].lease, kept: false)
            #expect(try rig.send(.renewLease(renewal), as: "n", on: 1).bodies == [.renewLeaseReply(answer)])
            try rig.report(held[0], .failedTarget, last: 4, as: "n", on: 1)
            #expect(rig.core.leases[held[0].lease]?.deadline == deadline)
        }
        try ask(after: .tick)
        try ask(after: .coordinatorAway)
        rig.time.advance(by: .seconds(5))
        try rig.register("n", on: 1, leases: [held[0].held()])
        #expect(rig.core.leases[held[0].lease]?.deadline == deadline)
        try rig.register("n", on: 1, leases: [held[0].held(delivering: 7)])
        #expect(rig.core.leases[held[0].lease]?.deadline == deadline)
    }

    @Test func `an hour's absence with full spools behind it makes no storm of leases`() throws {
        let (rig, held) = try started(8)
        #expect(held.count == 8)
        for number in 20..<60 { try rig.submit(page(number)) }
        try rig.turn(.coordinatorAway)
        let given = rig.core.status().leasesGiven
        for minute in 0..<60 {
            let beat = Proto.Heartbeat(collecting: 8, spooledItems: 1_000, spoolNearlyFull: true)
            try rig.send(.heartbeat(beat), as: "n", on: 1)
            // Held up by its spool, a collector gets no further, and its node asks for time all the same.
            for lease in held where minute % 4 == 0 {
                let renewed = try rig.send(
                    .renewLease(Proto.RenewLease(lease: lease.lease, fence: lease.fence)), as: "n", on: 1)
                let expected = Proto.RenewLeaseReply(lease: lease.lease, kept: true, deadlineMs: 600_000)
                #expect(renewed.bodies == [.renewLeaseReply(expected)])
            }
            try rig.pass(.minutes(1), alive: 1)
        }
        try rig.turn(.coordinatorBack)
        try rig.pass(.minutes(1), alive: 1)
        let status = rig.core.status()
        #expect(status.leasesGiven == given && status.released == 0 && status.collecting == 8)
        for lease in held {
            try rig.receipt(lease, from: "n", last: 2)
            try rig.report(lease, last: 2, as: "n", on: 1)
        }
        #expect(rig.core.status().successes == 8 && rig.core.status().fenced == 0)
    }

    @Test func `a renewal without progress gets no more time while the coordinator is there`() throws {
        let (rig, held) = try started()
        try rig.pass(.minutes(4), alive: 1)
        let renew = Proto.RenewLease(lease: held[0].lease, fence: held[0].fence)
        let replies = try rig.send(.renewLease(renew), as: "n", on: 1).bodies
        let expected = Proto.RenewLeaseReply(lease: held[0].lease, kept: true, deadlineMs: 360_000)
        #expect(replies == [.renewLeaseReply(expected)])
    }

    @Test func `a node that is lost meanwhile is lost: its leases are given to others`() throws {
        let (rig, held) = try started()
        try rig.turn(.coordinatorAway)
        try rig.register("other", on: 2, instance: 2)
        let moved = try rig.pass(Limits.offlineAfter, alive: 2)
        #expect(moved.assignments.map(\.lease) == [held[0].lease + 1])
    }

    @Test func `what may not have come there is told again`() throws {
        let (rig, held) = try started()
        _ = try rig.send(
            .setQuota(Proto.SetQuota(key: [UInt8](repeating: 3, count: 16)[...], base: 100)), as: "op", on: 9)
        let stale = held[0]
        try rig.pass(Limits.collectingDeadline, alive: 1)
        #expect(try rig.receipt(stale, from: "n", last: 1).late == [stale.ref])
        try rig.turn(.coordinatorAway)
        let back = try rig.turn(.coordinatorBack)
        #expect(back.late == [stale.ref])
        #expect(back.contains { if case .quotas(let order) = $0 { order.base == 100 } else { false } })
        #expect(try rig.turn(.coordinatorBack).isEmpty, "it was not away")
    }

    @Test func `a position is told once it is on disk, and once`() throws {
        let (rig, held) = try started()
        func positions(_ effects: [OrchestratorEffect]) -> [UInt64] {
            effects.compactMap { if case .receiptsRead(let position) = $0 { position } else { nil } }
        }
        #expect(positions(try rig.receipt(held[0], from: "n", last: 1, position: 12)) == [12])
        #expect(positions(try rig.receipt(held[0], from: "n", last: 1, position: 12)) == [])
        #expect(positions(try rig.turn(.tick)) == [])
    }
}
