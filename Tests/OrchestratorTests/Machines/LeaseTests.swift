import Model
import Testing

@testable import Orchestrator

@Suite struct LeaseTests {
    private func collecting() -> Lease {
        Lease(ref: ref(1), target: 0, node: 0, phase: .collecting(deadline: at(600), progress: 0))
    }

    private func receipt(
        _ last: UInt64, stored: UInt32 = 0, duplicates: UInt32 = 0, unchanged: UInt32 = 0, refused: UInt32 = 0,
        stream: UInt64 = 5
    ) -> Receipt {
        var receipt = Receipt(lease: ref(1), node: "n", stream: stream, lastSequence: last)
        receipt.stored = stored
        receipt.duplicates = duplicates
        receipt.unchanged = unchanged
        receipt.refused = refused
        return receipt
    }

    private func report(_ claim: LeaseReport.Claim, last: UInt64, stream: UInt64 = 5) -> LeaseReport {
        LeaseReport(claim: claim, error: "why", stream: stream, lastSequence: last)
    }

    @Test func `outcome and receipts settle it in any order, exactly once, with the last of them`() {
        let receipts = [receipt(2, stored: 2), receipt(3, refused: 1), receipt(7, duplicates: 1)]
        for outcomeAt in 0...3 {
            var lease = collecting()
            var settlements: [Settlement] = []
            for step in 0...3 {
                if step == outcomeAt {
                    #expect(lease.isCollecting)
                    if let end = lease.report(report(.collected, last: 7), deadline: at(9)) { settlements.append(end) }
                }
                guard step < 3 else { continue }
                #expect(settlements.isEmpty)
                if let end = lease.receive(receipts[step]) { settlements.append(end) }
            }
            #expect(settlements == [.success], "outcome before receipt \(outcomeAt)")
            #expect(lease.tally.stored == 2)
            #expect(lease.tally.refused == 1)
        }
    }

    @Test func `what the ledger knows decides, not what the node says`() {
        func end(_ claim: LeaseReport.Claim, _ receipt: Receipt?) -> Settlement? {
            var lease = collecting()
            if let receipt { #expect(lease.receive(receipt) == nil) }
            return lease.report(report(claim, last: receipt?.lastSequence ?? 0), deadline: at(9))
        }
        let target = Settlement.failure(.target, error: "why", retryAfter: .zero)
        let content = Settlement.failure(.content, error: "why", retryAfter: .zero)
        let allRefused = Settlement.failure(.content, error: "every artifact was refused", retryAfter: .zero)
        #expect(end(.collected, nil) == .empty)
        #expect(end(.collected, receipt(1, stored: 1)) == .success)
        #expect(end(.collected, receipt(1, duplicates: 1)) == .success)
        #expect(end(.collected, receipt(1, unchanged: 1)) == .success)
        #expect(end(.collected, receipt(1, refused: 1)) == allRefused)
        #expect(end(.failedTarget, nil) == target)
        #expect(end(.failedTarget, receipt(1, refused: 1)) == target)
        #expect(end(.failedTarget, receipt(1, stored: 1)) == .success)
        #expect(end(.failedContent, nil) == content)
        #expect(end(.failedContent, receipt(1, stored: 1)) == .success)
        #expect(end(.failedNode, nil) == .handedBack(error: "why"))
        #expect(end(.failedNode, receipt(1, stored: 1)) == .handedBack(error: "why"))
    }

    @Test func `it delivers until receipts reach the sequence that the node named`() {
        var lease = collecting()
        #expect(lease.report(report(.collected, last: 4), deadline: at(86_400)) == nil)
        #expect(lease.deadline == at(86_400))
        #expect(!lease.isCollecting)
        #expect(lease.receive(receipt(3, stored: 1)) == nil)
        #expect(lease.receive(receipt(4, stored: 1)) == .success)
    }

    @Test func `a later outcome replaces the earlier one when its items moved to another stream`() {
        var lease = collecting()
        #expect(lease.report(report(.collected, last: 10), deadline: at(9)) == nil)
        #expect(lease.receive(receipt(6, stored: 6)) == nil)
        #expect(lease.receive(receipt(4, stored: 4, stream: 8)) == nil)
        #expect(lease.report(report(.collected, last: 4, stream: 8), deadline: at(9)) == .success)
        #expect(lease.tally.stored == 10)
    }

    @Test func `an outcome said again gives it no more time`() {
        var lease = collecting()
        #expect(lease.report(report(.collected, last: 10), deadline: at(900)) == nil)
        #expect(lease.report(report(.failedTarget, last: 11), deadline: at(1_800)) == nil)
        #expect(lease.phase == .delivering(report(.failedTarget, last: 11), deadline: at(900)))
    }

    @Test func `it is renewed while progress grows, and not by asking alone`() {
        var lease = collecting()
        #expect(lease.renew(progress: 0, until: at(900), now: at(300)) == .seconds(300))
        #expect(lease.renew(progress: 1, until: at(900), now: at(300)) == .seconds(600))
        #expect(lease.deadline == at(900))
        #expect(lease.renew(progress: 1, until: at(950), now: at(350)) == .seconds(550))
        _ = lease.report(report(.collected, last: 1), deadline: at(9))
        #expect(lease.renew(progress: 5, until: at(999), now: at(400)) == nil)
    }

    @Test func `when its node comes back, a collector has its full time anew, and what delivers goes on`() {
        var lease = collecting()
        lease.restart(until: at(700))
        #expect(lease.phase == .collecting(deadline: at(700), progress: 0))
        _ = lease.report(report(.collected, last: 1), deadline: at(800))
        lease.restart(until: at(900))
        #expect(lease.deadline == at(800))
    }
}

@Suite struct ReconciliationTests {
    private func lease(_ number: UInt64, delivering last: UInt64? = nil) -> Lease {
        let report = last.map { LeaseReport(claim: .collected, stream: 5, lastSequence: $0) }
        let phase =
            report.map { Lease.Phase.delivering($0, deadline: at(9)) } ?? .collecting(deadline: at(9), progress: 0)
        return Lease(ref: ref(number, target: number), target: Int(number), node: 0, phase: phase)
    }

    @Test func `listed and current is kept, listed and old is dropped, current and not listed is lost`() {
        let report = LeaseReport(claim: .collected, stream: 5, lastSequence: 3)
        let plan = Reconciliation(
            listed: [
                ListedLease(ref: ref(1, target: 1)), ListedLease(ref: ref(9, target: 9)),
                ListedLease(ref: ref(2, target: 2), report: report),
                ListedLease(ref: ref(3, target: 3, incarnation: 0)),
            ],
            held: [lease(1), lease(2), lease(3), lease(4)], acknowledged: [:])
        #expect(
            plan.answers == [
                .keep(ref(1, target: 1), nil), .drop(ref(9, target: 9)), .keep(ref(2, target: 2), report),
                .drop(ref(3, target: 3, incarnation: 0)),
            ])
        #expect(plan.lost == [ref(3, target: 3), ref(4, target: 4)])
    }

    @Test func `a delivering lease that is not listed stays when all of it was acknowledged`() {
        let held = [lease(1, delivering: 7)]
        #expect(Reconciliation(listed: [], held: held, acknowledged: [5: 8]).lost.isEmpty)
        #expect(Reconciliation(listed: [], held: held, acknowledged: [5: 7]).lost == [ref(1, target: 1)])
        #expect(Reconciliation(listed: [], held: held, acknowledged: [6: 99]).lost == [ref(1, target: 1)])
    }

    @Test func `a lease listed twice is kept once`() {
        let twice = [ListedLease(ref: ref(1, target: 1)), ListedLease(ref: ref(1, target: 1))]
        let plan = Reconciliation(listed: twice, held: [lease(1)], acknowledged: [:])
        #expect(plan.answers == [.keep(ref(1, target: 1), nil), .drop(ref(1, target: 1))])
    }
}
