import Model
import Storage
import Wire

/// Assignments, what collectors yield, renewals, outcomes.
extension NodeCore {
    func assigned(_ assignment: Proto.Assignment) {
        guard let lease = assignment.leaseRef else { return }
        // The same lease again: the push crossed a registration that named it.
        guard collections[lease.lease] == nil, spool.outcomes[lease.lease] == nil else { return }
        if let refusal = refusal(of: assignment) {
            record(Outcome(lease: lease, result: CollectionResult(.failedNode, error: refusal)), last: nil)
            return
        }
        let span =
            assignment.deadlineMs == 0
            ? Limits.collectingDeadline : Span.milliseconds(UInt64(assignment.deadlineMs))
        collections.start(lease, span: span, now: now)
        effects.append(.startCollecting(assignment))
    }

    private func refusal(of assignment: Proto.Assignment) -> String? {
        guard identity.capabilities.contains(assignment.type) else {
            return "this node has no collector of type \"\(assignment.type)\"; "
                + "it has \(identity.capabilities.joined(separator: ", "))"
        }
        return freeCapacity > 0 ? nil : "this node has no free capacity; assign what its heartbeat says it can take"
    }

    func revoke(_ lease: UInt64, _ reason: String) {
        if collections.remove(lease) != nil { effects.append(.stopCollecting(lease: lease, reason: reason)) }
        spool.forgetOutcome(lease)
    }

    /// What comes after the lease has ended was never promised to anybody.
    func yielded(_ lease: UInt64, _ items: [CollectedItem]) {
        guard let collection = collections[lease] else { return }
        var last: SpoolPlace?
        for item in items {
            let (place, size) = spool.append(item, lease: collection.lease)
            delivery.written(through: place.sequence, bytes: size, now: now)
            last = place
        }
        collections.yielded(lease, items: items.count, last: last)
    }

    func finish(_ lease: UInt64, _ result: CollectionResult) {
        guard let collection = collections.remove(lease) else { return }
        var result = result
        result.error = result.error.prefix(utf8: NodeLimits.outcomeError)
        let outcome = Outcome(
            lease: collection.lease, result: result, items: collection.items,
            duration: now.since(collection.startedAt))
        record(outcome, last: collection.last)
    }

    private func record(_ outcome: Outcome, last: SpoolPlace?) {
        let kept = spool.record(outcome, last: last)
        effects.append(.ended(kept))
        if case .registered = session { unreported.append(kept.lease.lease) }
    }

    func renew(_ collection: Collections.Collection) {
        collections.renewing(collection.lease.lease)
        ask(
            .renewLease(
                Proto.RenewLease(
                    lease: collection.lease.lease, fence: collection.lease.fence.wire, progress: collection.progress)),
            as: .renew(lease: collection.lease.lease))
    }

    func renewed(_ reply: Proto.RenewLeaseReply) {
        guard reply.kept else { return revoke(reply.lease, "the orchestrator did not renew the lease") }
        guard reply.deadlineMs > 0 else { return }
        collections.extend(reply.lease, by: .milliseconds(UInt64(reply.deadlineMs)), now: now)
    }

    /// Tells outcomes that are on disk, in the order they came.
    func report() {
        guard case .registered = session else { return }
        let outcomes = unreported.compactMap { spool.outcomes[$0] }
        unreported = []
        var rest = outcomes[...]
        while !rest.isEmpty {
            let part = rest.prefix(NodeLimits.outcomesAtOnce)
            rest = rest.dropFirst(part.count)
            ask(
                .leaseOutcomes(Proto.LeaseOutcomes(outcomes: part.map(\.wire), freeCapacity: freeCapacity)),
                as: .outcomes(part.map(\.lease.lease)))
        }
    }

    /// Each step that may be taken is asked for once, and only with room for what it brings.
    func resumeCollectors() {
        guard spool.hasRoom, !directives.contains(.pause) else { return }
        for lease in collections.takeWaiting() { effects.append(.resumeCollector(lease: lease)) }
    }
}

extension Proto.Assignment {
    /// Nil when it names no target.
    var leaseRef: LeaseRef? { LeaseRef(lease: lease, target: target, fence: fence) }
}

extension String {
    /// As many whole characters as fit into `bytes`.
    func prefix(utf8 bytes: Int) -> String {
        guard utf8.count > bytes else { return self }
        var kept = ""
        for character in self {
            guard kept.utf8.count + character.utf8.count <= bytes else { break }
            kept.append(character)
        }
        return kept
    }
}
