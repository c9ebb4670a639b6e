import Lifecycle
import Model
import Storage
import Telemetry
import Wire

/// Owns the core on its thread: one turn for everything that waits, then its effects. When the database fails, the core
/// is built anew from it.
actor OrchestratorActor {
    private enum State {
        /// To failed, when a turn cannot be stored; to held, when the log may not grow further.
        case serving(OrchestratorCore)
        /// To failed, and from there to serving, once the log is empty. Nothing is added to it while another program's
        /// read transaction keeps all of it. What comes meanwhile is dropped, as below.
        case held(OrchestratorCore, bytes: Int)
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
    private var heldDelay = OrchestratorActor.firstHeldDelay
    /// For a core that is built anew, which has not heard it.
    private var isCoordinatorAway = false

    private static let firstRecoveryDelay = Span.milliseconds(100)
    private static let longestRecoveryDelay = Span.seconds(5)
    private static let firstHeldDelay = Span.milliseconds(10)
    private static let longestHeldDelay = Span.milliseconds(500)

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
            if let bytes = core.logHeld { hold(core, bytes) } else { setWake(core.nextDeadline) }
        } catch {
            isCoordinatorAway = core.coordinatorAway != nil
            fail(core, error)
            turnAway(inputs)
        }
    }

    private func fail(_ core: OrchestratorCore, _ error: StorageError) {
        log.error("orchestrator could not store a turn", ["error": .of(error)])
        giveUp(core)
        board.alert("the orchestrator's database failed and is being opened again: \(error)")
        recoverLater()
    }

    private func giveUp(_ core: OrchestratorCore) {
        backup?.abandon()
        core.close()
        state = .failed
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
            code: .unavailable, message: refusal, retryAfterMs: Limits.unavailableRetry.wireMilliseconds)
        var answers: [OrchestratorEffect] = []
        for input in inputs {
            switch input {
            case .request(let connection, _, let envelope) where envelope.id != 0:
                answers.append(.send(connection, Proto.Envelope(inReplyTo: envelope.id, body: .error(error))))
            case .coordinatorAway: isCoordinatorAway = true
            case .coordinatorBack: isCoordinatorAway = false
            default: break
            }
        }
        perform(answers)
    }

    private var refusal: String {
        if case .held(_, let bytes) = state { return OrchestratorActor.heldSentence(bytes) }
        return "the orchestrator is opening its database again; ask again"
    }

    // MARK: A log that is held

    private static func heldSentence(_ bytes: Int) -> String {
        "the orchestrator gives nothing out and takes nothing in: orchestrator.db-wal holds \(bytes >> 20) MiB that "
            + "cannot be moved into orchestrator.db, because another program reads it in one long transaction; end "
            + "that program (fuser names it)"
    }

    private func hold(_ core: OrchestratorCore, _ bytes: Int) {
        log.warning("orchestrator waits for the end of another program's read", ["log_bytes": .number(UInt64(bytes))])
        isCoordinatorAway = core.coordinatorAway != nil
        state = .held(core, bytes: bytes)
        board.alert(OrchestratorActor.heldSentence(bytes))
        heldDelay = OrchestratorActor.firstHeldDelay
        settleLater()
    }

    private func settleLater() {
        wake = nil
        thread.setWake(for: self, at: time.now() + heldDelay) { [self] in assumeIsolated { $0.settle() } }
        heldDelay = min(heldDelay * 2, OrchestratorActor.longestHeldDelay)
    }

    /// Time has passed and nodes have been sent away: the core begins anew, in which every lease has its full time.
    private func settle() {
        guard case .held(let core, _) = state else { return }
        do throws(StorageError) {
            try core.settleLog()
            guard core.logHeld == nil else { return settleLater() }
            giveUp(core)
            recover()
        } catch {
            fail(core, error)
        }
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
            take(isCoordinatorAway ? [.coordinatorAway] : [.tick])
        } catch {
            log.error("orchestrator could not open its database again", ["error": .of(error)])
            recoverLater()
        }
    }

    var nodes: [Proto.NodeInfo] {
        switch state {
        case .serving(let core), .held(let core, _): core.nodes()
        case .failed, .closed: []
        }
    }

    var servingCore: OrchestratorCore? {
        if case .serving(let core) = state { core } else { nil }
    }

    func close() {
        thread.clearWake(for: self)
        backup?.abandon()
        switch state {
        case .serving(let core), .held(let core, _): core.close()
        case .failed, .closed: break
        }
        state = .closed
    }
}
