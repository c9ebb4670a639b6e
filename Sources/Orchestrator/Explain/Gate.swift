import Model

/// Something that stands between a target and its next collection, or between a node and its next target.
struct Gate: Hashable, Sendable {
    enum Name: String, CaseIterable, Sendable {
        case paused, dead, cancelled, done, leased
        case notDue = "not_due"
        case backingOff = "backing_off"
        case hostPoliteness = "host_politeness"
        case noCapableNode = "no_capable_node"
        case noLiveNode = "no_live_node"
        case draining
        case noHealthyNode = "no_healthy_node"
        case noQuota = "no_quota"
        case spoolFull = "spool_full"
        case noCapacity = "no_capacity"
        case nothingDue = "nothing_due"
    }

    let name: Name
    let reason: String
    /// Zero: it does not open by time alone.
    var opensIn = Span.zero
}

/// A node as far as it matters for who may be given something.
struct NodeOutlook: Hashable, Sendable {
    let name: String
    let state: String
    var isLive = true
    var isDraining = false
    /// Degraded, and its next probe is not due: how long until it is.
    var probeIn: Span?
    /// Its quota is used up for so long.
    var creditIn: Span?
    var isSpoolFull = false
    var collecting: UInt32 = 0
    var capacity: UInt32 = 1

    /// Every gate before its next target, in the order in which they are looked at.
    var gates: [Gate] {
        var gates: [Gate] = []
        if !isLive { gates.append(Gate(name: .noLiveNode, reason: "\(name) is \(state)")) }
        if isDraining { gates.append(Gate(name: .draining, reason: "\(name) is being drained")) }
        if let probeIn {
            gates.append(
                Gate(name: .noHealthyNode, reason: "\(name) is degraded; one probe a minute", opensIn: probeIn))
        }
        if let creditIn {
            gates.append(Gate(name: .noQuota, reason: "\(name) has used up its quota", opensIn: creditIn))
        }
        if isSpoolFull { gates.append(Gate(name: .spoolFull, reason: "the spool of \(name) is nearly full")) }
        if collecting >= capacity {
            gates.append(Gate(name: .noCapacity, reason: "\(name) collects \(collecting) of \(capacity)"))
        }
        return gates
    }

    /// The gate that all of these nodes together are: nil when one of them is open. Each question is asked of those
    /// that the questions before left over.
    static func gate(of nodes: [NodeOutlook], needing requirement: String) -> Gate? {
        guard !nodes.isEmpty else {
            return Gate(name: .noCapableNode, reason: "no node offers \(requirement)")
        }
        var rest = nodes[...]
        for name in [
            Gate.Name.noLiveNode, .draining, .noHealthyNode, .noQuota, .spoolFull, .noCapacity,
        ] {
            let closed = rest.compactMap { node in node.gates.first { $0.name == name } }
            rest = rest.filter { node in !node.gates.contains { $0.name == name } }
            guard rest.isEmpty else { continue }
            let named = closed.prefix(3).map(\.reason).joined(separator: "; ")
            let more = closed.count > 3 ? "; and \(closed.count - 3) more" : ""
            let soonest = closed.map(\.opensIn).filter { $0 > .zero }.min() ?? .zero
            return Gate(name: name, reason: named + more, opensIn: soonest)
        }
        return nil
    }
}
