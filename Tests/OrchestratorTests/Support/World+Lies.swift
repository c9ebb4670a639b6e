import Model
import TestKit
import Wire

@testable import Orchestrator

/// What a node says against the truth.
extension World {
    func lie(_ node: Int) throws {
        let leases = rig.core.leases.values.sorted { $0.ref.lease < $1.ref.lease }
        guard faults, isHeard(node), !leases.isEmpty else { return }
        let lease = leases[pick(leases.count)]
        if rig.core.fleet[lease.node].name == nodes[node].name {
            try lieAboutOwn(lease, node)
        } else {
            try lieAboutAnothers(lease, node)
        }
    }

    /// It may ruin its own lease, and that alone: the sums and everything else must hold.
    private func lieAboutOwn(_ lease: Lease, _ node: Int) throws {
        var ref = lease.ref
        if chance(4) { ref = LeaseRef(lease: ref.lease, target: ref.target, fence: ref.fence.successor) }
        if ref == lease.ref { reported.insert(ref.lease) }
        let outcomes = (0...pick(2)).map { _ in falseOutcome(ref, node) }
        try send(.leaseOutcomes(Proto.LeaseOutcomes(outcomes: outcomes)), from: node)
    }

    /// Nothing may come of it.
    private func lieAboutAnothers(_ lease: Lease, _ node: Int) throws {
        // Whatever is due has been done, so that the next turn has nothing to do but this.
        try turn([.tick])
        guard let then = rig.core.leases[lease.ref.lease], isHeard(node) else { return }
        let state = rig.core.targets[then.target].target.state
        let health = healths
        let fenced = rig.core.status().fenced
        let lie = pick(3)
        switch lie {
        case 0: try send(.leaseOutcomes(Proto.LeaseOutcomes(outcomes: [falseOutcome(then.ref, node)])), from: node)
        case 1:
            try send(
                .renewLease(Proto.RenewLease(lease: then.ref.lease, fence: then.ref.fence.wire, progress: .max)),
                from: node)
        default: try register(node, claiming: [then.ref])
        }
        let now = rig.core.leases[lease.ref.lease]
        try must(
            now?.phase == then.phase && now?.tally == then.tally
                && rig.core.targets[then.target].target.state == state,
            "a lease is not changed by another node's word")
        guard lie < 2 else { return }
        try must(healths == health, "nobody's health is changed by another node's word")
        try must(rig.core.status().fenced == fenced + 1, "a word about another's lease is counted as fenced")
    }

    /// It has registered on this connection.
    private func isHeard(_ node: Int) -> Bool {
        nodes[node].connection.flatMap { rig.core.fleet.node(on: ConnectionID($0)) } != nil
    }

    private var healths: [String] {
        rig.core.fleet.nodes.map { "\($0.health.state), \($0.health.outcomes) of \($0.health.ordinal)" }
    }

    private func falseOutcome(_ ref: LeaseRef, _ node: Int) -> Proto.LeaseOutcome {
        let kinds: [Proto.OutcomeKind] = [.collected, .failedTarget, .failedNode, .failedContent]
        let positions = [0, 1, nodes[node].sequence + 9, .max]
        return Proto.LeaseOutcome(
            lease: ref.lease, target: ref.target.bytes[...], fence: ref.fence.wire, kind: kinds[pick(kinds.count)],
            stream: nodes[chance(3) ? pick(nodes.count) : node].stream, lastSequence: positions[pick(positions.count)])
    }
}

extension Fence {
    fileprivate var successor: Fence { Fence(incarnation: incarnation, counter: counter + 1) }
}
