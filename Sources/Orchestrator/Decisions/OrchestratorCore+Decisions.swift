import Model
import Storage
import Wire

/// The record of what was decided and why.
extension OrchestratorCore {
    /// Kept with the turn that it belongs to.
    func decide(
        _ kind: DecisionKind, target: TargetNumber? = nil, node: NodeNumber? = nil, by actor: String? = nil,
        figures: [UInt64] = [], _ note: String = ""
    ) {
        changes.decisions.append(
            Decision(
                at: time, kind: kind, actor: actor.map { number(ofActor: $0) }, target: target, node: node,
                figures: figures, note: note.asKeptError))
    }

    /// A bounded number of names; who comes later shares one.
    private func number(ofActor name: String) -> Int {
        let name = actors.count < Limits.actors ? name : "others"
        if let known = actors.firstIndex(of: name) { return known }
        actors.append(name)
        record(RecordKey(.actor, actors.count - 1), Array(name.utf8))
        return actors.count - 1
    }

    /// Numbers what this turn has decided and hands it to the store.
    func recordDecisions() throws(StorageError) {
        guard !changes.decisions.isEmpty else { return }
        for var decision in changes.decisions {
            decisionNumber += 1
            decision.number = decisionNumber
            if let target = decision.target { try keep(decision, target: target) }
            if let node = decision.node {
                try keep(decision, .nodeDecision, node, &fleet[node].trail)
            }
            if let actor = decision.actor {
                var trail = actorTrails[actor] ?? DecisionTrail(isKnown: false)
                try keep(decision, .actorDecision, actor, &trail)
                actorTrails[actor] = trail
            }
        }
        changes.decisions.removeAll(keepingCapacity: true)
        var counter = Packed()
        counter.add(decisionNumber)
        record(RecordKey(.decisionCounter, 0), counter.bytes)
    }

    private func keep(_ decision: Decision, target: TargetNumber) throws(StorageError) {
        if !targets[target].trail.isKnown { targets[target].trail = try trail(.targetDecision, target) }
        if targets[target].trail.count == 0 { changes.progress.add(target) }
        let place = targets[target].trail.next(decision.kind, ring: Limits.decisionsPerTarget)
        record(
            RecordKey(.targetDecision, target * OrchestratorCore.targetStride + place),
            decision.packed(targets[target].trail))
    }

    private func keep(
        _ decision: Decision, _ kind: RecordKind, _ number: Int, _ trail: inout DecisionTrail
    ) throws(StorageError) {
        if !trail.isKnown { trail = try self.trail(kind, number) }
        let place = trail.next(decision.kind, ring: Limits.decisionsPerNode)
        record(RecordKey(kind, number * OrchestratorCore.nodeStride + place), decision.packed(trail))
    }

    private func trail(_ kind: RecordKind, _ number: Int) throws(StorageError) -> DecisionTrail {
        let kept = try read(kind, number)
        return kept.max { $0.decision.number < $1.decision.number }?.trail ?? DecisionTrail(isKnown: true)
    }

    /// Places in the table of records for one target, and for one node or actor.
    static let targetStride = 16
    static let nodeStride = 1_024

    private func read(
        _ kind: RecordKind, _ number: Int
    ) throws(StorageError) -> [(decision: Decision, trail: DecisionTrail)] {
        let stride = kind == .targetDecision ? OrchestratorCore.targetStride : OrchestratorCore.nodeStride
        return try records(kind, number * stride...number * stride + stride - 1).map { Decision.unpacked($0.value) }
    }

    // MARK: Asking

    func list(_ message: Proto.ListDecisions) throws(StorageError) -> Proto.Envelope.Body {
        let limit = message.limit == 0 ? Limits.listLimit : min(Int(message.limit), Limits.listLimit)
        try recordDecisions()
        let ring: (kind: RecordKind, number: Int)
        if !message.target.isEmpty {
            guard let number = TargetID(message.target).flatMap({ numbers[$0] }) else {
                return .unknownTarget("target")
            }
            ring = (.targetDecision, number)
        } else if !message.node.isEmpty {
            guard let node = fleet.node(named: message.node) else { return .unknownNode(message.node, "node") }
            ring = (.nodeDecision, node)
        } else if !message.actor.isEmpty, message.actor != OrchestratorCore.itself {
            guard let actor = actors.firstIndex(of: message.actor) else {
                return .error(.notFound, "\(quoted(message.actor)) has decided nothing here", field: "actor")
            }
            ring = (.actorDecision, actor)
        } else {
            return try listAll(message, limit)
        }
        let kept = try read(ring.kind, ring.number)
        let newest = kept.max { $0.decision.number < $1.decision.number }
        let wanted = filter(kept.map(\.decision), message)
        return .listDecisionsReply(
            Proto.ListDecisionsReply(
                decisions: wanted.prefix(limit).map(info),
                older: newest?.trail.older(than: kept.map(\.decision)).map {
                    Proto.Counter(name: $0.0.name, value: UInt64($0.1))
                } ?? []))
    }

    /// Those about nodes and those of operators, of a bounded number of nodes: what is about a target alone is asked by
    /// target.
    private func listAll(_ message: Proto.ListDecisions, _ limit: Int) throws(StorageError) -> Proto.Envelope.Body {
        var found: Set<Decision> = []
        for node in 0..<min(fleet.nodes.count, Limits.nodesSearched) {
            found.formUnion(try read(.nodeDecision, node).map(\.decision))
        }
        for actor in actors.indices { found.formUnion(try read(.actorDecision, actor).map(\.decision)) }
        let wanted = filter(Array(found), message)
        return .listDecisionsReply(Proto.ListDecisionsReply(decisions: wanted.prefix(limit).map(info)))
    }

    /// Newest first.
    private func filter(_ decisions: [Decision], _ message: Proto.ListDecisions) -> [Decision] {
        let since = Int64(clamping: message.sinceMsAgo)
        let oldest = since == 0 ? Int64.min : time.milliseconds - since
        return decisions.filter { decision in
            decision.at.milliseconds >= oldest && (message.actor.isEmpty || name(ofActor: decision) == message.actor)
        }.sorted { $0.number > $1.number }
    }

    /// The newest decisions about a target.
    func decisions(about number: TargetNumber) throws(StorageError) -> [Proto.DecisionInfo] {
        try recordDecisions()
        return try read(.targetDecision, number).map(\.decision).sorted { $0.number > $1.number }.map(info)
    }

    static let itself = "orchestrator"

    private func name(ofActor decision: Decision) -> String {
        guard let actor = decision.actor else { return OrchestratorCore.itself }
        return actor < actors.count ? actors[actor] : "unknown"
    }

    private func info(_ decision: Decision) -> Proto.DecisionInfo {
        let entry = decision.target.flatMap { $0 < targets.count ? targets[$0] : nil }
        let node = decision.node.flatMap { $0 < fleet.nodes.count ? fleet[$0].name : nil } ?? ""
        var info = Proto.DecisionInfo(
            number: decision.number, atMs: decision.at.milliseconds, who: name(ofActor: decision),
            what: decision.kind.name, target: entry?.target.id.bytes[...] ?? [], location: entry?.location ?? "",
            node: node, where: entry.map { assigner.host(of: $0.place) } ?? "", why: decision.note)
        if decision.kind == .assigned, let reason = AssignmentReason(decision.figures) {
            let avoided = reason.avoided.flatMap { $0 < fleet.nodes.count ? fleet[$0].name : nil }
            info.why = reason.why(node: node, avoided: avoided)
            info.how = reason.how
        }
        return info
    }
}

extension Proto.Envelope.Body {
    static func unknownNode(_ name: String, _ field: String) -> Proto.Envelope.Body {
        .error(.notFound, "there is no node \(quoted(name)); rookery nodes list shows them", field: field)
    }
}
