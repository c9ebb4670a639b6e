import Compression
import Lifecycle
package import Model
package import Sealing
import Storage
import Synchronization
package import Telemetry
package import Wire

/// What the ledger thread says to one batch.
package enum LedgerAnswer: Equatable, Sendable {
    case result(BatchResult)
    /// Nothing is known to be stored; the same sequence may come again.
    case unavailable(message: String, retryAfter: Span)
}

package struct CoordinatorConfiguration: Sendable {
    package var directory: String
    /// Nil: the usual one for the size of the file system.
    package var diskLowWater: UInt64?
    package var patterns = PatternOptions()
    package var feed = FeedPolicy()
    package var weights = PriorityWeights()
    package var sink = SinkChoice.jsonl
    /// Nil but in tests.
    package var killPoint: KillPoint?
    /// Nil: whatever the cluster was made with.
    package var dedupScope: DedupScope?
    /// How long history is kept; nil: for good.
    package var retention: Span?

    package init(directory: String, diskLowWater: UInt64? = nil) {
        self.directory = directory
        self.diskLowWater = diskLowWater
    }
}

/// The coordinator of one data directory: what connections, the orchestrator and operators call.
package final class CoordinatorService: Sendable {
    package let identity: ClusterIdentity
    package let queries: LedgerQueries
    package let derived: DerivedService
    package let patterns: PatternService
    package let feed: FeedService
    package let feedFigures: FeedBoard
    /// What sightings are weighed with: known from derived.db before intake opens, and new after each epoch.
    package let reputations = ReputationBoard()
    /// How sinks rate what each node brought.
    package let ratings = RatingBoard()
    private let known: KnownDigests
    private let ring: KeyRing
    private let caretaker: Caretaker
    private let receiptsRead: ReceiptsRead
    private let ledger: LedgerActor
    private let inbox: Inbox<LedgerActor.Waiting>
    private let checker: LedgerQueries
    private let board = StatusBoard()
    private let ledgerThread: WorkerThread
    private let readerThread: WorkerThread
    private let backgroundThread: WorkerThread
    private let time: any TimeSource
    private let log: Logger

    private static let verifyStep: UInt64 = 2_048  // artifacts checked between two looks at whether to go on

    /// Opens the data directory, which the caller holds the lock of, and everything in it that must agree.
    package init(
        _ configuration: CoordinatorConfiguration, time: any TimeSource, random: inout some RandomSource, log: Logger
    ) throws {
        let path = configuration.directory + "/ledger.db"
        let found = try SecretKeeper.Found(in: configuration.directory, ledger: path)
        // It lives as long as the process, as what is opened through it may.
        let disk = try configuration.killPoint.map { _ in try FaultingVFS(name: "kill-point") }
        let options = LedgerPlace.options(on: disk?.name)
        let ids = (current: found.current.id, next: found.next?.id, scope: configuration.dedupScope)
        let place = { @Sendable in
            var place = LedgerPlace(path: path, options: options, secretID: ids.current, compressor: Zstd())
            (place.nextSecretID, place.scope) = (ids.next, ids.scope)
            return place
        }
        let killer = disk.flatMap { disk in configuration.killPoint.map { CommitKiller($0, disk: disk) } }
        let opened = try Ledger(place(), random: &random)
        identity = opened.identity
        known = opened.known
        let pins = SnapshotPins(time: time)
        ledgerThread = try WorkerThread(name: "ledger")
        readerThread = try WorkerThread(name: "reader")
        backgroundThread = try WorkerThread(name: "background", nice: 10)
        queries = try LedgerQueries(place(), thread: readerThread, pins: pins)
        checker = try LedgerQueries(place(), thread: backgroundThread)
        var setup = FeedSetup(incarnation: identity.incarnation, ledger: place)
        setup.policy = configuration.feed
        setup.stopWords = configuration.patterns.stopWords
        let derivedPath = configuration.directory + "/derived.db"
        if let known = Reputation.figures(storedIn: derivedPath, at: time.wall()) { reputations.publish(known) }
        feedFigures = setup.board
        derived = try DerivedService(
            path: derivedPath, ledger: place, time: time, log: log,
            make: { [setup, reputations, ratings] in
                Consumers.make(
                    feed: setup, weights: configuration.weights, reputations: reputations, ratings: ratings)
            })
        patterns = try PatternService(
            ledger: place, derived: derived, queries: queries, options: configuration.patterns, time: time, log: log)
        feed = try FeedService(
            configuration.sink, directory: configuration.directory + "/feed", incarnation: identity.incarnation,
            derived: derived, compressor: Zstd(level: 3), time: time, log: log)
        ledger = try LedgerActor(
            opened, secrets: found, thread: ledgerThread, board: board, reputations: reputations,
            followers: [queries, checker, derived, patterns],
            disk: DiskSpace(directory: configuration.directory, lowWater: configuration.diskLowWater),
            killer: killer, time: time, log: log, committed: { [derived] in derived.committed($0) })
        ring = ledger.ring
        inbox = Inbox(on: ledgerThread, bound: Limits.intakeQueueBytes) { [ledger] waiting in
            ledger.assumeIsolated { $0.take(waiting) }
        }
        let receiptsRead = ReceiptsRead()
        self.receiptsRead = receiptsRead
        caretaker = Caretaker(
            ledger, place: place, ring: ring, retention: configuration.retention,
            readers: Caretaker.Readers(
                derived: { [derived] in derived.reached }, receipts: { receiptsRead.position }, pins: pins),
            thread: backgroundThread, time: time, log: log)
        self.time = time
        self.log = log
        verifyBehind(checker, time)
        Task { [caretaker] in await caretaker.wake() }
        derived.start()
        patterns.start()
        feed.start()
    }

    /// The part of intake that one connection's thread does by itself.
    package func makeIntake() throws(SealingError) -> Intake {
        try Intake(ring, sealer: Sealer(known: known, compressor: Zstd()))
    }

    package var status: CoordinatorStatus { board.current }

    /// Hands a batch to the ledger thread, which calls `answer` once it is durable. False: the queue is full.
    package func ingest(_ batch: PreparedBatch, answer: @escaping @Sendable (LedgerAnswer) -> Void) -> Bool {
        inbox.offer(LedgerActor.Waiting(batch: batch, answer: answer), weight: batch.heldBytes + 1_024)
    }

    package func followReceipts(
        after position: UInt64, _ body: @escaping @Sendable (ReceiptPage) -> Void
    ) async {
        await ledger.follow(after: position, body)
    }

    /// The orchestrator elsewhere that this coordinator serves.
    package var seat: OrchestratorSeat? { get async { await ledger.seat } }

    /// Gives the seat to who claims it, on disk, or says why not.
    package func takeSeat(_ claim: Proto.Seat) async throws -> OrchestratorSeat { try await ledger.takeSeat(claim) }

    package func leaveSeat() async throws(LedgerError) { try await ledger.leaveSeat() }

    /// `answer` comes from the ledger's thread: when there is something after the position, and after `wait` at last.
    package func readReceipts(
        after position: UInt64, wait: Span,
        _ answer: @escaping @Sendable (Result<[ReceiptPage], LedgerError>) -> Void
    ) async {
        await ledger.readReceipts(after: position, wait: wait, answer)
    }

    /// Enforced from now on, also after a restart, until another order comes.
    package func setQuotas(_ order: QuotaOrder) async { await ledger.setQuotas(order) }

    package func markLate(_ leases: [LeaseRef]) async throws(LedgerError) { try await ledger.markLate(leases) }

    package func lastApplied(streams: [UInt64]) async -> [UInt64] { await ledger.lastApplied(streams: streams) }

    /// The last applied sequences of a node's streams; an error where it knows of more than is stored here.
    package func admit(_ streams: [Proto.StreamPosition], node: String) async throws(LedgerError) -> [UInt64] {
        try await ledger.admit(streams, node: node)
    }

    /// Takes no more work, until an operator has decided what is to be done, when who reads receipts has read more than
    /// there are; an orchestrator elsewhere is judged when it asks.
    package func admit(receiptsTo position: UInt64) async throws(LedgerError) {
        try await ledger.admit(receiptsTo: position)
    }

    /// Copies the ledger under full intake.
    package func copy(to path: String) async throws(LedgerError) -> LedgerCopy { try await ledger.copy(to: path) }

    /// Lets history go that nobody needs any more. The position is that of whoever reads receipts, and is on disk.
    package func readReceipts(_ position: @escaping @Sendable () -> UInt64) { receiptsRead.set(position) }

    /// Keeps all history until it is released, so that copies of several databases fit each other.
    package func holdHistory() async { await caretaker.hold() }

    package func releaseHistory() async { await caretaker.release() }

    /// Begins to change the dedup secret, or says how far the change of this request is.
    package func rekey(request: [UInt8]) async throws(LedgerError) -> KeyState {
        let state = try await ledger.rekey(request: request)
        await caretaker.wake()
        return state
    }

    /// Syncs and digests a file of a backup, on the thread that hurries nobody.
    package func seal(_ directory: String, _ name: String) async throws(LedgerError) -> BackupManifest.File {
        let sealed: Result<BackupManifest.File, LedgerError> = await withCheckedContinuation { continuation in
            backgroundThread.execute {
                continuation.resume(
                    returning: Result { () throws(LedgerError) in try BackupFiles.seal(directory, name) })
            }
        }
        return try sealed.get()
    }

    package var bytesCopied: UInt64 { ledger.copied.withLock { $0 } }

    package func find(digest: [UInt8]) async throws(LedgerError) -> UInt64? { try await ledger.find(digest: digest) }

    /// Checks every segment behind the start; `status` tells how it ended.
    private func verifyBehind(_ reader: LedgerQueries, _ time: any TimeSource) {
        Task { [board, log, derived, backgroundThread] in
            let end = board.current.head.stored
            var position: UInt64 = 0
            while true {
                let begun = time.now()
                do throws(LedgerError) {
                    guard position < end,
                        let next = try await reader.verify(after: position, count: CoordinatorService.verifyStep)
                    else { return board.update { $0.verified = true } }
                    position = next
                } catch {
                    if case .unavailable = error {
                        await reader.resumed()
                        continue
                    }
                    log.error("the ledger's full check failed", ["error": .of(error)])
                    return board.update {
                        $0.verified = false
                        $0.verifyError = error.description
                    }
                }
                let now = time.now()
                guard derived.pulse.isBusy(now) else { continue }
                // Not checked: one that waits when the thread is stopped is never resumed.
                let then = now + IntakePulse.longRest(after: now.since(begun))
                await withUnsafeContinuation { continuation in
                    backgroundThread.setWake(for: checker, at: then) { continuation.resume() }
                }
            }
        }
    }

    /// Stores what has been handed over, then closes the databases and ends the threads.
    package func stop() async {
        derived.beginStop()
        await feed.stop()
        let isQuiet = await stopBackground()
        await queries.suspend()
        await ledger.close()
        for thread in [ledgerThread, readerThread] { thread.stop() }
        if isQuiet { backgroundThread.stop() }
    }

    /// What works behind the ledger does so on threads that come last of all: on a machine with more to do than it can,
    /// one step may take very long. It is not waited for then: the end of the process cuts it short as a power cut
    /// would, and it goes on from what it has stored. False: it is still at work.
    private func stopBackground() async -> Bool {
        let (ends, end) = AsyncStream.makeStream(of: Bool.self, bufferingPolicy: .bufferingOldest(1))
        Task { [patterns, derived, checker, caretaker] in
            await patterns.stop()
            await derived.stop()
            await checker.suspend()
            await caretaker.stop()
            end.yield(true)
        }
        readerThread.setWake(for: self, at: time.now() + Limits.backgroundStop) { end.yield(false) }
        defer { readerThread.clearWake(for: self) }
        let isQuiet = await ends.first { _ in true } ?? false
        if !isQuiet { log.info("what is computed behind the ledger stops in the middle of a step, and goes on later") }
        return isQuiet
    }
}

/// How far receipts are read, by whoever reads them; nil until somebody does.
private final class ReceiptsRead: Sendable {
    private let reader = Mutex<(@Sendable () -> UInt64)?>(nil)

    var position: UInt64? { reader.withLock { $0 }?() }

    func set(_ position: @escaping @Sendable () -> UInt64) { reader.withLock { $0 = position } }
}
