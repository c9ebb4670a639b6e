import Coordinator
import Model
import Orchestrator
import Telemetry
import Transport
import Wire

/// Answers what the coordinator is asked, on the connections of its process.
struct CoordinatorDesk: Sendable {
    let coordinator: CoordinatorService
    let seats: SeatDesk
    let outgoing: Outgoing
    let time: any TimeSource
    let log: Logger

    init(
        _ coordinator: CoordinatorService, directory: Directory, outgoing: Outgoing, time: any TimeSource, log: Logger
    ) {
        self.coordinator = coordinator
        seats = SeatDesk(coordinator: coordinator, directory: directory, outgoing: outgoing, log: log)
        self.outgoing = outgoing
        self.time = time
        self.log = log
    }

    func reply(_ body: Proto.Envelope.Body, to envelope: Proto.Envelope, on connection: Connection) {
        outgoing.reply(body, to: envelope, on: connection)
    }

    /// How many answers of this kind a connection may have under way.
    enum Cost {
        /// It takes a task, of which there is a number for each connection.
        case query(@Sendable () async -> Void)
        case plain(@Sendable () -> Void)
    }

    /// Nil for a body that the coordinator does not answer.
    func answer(_ body: Proto.Envelope.Body, _ envelope: Proto.Envelope, on connection: Connection) -> Cost? {
        switch body {
        case .listArtifacts(let list): .query { await self.list(list, envelope, on: connection) }
        case .getArtifact(let get): .query { await self.get(get, envelope, on: connection) }
        case .getNodeReputation(let get): .query { await self.standing(get, envelope, on: connection) }
        case .topArtifacts(let top): .query { await self.top(top, envelope, on: connection) }
        case .artifactHistory(let ask): .query { await self.history(ask, envelope, on: connection) }
        case .artifactSightings(let ask): .query { await self.explain(ask, envelope, on: connection) }
        case .listMissing: .query { await self.missing(envelope, on: connection) }
        case .rekey(let request): .query { await self.rekey(request, envelope, on: connection) }
        case .runPatterns, .listPatterns, .explainPattern, .listPatternTexts:
            .query { await self.answerPatterns(body, envelope, on: connection) }
        case .feedStatus: .plain { self.answerFeedStatus(envelope, on: connection) }
        case .listScenarios(let list): .plain { self.listScenarios(list, envelope, on: connection) }
        case .listSkipped(let list): .plain { self.listSkipped(list, envelope, on: connection) }
        case .feedControl(let control): .plain { self.controlFeed(control, envelope, on: connection) }
        case .rateScenario(let request): .plain { self.rate(request, envelope, on: connection) }
        case .readReceipts(let ask): .query { await self.seats.read(ask, envelope, on: connection) }
        case .enforceQuotas(let order): .query { await self.seats.enforce(order, envelope, on: connection) }
        case .markLate(let late): .query { await self.seats.mark(late, envelope, on: connection) }
        default: nil
        }
    }
}
