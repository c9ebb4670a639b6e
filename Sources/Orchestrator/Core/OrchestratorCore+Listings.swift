import Model
package import Wire

/// What operators see.
extension OrchestratorCore {
    package func status() -> OrchestratorStatus {
        var status = OrchestratorStatus()
        status.targets = states
        status.submitted = totals.submitted
        status.collecting = collecting
        status.delivering = UInt64(leases.count) - collecting
        status.nodes = UInt64(fleet.nodes.count)
        status.nodesLive = UInt64(fleet.liveCount)
        status.leasesGiven = totals.fenceCounter
        status.successes = totals.successes
        status.empties = totals.empties
        status.failures = totals.failures
        status.handedBack = totals.handedBack
        status.released = totals.released
        status.fenced = totals.fenced
        status.lateNotices = UInt64(notices.count)
        status.stored = totals.stored
        status.duplicates = totals.duplicates
        status.refused = totals.refused
        status.unchanged = totals.unchanged
        status.receiptPosition = totals.receiptPosition
        status.alerts = alerts
        if states.sum != totals.submitted {
            status.alerts.append("\(totals.submitted) targets were submitted, but the states hold \(states.sum)")
        }
        if states.leased != UInt64(leases.count) {
            status.alerts.append("\(states.leased) targets are leased, but there are \(leases.count) leases")
        }
        return status
    }

    /// Every node, as `ListNodes` and the cluster's status show it.
    package func nodes() -> [Proto.NodeInfo] { fleet.nodes.map(info) }

    func info(_ node: FleetNode) -> Proto.NodeInfo {
        let health = node.health
        var reason = "healthy"
        if case .degraded(let why) = health.state { reason = why }
        return Proto.NodeInfo(
            name: node.name, state: node.stateName,
            capabilities: node.profile.capabilities, capacity: node.profile.capacity, collecting: node.collecting,
            delivering: UInt32(node.leases.count) - node.collecting, spooledItems: node.spooledItems,
            lastSeenMsAgo: now.since(node.lastSign).milliseconds, successes: node.successes, failures: node.failures,
            labels: StringMap(node.profile.labels.map { (key: $0.key, value: $0.value) }),
            outcomes: UInt32(health.outcomes), successRate: health.successRate, quality: health.quality,
            meanTimeMs: health.meanTime?.wireMilliseconds, usefulness: health.usefulness, health: reason,
            quota: node.quota?.quota,
            suspicion: node.isHere ? now.since(node.lastSign).seconds / fleet.patience(of: node.number).seconds : 0,
            rating: health.rating)
    }

    /// A page in the order of submission. It looks at a bounded number of targets, so it may be short and yet not the
    /// last.
    func list(_ message: Proto.ListTargets) -> Proto.Envelope.Body {
        var wanted = message.filter ?? Proto.TargetFilter()
        if !message.state.isEmpty { wanted.state = message.state }
        let filter: TargetFilter
        do throws(FieldError) { filter = try TargetFilter(wanted) } catch { return .invalid(error) }
        guard var at = start(after: message.after) else {
            return .error(.notFound, "the cursor is no target's id; use `next` of the page before", field: "after")
        }
        let limit = message.limit == 0 ? Limits.listLimit : min(Int(message.limit), Limits.listLimit)
        let end = min(targets.count, at + Limits.listScan)
        var page: [Proto.TargetInfo] = []
        while at < end, page.count < limit {
            if filter.matches(targets[at]) { page.append(info(at, withSpec: message.withSpec)) }
            at += 1
        }
        let next = at < targets.count && at > 0 ? targets[at - 1].target.id.bytes : []
        return .listTargetsReply(Proto.ListTargetsReply(targets: page, next: next[...]))
    }

    /// The first target of a page; the cursor is the last one of the page before.
    func start(after cursor: ArraySlice<UInt8>) -> TargetNumber? {
        cursor.isEmpty ? 0 : TargetID(cursor).flatMap { numbers[$0] }.map { $0 + 1 }
    }

    func info(_ number: TargetNumber, withSpec: Bool = false) -> Proto.TargetInfo {
        let entry = targets[number]
        var info = Proto.TargetInfo(
            id: entry.target.id.bytes[...], type: entry.type.name, location: entry.location,
            state: entry.target.state.name, priority: UInt32(entry.target.priority),
            attempts: entry.target.progress.attempts, successes: entry.target.progress.successes,
            lastError: entry.target.progress.lastError)
        let progress = entry.target.progress
        info.failures = progress.run.ofTarget + progress.run.ofContent
        info.host = assigner.keeper(of: entry.place).title
        if progress.lastAttempt.milliseconds > 0 { info.lastAttemptMsAgo = age(of: progress.lastAttempt) }
        if progress.lastSuccess.milliseconds > 0 { info.lastSuccessMsAgo = age(of: progress.lastSuccess) }
        if withSpec { info.spec = entry.spec }
        if let due = entry.target.wakes { info.dueInMs = UInt64(max(0, due.milliseconds - time.milliseconds)) }
        if case .leased(let lease, _) = entry.target.state, let node = leases[lease]?.node {
            info.node = fleet[node].name
        }
        return info
    }

    func age(of moment: WallTime) -> UInt64 { UInt64(max(0, time.milliseconds - moment.milliseconds)) }
}

extension TargetState {
    static let names = ["scheduled", "due", "leased", "retry", "paused", "dead", "cancelled", "done"]

    var name: String {
        switch self {
        case .scheduled: "scheduled"
        case .due: "due"
        case .leased: "leased"
        case .retry: "retry"
        case .paused: "paused"
        case .dead: "dead"
        case .cancelled: "cancelled"
        case .done: "done"
        }
    }
}
