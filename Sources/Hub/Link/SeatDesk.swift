import Coordinator
import Model
import Synchronization
import Telemetry
import Transport
import Wire

/// The coordinator's side of an orchestrator in a process of its own: who it is, and what it asks.
final class SeatDesk: Sendable {
    private struct Sitting {
        var connection: Connection?
        /// What it has read, on its disk; kept while it is away.
        var position: UInt64 = 0
    }

    private let coordinator: CoordinatorService
    private let directory: Directory
    private let outgoing: Outgoing
    private let log: Logger
    private let sitting = Mutex(Sitting())
    static let absence = "no orchestrator is connected: nodes deliver, and nothing new is given out"

    init(coordinator: CoordinatorService, directory: Directory, outgoing: Outgoing, log: Logger) {
        self.coordinator = coordinator
        self.directory = directory
        self.outgoing = outgoing
        self.log = log
    }

    // MARK: Who it is

    /// Gives the seat to who claims it. Not nil: why not.
    func take(_ claim: Proto.Seat, _ whereabouts: Whereabouts, but connection: ConnectionID) async -> Proto.Error? {
        do {
            let seat = try await coordinator.takeSeat(claim)
            // Nodes that came before do not know where their leases are.
            if whereabouts.update({ $0.orchestrator = seat.address }) { directory.closeNodes() }
            return nil
        } catch let refusal as OrchestratorSeat.Refusal {
            log.warning("an orchestrator was turned away", ["reason": .text("\(refusal)")])
            return switch refusal {
            case .taken(let message): Proto.Error(code: .roleTaken, message: message, field: "seat")
            case .invalid(let field, let message): Proto.Error(code: .invalidField, message: message, field: field)
            }
        } catch {
            return Proto.Error(
                code: .unavailable, message: "\(error)",
                retryAfterMs: Limits.unavailableRetry.wireMilliseconds)
        }
    }

    /// It is welcome on this connection; one that it had before is of no more use.
    func sits(_ connection: Connection, _ whereabouts: Whereabouts) {
        let before = sitting.withLock { sitting in
            defer { sitting.connection = connection }
            return sitting.connection
        }
        if let before, before.id != connection.id { before.postClose(.handler("replaced")) }
        whereabouts.update { $0.absence = nil }
        log.info("orchestrator connected", ["peer": .text(connection.peer)])
    }

    func left(_ connection: ConnectionID, _ whereabouts: Whereabouts) {
        let isOver = sitting.withLock { sitting in
            guard sitting.connection?.id == connection else { return false }
            sitting.connection = nil
            return true
        }
        guard isOver else { return }
        whereabouts.update { $0.absence = SeatDesk.absence }
        log.warning("orchestrator is away")
    }

    // MARK: What it asks

    func read(_ ask: Proto.ReadReceipts, _ envelope: Proto.Envelope, on connection: Connection) async {
        sitting.withLock { sitting in
            if sitting.connection?.id == connection.id { sitting.position = ask.after }
        }
        coordinator.readReceipts { [weak self] in self?.sitting.withLock { $0.position } ?? 0 }
        // Found here and not with the answer, which is made on the ledger's thread: what changes meanwhile is told with
        // the next one.
        let news = coordinator.ratings.changes(after: ask.ratingsAfter)
        let wait = news.ratings.isEmpty ? min(Span.milliseconds(UInt64(ask.waitMs)), Limits.requestTimeout) : .zero
        await coordinator.readReceipts(after: ask.after, wait: wait) { [coordinator, outgoing] found in
            let body: Proto.Envelope.Body =
                switch found {
                case .success(let pages):
                    .receiptPages(
                        Proto.ReceiptPages(
                            pages: pages.map(Proto.ReceiptPage.init),
                            stateVersion: coordinator.status.head.stateVersion,
                            ratings: news.ratings.map(Proto.NodeRating.init),
                            ratingsVersion: news.ratings.isEmpty ? 0 : news.version))
                case .failure(let error): .error(SeatDesk.refusal(error))
                }
            outgoing.reply(body, to: envelope, on: connection)
        }
    }

    func enforce(_ order: Proto.EnforceQuotas, _ envelope: Proto.Envelope, on connection: Connection) async {
        await coordinator.setQuotas(order.order)
        outgoing.reply(.enforceQuotasReply(Proto.EnforceQuotasReply()), to: envelope, on: connection)
    }

    func mark(_ late: Proto.MarkLate, _ envelope: Proto.Envelope, on connection: Connection) async {
        let refs = late.leases.compactMap(\.ref)
        guard refs.count == late.leases.count else {
            let error = Proto.Error(
                code: .invalidField, message: "a lease names no target of 16 bytes, or has no fence", field: "leases")
            return outgoing.reply(.error(error), to: envelope, on: connection)
        }
        do throws(LedgerError) {
            try await coordinator.markLate(refs)
            outgoing.reply(.markLateReply(Proto.MarkLateReply()), to: envelope, on: connection)
        } catch {
            outgoing.reply(.error(SeatDesk.refusal(error)), to: envelope, on: connection)
        }
    }

    // MARK: What it is told

    func outOfCredit(_ node: String, _ span: Span) {
        guard let connection = sitting.withLock({ $0.connection }) else { return }
        let notice = Proto.NodeOutOfCredit(node: node, retryAfterMs: span.wireMilliseconds)
        outgoing.post(Proto.Envelope(body: .nodeOutOfCredit(notice)), to: connection)
    }

    private static func refusal(_ error: LedgerError) -> Proto.Error {
        Proto.Error(
            code: .unavailable, message: error.description,
            retryAfterMs: Limits.unavailableRetry.wireMilliseconds)
    }
}
