import Model
import Orchestrator
import Wire

/// What a node said in one turn of leases that are not its own, or under a fence that they do not have. Nothing may
/// come of it; where it was the turn's only input, a change can have come of nothing else.
struct FalseClaims {
    /// The targets spoken of, as they stood.
    private var victims: [TargetID: TargetStanding] = [:]
    private let isAlone: Bool

    init(_ inputs: [OrchestratorInput], before: [TargetID: TargetStanding]) {
        isAlone = inputs.count == 1
        for case .request(_, let name, let envelope) in inputs { add(envelope.body, from: name, before) }
    }

    var seen: [Occurrence] {
        victims.isEmpty ? [] : isAlone ? [.falseClaim, .falseClaimAlone] : [.falseClaim]
    }

    private mutating func add(_ body: Proto.Envelope.Body?, from node: String, _ before: [TargetID: TargetStanding]) {
        switch body {
        case .leaseOutcomes(let message):
            var spokenFor: Set<TargetID> = []
            for outcome in message.outcomes {
                guard let ref = LeaseRef(lease: outcome.lease, target: outcome.target, fence: outcome.fence),
                    let standing = before[ref.target], let lease = standing.lease
                else { continue }
                let isTrue = lease.node == node && lease.ref == ref
                if isTrue { spokenFor.insert(ref.target) } else { victims[ref.target] = standing }
            }
            // One message may tell of a lease that is over and of the target's next one.
            for target in spokenFor { victims[target] = nil }
        case .renewLease(let message):
            for (target, standing) in before {
                guard let lease = standing.lease, lease.ref.lease == message.lease else { continue }
                if lease.node != node || lease.ref.fence.wire != message.fence { victims[target] = standing }
            }
        default: break
        }
    }

    func judge(_ core: OrchestratorCore, at now: Instant) -> Violation? {
        guard isAlone else { return nil }
        for (target, then) in victims {
            // Time has ended it, not the claim.
            if let lease = then.lease, lease.deadline <= now { continue }
            guard let standing = core.standing(of: target), standing != then else { continue }
            return Violation(
                invariant: .staleChangesNothing,
                detail: "a claim about lease \(then.lease?.ref.lease ?? 0), which is another's, changed its target")
        }
        return nil
    }
}

extension Oracle {
    /// The hub answers a lie; the only renewals among them are of others' leases.
    func answered(lieOf node: NodeProcess, _ body: Proto.Envelope.Body) {
        switch body {
        case .renewLeaseReply(let reply) where reply.kept:
            simulation.fail(.staleChangesNothing, "\(node.name) renewed lease \(reply.lease), which it did not hold")
        case .renewLeaseReply: simulation.count(.foreignRenewalRefused)
        default: break
        }
    }
}
