import Model

/// A lease as a registering node lists it.
struct ListedLease: Hashable, Sendable {
    var ref: LeaseRef
    /// Delivering: how its collection ended.
    var report: LeaseReport?
}

/// What a registration means for the leases that were thought to be with the node.
struct Reconciliation: Hashable, Sendable {
    enum Answer: Hashable, Sendable {
        case keep(LeaseRef, LeaseReport?)
        case drop(LeaseRef)
    }

    /// One for each lease listed, in the order of the list.
    private(set) var answers: [Answer] = []
    /// To be given out again at once: the node does not know them.
    private(set) var lost: [LeaseRef] = []

    /// `acknowledged`: for each of the node's streams, the first sequence that is not yet.
    init(listed: [ListedLease], held: [Lease], acknowledged: [UInt64: UInt64]) {
        let current = Set(held.map(\.ref))
        var named: Set<LeaseRef> = []
        for lease in listed {
            guard current.contains(lease.ref), named.insert(lease.ref).inserted else {
                answers.append(.drop(lease.ref))
                continue
            }
            answers.append(.keep(lease.ref, lease.report))
        }
        for lease in held where !named.contains(lease.ref) && !lease.isDelivered(acknowledged) {
            lost.append(lease.ref)
        }
    }
}

extension Lease {
    /// All that it spooled is in the ledger, by what the node has seen acknowledged: its receipts are on their way.
    fileprivate func isDelivered(_ acknowledged: [UInt64: UInt64]) -> Bool {
        guard case .delivering(let report, _) = phase else { return false }
        return acknowledged[report.stream, default: 0] > report.lastSequence
    }
}
