import Lifecycle
import Model
import Storage
import Synchronization
import Telemetry

/// Owns the ledger on its thread: takes every batch that waits, commits once, answers all of them.
actor LedgerActor {
    struct Waiting: Sendable {
        var batch: PreparedBatch
        var answer: @Sendable (LedgerAnswer) -> Void
    }

    private nonisolated let thread: WorkerThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
    let ledger: Ledger
    let secrets: SecretKeeper
    nonisolated let ring: KeyRing
    private let board: StatusBoard
    private let reputations: ReputationBoard
    private let followers: [any LedgerFollower]
    let time: any TimeSource
    private let log: Logger
    private var disk: DiskSpace
    private(set) var intake = IntakeState.open
    private var wallWatch = WallWatch()
    /// A copy under way: it must let go before the database is closed.
    var backup: DatabaseCopy?
    /// Bytes that it has copied, for whoever asks.
    nonisolated let copied = Mutex<UInt64>(0)
    private var waitingQuotas: [QuotaOrder] = []
    /// Of an orchestrator elsewhere, which asks instead of being given.
    var question: ReceiptQuestion?
    private var reader: (feed: ReceiptFeed, give: @Sendable (ReceiptPage) -> Void)?
    private let committed: @Sendable (UInt64) -> Void
    private var bytesInLog = 0
    private let logHeld: Int
    private var heldDelay = LedgerActor.shortestHeldDelay
    private var recoveryDelay = Span.milliseconds(100)
    private let killer: CommitKiller?

    /// Of content in the WAL between two checkpoints. Fewer would cost less of the processor, but whoever waits at that
    /// moment waits longer the more there is to copy, most of all where others use the disk too.
    private static let checkpointBytes = 8 * Limits.mebibyte
    private static let commitOverhead = 32 * Limits.kibibyte  // pages that a commit of nothing large writes
    private static let idleBeforeCheckpoint = Span.milliseconds(500)
    static let pagesAStep: Int32 = 256  // one mebibyte, copied between two groups
    private static let diskWatch = Span.seconds(1)
    private static let longestRecoveryDelay = Span.seconds(5)
    private static let shortestHeldDelay = Span.milliseconds(10)
    private static let longestHeldDelay = Span.milliseconds(500)

    init(
        _ ledger: sending Ledger, secrets found: SecretKeeper.Found, thread: WorkerThread, board: StatusBoard,
        reputations: ReputationBoard,
        followers: [any LedgerFollower], disk: DiskSpace, killer: sending CommitKiller? = nil,
        logHeld: Int = Limits.logHeld,
        time: any TimeSource, log: Logger, committed: @escaping @Sendable (UInt64) -> Void
    ) throws(LedgerError) {
        let secrets = try SecretKeeper(found, ledger)
        ring = secrets.ring
        self.secrets = secrets
        self.ledger = ledger
        self.thread = thread
        self.board = board
        self.reputations = reputations
        self.followers = followers
        self.disk = disk
        self.killer = killer
        self.logHeld = logHeld
        self.time = time
        self.log = log
        self.committed = committed
        let now = LedgerFigures(ledger)
        board.update { $0.show(now) }
        guard let loss = ledger.loss else { return }
        let closed = IntakeState.behind(reason: loss)
        intake = closed
        board.update { $0.intake = closed }
    }

    // MARK: Intake

    /// Everything that waited, cut into groups within the limits.
    func take(_ waiting: [Waiting]) {
        var rest = waiting[...]
        while !rest.isEmpty {
            var artifacts = 0
            var bytes = 0
            let count = rest.prefix {
                artifacts += $0.batch.items.count
                bytes += $0.batch.bytes
                return artifacts <= Limits.groupArtifacts && bytes <= Limits.groupBytes
            }.count
            commit(rest.prefix(max(1, count)))
            rest = rest.dropFirst(max(1, count))
        }
    }

    private func commit(_ group: ArraySlice<Waiting>) {
        watchDisk()
        guard intake == .open else { return refuse(group) }
        do throws(LedgerError) {
            if let jump = wallWatch.jump(now: time.now(), wall: time.wall()) {
                ledger.noteWallJump()
                log.warning("wall clock was set", ["by_ms": .number(jump)])
            }
            let before = ledger.head.stateVersion
            killer?.begins()
            let outcome = try ledger.commit(
                group.map(\.batch), now: time.wall(), reputations: reputations.current)
            killer?.ended(committed: ledger.head.stateVersion > before)
            if ledger.head.stateVersion > before {
                publish()
                bytesInLog += group.reduce(LedgerActor.commitOverhead) { $0 + $1.batch.bytes }
            }
            feedReceipts(outcome.page)
            for (waiting, result) in zip(group, outcome.results) { waiting.answer(.result(result)) }
            answerQuestion(outcome.page)
            checkpointWhenDue()
        } catch {
            failed(error)
            refuse(group, error.description)
        }
    }

    private func refuse(_ group: ArraySlice<Waiting>, _ message: String? = nil) {
        let message = message ?? "intake is \(intake.sentence)"
        for waiting in group {
            waiting.answer(.unavailable(message: message, retryAfter: Limits.unavailableRetry))
        }
    }

    private func watchDisk() {
        switch (intake, disk.shortage(now: time.now())) {
        case (.open, let free?), (.diskLow, let free?): move(to: .diskLow(free: free))
        case (.diskLow, nil): move(to: .open)
        case (.open, nil), (.recovering, _), (.logHeld, _), (.behind, _): break
        }
    }

    func move(to state: IntakeState) {
        guard intake != state else { return }
        intake = state
        board.update { $0.intake = state }
        log.warning("intake state changed", ["state": .text(state.sentence)])
        if case .diskLow = state { wake(after: LedgerActor.diskWatch) }
    }

    func publish() {
        let now = LedgerFigures(ledger)
        board.update {
            $0.show(now)
            $0.commits += 1
        }
        committed(now.head.stateVersion)
    }

    // MARK: Receipts and late leases

    /// Gives every receipt after `position`, then each new one as it is committed, without a gap. There is one reader:
    /// the next one takes its place.
    func follow(after position: UInt64, _ body: @escaping @Sendable (ReceiptPage) -> Void) {
        reader = (ReceiptFeed(after: position), body)
        feedReceipts()
    }

    /// What cannot be read now is read with the next commit, the recovery, or a little later.
    private func feedReceipts(_ fresh: ReceiptPage? = nil, toTheEnd: Bool = false) {
        if case .recovering = intake { return }
        if toTheEnd { answerQuestion(toTheEnd: true) }
        guard var reader else { return }
        do throws(LedgerError) {
            try reader.feed.advance(fresh, from: ledger, toTheEnd: toTheEnd, reader.give)
        } catch {
            log.error("receipts cannot be read", ["error": .of(error)])
            wake(after: LedgerActor.longestRecoveryDelay)
        }
        self.reader = reader
    }

    func markLate(_ leases: [LeaseRef]) throws(LedgerError) {
        guard intake == .open else { throw .unavailable(intake.sentence) }
        do throws(LedgerError) {
            try ledger.markLate(leases, now: time.wall())
            publish()
            bytesInLog += LedgerActor.commitOverhead
            checkpointWhenDue()
        } catch {
            failed(error)
            throw error
        }
    }

    /// What cannot be stored now is stored once the ledger is open again.
    func setQuotas(_ order: QuotaOrder) {
        waitingQuotas.append(order)
        guard !ledger.needsRecovery else { return }
        do throws(LedgerError) {
            for order in waitingQuotas { try ledger.setQuotas(order) }
            waitingQuotas = []
            bytesInLog += LedgerActor.commitOverhead
            checkpointWhenDue()
        } catch {
            failed(error)
        }
    }

    func lastApplied(streams: [UInt64]) -> [UInt64] { streams.map(ledger.lastApplied) }

    func find(digest: [UInt8]) throws(LedgerError) -> UInt64? { try ledger.find(digest: digest) }

    // MARK: Checkpoints

    /// Of a commit that brought no batches.
    func noteBytes(_ bytes: Int) {
        bytesInLog += LedgerActor.commitOverhead + bytes
        checkpointWhenDue()
    }

    private func checkpointWhenDue() {
        if bytesInLog >= LedgerActor.checkpointBytes { checkpoint() }
        // Otherwise what is to be done next has been set already.
        if intake == .open { wake(after: LedgerActor.idleBeforeCheckpoint) }
    }

    /// There is one wake-up, and so one thing that it does: whatever may be due.
    private func wake(after span: Span) {
        thread.setWake(for: self, at: time.now() + span) { [self] in assumeIsolated { $0.woken() } }
    }

    private func woken() {
        watchDisk()
        checkpoint()
        feedReceipts(toTheEnd: true)
        wakeAgain()
    }

    /// For whatever is due first. A question has an answer when its time is up, be it that there is nothing.
    func wakeAgain() {
        guard !isRecovering else { return }
        let due: Span? =
            switch intake {
            case .diskLow: LedgerActor.diskWatch
            case .logHeld: heldDelay
            case .open where bytesInLog > 0: LedgerActor.idleBeforeCheckpoint
            case .open, .recovering, .behind: nil
            }
        let answer = question.map { max($0.until.since(time.now()), .milliseconds(1)) }
        if let first = [due, answer].compactMap(\.self).min() { wake(after: first) }
    }

    private func checkpoint() {
        switch intake {
        case .open where bytesInLog > 0: break
        case .logHeld: break
        case .open, .recovering, .diskLow, .behind: return
        }
        bytesInLog = 0
        do throws(LedgerError) {
            let held = try ledger.settleLog(limit: logHeld)
            board.update { $0.checkpoints += 1 }
            logIs(held: held)
        } catch {
            failed(error)
        }
    }

    /// While somebody reads on in one transaction the log can only grow: nothing more is added to it then. Own readers
    /// end with their statement, so that the next try succeeds where they alone were in the way.
    private func logIs(held bytes: Int?) {
        guard let bytes else {
            heldDelay = LedgerActor.shortestHeldDelay
            if case .logHeld = intake { move(to: .open) }
            return
        }
        if intake == .open { move(to: .logHeld(bytes: bytes)) }
        heldDelay = min(heldDelay * 2, LedgerActor.longestHeldDelay)
        wake(after: heldDelay)
    }

    // MARK: Failure and recovery

    func failed(_ error: LedgerError) {
        board.update { $0.commitFailures += 1 }
        log.error("ledger could not commit", ["error": .of(error)])
        guard ledger.needsRecovery else { return }
        move(to: .recovering(reason: error.description))
        scheduleRecovery()
    }

    private func scheduleRecovery() {
        thread.setWake(for: self, at: time.now() + recoveryDelay) { [self] in
            assumeIsolated { actor in actor.startRecovery() }
        }
        recoveryDelay = min(recoveryDelay * 2, LedgerActor.longestRecoveryDelay)
    }

    private func startRecovery() { Task { await recover() } }

    /// Readers are closed first: they keep the old idea of what the files hold.
    private func recover() async {
        backup?.abandon()
        for follower in followers { await follower.suspend() }
        do throws(LedgerError) {
            try ledger.recover()
            try secrets.follow(ledger)
            for follower in followers { await follower.resume() }
            recoveryDelay = .milliseconds(100)
            publish()
            move(to: .open)
            let orders = waitingQuotas
            waitingQuotas = []
            for order in orders { setQuotas(order) }
            // A commit of unknown outcome may have been stored, with receipts that nobody has seen.
            feedReceipts(toTheEnd: true)
            wakeAgain()
        } catch {
            log.error("ledger could not be opened again", ["error": .of(error)])
            // Questions are answered until the next try.
            for follower in followers where follower.onlyAnswers { await follower.resume() }
            scheduleRecovery()
        }
    }

    func close() {
        thread.clearWake(for: self)
        reader = nil
        question = nil
        backup?.abandon()
        ledger.close()
    }
}
