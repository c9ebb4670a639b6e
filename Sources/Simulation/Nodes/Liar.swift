import Model
import Node
import Orchestrator
import Wire

/// Makes up what a node says against the truth: of leases that others hold, under fences that nobody has, of more or
/// less than it has spooled, and one thing after another. The true state is known to it, so its lies are near misses.
struct Liar {
    private unowned let simulation: Simulation
    private let node: NodeProcess

    enum Lie: CaseIterable {
        case outcomeOfAnother, renewalOfAnother, wrongFence, wrongPosition, contradiction
    }

    init(_ simulation: Simulation, node: NodeProcess) {
        self.simulation = simulation
        self.node = node
    }

    func speak() { for _ in 0...simulation.random.below(3) { tell(simulation.random.oneOf(Lie.allCases)) } }

    private func tell(_ lie: Lie) {
        guard let core = simulation.hub.core else { return }
        let leases = core.targetIDs.compactMap { core.standing(of: $0)?.lease }
        let own = leases.filter { $0.node == node.name }
        let others = leases.filter { $0.node != node.name }
        switch lie {
        case .outcomeOfAnother: pick(others).map { claim([outcome($0.ref, anyKind)]) }
        case .renewalOfAnother:
            pick(others).map {
                node.lie(.renewLease(Proto.RenewLease(lease: $0.ref.lease, fence: $0.ref.fence.wire, progress: .max)))
            }
        case .wrongFence: pick(leases).map { claim([outcome(misfenced($0.ref), anyKind)]) }
        case .wrongPosition: pick(own).map { claim([outcome($0.ref, .collected)]) }
        case .contradiction: pick(own).map { lease in claim((0..<3).map { _ in outcome(lease.ref, anyKind) }) }
        }
    }

    private func claim(_ outcomes: [Proto.LeaseOutcome]) {
        node.lie(.leaseOutcomes(Proto.LeaseOutcomes(outcomes: outcomes)))
    }

    private func pick(_ leases: [LeaseStanding]) -> LeaseStanding? {
        leases.isEmpty ? nil : simulation.random.oneOf(leases)
    }

    private var anyKind: Proto.OutcomeKind {
        simulation.random.oneOf([.collected, .failedTarget, .failedNode, .failedContent])
    }

    /// One step beside the truth, or nothing that ever was.
    private func misfenced(_ ref: LeaseRef) -> LeaseRef {
        let (life, counter) = (ref.fence.incarnation, ref.fence.counter)
        let fence =
            switch simulation.random.below(4) {
            case 0: Fence(incarnation: life, counter: counter &- 1)
            case 1: Fence(incarnation: life, counter: counter &+ 1)
            case 2: Fence(incarnation: life &+ 1, counter: counter)
            default: ref.fence
            }
        let lease = fence == ref.fence ? simulation.random.next() : ref.lease
        return LeaseRef(lease: lease, target: ref.target, fence: fence)
    }

    private func outcome(_ ref: LeaseRef, _ kind: Proto.OutcomeKind) -> Proto.LeaseOutcome {
        let next = node.spool?.next ?? 1
        return Proto.LeaseOutcome(
            lease: ref.lease, target: ref.target.bytes[...], fence: ref.fence.wire, kind: kind, error: "so it says",
            stream: simulation.random.oneIn(3) ? simulation.random.next() : node.spool?.stream ?? 0,
            lastSequence: simulation.random.oneOf([0, 1, next &+ 5, .max]))
    }
}
