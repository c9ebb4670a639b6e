import Model
import Orchestrator
import Synchronization
import Transport
import Wire

/// Carries receipts and ratings to the orchestrator, and its effects to connections and to the coordinator, wherever
/// that is.
final class ReceiptBridge: Sendable {
    private let directory: Directory
    private let ends = Mutex<(context: HubContext, coordinator: any CoordinatorAccess)?>(nil)

    init(directory: Directory) { self.directory = directory }

    /// The context holds the orchestrator, whose effects come here: so it comes after both are made.
    func connect(_ context: HubContext, _ coordinator: any CoordinatorAccess) {
        ends.withLock { $0 = (context, coordinator) }
    }

    func disconnect() { ends.withLock { $0 = nil } }

    /// The orchestrator has begun, or begun anew: it needs every receipt after its position and every rating, which it
    /// does not keep on disk, and its nodes must register.
    func restarted(at position: UInt64) {
        guard let (context, coordinator) = ends.withLock({ $0 }), let orchestrator = context.orchestrator else {
            return
        }
        directory.closeNodes()
        coordinator.followRatings { orchestrator.submit(.ratings($0)) }
        coordinator.followReceipts(after: position) { orchestrator.submit(.receipts($0)) }
    }

    /// Frames are made on the loops that send them: one job a loop, however much a turn has decided.
    func perform(_ effects: [OrchestratorEffect]) {
        guard !effects.isEmpty, let (context, coordinator) = ends.withLock({ $0 }) else { return }
        var late: [LeaseRef] = []
        var outgoing: [(to: ConnectionID, envelope: Proto.Envelope)] = []
        var ends: [(connection: ConnectionID, reason: Proto.Error)] = []
        var orders: [QuotaOrder] = []
        var answers: [(Proto.Envelope, Connection)] = []
        for effect in effects {
            switch effect {
            case .send(let id, let envelope):
                if !orders.isEmpty, case .quotaReply = envelope.body {
                    if let connection = directory.connection(id) { answers.append((envelope, connection)) }
                } else {
                    outgoing.append((id, envelope))
                }
            case .registered(let id, let request, var registered):
                registered.streams = directory.takeStreams(id)
                outgoing.append((id, Proto.Envelope(inReplyTo: request, body: .registered(registered))))
            case .close(let id, let reason): ends.append((id, reason))
            case .late(let ref): late.append(ref)
            case .quotas(let new): orders.append(new)
            case .receiptsRead(let position): coordinator.receiptsRead(to: position)
            }
        }
        send(outgoing, context)
        for end in ends {
            guard let connection = directory.connection(end.connection) else { continue }
            let frame = context.outgoing.frame(Proto.Envelope(body: .error(end.reason)))
            connection.postFinish(.handler("orchestrator"), sending: frame.map { [$0] } ?? [])
        }
        if !orders.isEmpty { enforce(orders, answers, context.outgoing, coordinator) }
        if !late.isEmpty, let orchestrator = context.orchestrator { mark(late, orchestrator, coordinator) }
    }

    private func send(_ outgoing: [(to: ConnectionID, envelope: Proto.Envelope)], _ context: HubContext) {
        var loads: [(loop: EventLoop, sendings: [(connection: Connection, envelope: Proto.Envelope)])] = []
        for (connection, sending) in zip(directory.connections(outgoing.map(\.to)), outgoing) {
            guard let connection else { continue }
            if let place = loads.firstIndex(where: { $0.loop === connection.loop }) {
                loads[place].sendings.append((connection, sending.envelope))
            } else {
                loads.append((connection.loop, [(connection, sending.envelope)]))
            }
        }
        for (loop, sendings) in loads {
            loop.execute {
                for (connection, envelope) in sendings {
                    guard let frame = context.outgoing.frame(envelope) else { continue }
                    connection.assumeIsolated { $0.send(frame, context.outgoing.priority(envelope)) }
                }
            }
        }
    }

    /// Who asked for it is answered once it is in force.
    private func enforce(
        _ orders: [QuotaOrder], _ answers: [(Proto.Envelope, Connection)], _ outgoing: Outgoing,
        _ coordinator: any CoordinatorAccess
    ) {
        Task {
            var isInForce = true
            for order in orders where isInForce { isInForce = await coordinator.enforce(order) }
            let kept = Proto.Error(
                code: .unavailable,
                message:
                    "the quota is decided and kept; it is in force as soon as the coordinator, which is away, is back")
            for (envelope, connection) in answers {
                let answer = isInForce ? envelope : Proto.Envelope(inReplyTo: envelope.inReplyTo, body: .error(kept))
                outgoing.post(answer, to: connection)
            }
        }
    }

    /// The orchestrator repeats what is not confirmed after a while, so a failure here needs no memory.
    private func mark(
        _ late: [LeaseRef], _ orchestrator: OrchestratorService, _ coordinator: any CoordinatorAccess
    ) {
        Task {
            guard await coordinator.markLate(late) else { return }
            for ref in late { orchestrator.submit(.lateRecorded(ref)) }
        }
    }
}
