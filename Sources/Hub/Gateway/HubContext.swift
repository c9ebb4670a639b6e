import Chaos
import Coordinator
import Model
import Orchestrator
import Synchronization
import Telemetry
import Transport
import Wire

/// What every connection of a hub shares.
final class HubContext: Sendable {
    let coordinator: CoordinatorService
    let orchestrator: OrchestratorService
    let chaos: ChaosControl
    let desk: BackupDesk
    let directory: Directory
    let metrics: HubMetrics
    let time: any TimeSource
    let log: Logger
    private let encoder: FrameEncoder
    private let heartbeat: Span
    let patience: ServerSession.Patience
    private let started: Instant
    let software: String

    init(
        coordinator: CoordinatorService, orchestrator: OrchestratorService, chaos: ChaosControl, directory: Directory,
        metrics: HubMetrics, time: any TimeSource, log: Logger, compressor: any ByteCompressor, heartbeat: Span,
        patience: ServerSession.Patience, software: String
    ) {
        desk = BackupDesk(coordinator: coordinator, orchestrator: orchestrator, log: log)
        self.coordinator = coordinator
        self.orchestrator = orchestrator
        self.chaos = chaos
        self.directory = directory
        self.metrics = metrics
        self.time = time
        self.log = log
        encoder = FrameEncoder(compressor: compressor)
        self.heartbeat = heartbeat
        self.patience = patience
        self.software = software
        started = time.now()
    }

    var uptime: Span { time.now().since(started) }

    // MARK: Opening

    /// Why this peer is turned away; nil when it is welcome.
    func refusal(of hello: Proto.Hello, now: Instant) -> Proto.Error? {
        if hello.role == .node, chaos.isCut(hello.name) {
            return Proto.Error(
                code: .unavailable, message: "a fault in force cuts this node off; it ends by itself",
                retryAfterMs: UInt32(Limits.unavailableRetry.milliseconds))
        }
        if hello.role == .orchestrator || hello.role == .coordinator {
            return Proto.Error(
                code: .roleTaken, message: "this hub has its own \(hello.role); connect to a separate service",
                field: "role")
        }
        return nil
    }

    func welcome(for id: ConnectionID) -> Proto.Welcome {
        Proto.Welcome(
            to: coordinator.identity, session: id, now: time.wall(), heartbeat: heartbeat, software: software)
    }

    // MARK: Sending

    /// Nil when the envelope is longer than any peer takes; that is our fault, and said in the log.
    func frame(_ envelope: Proto.Envelope) -> [UInt8]? {
        do throws(FrameFault) {
            return try encoder.encode(envelope)
        } catch {
            log.error("reply is too long for a frame", ["error": .of(error)])
            return try? encoder.encode(
                Proto.Envelope(
                    inReplyTo: envelope.inReplyTo,
                    body: .error(
                        Proto.Error(code: .unavailable, message: "the reply is longer than a frame; ask for less"))))
        }
    }

    /// A framed Error for a connection that ends.
    func notice(_ code: Proto.ErrorCode, _ message: String) -> [UInt8] {
        let error = Proto.Error(
            code: code, message: message, retryAfterMs: UInt32(Limits.unavailableRetry.milliseconds))
        return frame(Proto.Envelope(body: .error(error))) ?? []
    }

    /// Long listings wait behind what keeps the fleet alive.
    func priority(_ envelope: Proto.Envelope) -> SendPriority {
        switch envelope.body {
        case .getArtifactReply, .listArtifactsReply, .listTargetsReply, .submitTargetsReply,
            .getNodeReputationReply, .topArtifactsReply, .listPatternsReply, .listPatternTextsReply,
            .listScenariosReply, .listSkippedReply, .artifactHistoryReply, .operateTargetsReply, .listDecisionsReply,
            .planReply:
            .bulk
        default: .control
        }
    }

    func post(_ envelope: Proto.Envelope, to connection: Connection) {
        guard let frame = frame(envelope) else { return }
        connection.post([frame], priority(envelope))
    }

    func reply(_ body: Proto.Envelope.Body, to envelope: Proto.Envelope, on connection: Connection) {
        post(Proto.Envelope(inReplyTo: envelope.id, body: body), to: connection)
    }

    func count(_ name: String) { metrics.count(name) }
}
