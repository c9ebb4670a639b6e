import Model
import Orchestrator
import Wire

/// Follows every lease through the orchestrator's turns: what nodes and the ledger said of it, and what then became of
/// its target.
struct LeaseWatch {
    struct Said: Hashable {
        var ref: LeaseRef
        var node: String
    }

    /// What a node claimed of a lease, at any time.
    private var reports: [Said: Proto.OutcomeKind] = [:]
    /// Items of a lease that the ledger has, by its receipts.
    private var known: [Said: UInt64] = [:]
    private var before: [TargetID: TargetStanding] = [:]
    private var claims = FalseClaims([], before: [:])
    private(set) var status = OrchestratorStatus()

    /// Rare paths that this turn took.
    private(set) var seen: [Occurrence] = []

    // MARK: What comes in

    mutating func take(_ inputs: [OrchestratorInput]) {
        claims = FalseClaims(inputs, before: before)
        seen = claims.seen
        for input in inputs {
            switch input {
            case .request(_, let name, let envelope): take(envelope.body, from: name)
            case .receipts(let page): take(page)
            default: break
            }
        }
    }

    private mutating func take(_ body: Proto.Envelope.Body?, from node: String) {
        switch body {
        case .leaseOutcomes(let message):
            for outcome in message.outcomes {
                note(outcome.lease, outcome.target, outcome.fence, outcome.kind, of: node)
            }
        case .registerNode(let message):
            for lease in message.leases where lease.phase == .delivering {
                note(lease.lease, lease.target, lease.fence, lease.outcome, of: node)
            }
        case .renewLease: seen.append(.leaseRenewed)
        default: break
        }
    }

    private mutating func note(
        _ lease: UInt64, _ target: ArraySlice<UInt8>, _ fence: Proto.Fence?, _ kind: Proto.OutcomeKind, of node: String
    ) {
        guard let ref = LeaseRef(lease: lease, target: target, fence: fence) else { return }
        let said = Said(ref: ref, node: node)
        if reports[said] == nil { seen.append(known[said] == nil ? .outcomeBeforeReceipts : .receiptsBeforeOutcome) }
        // What a later word takes back may have counted before it came.
        if kind != .failedNode || reports[said] == nil { reports[said] = kind }
    }

    private mutating func take(_ page: ReceiptPage) {
        if page.position <= status.receiptPosition, !page.receipts.isEmpty { seen.append(.receiptsRepeated) }
        for receipt in page.receipts {
            known[Said(ref: receipt.lease, node: receipt.node), default: 0] +=
                UInt64(receipt.stored) + UInt64(receipt.duplicates) + UInt64(receipt.unchanged)
        }
    }

    // MARK: What came of it

    /// The first rule that this turn broke.
    mutating func judge(_ core: OrchestratorCore, sums: ReceiptSums, at now: Instant) -> Violation? {
        let old = status
        status = core.status()
        note(old)
        if let alert = status.alerts.first { return Violation(invariant: .conserved, detail: alert) }
        let expected = sums.sum(through: status.receiptPosition)
        let counted = ReceiptSums.Sum(
            stored: status.stored, duplicates: status.duplicates, refused: status.refused, unchanged: status.unchanged)
        if counted != expected {
            return Violation(
                invariant: .countedOnce,
                detail: "receipts up to \(status.receiptPosition) say \(expected), counted are \(counted)")
        }
        if let violation = claims.judge(core, at: now) { return violation }
        for id in core.targetIDs {
            guard let now = core.standing(of: id) else { continue }
            let then = before.updateValue(now, forKey: id)
            if let violation = judge(then, now) { return violation }
        }
        return nil
    }

    private func judge(_ then: TargetStanding?, _ now: TargetStanding) -> Violation? {
        if let lease = now.lease, lease.isDelivering, reports[Said(ref: lease.ref, node: lease.node)] == nil {
            return Violation(
                invariant: .staleChangesNothing,
                detail: "lease \(lease.ref.lease) of \(lease.node) is delivering, but its node never said so")
        }
        guard now.successes > (then?.successes ?? 0) else { return nil }
        guard let lease = then?.lease, let kind = reports[Said(ref: lease.ref, node: lease.node)], kind != .failedNode
        else {
            return Violation(
                invariant: .staleChangesNothing,
                detail: "a success was counted for lease \(then?.lease?.ref.lease ?? 0), which nobody had reported")
        }
        guard known[Said(ref: lease.ref, node: lease.node), default: 0] > 0 else {
            return Violation(
                invariant: .settledByReceipt,
                detail: "lease \(lease.ref.lease) settled as a success, but no receipt of it has an artifact")
        }
        return nil
    }

    /// The core was built anew from its database: what it had not stored is as if it had not been.
    mutating func began(_ core: OrchestratorCore) {
        status = core.status()
        before = [:]
        for id in core.targetIDs { before[id] = core.standing(of: id) }
    }

    private mutating func note(_ old: OrchestratorStatus) {
        if status.fenced > old.fenced { seen.append(.staleOutcomeFenced) }
        if status.handedBack > old.handedBack { seen.append(.handedBack) }
        if status.empties > old.empties { seen.append(.emptyCollection) }
        if status.failures > old.failures { seen.append(.failedCollection) }
        if status.targets.dead > old.targets.dead { seen.append(.targetDied) }
    }
}

extension Oracle {
    /// A turn begins; whether it ends well or not, its inputs may have taken effect.
    func turns(_ inputs: [OrchestratorInput]) { leases.take(inputs) }

    /// A turn of the orchestrator is on disk.
    func turned(_ core: OrchestratorCore, _ inputs: [OrchestratorInput], _ effects: [OrchestratorEffect]) {
        let violation = leases.judge(core, sums: receipts, at: simulation.hub.now)
        for occurrence in leases.seen { simulation.count(occurrence) }
        for case .send(_, let envelope) in effects {
            if case .leaseRevoked? = envelope.body { simulation.count(.leaseExpired) }
            if case .error(let error)? = envelope.body, error.code == .nameTaken { simulation.count(.nameTaken) }
        }
        if case .tick? = inputs.first, inputs.count == 1, core.nodes().contains(where: { $0.state == "offline" }) {
            simulation.count(.nodeOffline)
        }
        simulation.note("turn", leases.status.receiptPosition, UInt64(effects.count)) {
            "\(inputs.count) inputs, \(effects.count) effects, receipts to \(leases.status.receiptPosition)"
        }
        if let violation { simulation.fail(violation.invariant, violation.detail) }
    }

    /// The orchestrator was opened.
    func began(_ core: OrchestratorCore) {
        leases.began(core)
        if core.receiptPosition > receipts.version {
            simulation.fail(
                .countedOnce,
                "the orchestrator counted receipts to \(core.receiptPosition), but the log ends at \(receipts.version)")
        }
    }
}
