package import Model
import Storage

/// Where one target stands, for whoever checks the orchestrator from outside.
package struct TargetStanding: Equatable, Sendable {
    package var state: String
    package var attempts: UInt64
    package var successes: UInt64
    package var lease: LeaseStanding?
}

package struct LeaseStanding: Equatable, Sendable {
    package var ref: LeaseRef
    package var node: String
    /// The node has said how it ended.
    package var isDelivering: Bool
    package var deadline: Instant
}

extension OrchestratorCore {
    package var targetIDs: [TargetID] { targets.map(\.target.id) }

    /// Nil for a target that was never submitted.
    package func standing(of id: TargetID) -> TargetStanding? {
        guard let number = numbers[id] else { return nil }
        let target = targets[number].target
        var standing = TargetStanding(
            state: target.state.name, attempts: target.progress.attempts, successes: target.progress.successes)
        if case .leased(let number, _) = target.state, let lease = leases[number] {
            standing.lease = LeaseStanding(
                ref: lease.ref, node: fleet[lease.node].name, isDelivering: !lease.isCollecting,
                deadline: lease.deadline)
        }
        return standing
    }
}
