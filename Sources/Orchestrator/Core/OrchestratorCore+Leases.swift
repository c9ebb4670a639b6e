import Model
import Storage
import Wire

/// From an assignment to its settlement.
extension OrchestratorCore {
    /// Gives out everything that can be.
    func assign() throws(StorageError) {
        while let choice = assigner.next(avoid: { targets[$0].target.progress.avoid }) {
            try give(choice.target, to: choice.node)
        }
    }

    private func give(_ number: TargetNumber, to node: NodeNumber) throws(StorageError) {
        guard case .live(let connection) = fleet[node].presence else { preconditionFailure("gave to a node not live") }
        totals.fenceCounter += 1
        changes.totals = true
        let lease = Lease(
            ref: LeaseRef(
                lease: totals.fenceCounter, target: targets[number].target.id,
                fence: Fence(incarnation: totals.incarnation, counter: totals.fenceCounter)),
            target: number, node: node,
            phase: .collecting(deadline: now + configuration.collectingDeadline, progress: 0), given: now)
        decide(.assigned, target: number, node: node, figures: reason(for: lease).figures)
        if fleet[node].health.isDegraded { fleet[node].probeAt = now + Limits.probeInterval }
        change(number) { $0.lease(lease.ref.lease) }
        hold(lease)
        changes.leases.add(lease.ref.lease)
        effects.append(.send(connection, Proto.Envelope(body: .assignment(try assignment(lease)))))
    }

    private func reason(for lease: Lease) -> AssignmentReason {
        var waited = Span.zero
        if case .due(let since) = targets[lease.target].target.state { waited = .milliseconds(age(of: since)) }
        let avoided = targets[lease.target].target.progress.avoid
        return AssignmentReason(
            fence: lease.ref.fence, priority: targets[lease.target].target.effectivePriority(at: time),
            waited: waited, usefulness: fleet[lease.node].health.usefulness,
            collecting: fleet[lease.node].collecting, capacity: fleet[lease.node].profile.capacity,
            isProbe: fleet[lease.node].health.isDegraded, avoided: avoided == lease.node ? nil : avoided)
    }

    /// Puts a lease, new or read from disk, where it is counted.
    func hold(_ lease: Lease) {
        leases[lease.ref.lease] = lease
        fleet[lease.node].leases.insert(lease.ref.lease)
        timers.set(lease.target, lease.deadline)
        guard lease.isCollecting else { return }
        collecting += 1
        fleet[lease.node].collecting += 1
        assigner.startCollecting(targets[lease.target].place, by: lease.node, now: now)
        refreshLoad(of: lease.node)
    }

    /// Its capacity and its host are free again.
    private func stopCollecting(_ lease: Lease) {
        guard lease.isCollecting else { return }
        collecting -= 1
        fleet[lease.node].collecting -= 1
        assigner.stopCollecting(targets[lease.target].place, now: now)
        refreshLoad(of: lease.node)
    }

    private func drop(_ lease: Lease) {
        stopCollecting(lease)
        leases[lease.ref.lease] = nil
        fleet[lease.node].leases.remove(lease.ref.lease)
        timers.remove(lease.target)
        changes.leases.add(lease.ref.lease)
    }

    func refreshLoad(of node: NodeNumber) {
        guard fleet[node].isAvailable, mayTake(node) else { return assigner.setUnavailable(node) }
        assigner.setLoad(
            of: node, collecting: fleet[node].collecting, capacity: fleet[node].profile.capacity,
            usefulness: fleet[node].health.usefulness)
    }

    // MARK: What nodes say

    /// The running lease with exactly this fence, in this node's hands.
    func current(_ ref: LeaseRef, of node: NodeNumber) -> Lease? {
        #if PLANTED_BUGS
            if planted.contains(.staleLeaseAccepted), let number = numbers[ref.target],
                case .leased(let running, _) = targets[number].target.state
            {
                return leases[running]
            }
            if planted.contains(.anyonesWordAccepted), let lease = leases[ref.lease], lease.ref == ref { return lease }
        #endif
        guard let lease = leases[ref.lease], lease.ref == ref, lease.node == node else { return nil }
        return lease
    }

    func report(_ report: LeaseReport, for ref: LeaseRef, from node: NodeNumber) {
        guard var lease = current(ref, of: node) else {
            let settled = numbers[ref.target].map { targets[$0].target.progress.lastLease == ref.lease } ?? false
            if !settled {
                countFenced()
                decide(
                    .fenced, target: numbers[ref.target], node: node, "an outcome of lease \(ref.lease), which is over")
            }
            return
        }
        stopCollecting(lease)
        lease.end(now: now)
        if let settlement = lease.report(report, deadline: now + configuration.deliveringDeadline) {
            return settle(lease, settlement)
        }
        leases[lease.ref.lease] = lease
        changes.leases.add(lease.ref.lease)
        timers.set(lease.target, lease.deadline)
    }

    /// Its time left; nil when the lease is not this node's any more.
    func renew(_ ref: LeaseRef, progress: UInt64, from node: NodeNumber) -> Span? {
        guard var lease = current(ref, of: node) else {
            countFenced()
            return nil
        }
        let deadline = now + configuration.collectingDeadline
        if coordinatorAway != nil {
            // A full spool holds the collector up, and that is nobody's fault.
            lease.restart(until: deadline)
        }
        let left = lease.renew(progress: progress, until: deadline, now: now)
        leases[lease.ref.lease] = lease
        timers.set(lease.target, lease.deadline)
        return left
    }

    func countFenced() {
        totals.fenced += 1
        changes.totals = true
    }

    // MARK: What the ledger says

    /// A page that came before, and one that what is between has not come before, change nothing: a reader that starts
    /// anew is given the second again.
    func receive(_ page: ReceiptPage) {
        guard page.after <= totals.receiptPosition else { return }
        var isNew = page.position > totals.receiptPosition
        #if PLANTED_BUGS
            if planted.contains(.receiptAppliedTwice) { isNew = true }
        #endif
        guard isNew else { return }
        totals.receiptPosition = max(totals.receiptPosition, page.position)
        changes.totals = true
        for receipt in page.receipts { receive(receipt) }
    }

    private func receive(_ receipt: Receipt) {
        totals.count(receipt)
        guard let node = fleet.node(named: receipt.node), var lease = current(receipt.lease, of: node) else {
            countFenced()
            guard notices.insert(receipt.lease).inserted else { return }
            changes.notices.append(receipt.lease)
            noticesRepeat = noticesRepeat ?? now + Limits.requestTimeout
            effects.append(.late(receipt.lease))
            return
        }
        if let bookmark = receipt.bookmark {
            changes.bookmarks[lease.target] = bookmark
            targets[lease.target].hasBookmark = true
        }
        if let settlement = lease.receive(receipt) { return settle(lease, settlement) }
        leases[lease.ref.lease] = lease
        changes.leases.add(lease.ref.lease)
    }

    // MARK: Ends

    private func settle(_ lease: Lease, _ settlement: Settlement) {
        drop(lease)
        let others = assigner.memberCount(of: targets[lease.target].place) > 1
        let run = targets[lease.target].target.progress.run
        // A lease that was given back says nothing of the target.
        let last = run.ofNode == 0 ? targets[lease.target].target.progress.avoid : nil
        let blamed = last == lease.node ? nil : last
        recordHealth(lease, settlement, blamed: blamed, isRepeated: blamed != nil || run.secondAgrees)
        let changed = lease.tally.stored > 0
        change(lease.target) {
            $0.settle(settlement, changed: changed, by: lease.node, others: others, at: time, &random)
        }
        changes.progress.add(lease.target)
        totals.count(settlement)
        changes.totals = true
        switch settlement {
        case .success: fleet[lease.node].successes += 1
        case .failure(let kind, let error, _):
            fleet[lease.node].failures += 1
            let state = targets[lease.target].target.state.name
            decide(
                .targetState, target: lease.target, node: lease.node,
                "leased to \(state): fault of the \(kind): \(error)")
        case .handedBack(let error):
            fleet[lease.node].failures += 1
            decide(.released, target: lease.target, node: lease.node, "given back by the node: \(error)")
        case .empty: return
        }
        changes.nodeCounters.add(lease.node)
    }

    /// Given out again at once, at no cost: the node is gone, or does not know of the lease.
    func release(_ lease: Lease, _ why: String) {
        drop(lease)
        decide(.released, target: lease.target, node: lease.node, why)
        totals.released += 1
        changes.totals = true
        change(lease.target) { $0.release(failedBy: nil, at: time) }
    }

    /// The lease's time is up, unless the coordinator's absence has taken some of it.
    func expire(_ number: UInt64) {
        guard let lease = leases[number] else { preconditionFailure("a target was leased without a lease") }
        guard coordinatorAway == nil else { return }
        guard lease.deadline <= now else { return timers.set(lease.target, lease.deadline) }
        drop(lease)
        totals.released += 1
        changes.totals = true
        change(lease.target) { $0.release(failedBy: lease.node, at: time) }
        changes.progress.add(lease.target)
        decide(.released, target: lease.target, node: lease.node, "its time ran out")
        recordHealth(of: lease.node, HealthOutcome(.failure, target: lease.target))
        revoke(lease, "its time ran out")
    }

    private func revoke(_ lease: Lease, _ reason: String) {
        guard let connection = fleet[lease.node].presence.connection else { return }
        let message = Proto.LeaseRevoked(lease: lease.ref.lease, reason: reason)
        effects.append(.send(connection, Proto.Envelope(body: .leaseRevoked(message))))
    }

    // MARK: What operators do

    func operate(_ operation: TargetOperation, on id: TargetID) {
        if let number = numbers[id] { _ = operate(operation, on: number) }
    }

    /// False: it was so already, or its state does not allow it.
    func operate(_ operation: TargetOperation, on number: TargetNumber) -> Bool {
        if case .leased(let running, _) = targets[number].target.state, let lease = leases[running] {
            guard operation == .pause || operation == .cancel else { return false }
            drop(lease)
            totals.released += 1
            changes.totals = true
            revoke(lease, "an operator stopped its target")
        }
        var changed = false
        change(number) {
            switch operation {
            case .pause: changed = $0.pause()
            case .resume: changed = $0.resume(at: time)
            case .cancel: changed = $0.cancel()
            case .revive: changed = $0.revive(at: time)
            }
        }
        if changed { changes.progress.add(number) }
        return changed
    }
}
