import Lifecycle
import Model
import Storage
import Telemetry
import Wire

/// Owns the core on its thread: one turn for everything that waits, then its effects. When the database fails, the core
/// is built anew from it.
actor OrchestratorActor {
    private enum State {
        /// To failed, when a turn cannot be stored.
        case serving(OrchestratorCore)
        /// To serving, once the database is opened again. What comes meanwhile is dropped: peers ask again.
        case failed
        case closed
    }

    private nonisolated let thread: WorkerThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
    private let path: String
    private let configuration: OrchestratorConfiguration
    private let board: OrchestratorBoard
    private let time: any TimeSource
    private let log: Logger
    private let perform: @Sendable ([OrchestratorEffect]) -> Void
    private var state: State
    /// A copy under way: it must let go before the database is closed.
    var backup: DatabaseCopy?
    private var started: (@Sendable (UInt64) -> Void)?
    private var wake: Instant?
    private var recoveryDelay = OrchestratorActor.firstRecoveryDelay

    private static let firstRecoveryDelay = Span.milliseconds(100)
    private static let longestRecoveryDelay = Span.seconds(5)

    init(
        path: String, configuration: OrchestratorConfiguration, thread: WorkerThread, board: OrchestratorBoard,
        time: any TimeSource, log: Logger, perform: @escaping @Sendable ([OrchestratorEffect]) -> Void
    ) throws(StorageError) {
        // What a killed process wrote can be read back before it is on disk; nobody may be told of it before it is.
        let core = try OrchestratorCore(
            database: try Database.recover(path: path), configuration: configuration,
            random: SystemRandom(), now: time.now(), wall: time.wall())
        self.path = path
        self.configuration = configuration
        self.thread = thread
        self.board = board
        self.time = time
        self.log = log
        self.perform = perform
        board.publish(core.status())
        state = .serving(core)
    }

    func onStart(_ body: @escaping @Sendable (UInt64) -> Void) {
        started = body
        if case .serving(let core) = state { body(core.receiptPosition) }
        take([.tick])
    }

    func take(_ inputs: [OrchestratorInput]) {
        guard case .serving(let core) = state else { return turnAway(inputs) }
        do throws(StorageError) {
            let effects = try core.turn(inputs, now: time.now(), wall: time.wall())
            board.publish(core.status())
            perform(effects)
            setWake(core.nextDeadline)
        } catch {
            log.error("orchestrator could not store a turn", ["error": .of(error)])
            backup?.abandon()
            core.close()
            state = .failed
            board.alert("the orchestrator's database failed and is being opened again: \(error)")
            turnAway(inputs)
            recoverLater()
        }
    }

    private func setWake(_ deadline: Instant?) {
        guard deadline != wake else { return }
        wake = deadline
        guard let deadline else { return thread.clearWake(for: self) }
        thread.setWake(for: self, at: deadline) { [self] in
            assumeIsolated { actor in
                actor.wake = nil
                actor.take([.tick])
            }
        }
    }

    /// Nobody knows what was stored: who asks again with the same key gets the answer of the first time.
    private func turnAway(_ inputs: [OrchestratorInput]) {
        let error = Proto.Error(
            code: .unavailable, message: "the orchestrator is opening its database again; ask again",
            retryAfterMs: Limits.unavailableRetry.wireMilliseconds)
        perform(
            inputs.compactMap { input in
                guard case .request(let connection, _, let envelope) = input, envelope.id != 0 else { return nil }
                return .send(connection, Proto.Envelope(inReplyTo: envelope.id, body: .error(error)))
            })
    }

    // MARK: Recovery

    private func recoverLater() {
        wake = nil
        thread.setWake(for: self, at: time.now() + recoveryDelay) { [self] in assumeIsolated { $0.recover() } }
        recoveryDelay = min(recoveryDelay * 2, OrchestratorActor.longestRecoveryDelay)
    }

    private func recover() {
        guard case .failed = state else { return }
        do throws(StorageError) {
            let core = try OrchestratorCore(
                database: try Database.recover(path: path), configuration: configuration, random: SystemRandom(),
                now: time.now(), wall: time.wall())
            state = .serving(core)
            recoveryDelay = OrchestratorActor.firstRecoveryDelay
            log.warning("orchestrator opened its database again", ["receipt_position": .number(core.receiptPosition)])
            started?(core.receiptPosition)
            take([.tick])
        } catch {
            log.error("orchestrator could not open its database again", ["error": .of(error)])
            recoverLater()
        }
    }

    var nodes: [Proto.NodeInfo] {
        if case .serving(let core) = state { core.nodes() } else { [] }
    }

    var servingCore: OrchestratorCore? {
        if case .serving(let core) = state { core } else { nil }
    }

    func close() {
        thread.clearWake(for: self)
        backup?.abandon()
        if case .serving(let core) = state { core.close() }
        state = .closed
    }
}
