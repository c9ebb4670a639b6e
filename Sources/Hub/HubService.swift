import Chaos
import Coordinator
import Lifecycle
package import Model
import Orchestrator
package import Telemetry
package import Transport
import Wire

/// Coordinator, orchestrator or both in one process, behind one port.
package actor HubService: Service {
    package nonisolated let name: String
    private let configuration: HubConfiguration
    private let time: any TimeSource
    private let log: Logger
    private let compressor: any ByteCompressor
    private let onReady: @Sendable (SocketAddress) -> Void
    private let onFailure: @Sendable (String) -> Void
    private var running = Running()

    /// What has been started, to be stopped in reverse. Also half of it, when a start fails.
    private struct Running {
        var lock: SharedLock?
        var coordinator: CoordinatorService?
        var orchestrator: OrchestratorService?
        var bridge: ReceiptBridge?
        var link: CoordinatorElsewhere?
        var loops: EventLoopGroup?
        var listener: Listener?
        var lastWords: [UInt8]?
    }

    /// A lock cannot be copied, and what holds it here must be.
    private final class SharedLock: Sendable {
        let lock: DirectoryLock
        init(_ directory: String) throws(DirectoryLockError) { lock = try DirectoryLock(directory: directory) }
    }

    /// `onReady` is called once it serves, with the address it really has; `onFailure` when it can serve no longer.
    package init(
        _ configuration: HubConfiguration, compressor: any ByteCompressor, time: any TimeSource, log: Logger,
        onFailure: @escaping @Sendable (String) -> Void = { _ in },
        onReady: @escaping @Sendable (SocketAddress) -> Void
    ) {
        self.configuration = configuration
        name = configuration.partName
        self.compressor = compressor
        self.time = time
        self.log = log
        self.onReady = onReady
        self.onFailure = onFailure
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
        let loops = try EventLoopGroup()
        running.loops = loops
        let context = try await roles(loops)
        await context.orchestrator?.onStart { [bridge = running.bridge] in bridge?.restarted(at: $0) }
        let part = configuration.partName
        running.lastWords = context.outgoing.notice(.shuttingDown, "the \(part) is shutting down; reconnect later")
        var options = Listener.Options()
        options.maxConnections = configuration.maxConnections
        options.refusal = context.outgoing.notice(
            .tooManyConnections, "the \(part) has as many connections as it takes; try again")
        let listener = try Listener(
            configuration.address, loops: loops,
            context: Connection.Context(
                limits: connectionLimits(), compressor: compressor,
                metrics: TransportMetrics(context.metrics.registry)),
            options: options
        ) { GatewayConnection(context) }
        running.listener = listener
        let reached = configuration.advertised ?? listener.address.description
        context.whereabouts.update {
            switch configuration.part {
            case .hub: break
            case .coordinator: $0.coordinator = reached
            case .orchestrator: $0.orchestrator = reached
            }
        }
        await running.link?.begin(servingAt: reached)
        log.info(
            "ready",
            [
                "part": .text(part), "address": .of(listener.address), "data": .text(configuration.directory),
                "artifacts": .number(running.coordinator?.status.head.stored ?? 0),
            ])
        onReady(listener.address)
    }

    // MARK: Who is here

    /// The roles of this process, and what lies between them and the connections.
    private func roles(_ loops: EventLoopGroup) async throws -> HubContext {
        let directory = Directory()
        let outgoing = Outgoing(compressor: compressor, log: log)
        switch configuration.part {
        case .hub: return try await hub(directory, outgoing)
        case .coordinator: return try await coordinator(directory, outgoing)
        case .orchestrator(let address): return try orchestrator(of: address, directory, outgoing, loops)
        }
    }

    private func hub(_ directory: Directory, _ outgoing: Outgoing) async throws -> HubContext {
        let coordinator = try openCoordinator()
        if let seat = await coordinator.seat {
            guard configuration.takesOver else { throw HubError.orchestratorElsewhere(seat.address) }
            try await coordinator.leaveSeat()
        }
        let bridge = ReceiptBridge(directory: directory)
        var fleet = configuration.orchestrator
        fleet.incarnation = coordinator.identity.incarnation
        let orchestrator = try openOrchestrator(fleet, bridge)
        let desk = CoordinatorDesk(coordinator, directory: directory, outgoing: outgoing, time: time, log: log)
        let whereabouts = Whereabouts(.unspecified, Whereabouts.Current(cluster: ClusterName(coordinator.identity)))
        let backups = CoordinatorBackup(coordinator: coordinator, orchestrator: orchestrator)
        let context = context(desk, orchestrator, backups, whereabouts, directory, outgoing)
        bridge.connect(context, CoordinatorHere(coordinator: coordinator, log: log))
        coordinator.readReceipts { orchestrator.status.receiptPosition }
        // Where one is an older copy than the other nothing is taken, and status says why.
        _ = try? await coordinator.admit(receiptsTo: orchestrator.status.receiptPosition)
        return context
    }

    private func coordinator(_ directory: Directory, _ outgoing: Outgoing) async throws -> HubContext {
        let coordinator = try openCoordinator()
        let desk = CoordinatorDesk(coordinator, directory: directory, outgoing: outgoing, time: time, log: log)
        let backups = CoordinatorBackup(coordinator: coordinator, orchestrator: nil)
        var current = Whereabouts.Current(cluster: ClusterName(coordinator.identity))
        current.orchestrator = await coordinator.seat?.address ?? ""
        current.absence = SeatDesk.absence
        return context(desk, nil, backups, Whereabouts(.coordinator, current), directory, outgoing)
    }

    private func orchestrator(
        of address: SocketAddress, _ directory: Directory, _ outgoing: Outgoing, _ loops: EventLoopGroup
    ) throws -> HubContext {
        var random = SystemRandom()
        let file = try SeatFile(beginIn: configuration.directory, wall: time.wall(), random: &random)
        let bridge = ReceiptBridge(directory: directory)
        var fleet = configuration.orchestrator
        fleet.incarnation = file.incarnation
        let orchestrator = try openOrchestrator(fleet, bridge)
        orchestrator.submit(.coordinatorAway)
        var current = Whereabouts.Current(cluster: file.cluster ?? ClusterName(id: [], incarnation: 0))
        current.coordinator = address.description
        current.absence = "the coordinator at \(address) has not been found yet"
        let whereabouts = Whereabouts(.orchestrator, current)
        let backups = OrchestratorBackup(
            orchestrator: orchestrator, directory: configuration.directory, incarnation: file.incarnation,
            whereabouts: whereabouts)
        let context = context(nil, orchestrator, backups, whereabouts, directory, outgoing)
        let claim = Proto.Seat(
            id: file.id[...], incarnation: file.incarnation, clusterId: file.cluster.map { $0.id[...] } ?? [],
            takeOver: configuration.takesOver)
        let link = CoordinatorElsewhere(
            address, claim: claim, file: file, software: configuration.software, loop: loops.next(),
            compressor: compressor, whereabouts: whereabouts,
            listeners: CoordinatorElsewhere.Listeners(
                tell: { orchestrator.submit($0) }, moved: { directory.closeNodes() }, refused: onFailure),
            log: log)
        running.link = link
        bridge.connect(context, link)
        return context
    }

    private func openCoordinator() throws -> CoordinatorService {
        var random = SystemRandom()
        let coordinator = try CoordinatorService(configuration.coordinator, time: time, random: &random, log: log)
        running.coordinator = coordinator
        return coordinator
    }

    private func openOrchestrator(
        _ fleet: OrchestratorConfiguration, _ bridge: ReceiptBridge
    ) throws -> OrchestratorService {
        running.bridge = bridge
        let orchestrator = try OrchestratorService(
            path: configuration.directory + "/orchestrator.db", configuration: fleet, time: time, log: log
        ) { bridge.perform($0) }
        running.orchestrator = orchestrator
        return orchestrator
    }

    private func context(
        _ desk: CoordinatorDesk?, _ orchestrator: OrchestratorService?, _ backups: any BackupSource,
        _ whereabouts: Whereabouts, _ directory: Directory, _ outgoing: Outgoing
    ) -> HubContext {
        HubContext(
            configuration, desk: desk, orchestrator: orchestrator, backups: backups, whereabouts: whereabouts,
            directory: directory, metrics: HubMetrics(), outgoing: outgoing, time: time, log: log)
    }

    // MARK: Serving

    /// The transport is a little more patient with a silent connection than its session, which ends it with words.
    private func connectionLimits() -> ConnectionLimits {
        var limits = ConnectionLimits()
        limits.frameTimeout = configuration.frameTimeout
        limits.idleTimeout = configuration.patience.idle + Limits.helloTimeout
        return limits
    }

    package func stop() async {
        await running.listener?.stop(sending: running.lastWords)
        await running.link?.stop()
        running.loops?.stop()
        await running.orchestrator?.stop()
        await running.coordinator?.stop()
        running.bridge?.disconnect()
        running = Running()
    }
}

/// Why a process cannot have its part.
package enum HubError: Error, Equatable, CustomStringConvertible {
    case orchestratorElsewhere(String)

    package var description: String {
        switch self {
        case .orchestratorElsewhere(let address):
            "the orchestrator of this data directory is a process of its own, last at \(address); start it with: "
                + "rookery coordinator, or give --take-over where a hub is to have its part"
        }
    }
}
