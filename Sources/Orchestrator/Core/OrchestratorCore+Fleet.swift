import Model
import Wire

/// Nodes come, fall silent, come back, and go.
extension OrchestratorCore {
    /// Nil: answered by an effect of its own.
    func register(
        _ message: Proto.RegisterNode, name: String, on connection: ConnectionID, inReplyTo id: UInt64
    ) -> Proto.Envelope.Body? {
        let profile: NodeProfile
        let listed: [ListedLease]
        do throws(FieldError) {
            profile = try NodeProfile(message, name: name)
            listed = try message.leases.enumerated().map { (place, lease) throws(FieldError) in
                try ListedLease(lease, path: "leases[\(place)].")
            }
        } catch {
            return .invalid(error)
        }
        switch fleet.register(name: name, profile: profile, on: connection, now: now) {
        case .nameTaken(let retryAfter):
            if let node = fleet.node(named: name) {
                decide(.rejected, node: node, "another instance wanted to register under this name")
            }
            return .error(
                .nameTaken, "another instance is registered as \(quoted(name)); stop it or choose another name",
                field: "name", retryAfter: retryAfter)
        case .accepted(let node, let replaced):
            if let replaced { close(replaced, .nameTaken, "the same node has registered on another connection") }
            changes.nodes.add(node)
            decide(.nodeState, node: node, "registered with capacity \(profile.capacity)")
            enlist(node)
            let answers = reconcile(node, listed, message.streams)
            refreshLoad(of: node)
            quotaMayChange(of: node)
            effects.append(
                .registered(connection, inReplyTo: id, Proto.Registered(leases: answers)))
            return nil
        }
    }

    /// Makes the node known where targets wait for its kind.
    func enlist(_ node: NodeNumber) {
        let profile = fleet[node].profile
        assigner.join(
            node, name: fleet[node].name, capabilities: profile.capabilities, labels: profile.pins)
    }

    private func reconcile(
        _ node: NodeNumber, _ listed: [ListedLease], _ streams: [Proto.StreamPosition]
    ) -> [Proto.LeaseDisposition] {
        let held = fleet[node].leases.sorted().compactMap { leases[$0] }
        let acknowledged = Dictionary(streams.map { ($0.stream, $0.firstUnacked) }, uniquingKeysWith: max)
        let plan = Reconciliation(listed: listed, held: held, acknowledged: acknowledged)
        for ref in plan.lost {
            if let lease = leases[ref.lease] { release(lease, "its node came back without it") }
        }
        return plan.answers.map { answer in
            switch answer {
            case .drop(let ref): dropped(ref)
            case .keep(let ref, let report): kept(ref, report, by: node)
            }
        }
    }

    private func kept(_ ref: LeaseRef, _ report: LeaseReport?, by node: NodeNumber) -> Proto.LeaseDisposition {
        if let report {
            self.report(report, for: ref, from: node)
            return Proto.LeaseDisposition(lease: ref.lease, keep: true)
        }
        guard var lease = leases[ref.lease] else { return dropped(ref) }
        lease.restart(until: now + configuration.collectingDeadline)
        leases[ref.lease] = lease
        timers.set(lease.target, lease.deadline)
        let left = lease.isCollecting ? configuration.collectingDeadline.wireMilliseconds : 0
        return Proto.LeaseDisposition(lease: ref.lease, keep: true, remainingMs: left)
    }

    private func dropped(_ ref: LeaseRef) -> Proto.LeaseDisposition {
        let reason: String
        if let number = numbers[ref.target] {
            let settled = targets[number].target.progress.lastLease == ref.lease
            if !settled { countFenced() }
            reason = settled ? "it has settled" : "its target was given out again"
        } else {
            reason = "its target is not known here"
        }
        return Proto.LeaseDisposition(lease: ref.lease, keep: false, reason: reason)
    }

    func signOfLife(on connection: ConnectionID) {
        guard let node = fleet.signOfLife(on: connection, now: now) else { return }
        decide(.nodeState, node: node, "suspect to active: it showed life")
        refreshLoad(of: node)
    }

    /// What it still collects is given out again; what it delivered is waited for until it counts as offline.
    func goodbye(on connection: ConnectionID) -> Proto.Envelope.Body? {
        guard let node = fleet.goodbye(on: connection) else { return nil }
        assigner.leave(node)
        changes.nodes.add(node)
        decide(.nodeState, node: node, "left: it said goodbye")
        for number in fleet[node].leases.sorted() {
            if let lease = leases[number], lease.isCollecting { release(lease, "its node said goodbye") }
        }
        return nil
    }

    func wentOffline(_ node: NodeNumber, _ connection: ConnectionID?) {
        assigner.leave(node)
        changes.nodes.add(node)
        let silence = now.since(fleet[node].lastSign).milliseconds
        decide(.nodeState, node: node, "offline: silent for \(silence) ms")
        for number in fleet[node].leases.sorted() {
            if let lease = leases[number] { release(lease, "its node went offline") }
        }
        if let connection {
            close(connection, .idleTimeout, "no sign of life for \(configuration.offlineAfter.milliseconds) ms")
        }
    }

    private func close(_ connection: ConnectionID, _ code: Proto.ErrorCode, _ why: String) {
        effects.append(.close(connection, reason: Proto.Error(code: code, message: why)))
    }
}

extension NodeProfile {
    init(_ message: Proto.RegisterNode, name: String) throws(FieldError) {
        if name.isEmpty || name.utf8.count > Limits.maxNodeName {
            throw FieldError("name", "\(quoted(name)) cannot be a node's name; use 1 to \(Limits.maxNodeName) bytes")
        }
        if message.instance.count != 16 {
            throw FieldError("instance", "it has \(message.instance.count) bytes; send 16 random ones that are kept")
        }
        if !(1...Limits.maxCapacity).contains(message.capacity) {
            throw FieldError("capacity", "\(message.capacity) is out of range; use 1 to \(Limits.maxCapacity)")
        }
        if !(1...Limits.maxCapabilities).contains(message.capabilities.count) {
            let most = Limits.maxCapabilities
            throw FieldError("capabilities", "there are \(message.capabilities.count); send 1 to \(most)")
        }
        for capability in message.capabilities where !(1...Limits.maxNodeName).contains(capability.utf8.count) {
            throw FieldError("capabilities", "\(quoted(capability)) is no name; use 1 to \(Limits.maxNodeName) bytes")
        }
        try checkLabels(message.labels)
        self.init(
            instance: Array(message.instance),
            capabilities: Set(message.capabilities.map { TargetType(name: $0)?.name ?? $0 }).sorted(),
            capacity: message.capacity,
            labels: Dictionary(message.labels.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 }),
            draining: message.draining)
    }
}

extension ListedLease {
    fileprivate init(_ held: Proto.HeldLease, path: String) throws(FieldError) {
        let ref = try LeaseRef(lease: held.lease, target: held.target, fence: held.fence, path: path)
        guard held.phase == .delivering else {
            self.init(ref: ref, report: nil)
            return
        }
        let report = LeaseReport(
            claim: try LeaseReport.Claim(held.outcome, path: path + "outcome"), error: held.error.asKeptError,
            stream: held.stream, lastSequence: held.lastSequence)
        self.init(ref: ref, report: report)
    }
}
