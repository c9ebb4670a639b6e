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

    func perform(_ effects: [OrchestratorEffect]) {
        guard !effects.isEmpty, let context = context.withLock({ $0 }) else { return }
        var late: [LeaseRef] = []
        var orders: [QuotaOrder] = []
        var answers: [(Proto.Envelope, Connection)] = []
        for effect in effects {
            switch effect {
            case .send(let id, let envelope):
                guard let connection = directory.connection(id) else { continue }
                if !orders.isEmpty, case .quotaReply = envelope.body {
                    answers.append((envelope, connection))
                } else {
                    context.post(envelope, to: connection)
                }
            case .registered(let id, let request, var registered):
                guard let connection = directory.connection(id) else { continue }
                registered.streams = directory.takeStreams(id)
                context.post(Proto.Envelope(inReplyTo: request, body: .registered(registered)), to: connection)
            case .close(let id, let reason):
                guard let connection = directory.connection(id) else { continue }
                let frame = context.frame(Proto.Envelope(body: .error(reason)))
                connection.postFinish(.handler("orchestrator"), sending: frame.map { [$0] } ?? [])
            case .late(let ref): late.append(ref)
            case .quotas(let new): orders.append(new)
            }
        }
        if !orders.isEmpty { enforce(orders, answers, context) }
        if !late.isEmpty { mark(late, context.orchestrator) }
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
