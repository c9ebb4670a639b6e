import Lifecycle
package import Model
package import Storage
import Synchronization
package import Telemetry

/// Runs the consumers on a thread of their own, behind the ledger: they may lag or start again freely, and no ack waits
/// for them.
package final class DerivedService: LedgerFollower {
    private let thread: WorkerThread
    fileprivate let owner: DerivedActor
    private let inbox: Inbox<UInt64>
    private let time: any TimeSource
    let pulse = IntakePulse()

    /// `make` is called on the derived thread, now and again whenever the database had to be opened anew.
    package init(
        path: String, ledger: @escaping @Sendable () -> LedgerPlace, time: any TimeSource, log: Logger,
        rules: LogRules = LogRules(), make: @escaping @Sendable () -> [any DerivedConsumer]
    ) throws {
        self.time = time
        thread = try WorkerThread(name: "derived", nice: 19)
        owner = DerivedActor(
            setup: DerivedActor.Setup(path: path, ledger: ledger, make: make, log: rules), thread: thread,
            pulse: pulse, time: time, log: log)
        inbox = Inbox(on: thread) { [owner] _ in owner.assumeIsolated { $0.committed() } }
    }

    /// Opens derived.db (or makes it) and begins to follow, in its own time.
    package func start() { thread.execute { [owner] in owner.assumeIsolated { $0.start() } } }

    func suspend() async { await owner.suspend() }
    func resume() async { await owner.resume() }

    /// The ledger has a new version; said often, acted on when there is time.
    package func committed(_ version: UInt64) {
        pulse.beat(time.now())
        inbox.append(version)
    }

    /// Asks one consumer, between two transactions. Nil while the database is being opened anew.
    package func ask<C: DerivedConsumer, T: Sendable>(
        _ type: C.Type, _ question: @Sendable (C, Database) throws(StorageError) -> T
    ) async throws(LedgerError) -> T? {
        try await owner.ask(type, question)
    }

    /// How far every consumer has come.
    package var position: UInt64 { get async { await owner.position } }

    /// The same as it was after the last step; asked without waiting for the one under way.
    package var reached: UInt64 { owner.reached.load(ordering: .relaxed) }

    /// The bytes of its log that somebody's long read keeps, so that nothing goes on; 0: it goes on.
    package var logHeld: Int { owner.logHeld.load(ordering: .relaxed) }

    /// The step under way ends at the next commit, and no other begins.
    package func beginStop() { owner.isStopping.store(true, ordering: .relaxed) }

    package func stop() async {
        beginStop()
        await owner.close()
        thread.stop()
    }
}

/// When derived.db's log is moved into the database, and how long it may get while somebody reads on.
package struct LogRules: Sendable {
    /// Transactions between two checkpoints.
    package var steps = 16
    package var limit = Limits.logHeld  // bytes

    package init() {}
}

actor DerivedActor {
    struct Setup: Sendable {
        var path: String
        var ledger: @Sendable () -> LedgerPlace
        var make: @Sendable () -> [any DerivedConsumer]
        var log = LogRules()
    }

    private enum Phase {
        case following  // to suspended, while the ledger is opened anew; to closed
        case suspended  // to following, or closed
        case closed
    }

    private struct Running {
        var core: DerivedCore
        var database: Database
        var consumers: [any DerivedConsumer]
    }

    private nonisolated let thread: WorkerThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
    private let setup: Setup
    private let time: any TimeSource
    private let log: Logger
    nonisolated let reached = Atomic<UInt64>(0)
    nonisolated let logHeld = Atomic<Int>(0)
    nonisolated let isStopping = Atomic<Bool>(false)
    private var running: Running?
    /// A copy under way: it must let go before the database is closed.
    fileprivate var backup: DatabaseCopy?
    fileprivate var openDatabase: Database? { running?.database }
    private var phase = Phase.following
    private var sinceCheckpoint = 0

    private let pulse: IntakePulse
    private var restsUntil = Instant.zero
    private var tickAt = Instant.zero

    private static let tick = Span.seconds(1)
    private static let artifacts = DerivedCore.artifactsAtOnce  // of one step
    private static let artifactsBesideIntake = 512
    private static let restWhileHeld = Span.milliseconds(200)

    init(setup: Setup, thread: WorkerThread, pulse: IntakePulse, time: any TimeSource, log: Logger) {
        self.setup = setup
        self.thread = thread
        self.pulse = pulse
        self.time = time
        self.log = log
    }

    func start() {
        pass()
    }

    private func open() throws(LedgerError) {
        let consumers = setup.make()
        guard !consumers.isEmpty else { return }
        let database = try storing { () throws(StorageError) in
            try Database.open(path: setup.path, access: .writer)
        }
        let core = try DerivedCore(
            database: database, reader: try ChangeReader(setup.ledger()), consumers: consumers)
        running = Running(core: core, database: database, consumers: consumers)
    }

    var position: UInt64 { running?.core.position ?? 0 }

    /// One step, and another job for the next, so that questions get their turn in between.
    private func advance() {
        let begun = time.now()
        guard let running, phase == .following, begun >= restsUntil, !isStopping.load(ordering: .relaxed) else {
            return
        }
        do throws(LedgerError) {
            if isHeld { try settleLog(running.core) }
            guard !isHeld else { return wake() }
            let hasMore = try running.core.advance(
                artifacts: pulse.isBusy(begun) ? DerivedActor.artifactsBesideIntake : DerivedActor.artifacts,
                isStopping: { isStopping.load(ordering: .relaxed) })
            reached.store(running.core.position, ordering: .relaxed)
            guard hasMore else { return }
            sinceCheckpoint += 1
            if sinceCheckpoint >= setup.log.steps {
                sinceCheckpoint = 0
                try settleLog(running.core)
            }
            let now = time.now()
            guard pulse.isBusy(now) else {
                thread.execute { [self] in assumeIsolated { $0.advance() } }
                return
            }
            restsUntil = now + now.since(begun) * IntakePulse.rest
            wake()
        } catch {
            failed(error)
        }
    }

    private var isHeld: Bool { logHeld.load(ordering: .relaxed) > 0 }

    /// While somebody reads derived.db in one long transaction its log can only grow: nothing goes on then.
    private func settleLog(_ core: DerivedCore) throws(LedgerError) {
        let held = try core.settleLog(limit: setup.log.limit) ?? 0
        if held > 0, !isHeld {
            log.warning("derived.db is read in one long transaction", ["log_bytes": .number(held)])
        }
        logHeld.store(held, ordering: .relaxed)
        if held > 0 { restsUntil = time.now() + DerivedActor.restWhileHeld }
    }

    /// The ledger has grown. While it goes on growing the steps rest in between: both share processors and disk, and
    /// only one of them has somebody waiting.
    func committed() {
        advance()
    }

    private func wake() {
        let at = restsUntil > time.now() ? min(restsUntil, tickAt) : tickAt
        thread.setWake(for: self, at: at) { [self] in assumeIsolated { $0.woken() } }
    }

    private func woken() {
        guard time.now() < tickAt else { return pass() }
        advance()
        // There is one wake-up, and the rest has used it: without another the time would stand still for consumers
        // until the next commit.
        wake()
    }

    private func pass() {
        guard phase == .following else { return }
        do throws(LedgerError) {
            if running == nil { try open() }
            try running?.core.pass(now: time.now(), wall: time.wall())
            advance()
        } catch {
            failed(error)
        }
        tickAt = time.now() + DerivedActor.tick
        wake()
    }

    func ask<C: DerivedConsumer, T: Sendable>(
        _ type: C.Type, _ question: @Sendable (C, Database) throws(StorageError) -> T
    ) throws(LedgerError) -> T? {
        guard let running, let consumer = running.consumers.lazy.compactMap({ $0 as? C }).first else { return nil }
        do throws(LedgerError) {
            return try storing { () throws(StorageError) in try question(consumer, running.database) }
        } catch {
            // It may have written, and consumers have changed in memory what was then not stored.
            failed(error)
            throw error
        }
    }

    /// What consumers hold in memory may be ahead of what is stored: all of it is made again at the next tick.
    private func failed(_ error: LedgerError) {
        if !isStopping.load(ordering: .relaxed) { log.error("a derived step failed", ["error": .of(error)]) }
        letGo()
        running = nil
    }

    private func letGo() {
        backup?.abandon()
        running?.core.close()
    }

    func suspend() {
        guard phase == .following else { return }
        phase = .suspended
        letGo()
        running = nil
    }

    func resume() {
        guard phase == .suspended else { return }
        phase = .following
        pass()
    }

    func close() {
        phase = .closed
        thread.clearWake(for: self)
        letGo()
        running = nil
    }
}

// Backups
extension DerivedService {
    /// Copies derived.db while it goes on; false when there is none.
    package func copy(to path: String) async throws -> Bool { try await owner.copy(to: path) }
}

extension DerivedActor {
    private static let pagesAStep: Int32 = 256

    func copy(to path: String) async throws(LedgerError) -> Bool {
        guard let database = openDatabase else { return false }
        let copy = try storing { () throws(StorageError) in try DatabaseCopy(of: database, to: path) }
        backup = copy
        defer { backup = nil }
        while !(try storing { () throws(StorageError) in try copy.step(pages: DerivedActor.pagesAStep) }) {
            await Task.yield()
        }
        return true
    }
}
