import Model
import Storage
import Wire

/// One message, one call, one reply.
extension OrchestratorCore {
    func answer(
        _ envelope: Proto.Envelope, from name: String, on connection: ConnectionID
    ) throws(StorageError) {
        signOfLife(on: connection)
        let reply: Proto.Envelope.Body?
        switch envelope.body {
        case .submitTargets(let message): reply = try submit(message, by: name)
        case .listTargets(let message): reply = list(message)
        case .operateTargets(let message): reply = try operate(message, by: name)
        case .getTarget(let message): reply = try show(message)
        case .operateNode(let message): reply = try operate(message, by: name)
        case .listDecisions(let message): reply = try list(message)
        case .explain(let message): reply = explain(message)
        case .plan(let message): reply = plan(message)
        case .setQuota(let message): reply = try set(message, by: name)
        case .getQuota: reply = .quotaReply(quotaReply())
        case .listNodes: reply = .listNodesReply(Proto.ListNodesReply(nodes: fleet.nodes.map(info)))
        case .hostBudgetRequest(let message): reply = .hostBudget(budget(of: message.host))
        case .registerNode(let message):
            reply = register(message, name: name, on: connection, inReplyTo: envelope.id)
        case .heartbeat, .leaseOutcomes, .renewLease, .goodbye:
            if let node = fleet.node(on: connection) {
                reply = answer(envelope.body, from: node, on: connection)
            } else {
                reply = .error(.notRegistered, "this connection has not registered a node; send RegisterNode first")
            }
        default: reply = .error(.unknownBody, "the orchestrator does not answer this message")
        }
        // What was sent one-way gets no answer, unless it was wrong.
        if let reply, envelope.id != 0 || reply.isError {
            effects.append(.send(connection, Proto.Envelope(inReplyTo: envelope.id, body: reply)))
        }
    }

    private func answer(
        _ body: Proto.Envelope.Body?, from node: NodeNumber, on connection: ConnectionID
    ) -> Proto.Envelope.Body? {
        switch body {
        case .heartbeat(let message): heartbeat(message, from: node)
        case .leaseOutcomes(let message): outcomes(message, from: node)
        case .renewLease(let message): renewal(message, from: node)
        default: goodbye(on: connection)
        }
    }

    private func heartbeat(_ message: Proto.Heartbeat, from node: NodeNumber) -> Proto.Envelope.Body {
        fleet[node].spooledItems = message.spooledItems
        fleet.heartbeat(of: node, now: now)
        if fleet[node].spoolNearlyFull != message.spoolNearlyFull {
            fleet[node].spoolNearlyFull = message.spoolNearlyFull
            refreshLoad(of: node)
        }
        return .heartbeatAck(
            Proto.HeartbeatAck(
                quota: fleet[node].quota?.quota, directives: fleet[node].isDrained ? [.drain] : []))
    }

    /// Every outcome that can be understood is acknowledged, an old one too: repeating it would change nothing.
    private func outcomes(_ message: Proto.LeaseOutcomes, from node: NodeNumber) -> Proto.Envelope.Body {
        var understood: [UInt64] = []
        var wrong: FieldError?
        for (place, outcome) in message.outcomes.enumerated() {
            let path = "outcomes[\(place)]."
            do throws(FieldError) {
                let ref = try LeaseRef(
                    lease: outcome.lease, target: outcome.target, fence: outcome.fence, path: path)
                let report = try LeaseReport(outcome, path: path)
                learn(outcome, about: ref, from: node)
                self.report(report, for: ref, from: node)
                understood.append(outcome.lease)
            } catch {
                wrong = wrong ?? error
            }
        }
        if let wrong { return .invalid(wrong) }
        return .leaseOutcomesAck(Proto.LeaseOutcomesAck(leases: understood))
    }

    private func renewal(_ message: Proto.RenewLease, from node: NodeNumber) -> Proto.Envelope.Body {
        let fence = message.fence.map { Fence($0) }
        let target = leases[message.lease]?.ref.target ?? TargetID(high: 0, low: 0)
        let ref = LeaseRef(
            lease: message.lease, target: target, fence: fence ?? Fence(incarnation: 0, counter: 0))
        guard let left = renew(ref, progress: message.progress, from: node) else {
            return .renewLeaseReply(Proto.RenewLeaseReply(lease: message.lease, kept: false))
        }
        return .renewLeaseReply(
            Proto.RenewLeaseReply(lease: message.lease, kept: true, deadlineMs: left.wireMilliseconds))
    }

    func budget(of host: String) -> Proto.HostBudget {
        Proto.HostBudget(
            host: host, concurrency: assigner.politeness.concurrency,
            delayMs: assigner.delay(ofHost: host).wireMilliseconds)
    }

    func assignment(_ lease: Lease) throws(StorageError) -> Proto.Assignment {
        let entry = targets[lease.target]
        let details = entry.details?.spec
        let host = Location.host(of: entry.location) ?? ""
        return Proto.Assignment(
            lease: lease.ref.lease, target: lease.ref.target.bytes[...], fence: lease.ref.fence.wire,
            type: entry.type.name, location: entry.location, priority: UInt32(entry.target.priority),
            deadlineMs: configuration.collectingDeadline.wireMilliseconds,
            budget: host.isEmpty ? nil : budget(of: host),
            bookmark: try bookmark(of: lease.target).map { $0[...] }, metadata: details?.metadata ?? StringMap(),
            confidence: details?.confidence, threatLevel: details?.threatLevel,
            opportunityValue: details?.opportunityValue, maxBytes: details?.maxBytes ?? 0)
    }

    private func bookmark(of number: TargetNumber) throws(StorageError) -> [UInt8]? {
        guard targets[number].hasBookmark else { return nil }
        if let fresh = changes.bookmarks[number] ?? unwritten.bookmark(of: number) { return fresh }
        return try readBookmark(number)
    }
}

extension Proto.Envelope.Body {
    fileprivate var isError: Bool {
        if case .error = self { true } else { false }
    }
}

extension LeaseReport {
    fileprivate init(_ outcome: Proto.LeaseOutcome, path: String) throws(FieldError) {
        self.init(
            claim: try Claim(outcome.kind, path: path + "kind"), error: outcome.error.asKeptError,
            stream: outcome.stream, lastSequence: outcome.lastSequence,
            retryAfter: .milliseconds(UInt64(outcome.retryAfterMs)))
    }
}
