import Model
import Storage
import Wire

/// Who may send how much: decided here, enforced by the coordinator.
extension OrchestratorCore {
    func set(_ message: Proto.SetQuota, by actor: String) throws(StorageError) -> Proto.Envelope.Body {
        let place: SubmissionPlace
        do throws(FieldError) {
            place = try SubmissionPlace(.quota, key: message.key)
            for (field, value) in [("base", message.base), ("cluster", message.cluster)] {
                if let value, value > Limits.maxQuota {
                    throw FieldError(field, "\(value) is out of range; use 0 (none) to \(Limits.maxQuota)")
                }
            }
        } catch {
            return .invalid(error)
        }
        if let reply = try remembered(place).flatMap({ try? Proto.QuotaReply(decoding: $0) }) {
            return .quotaReply(reply)
        }
        var new = quotas
        new.base = message.base ?? quotas.base
        new.cluster = message.cluster ?? quotas.cluster
        if new != quotas {
            quotas = new
            decide(.quota, by: actor, "base is now \(new.base), cluster \(new.cluster) artifacts an hour; 0 is none")
            for node in fleet.nodes.indices {
                if !quotas.isSet { restoreCredit(of: node) }
                decideQuota(of: node)
            }
            quotas.revision += 1
            record(RecordKey(.quota, 0), quotas.packed)
            orderQuotas(of: Array(fleet.nodes.indices))
        }
        let reply = quotaReply()
        remember(place, reply.encoded())
        return .quotaReply(reply)
    }

    func quotaReply() -> Proto.QuotaReply {
        Proto.QuotaReply(
            base: quotas.base, cluster: quotas.cluster, revision: quotas.revision,
            nodes: fleet.nodes.compactMap { node in
                node.quota.map {
                    Proto.NodeQuota(
                        name: node.name, quota: $0.quota, revision: $0.revision, exhausted: node.creditAt > now)
                }
            })
    }

    /// Numbers a new decision where the figure has changed. True when it has.
    @discardableResult
    private func decideQuota(of node: NodeNumber) -> Bool {
        guard quotas.base > 0 else {
            guard fleet[node].quota != nil else { return false }
            fleet[node].quota = nil
            record(RecordKey(.quota, node + 1), nil)
            return true
        }
        let rate = fleet[node].health.successRate
        let quota = quotas.quota(successRate: rate)
        guard fleet[node].quota?.quota != quota else { return false }
        quotas.revision += 1
        let before = fleet[node].quota.map { "\($0.quota)" } ?? "none"
        let decided = DecidedQuota(quota: quota, revision: quotas.revision)
        fleet[node].quota = decided
        record(RecordKey(.quota, node + 1), decided.packed)
        record(RecordKey(.quota, 0), quotas.packed)
        decide(
            .quota, node: node,
            "from \(before) to \(quota) artifacts an hour: base \(quotas.base), success rate \(NodeHealth.shown(rate))")
        return true
    }

    private func orderQuotas(of nodes: [NodeNumber]) {
        let decided = nodes.compactMap { number in
            fleet[number].quota.map {
                QuotaOrder.Node(name: fleet[number].name, quota: $0.quota, revision: $0.revision)
            }
        }
        effects.append(
            .quotas(
                QuotaOrder(
                    base: quotas.base, cluster: quotas.cluster, revision: quotas.revision, nodes: decided)))
    }

    /// The node's success rate may have changed: its quota follows within a minute.
    func quotaMayChange(of node: NodeNumber) {
        guard quotas.base > 0 else { return }
        quotaDirty.insert(node)
        quotasDue = quotasDue ?? now + Limits.quotaInterval
    }

    func refreshQuotas() {
        guard let due = quotasDue, due <= now else { return }
        quotasDue = nil
        let changed = quotaDirty.sorted().filter { decideQuota(of: $0) }
        quotaDirty = []
        if !changed.isEmpty { orderQuotas(of: changed) }
    }

    // MARK: Credit

    /// The coordinator has refused what the node sent: it is given nothing more until it may send again.
    func outOfCredit(_ name: String, for span: Span) {
        guard let node = fleet.node(named: name) else { return }
        let isNew = fleet[node].creditAt <= now
        fleet[node].creditAt = now + min(span, .hours(1))
        nodeTimers.set(node, fleet[node].creditAt)
        refreshLoad(of: node)
        if isNew {
            decide(.quota, node: node, "its quota is used up for \(span.milliseconds) ms: no new leases until then")
        }
    }

    private func restoreCredit(of node: NodeNumber) {
        fleet[node].creditAt = .zero
        refreshLoad(of: node)
    }

    // MARK: Restart

    /// The coordinator keeps what it was told; it is told again, in case that was an older copy of it.
    func loadQuotas() throws(StorageError) {
        for (number, value) in try records(.quota, 0...Int.max) {
            if number == 0 {
                quotas = QuotaPolicy(packed: value)
            } else if number <= fleet.nodes.count {
                fleet[number - 1].quota = DecidedQuota(packed: value)
            }
        }
        repeatQuotas()
    }

    func repeatQuotas() {
        if quotas.isSet { orderQuotas(of: Array(fleet.nodes.indices)) }
    }
}
