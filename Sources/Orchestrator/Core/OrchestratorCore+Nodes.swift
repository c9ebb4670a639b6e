import Model
import Storage
import Wire

/// What operators do to nodes.
extension OrchestratorCore {
    func operate(_ message: Proto.OperateNode, by actor: String) throws(StorageError) -> Proto.Envelope.Body {
        let place: SubmissionPlace
        do throws(FieldError) { place = try SubmissionPlace(.node, key: message.key) } catch { return .invalid(error) }
        if let reply = try remembered(place).flatMap({ try? Proto.OperateNodeReply(decoding: $0) }) {
            return .operateNodeReply(reply)
        }
        guard let node = fleet.node(named: message.name) else { return .unknownNode(message.name, "name") }
        let changed: Bool
        switch message.action {
        case .drain: changed = setDrained(true, node, by: actor)
        case .undrain: changed = setDrained(false, node, by: actor)
        case .remove:
            let state = fleet[node].stateName
            guard let connection = fleet.remove(node) else {
                return .error(
                    .invalidField, "\(quoted(message.name)) is connected and \(state); stop it first, then remove it",
                    field: "action")
            }
            changed = connection
            if changed { removed(node, was: state, by: actor) }
        case .unspecified, .unrecognized:
            return .invalid(
                "action", "\(message.action.rawValue) is no action; use 1 (drain), 2 (undrain) or 3 (remove)")
        }
        let reply = Proto.OperateNodeReply(node: info(fleet[node]), changed: changed)
        remember(place, reply.encoded())
        return .operateNodeReply(reply)
    }

    private func setDrained(_ isDrained: Bool, _ node: NodeNumber, by actor: String) -> Bool {
        guard fleet[node].isDrained != isDrained else { return false }
        let before = fleet[node].stateName
        fleet[node].isDrained = isDrained
        storeStanding(of: node)
        refreshLoad(of: node)
        decide(.operated, node: node, by: actor, "\(before) to \(fleet[node].stateName), by an operator")
        return true
    }

    private func removed(_ node: NodeNumber, was state: String, by actor: String) {
        assigner.leave(node)
        changes.nodes.add(node)
        fleet[node].isDrained = false
        storeStanding(of: node)
        for number in fleet[node].leases.sorted() {
            if let lease = leases[number] { release(lease, "an operator removed its node") }
        }
        decide(.operated, node: node, by: actor, "\(state) to removed, by an operator")
    }
}
