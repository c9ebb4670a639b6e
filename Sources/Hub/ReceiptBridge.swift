import Coordinator
import Model
import Orchestrator
import Synchronization
import Telemetry
import Transport
import Wire

/// Between the two roles of a hub: carries receipts to the orchestrator, and its effects to connections and the ledger.
final class ReceiptBridge: Sendable {
    private let directory: Directory
    private let coordinator: CoordinatorService
    private let log: Logger
    private let context = Mutex<HubContext?>(nil)

    init(directory: Directory, coordinator: CoordinatorService, log: Logger) {
        self.directory = directory
        self.coordinator = coordinator
        self.log = log
    }

    /// The context holds the orchestrator, whose effects come here: so it comes after both are made.
    func connect(_ context: HubContext?) { self.context.withLock { $0 = context } }

    /// The orchestrator has begun, or begun anew: it needs every receipt after its position, and its nodes must
    /// register.
    func restarted(at position: UInt64) {
        guard let context = context.withLock({ $0 }) else { return }
        directory.closeNodes()
        let orchestrator = context.orchestrator
        Task { [coordinator] in
            await coordinator.followReceipts(after: position) { orchestrator.submit(.receipts($0)) }
        }
    }

    /// Frames are made on the loops that send them: one job a loop, however much a turn has decided.
    func perform(_ effects: [OrchestratorEffect]) {
        guard !effects.isEmpty, let context = context.withLock({ $0 }) else { return }
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
            }
        }
        send(outgoing, context)
        for end in ends {
            guard let connection = directory.connection(end.connection) else { continue }
            let frame = context.frame(Proto.Envelope(body: .error(end.reason)))
            connection.postFinish(.handler("orchestrator"), sending: frame.map { [$0] } ?? [])
        }
        if !orders.isEmpty { enforce(orders, answers, context) }
        if !late.isEmpty { mark(late, context.orchestrator) }
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
                    guard let frame = context.frame(envelope) else { continue }
                    connection.assumeIsolated { $0.send(frame, context.priority(envelope)) }
                }
            }
        }
    }

    /// Who asked for it is answered once it is in force.
    private func enforce(_ orders: [QuotaOrder], _ answers: [(Proto.Envelope, Connection)], _ context: HubContext) {
        Task { [coordinator] in
            for order in orders { await coordinator.setQuotas(order) }
            for (envelope, connection) in answers { context.post(envelope, to: connection) }
        }
    }

    /// The orchestrator repeats what is not confirmed after a while, so a failure here needs no memory.
    private func mark(_ late: [LeaseRef], _ orchestrator: OrchestratorService) {
        Task { [coordinator, log] in
            do throws(LedgerError) {
                try await coordinator.markLate(late)
                for ref in late { orchestrator.submit(.lateRecorded(ref)) }
            } catch {
                log.warning("late leases could not be marked yet", ["error": .of(error)])
            }
        }
    }
}
