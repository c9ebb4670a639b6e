import Model

/// What leases say of the nodes that had them.
extension OrchestratorCore {
    /// `blamed`: the node that failed the target last, if it was not this one, or `nil`.
    func recordHealth(_ lease: Lease, _ settlement: Settlement, blamed: NodeNumber?, isRepeated: Bool) {
        let verdict: HealthOutcome.Verdict
        switch settlement {
        case .empty: return
        case .success: verdict = .success
        case .handedBack: verdict = .failure
        case .failure: verdict = isRepeated ? .excused : .failure
        }
        if verdict == .excused, let blamed { excuse(blamed, lease.target) }
        let tally = lease.tally
        let valid = tally.stored + tally.duplicates + tally.unchanged
        recordHealth(
            of: lease.node,
            HealthOutcome(
                verdict, target: lease.target, took: lease.took, sent: UInt32(clamping: valid + tally.refused),
                valid: UInt32(clamping: valid), fresh: UInt32(clamping: tally.stored),
                corroborating: UInt32(clamping: tally.corroborating)))
    }

    func recordHealth(of node: NodeNumber, _ outcome: HealthOutcome) {
        let before = fleet[node].health.failingSince
        let (place, ordinal) = fleet[node].health.add(outcome, at: time)
        record(OrchestratorCore.key(node, place), outcome.packed(ordinal: ordinal))
        if fleet[node].health.failingSince != before { storeStanding(of: node) }
        judge(node)
    }

    /// Another node has failed the target as well: it is the target's fault.
    private func excuse(_ node: NodeNumber, _ target: TargetNumber) {
        guard let (place, ordinal, outcome) = fleet[node].health.excuse(target) else { return }
        record(OrchestratorCore.key(node, place), outcome.packed(ordinal: ordinal))
        judge(node)
    }

    private static func key(_ node: NodeNumber, _ place: Int) -> RecordKey { RecordKey(.outcome, node * 256 + place) }

    private func judge(_ node: NodeNumber) {
        quotaMayChange(of: node)
        let before = fleet[node].stateName
        if let why = fleet[node].health.judge(at: time) {
            decide(.nodeState, node: node, "\(before) to \(fleet[node].stateName): \(why)")
            storeStanding(of: node)
        }
        refreshLoad(of: node)
    }

    /// What sinks say of what nodes brought. One that says nothing of use changes nothing.
    func rate(_ ratings: [NodeRating]) {
        for given in ratings where (0...1).contains(given.rating) {
            if let node = fleet.rate(given.node, given.rating) { judge(node) }
        }
    }

    // MARK: What follows from it

    /// A degraded node gets one target a minute to prove itself.
    func mayTake(_ node: NodeNumber) -> Bool {
        let waits = [fleet[node].health.isDegraded ? fleet[node].probeAt : now, fleet[node].creditAt].max() ?? now
        if waits > now {
            nodeTimers.set(node, waits)
            return false
        }
        return !(fleet[node].health.isDegraded && fleet[node].collecting > 0)
    }

    func wakeNodes() {
        while let first = nodeTimers.first, first.key <= now {
            nodeTimers.remove(first.id)
            refreshLoad(of: first.id)
        }
    }

    // MARK: Rows

    func storeStanding(of node: NodeNumber) {
        var packed = Packed()
        packed.add(fleet[node].isDrained)
        packed.add(fleet[node].health.failingSince?.milliseconds ?? 0)
        if case .degraded(let reason) = fleet[node].health.state { packed.add(reason) } else { packed.add("") }
        record(RecordKey(.standing, node), packed.bytes)
    }

    func restoreStanding(of node: NodeNumber, _ bytes: [UInt8]) {
        var rest = Unpacked(bytes)
        fleet[node].isDrained = rest.bool()
        let failing = Int64(bitPattern: rest.number())
        let reason = rest.text()
        fleet[node].health.restore(
            reason.isEmpty ? .healthy : .degraded(reason: reason),
            failingSince: failing == 0 ? nil : WallTime(milliseconds: failing))
    }
}
