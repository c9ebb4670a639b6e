package import Model
import Wire

/// Why something does not happen.
extension OrchestratorCore {
    func explain(_ message: Proto.Explain) -> Proto.Envelope.Body {
        if !message.target.isEmpty {
            guard let number = TargetID(message.target).flatMap({ numbers[$0] }) else {
                return .unknownTarget("target")
            }
            let gates = gates(before: number)
            return .explainReply(
                Proto.ExplainReply(
                    gates: gates.map(\.message), target: info(number, withSpec: true), next: next(gates, of: number)))
        }
        guard let node = fleet.node(named: message.node) else { return .unknownNode(message.node, "node") }
        let gates = gates(before: fleet[node])
        let next =
            gates.isEmpty
            ? "it is given the next target that it can take"
            : "it is given a target once it is through: \(gates.map(\.name.rawValue).joined(separator: ", "))"
        return .explainReply(Proto.ExplainReply(gates: gates.map(\.message), node: info(fleet[node]), next: next))
    }

    /// The same in one line, for a report.
    package func gates(before id: TargetID) -> String {
        guard let number = numbers[id] else { return "unknown" }
        return gates(before: number).map { "\($0.name.rawValue): \($0.reason)" }.joined(separator: "; ")
    }

    /// Every gate between the target and its next collection, in the order in which they would have to open.
    func gates(before number: TargetNumber) -> [Gate] {
        let entry = targets[number]
        var gates: [Gate] = []
        if let gate = stateGate(entry) {
            // What comes after these is not decided by how things are now.
            if [.leased, .cancelled, .done].contains(gate.name) { return [gate] }
            gates.append(gate)
        }
        if let gate = assigner.gate(of: entry.place, now: now) { gates.append(gate) }
        let requirement = entry.requirement
        let capable = fleet.nodes.filter { $0.presence != .removed && requirement.isMet(by: $0) }.map(outlook)
        if let gate = NodeOutlook.gate(of: capable, needing: requirement.sentence) { gates.append(gate) }
        return gates
    }

    private func stateGate(_ entry: TargetEntry) -> Gate? {
        let target = entry.target
        let error = target.progress.lastError
        switch target.state {
        case .scheduled(let due):
            return Gate(name: .notDue, reason: "it is due by its schedule", opensIn: span(until: due))
        case .retry(let due):
            return Gate(
                name: .backingOff,
                reason: error.isEmpty ? "it backs off after a failure" : "it backs off after this error: \(error)",
                opensIn: span(until: due))
        case .leased(let number, _):
            guard let lease = leases[number] else { return nil }
            let phase = lease.isCollecting ? "collects from it" : "has collected, and delivers"
            return Gate(
                name: .leased, reason: "\(fleet[lease.node].name) \(phase), under lease \(number)",
                opensIn: .zero)
        case .paused: return Gate(name: .paused, reason: "an operator paused it; rookery targets resume goes on")
        case .dead:
            return Gate(
                name: .dead, reason: "it failed too often, last with: \(error); rookery targets retry revives it")
        case .cancelled: return Gate(name: .cancelled, reason: "an operator cancelled it")
        case .done: return Gate(name: .done, reason: "it was to be collected once, and was")
        case .due: return nil
        }
    }

    private func span(until due: WallTime) -> Span {
        .milliseconds(UInt64(max(1, due.milliseconds - time.milliseconds)))
    }

    private func gates(before node: FleetNode) -> [Gate] {
        var gates = outlook(node).gates
        if !assigner.hasWork(for: node.number) {
            gates.append(Gate(name: .nothingDue, reason: "no target that it could take is due"))
        }
        return gates
    }

    func outlook(_ node: FleetNode) -> NodeOutlook {
        var outlook = NodeOutlook(name: node.name, state: node.presence.name)
        outlook.isLive = node.presence.isLive
        outlook.isDraining = node.isDraining
        if node.health.isDegraded, node.probeAt > now { outlook.probeIn = node.probeAt.since(now) }
        if node.creditAt > now { outlook.creditIn = node.creditAt.since(now) }
        outlook.isSpoolFull = node.spoolNearlyFull
        outlook.collecting = node.collecting
        outlook.capacity = node.health.isDegraded ? 1 : node.profile.capacity
        return outlook
    }

    private func next(_ gates: [Gate], of number: TargetNumber) -> String {
        if gates.isEmpty { return "it goes to a node with the next turn" }
        let names = gates.map(\.name.rawValue).joined(separator: ", ")
        switch targets[number].target.state {
        case .cancelled, .done: return "nothing: it is over"
        case .leased: return "it is due again when its lease has settled"
        case .scheduled, .due, .retry, .paused, .dead: return "it is collected once it is through: \(names)"
        }
    }

    // MARK: Plan

    func plan(_ message: Proto.Plan) -> Proto.Envelope.Body {
        let limit = message.limit == 0 ? Limits.planLimit : min(Int(message.limit), Limits.listLimit)
        let planned = assigner.firsts(limit).map { number, node in
            let gates = gates(before: number)
            return Proto.PlannedTarget(
                target: info(number), node: gates.isEmpty ? node.map { fleet[$0].name } ?? "" : "",
                gate: gates.first?.name.rawValue ?? "")
        }
        return .planReply(
            Proto.PlanReply(
                targets: planned, nodes: fleet.nodes.filter(\.isHere).map(info), risks: risks(), due: states.due))
    }

    private func risks() -> [String] {
        var risks = assigner.needs.compactMap { need -> String? in
            switch fleet.nodes.count(where: { $0.isHere && need.isMet(by: $0) }) {
            case 0: return "no node offers \(need.sentence), which targets need"
            case 1:
                let only = fleet.nodes.first { $0.isHere && need.isMet(by: $0) }?.name ?? ""
                return "only \(only) offers \(need.sentence)"
            default: return nil
            }
        }
        for host in assigner.overloaded.prefix(Limits.planLimit) {
            risks.append(
                "the targets of \(host.name) ask for \(NodeHealth.shown(host.wanted)) collections a minute; "
                    + "its politeness allows \(NodeHealth.shown(host.allowed))")
        }
        for (address, hosts) in sharedAddresses.prefix(Limits.planLimit) {
            risks.append(
                "\(Assigner.listed(Array(hosts.prefix(3)), of: hosts.count)) share the address \(address), each with a "
                    + "budget of its own; targets with one label \(OrchestratorCore.politenessLabel)=NAME share one, "
                    + "and with --share-addresses all hosts of one address do")
        }
        return risks
    }

    /// Of hosts with targets that are collected again and again. None where those share a budget anyway.
    private var sharedAddresses: [(address: String, hosts: [String])] {
        guard !configuration.politeness.sharesAddresses else { return [] }
        let wanted = hostMemories.filter { !$0.address.isEmpty && assigner.isWanted($0.name) }
        return Dictionary(grouping: wanted, by: \.address).filter { $0.value.count > 1 }
            .map { (address: $0.key, hosts: $0.value.map(\.name).sorted()) }.sorted { $0.address < $1.address }
    }
}

extension Gate {
    var message: Proto.Gate { Proto.Gate(name: name.rawValue, reason: reason, opensInMs: opensIn.milliseconds) }
}

extension Requirement {
    var sentence: String { pin.isEmpty ? capability : "\(capability) as \(pin)" }

    func isMet(by node: FleetNode) -> Bool {
        node.profile.capabilities.contains(capability)
            && (pin.isEmpty || pin == node.name || node.profile.pins.contains(pin))
    }
}
