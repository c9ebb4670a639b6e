import Lifecycle
import Model
import Storage
import Telemetry

/// Owns the ledger on its thread: takes every batch that waits, commits once, answers all of them.
actor LedgerActor {
    struct Waiting: Sendable {
        var batch: PreparedBatch
        var answer: @Sendable (LedgerAnswer) -> Void
    }

    private nonisolated let thread: WorkerThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
    private let ledger: Ledger
    private let board: StatusBoard
    private let reputations: ReputationBoard
    private let followers: [any LedgerFollower]
    private let time: any TimeSource
    private let log: Logger
    private var disk: DiskSpace
    private var intake = IntakeState.open
    private var onReceipts: (@Sendable (ReceiptPage) -> Void)?
    private let committed: @Sendable (UInt64) -> Void
    private var bytesInLog = 0
    private var recoveryDelay = Span.milliseconds(100)

    private static let checkpointBytes = 4 * Limits.mebibyte  // of content in the WAL between two checkpoints
    private static let idleBeforeCheckpoint = Span.milliseconds(500)
    private static let longestRecoveryDelay = Span.seconds(5)

    init(
        _ ledger: sending Ledger, thread: WorkerThread, board: StatusBoard, reputations: ReputationBoard,
        followers: [any LedgerFollower], disk: DiskSpace, time: any TimeSource, log: Logger,
        committed: @escaping @Sendable (UInt64) -> Void
    ) {
        self.ledger = ledger
        self.thread = thread
        self.board = board
        self.reputations = reputations
        self.followers = followers
        self.disk = disk
        self.time = time
        self.log = log
        self.committed = committed
        let head = ledger.head
        let bytes = ledger.indexBytes
        board.update {
            $0.head = head
            $0.indexBytes = bytes
        }
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
            let outcome = try ledger.commit(
                group.map(\.batch), now: time.wall(), reputations: reputations.current)
            publish()
            if let page = outcome.page { onReceipts?(page) }
            for (waiting, result) in zip(group, outcome.results) { waiting.answer(.result(result)) }
            bytesInLog += group.reduce(0) { $0 + $1.batch.bytes }
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
        case (.open, nil), (.recovering, _): break
        }
    }

    private func move(to state: IntakeState) {
        guard intake != state else { return }
        intake = state
        board.update { $0.intake = state }
        log.warning("intake state changed", ["state": .text(state.sentence)])
    }

    private func publish() {
        let head = ledger.head
        let bytes = ledger.indexBytes
        board.update {
            $0.head = head
            $0.indexBytes = bytes
            $0.commits += 1
        }
        committed(head.stateVersion)
    }

    // MARK: Receipts and late leases

    /// Gives every receipt after `position`, then each new one as it is committed, without a gap.
    func follow(after position: UInt64, _ body: @escaping @Sendable (ReceiptPage) -> Void) throws(LedgerError) {
        var position = position
        while true {
            let page = try ledger.receipts(after: position, limit: 1_000)
            body(page)
            if page.position >= ledger.head.stateVersion || page.position == position { break }
            position = page.position
        }
        onReceipts = body
    }

    func markLate(_ leases: [LeaseRef]) throws(LedgerError) {
        guard intake == .open else { throw .unavailable(intake.sentence) }
        do throws(LedgerError) {
            try ledger.markLate(leases, now: time.wall())
            publish()
        } catch {
            failed(error)
            throw error
        }
    }

    func lastApplied(streams: [UInt64]) -> [UInt64] { streams.map(ledger.lastApplied) }

    func find(digest: [UInt8]) throws(LedgerError) -> UInt64? { try ledger.find(digest: digest) }

    // MARK: Checkpoints

    private func checkpointWhenDue() {
        if bytesInLog >= LedgerActor.checkpointBytes { return checkpoint() }
        thread.setWake(at: time.now() + LedgerActor.idleBeforeCheckpoint) { [self] in
            assumeIsolated { $0.checkpoint() }
        }
    }

    private func checkpoint() {
        guard intake == .open, bytesInLog > 0 else { return }
        bytesInLog = 0
        do throws(LedgerError) {
            try ledger.checkpoint()
            board.update { $0.checkpoints += 1 }
        } catch {
            failed(error)
        }
    }

    // MARK: Failure and recovery

    private func failed(_ error: LedgerError) {
        board.update { $0.commitFailures += 1 }
        log.error("ledger could not commit", ["error": .of(error)])
        guard ledger.needsRecovery else { return }
        move(to: .recovering(reason: error.description))
        scheduleRecovery()
    }

    private func scheduleRecovery() {
        thread.setWake(at: time.now() + recoveryDelay) { [self] in
            assumeIsolated { actor in actor.startRecovery() }
        }
        recoveryDelay = min(recoveryDelay * 2, LedgerActor.longestRecoveryDelay)
    }

    private func startRecovery() { Task { await recover() } }

    /// Readers are closed first: they keep the old idea of what the files hold.
    private func recover() async {
        for follower in followers { await follower.suspend() }
        do throws(LedgerError) {
            try ledger.recover()
            for follower in followers { try await follower.resume() }
            recoveryDelay = .milliseconds(100)
            publish()
            move(to: .open)
        } catch {
            log.error("ledger could not be opened again", ["error": .of(error)])
            scheduleRecovery()
        }
    }

    func close() {
        thread.clearWake()
        ledger.close()
    }
}
