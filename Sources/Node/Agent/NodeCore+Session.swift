import Model
import Storage
import Wire

/// Connections, registration, heartbeats.
extension NodeCore {
    func connected(_ welcome: Proto.Welcome) {
        disconnected()
        let isHub = welcome.serves != .orchestrator
        if isHub != (intake == .inSession) {
            delivery.closed()
            intake = isHub ? .inSession : .offline
        }
        session = .registering(welcome)
        ask(.registerNode(registration(leases: heldLeases())), as: .register)
    }

    func registration(leases: [Proto.HeldLease]) -> Proto.RegisterNode {
        let position = Proto.StreamPosition(
            stream: spool.stream, firstUnacked: spool.firstUnacked, next: spool.next)
        return Proto.RegisterNode(
            instance: spool.instance[...], capabilities: identity.capabilities, capacity: identity.capacity,
            labels: StringMap(identity.labels.map { (key: $0.key, value: $0.value) }), leases: leases,
            streams: [position], draining: draining != nil)
    }

    func disconnected() {
        session = .offline
        if intake == .inSession { delivery.closed() }
        collections.disconnected()
        for case .budget(let host) in requests.values.map(\.request) { tell(nil, of: host) }
        requests = requests.filter { $0.value.request == .registerStreams }
        unreported = []
        heartbeatAt = nil
        directives = []
    }

    private func heldLeases() -> [Proto.HeldLease] {
        let collecting = collections.inOrder().map { collection in
            Proto.HeldLease(
                lease: collection.lease.lease, target: collection.lease.target.bytes[...],
                fence: collection.lease.fence.wire, phase: .collecting, stream: spool.stream,
                lastSequence: collection.last?.sequence ?? 0)
        }
        let delivering = spool.outcomesInOrder.map { outcome in
            Proto.HeldLease(
                lease: outcome.lease.lease, target: outcome.lease.target.bytes[...], fence: outcome.lease.fence.wire,
                phase: .delivering, stream: outcome.stream, lastSequence: outcome.lastSequence,
                outcome: outcome.result.kind, error: outcome.result.error)
        }
        return collecting + delivering
    }

    func registered(_ answer: Proto.Registered) throws(StorageError) {
        guard case .registering(let welcome) = session else { return }
        session = .registered(welcome)
        keepAndDrop(answer.leases)
        unreported = spool.outcomesInOrder.filter { !$0.isAcknowledged }.map(\.lease.lease)
        heartbeatAt = now + .milliseconds(UInt64(max(1, welcome.heartbeatIntervalMs)))
        if intake == .inSession { try open(welcome, answer) }
    }

    /// Batches may go from here on.
    func open(_ welcome: Proto.Welcome, _ answer: Proto.Registered) throws(StorageError) {
        let terms = Delivery.Terms(
            maxBatch: max(1, Int(welcome.maxBatch)), maxInFlight: max(1, Int(welcome.maxInFlight)),
            credit: UInt64(welcome.credit), maxBytes: NodeLimits.batchBytes(maxFrame: welcome.maxFrame))
        let position = answer.streams.first { $0.stream == spool.stream }
        try perform(delivery.opened(terms, ledger: position?.firstUnacked, now: now))
    }

    /// A lease that the answer does not name is dropped: nobody waits for it.
    private func keepAndDrop(_ dispositions: [Proto.LeaseDisposition]) {
        let known = Dictionary(dispositions.map { ($0.lease, $0) }) { $1 }
        for collection in collections.inOrder() {
            let lease = collection.lease.lease
            guard let disposition = known[lease], disposition.keep else {
                let reason = known[lease]?.reason ?? ""
                revoke(lease, reason.isEmpty ? "the orchestrator does not know the lease" : reason)
                continue
            }
            if disposition.remainingMs > 0 {
                collections.extend(lease, by: .milliseconds(UInt64(disposition.remainingMs)), now: now)
            }
        }
        for outcome in spool.outcomesInOrder where known[outcome.lease.lease]?.keep != true {
            spool.forgetOutcome(outcome.lease.lease)
        }
    }

    func heartbeat(_ welcome: Proto.Welcome) {
        heartbeatAt = now + .milliseconds(UInt64(max(1, welcome.heartbeatIntervalMs)))
        ask(
            .heartbeat(
                Proto.Heartbeat(
                    collecting: UInt32(clamping: collections.count), delivering: UInt32(clamping: spool.outcomes.count),
                    spooledItems: spool.items, spooledBytes: spool.bytes, freeCapacity: freeCapacity,
                    spoolNearlyFull: spool.isNearlyFull)),
            as: .heartbeat)
        // What an acknowledgement left out is told again.
        let pending = Set(unreported).union(requests.values.flatMap { $0.request.leases })
        unreported += spool.outcomesInOrder.filter { !$0.isAcknowledged && !pending.contains($0.lease.lease) }
            .map(\.lease.lease)
    }

    var freeCapacity: UInt32 {
        guard draining == nil, !spool.isNearlyFull, !directives.contains(.drain), !directives.contains(.pause),
            collections.count + spool.outcomes.count < NodeLimits.leasesHeld
        else { return 0 }
        let throttled = directives.contains(.throttle) ? max(1, identity.capacity / 2) : identity.capacity
        let capacity = restraint.limited(throttled)
        return capacity > collections.count ? capacity - UInt32(collections.count) : 0
    }

    func status(now: Instant, what: (UInt64) -> (type: String, location: String)?) -> NodeStatus {
        var status = NodeStatus()
        switch session {
        case .offline: status.session = "offline"
        case .registering: status.session = "registering"
        case .registered: status.session = "registered"
        }
        status.isDraining = draining != nil
        status.freeCapacity = freeCapacity
        status.collecting = collections.count
        status.delivering = spool.outcomes.count
        status.spooledItems = spool.items
        status.spooledBytes = spool.bytes
        let oldest = collections.running.values.sorted {
            ($0.startedAt, $0.lease.lease) < ($1.startedAt, $1.lease.lease)
        }
        for collection in oldest.prefix(NodeStatus.shown) {
            let what = what(collection.lease.lease)
            status.oldest.append(
                NodeStatus.Collecting(
                    type: what?.type ?? "", location: what?.location ?? "", age: now.since(collection.startedAt),
                    items: collection.items))
        }
        return status
    }

    // MARK: Budgets of hosts

    func askBudget(_ host: String) {
        guard case .registered = session else { return tell(nil, of: host) }
        ask(.hostBudgetRequest(Proto.HostBudgetRequest(host: host)), as: .budget(host: host))
    }

    func tell(_ budget: Proto.HostBudget?, of host: String) { effects.append(.budget(host: host, budget)) }

    // MARK: Draining

    func drain() {
        guard draining == nil else { return }
        draining = Draining(handBackAt: now + NodeLimits.drainCollecting, stopAt: now + NodeLimits.drainTotal)
        delivery.isFlushing = true
        if case .registered(let welcome) = session { heartbeat(welcome) }
    }

    func handBack() {
        for collection in collections.inOrder() {
            let reason = "the node is shutting down"
            effects.append(.stopCollecting(lease: collection.lease.lease, reason: reason))
            finish(collection.lease.lease, CollectionResult(.failedNode, error: reason))
        }
    }

    func finishDraining() {
        guard let draining else { return }
        let isEmpty = collections.count == 0 && spool.items == 0 && spool.outcomes.isEmpty
        guard isEmpty || now >= draining.stopAt else { return }
        if session != .offline {
            effects.append(.send(Proto.Envelope(body: .goodbye(Proto.Goodbye(reason: "the node is shutting down")))))
        }
        effects.append(.stopped(undelivered: spool.items))
        isStopped = true
    }
}

extension NodeCore.Request {
    var leases: [UInt64] {
        switch self {
        case .outcomes(let leases): leases
        case .register, .registerStreams, .heartbeat, .renew, .budget: []
        }
    }
}
