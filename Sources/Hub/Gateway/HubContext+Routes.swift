import Chaos
import Coordinator
import Model
import Orchestrator
import Telemetry
import Transport
import Wire

/// Where each body goes. What needs stored state leaves the connection's thread here.
extension HubContext {
    func route(
        _ body: Proto.Envelope.Body, _ envelope: Proto.Envelope, from peer: ServerSession.Peer,
        _ connection: Connection, _ queries: QueryWindow
    ) {
        switch body {
        case .registerNode(let register):
            guard let desk else { return offer(envelope, from: peer, connection) }
            query(envelope, connection, queries) { await self.admit(register, desk, envelope, from: peer, connection) }
        case .clusterStatus:
            query(envelope, connection, queries) { await self.answerStatus(envelope, on: connection) }
        case .backup(let request): outgoing.reply(backups.answer(request), to: envelope, on: connection)
        case .chaosInject(let inject): self.inject(inject, envelope, on: connection)
        case .chaosClear(let clear):
            for fault in chaos.clear(clear.fault) { log.info("fault cleared", ["fault": .number(fault.id)]) }
            outgoing.reply(.chaosFaults(chaos.listing()), to: envelope, on: connection)
        case .chaosList: outgoing.reply(.chaosFaults(chaos.listing()), to: envelope, on: connection)
        default:
            switch desk?.answer(body, envelope, on: connection) {
            case .query(let answer): query(envelope, connection, queries, answer)
            case .plain(let answer): answer()
            case nil: offer(envelope, from: peer, connection)
            }
        }
    }

    private func query(
        _ envelope: Proto.Envelope, _ connection: Connection, _ queries: QueryWindow,
        _ answer: @escaping @Sendable () async -> Void
    ) {
        guard queries.enter() else {
            let message = "\(Limits.queriesInProgress) answers are under way here; read them first"
            return tooBusy(envelope, connection, message)
        }
        Task {
            await answer()
            queries.leave()
        }
    }

    private func offer(_ envelope: Proto.Envelope, from peer: ServerSession.Peer, _ connection: Connection) {
        guard let orchestrator, desk != nil || envelope.body?.isForOrchestrator == true else {
            return outgoing.reply(.error(servedElsewhere()), to: envelope, on: connection)
        }
        let request = OrchestratorInput.request(connection.id, name: peer.name, envelope)
        // An envelope in memory takes more than its bytes; so that empty ones count, each takes some more.
        if orchestrator.offer(request, bytes: envelope.encodedSize + 256) { return }
        tooBusy(envelope, connection, "too many requests wait for the orchestrator; ask again")
    }

    private func tooBusy(_ envelope: Proto.Envelope, _ connection: Connection, _ message: String) {
        metrics.tooBusy.add()
        let error = Proto.Error(
            code: .tooBusy, message: message, retryAfterMs: UInt32(Limits.noCreditRetry.milliseconds))
        outgoing.reply(.error(error), to: envelope, on: connection)
    }

    /// Looks up where the node's streams stand first, so that the orchestrator's answer carries it.
    private func admit(
        _ register: Proto.RegisterNode, _ desk: CoordinatorDesk, _ envelope: Proto.Envelope,
        from peer: ServerSession.Peer,
        _ connection: Connection
    ) async {
        do throws(LedgerError) {
            let applied = try await desk.coordinator.admit(register.streams, node: peer.name)
            let positions = register.positions(applied: applied)
            guard orchestrator != nil else {
                // Of its leases it is told where they are known.
                let registered = Proto.Registered(streams: positions)
                return outgoing.reply(.registered(registered), to: envelope, on: connection)
            }
            directory.setStreams(connection.id, positions)
        } catch {
            // Nobody works while something is missing: those who registered before come again, and are told so too.
            if case .behind = error { directory.closeNodes(but: connection.id) }
            let answer = Proto.Error(
                code: .unavailable, message: error.description,
                retryAfterMs: UInt32(Limits.unavailableRetry.milliseconds))
            return outgoing.reply(.error(answer), to: envelope, on: connection)
        }
        offer(envelope, from: peer, connection)
        // The connection may have ended meanwhile, and its end have been told before its beginning.
        if directory.connection(connection.id) == nil { orchestrator?.submit(.disconnected(connection.id)) }
    }

    // MARK: Chaos

    private func inject(_ request: Proto.ChaosInject, _ envelope: Proto.Envelope, on connection: Connection) {
        do throws(FaultRefusal) {
            let (fault, isNew) = try chaos.inject(request) { !directory.nodes(named: $0).isEmpty }
            if isNew {
                log.warning(
                    "fault injected",
                    [
                        "fault": .number(fault.id), "kind": .text("\(fault.kind)"), "node": .text(fault.node),
                        "for_ms": .number(request.durationMs),
                    ])
                apply(fault, for: request.durationMs)
            }
            outgoing.reply(.chaosFaults(chaos.listing()), to: envelope, on: connection)
        } catch {
            let code: Proto.ErrorCode = error == .notAllowed ? .chaosNotAllowed : .invalidField
            let answer = Proto.Error(code: code, message: error.description, field: error.field)
            outgoing.reply(.error(answer), to: envelope, on: connection)
        }
    }

    private func apply(_ fault: Fault, for durationMs: UInt32) {
        let nodes = directory.nodes(named: fault.node)
        switch fault.kind {
        case .cutConnection: for node in nodes { node.postClose(.handler("fault_cut")) }
        case .pauseNode, .killNode:
            let directive = Proto.ChaosDirective(faultId: fault.id, fault: fault.kind, durationMs: durationMs)
            for node in nodes { outgoing.post(Proto.Envelope(body: .chaosDirective(directive)), to: node) }
        case .delay, .unspecified, .unrecognized: break
        }
    }
}
