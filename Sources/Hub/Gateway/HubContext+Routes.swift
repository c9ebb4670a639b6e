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
        _ body: Proto.Envelope.Body, _ envelope: Proto.Envelope, from peer: ServerSession.Peer, _ connection: Connection
    ) {
        switch body {
        case .registerNode(let register): admit(register, envelope, from: peer, connection)
        case .clusterStatus: answerStatus(envelope, on: connection)
        case .listArtifacts(let list): self.list(list, envelope, on: connection)
        case .getArtifact(let get): self.get(get, envelope, on: connection)
        case .artifactHistory(let ask): history(ask, envelope, on: connection)
        case .artifactSightings(let ask): explain(ask, envelope, on: connection)
        case .chaosInject(let inject): self.inject(inject, envelope, on: connection)
        case .chaosClear(let clear):
            for fault in chaos.clear(clear.fault) { log.info("fault cleared", ["fault": .number(fault.id)]) }
            reply(.chaosFaults(chaos.listing()), to: envelope, on: connection)
        case .chaosList: reply(.chaosFaults(chaos.listing()), to: envelope, on: connection)
        default: orchestrator.submit(.request(connection.id, name: peer.name, envelope))
        }
    }

    /// Looks up where the node's streams stand first, so that the orchestrator's answer carries it.
    private func admit(
        _ register: Proto.RegisterNode, _ envelope: Proto.Envelope, from peer: ServerSession.Peer,
        _ connection: Connection
    ) {
        Task {
            let applied = await coordinator.lastApplied(streams: register.streams.map(\.stream))
            directory.setStreams(
                connection.id,
                zip(register.streams, applied).map {
                    Proto.StreamPosition(stream: $0.stream, firstUnacked: $1 + 1, next: $0.next)
                })
            orchestrator.submit(.request(connection.id, name: peer.name, envelope))
        }
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
            reply(.chaosFaults(chaos.listing()), to: envelope, on: connection)
        } catch {
            let code: Proto.ErrorCode = error == .notAllowed ? .chaosNotAllowed : .invalidField
            let answer = Proto.Error(code: code, message: error.description, field: error.field)
            reply(.error(answer), to: envelope, on: connection)
        }
    }

    private func apply(_ fault: Fault, for durationMs: UInt32) {
        let nodes = directory.nodes(named: fault.node)
        switch fault.kind {
        case .cutConnection: for node in nodes { node.postClose(.handler("fault_cut")) }
        case .pauseNode, .killNode:
            let directive = Proto.ChaosDirective(faultId: fault.id, fault: fault.kind, durationMs: durationMs)
            for node in nodes { post(Proto.Envelope(body: .chaosDirective(directive)), to: node) }
        case .delay, .unspecified, .unrecognized: break
        }
    }
}
