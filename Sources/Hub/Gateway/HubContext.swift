import Chaos
import Coordinator
import Model
import Orchestrator
import Telemetry
import Transport
import Wire

/// What every connection of a process shares that serves the coordinator, the orchestrator or both.
final class HubContext: Sendable {
    /// Where the coordinator is here.
    let desk: CoordinatorDesk?
    /// Where it is here.
    let orchestrator: OrchestratorService?
    let backups: BackupDesk
    let whereabouts: Whereabouts
    let chaos: ChaosControl
    let directory: Directory
    let metrics: HubMetrics
    let time: any TimeSource
    let log: Logger
    let outgoing: Outgoing
    let credit = SharedCredit()
    private let heartbeat: Span
    let patience: ServerSession.Patience
    private let started: Instant
    let software: String

    init(
        _ configuration: HubConfiguration, desk: CoordinatorDesk?, orchestrator: OrchestratorService?,
        backups: any BackupSource, whereabouts: Whereabouts, directory: Directory, metrics: HubMetrics,
        outgoing: Outgoing, time: any TimeSource, log: Logger
    ) {
        self.backups = BackupDesk(backups, log: log)
        self.desk = desk
        self.orchestrator = orchestrator
        self.whereabouts = whereabouts
        self.directory = directory
        self.metrics = metrics
        self.outgoing = outgoing
        self.time = time
        self.log = log
        chaos = ChaosControl(isAllowed: configuration.allowsChaos, time: time)
        heartbeat = configuration.heartbeat
        patience = configuration.patience
        software = configuration.software
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
        switch (hello.role, whereabouts.here) {
        case (.orchestrator, .coordinator) where hello.seat != nil: return nil
        case (.orchestrator, .coordinator):
            return Proto.Error(
                code: .invalidField, message: "an orchestrator says who it is; send its seat", field: "seat")
        case (.orchestrator, .orchestrator), (.coordinator, .orchestrator):
            return Proto.Error(
                code: .roleTaken, message: "this is an orchestrator, which connects to its coordinator itself",
                field: "role")
        case (.orchestrator, _), (.coordinator, _):
            return Proto.Error(
                code: .roleTaken, message: "this hub has its own \(hello.role); connect to a separate service",
                field: "role")
        default: return nil
        }
    }

    func welcome(for id: ConnectionID) -> Proto.Welcome {
        let here = whereabouts.current
        var welcome = Proto.Welcome(
            to: here.cluster, session: id, now: time.wall(), heartbeat: heartbeat,
            credit: SharedCredit.share(among: directory.count), software: software)
        welcome.serves = whereabouts.here
        welcome.coordinatorAddress = here.coordinator
        welcome.orchestratorAddress = here.orchestrator
        return welcome
    }

    /// For who asks this process what the other one knows.
    func servedElsewhere() -> Proto.Error {
        let here = whereabouts.current
        let (role, address) =
            desk == nil ? ("coordinator", here.coordinator) : ("orchestrator", here.orchestrator)
        let message =
            address.isEmpty
            ? "the \(role) is a process of its own and has not come to this one yet; start it with: rookery \(role)"
            : "the \(role) runs as a process of its own; ask it at \(address)"
        return Proto.Error(
            code: address.isEmpty ? .unavailable : .servedElsewhere, message: message,
            retryAfterMs: address.isEmpty ? Limits.unavailableRetry.wireMilliseconds : 0)
    }

    func count(_ name: String) { metrics.count(name) }
}
