import Chaos
import Coordinator
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
    package var diskLowWater = Limits.diskLowWater
    package var patience = ServerSession.Patience()
    /// From a frame's first byte to its last.
    package var frameTimeout = Limits.frameTimeout
    package var maxConnections = Limits.maxConnections
    package var orchestrator = OrchestratorConfiguration(incarnation: 0)
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
    private var running: Running?

    private struct Running {
        var lock: SharedLock
        var coordinator: CoordinatorService
        var orchestrator: OrchestratorService
        var loops: EventLoopGroup
        var listener: Listener
        var receipts: ReceiptBridge
        /// What every peer is told when the hub stops.
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
        var random = SystemRandom()
        let lock = try SharedLock(configuration.directory)
        let coordinator = try CoordinatorService(
            CoordinatorConfiguration(
                directory: configuration.directory, diskLowWater: configuration.diskLowWater),
            time: time, random: &random, log: log)
        let directory = Directory()
        let bridge = ReceiptBridge(directory: directory, coordinator: coordinator, log: log)
        var settings = configuration.orchestrator
        settings.incarnation = coordinator.identity.incarnation
        let orchestrator = try OrchestratorService(
            path: configuration.directory + "/orchestrator.db", configuration: settings, time: time, log: log
        ) { bridge.perform($0) }
        let context = HubContext(
            coordinator: coordinator, orchestrator: orchestrator,
            chaos: ChaosControl(isAllowed: configuration.allowsChaos, time: time), directory: directory,
            metrics: HubMetrics(), time: time, log: log, compressor: compressor, heartbeat: configuration.heartbeat,
            patience: configuration.patience, software: configuration.software)
        bridge.connect(context)
        await orchestrator.onStart { bridge.restarted(at: $0) }
        let loops = try EventLoopGroup()
        let listener = try Listener(
            configuration.address, loops: loops,
            context: Connection.Context(
                limits: connectionLimits(), compressor: compressor,
                metrics: TransportMetrics(context.metrics.registry)),
            options: listenerOptions(context)
        ) { GatewayConnection(context) }
        running = Running(
            lock: lock, coordinator: coordinator, orchestrator: orchestrator, loops: loops, listener: listener,
            receipts: bridge, lastWords: lastWords(context))
        log.info(
            "hub ready",
            [
                "address": .of(listener.address), "data": .text(configuration.directory),
                "artifacts": .number(coordinator.status.head.stored),
            ])
        onReady(listener.address)
    }

    /// The transport is a little more patient with a silent connection than its session, which ends it with words.
    private func connectionLimits() -> ConnectionLimits {
        var limits = ConnectionLimits()
        limits.frameTimeout = configuration.frameTimeout
        limits.idleTimeout = configuration.patience.idle + Limits.helloTimeout
        return limits
    }

    private func listenerOptions(_ context: HubContext) -> Listener.Options {
        var options = Listener.Options()
        options.maxConnections = configuration.maxConnections
        let error = Proto.Error(
            code: .tooManyConnections, message: "the hub has as many connections as it takes; try again",
            retryAfterMs: UInt32(Limits.unavailableRetry.milliseconds))
        options.refusal = context.frame(Proto.Envelope(body: .error(error))) ?? []
        return options
    }

    private func lastWords(_ context: HubContext) -> [UInt8]? {
        let error = Proto.Error(
            code: .shuttingDown, message: "the hub is shutting down; reconnect later",
            retryAfterMs: UInt32(Limits.unavailableRetry.milliseconds))
        return context.frame(Proto.Envelope(body: .error(error)))
    }

    package func stop() async {
        guard let running else { return }
        await running.listener.stop(sending: running.lastWords)
        running.loops.stop()
        await running.orchestrator.stop()
        await running.coordinator.stop()
        self.running = nil
    }
}
