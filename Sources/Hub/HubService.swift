import Chaos
package import Coordinator
import Lifecycle
package import Model
package import Orchestrator
package import Telemetry
package import Transport
package import Wire

package struct HubConfiguration: Sendable {
    package var directory: String
    package var address: SocketAddress
    package var allowsChaos = false
    package var heartbeat = Limits.heartbeatInterval
    /// Bytes; nil: the usual mark for the size of the file system.
    package var diskLowWater: UInt64?
    package var feed = FeedPolicy()
    package var weights = PriorityWeights()
    package var sink = SinkChoice.jsonl
    package var patience = ServerSession.Patience()
    /// From a frame's first byte to its last.
    package var frameTimeout = Limits.frameTimeout
    package var maxConnections = Limits.maxConnections
    package var orchestrator = OrchestratorConfiguration(incarnation: 0)
    package var patterns = PatternOptions()
    /// Nil but in tests.
    package var killPoint: KillPoint?
    /// Nil: whatever the cluster was made with.
    package var dedupScope: DedupScope?
    /// How long history is kept; nil: for good.
    package var retention: Span?
    package var software: String

    package init(directory: String, address: SocketAddress, software: String) {
        self.directory = directory
        self.address = address
        self.software = software
    }
}

/// Coordinator and orchestrator in one process, behind one port.
package actor HubService: Service {
    package nonisolated let name = "hub"
    private let configuration: HubConfiguration
    private let time: any TimeSource
    private let log: Logger
    private let compressor: any ByteCompressor
    private let onReady: @Sendable (SocketAddress) -> Void
    private var running = Running()

    /// What has been started, to be stopped in reverse. Also half of it, when a start fails.
    private struct Running {
        var lock: SharedLock?
        var coordinator: CoordinatorService?
        var orchestrator: OrchestratorService?
        var bridge: ReceiptBridge?
        var loops: EventLoopGroup?
        var listener: Listener?
        var lastWords: [UInt8]?
    }

    /// A lock cannot be copied, and what holds it here must be.
    private final class SharedLock: Sendable {
        let lock: DirectoryLock
        init(_ directory: String) throws(DirectoryLockError) { lock = try DirectoryLock(directory: directory) }
    }

    /// `onReady` is called once the hub serves, with the address it really has.
    package init(
        _ configuration: HubConfiguration, compressor: any ByteCompressor, time: any TimeSource, log: Logger,
        onReady: @escaping @Sendable (SocketAddress) -> Void
    ) {
        self.configuration = configuration
        self.compressor = compressor
        self.time = time
        self.log = log
        self.onReady = onReady
    }

    package func start() async throws {
        do {
            try await begin()
        } catch {
            await stop()
            throw error
        }
    }

    private func begin() async throws {
        running.lock = try SharedLock(configuration.directory)
        let context = try roles()
        await refuseIfBehind(context)
        await context.orchestrator.onStart { [bridge = running.bridge] in bridge?.restarted(at: $0) }
        let loops = try EventLoopGroup()
        running.loops = loops
        running.lastWords = context.notice(.shuttingDown, "the hub is shutting down; reconnect later")
        var options = Listener.Options()
        options.maxConnections = configuration.maxConnections
        options.refusal = context.notice(
            .tooManyConnections, "the hub has as many connections as it takes; try again")
        let listener = try Listener(
            configuration.address, loops: loops,
            context: Connection.Context(
                limits: connectionLimits(), compressor: compressor,
                metrics: TransportMetrics(context.metrics.registry)),
            options: options
        ) { GatewayConnection(context) }
        running.listener = listener
        log.info(
            "hub ready",
            [
                "address": .of(listener.address), "data": .text(configuration.directory),
                "artifacts": .number(context.coordinator.status.head.stored),
            ])
        onReady(listener.address)
    }

    /// An orchestrator that has read more receipts than the ledger has commits: one of them is an older copy.
    private func refuseIfBehind(_ context: HubContext) async {
        let position = context.orchestrator.status.receiptPosition
        let version = context.coordinator.status.head.stateVersion
        guard position > version else { return }
        await context.coordinator.refuseWork(
            "the orchestrator has read receipts up to state version \(position) but the ledger ends at \(version): "
                + "ledger.db is an older copy; restore a later backup, or stop the hub and run "
                + "rookery restore --accept-loss --data DIR")
    }

    /// The two roles, and what lies between them and the connections.
    private func roles() throws -> HubContext {
        var random = SystemRandom()
        var place = CoordinatorConfiguration(
            directory: configuration.directory, diskLowWater: configuration.diskLowWater)
        place.patterns = configuration.patterns
        place.feed = configuration.feed
        place.weights = configuration.weights
        place.sink = configuration.sink
        place.killPoint = configuration.killPoint
        place.dedupScope = configuration.dedupScope
        place.retention = configuration.retention
        let coordinator = try CoordinatorService(place, time: time, random: &random, log: log)
        running.coordinator = coordinator
        let directory = Directory()
        let bridge = ReceiptBridge(directory: directory, coordinator: coordinator, log: log)
        running.bridge = bridge
        var fleet = configuration.orchestrator
        fleet.incarnation = coordinator.identity.incarnation
        let orchestrator = try OrchestratorService(
            path: configuration.directory + "/orchestrator.db", configuration: fleet, time: time, log: log
        ) { bridge.perform($0) }
        running.orchestrator = orchestrator
        let context = HubContext(
            coordinator: coordinator, orchestrator: orchestrator,
            chaos: ChaosControl(isAllowed: configuration.allowsChaos, time: time), directory: directory,
            metrics: HubMetrics(), time: time, log: log, compressor: compressor, heartbeat: configuration.heartbeat,
            patience: configuration.patience, software: configuration.software)
        bridge.connect(context)
        coordinator.readReceipts { orchestrator.status.receiptPosition }
        return context
    }

    /// The transport is a little more patient with a silent connection than its session, which ends it with words.
    private func connectionLimits() -> ConnectionLimits {
        var limits = ConnectionLimits()
        limits.frameTimeout = configuration.frameTimeout
        limits.idleTimeout = configuration.patience.idle + Limits.helloTimeout
        return limits
    }

    package func stop() async {
        await running.listener?.stop(sending: running.lastWords)
        running.loops?.stop()
        await running.orchestrator?.stop()
        await running.coordinator?.stop()
        running.bridge?.connect(nil)
        running = Running()
    }
}
