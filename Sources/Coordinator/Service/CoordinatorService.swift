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
    package var diskLowWater: UInt64
    package var patterns = PatternOptions()
    package var feed = FeedPolicy()
    package var sink = SinkChoice.jsonl

    package init(directory: String, diskLowWater: UInt64 = Limits.diskLowWater) {
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
    /// What sightings are weighed with; whoever computes reputations publishes them here.
    package let reputations = ReputationBoard()
    private let secret: DedupSecret
    private let known: KnownDigests
    private let ledger: LedgerActor
    private let inbox: Inbox<LedgerActor.Waiting>
    private let checker: LedgerQueries
    private let board = StatusBoard()
    private let ledgerThread: WorkerThread
    private let readerThread: WorkerThread
    private let backgroundThread: WorkerThread
    private let log: Logger

    private static let verifyStep: UInt64 = 2_048  // artifacts checked between two looks at whether to go on

    /// Opens the data directory, which the caller holds the lock of, and everything in it that must agree.
    package init(
        _ configuration: CoordinatorConfiguration, time: any TimeSource, random: inout some RandomSource, log: Logger
    ) throws {
        let path = configuration.directory + "/ledger.db"
        secret = try DedupSecret.open(in: configuration.directory, ledger: path)
        let place = { @Sendable [secret] in LedgerPlace(path: path, secretID: secret.id, compressor: Zstd()) }
        let opened = try Ledger(place(), random: &random)
        identity = opened.identity
        known = opened.known
        ledgerThread = try WorkerThread(name: "ledger")
        readerThread = try WorkerThread(name: "reader")
        backgroundThread = try WorkerThread(name: "background", nice: 10)
        queries = try LedgerQueries(place(), thread: readerThread)
        checker = try LedgerQueries(place(), thread: backgroundThread)
        var setup = FeedSetup(incarnation: identity.incarnation, ledger: place)
        setup.policy = configuration.feed
        feedFigures = setup.board
        derived = try DerivedService(
            path: configuration.directory + "/derived.db", ledger: place, time: time, log: log,
            make: { [setup] in Consumers.make(feed: setup) })
        patterns = try PatternService(
            ledger: place, derived: derived, queries: queries, options: configuration.patterns, time: time, log: log)
        feed = try FeedService(
            configuration.sink, directory: configuration.directory + "/feed", incarnation: identity.incarnation,
            derived: derived, compressor: Zstd(level: 3), time: time, log: log)
        ledger = LedgerActor(
            opened, thread: ledgerThread, board: board, reputations: reputations,
            followers: [queries, checker, derived, patterns],
            disk: DiskSpace(directory: configuration.directory, lowWater: configuration.diskLowWater), time: time,
            log: log, committed: { [derived] in derived.committed($0) })
        inbox = Inbox(on: ledgerThread, bound: Limits.intakeQueueBytes) { [ledger] waiting in
            ledger.assumeIsolated { $0.take(waiting) }
        }
        self.log = log
        verifyBehind(checker, time)
        derived.start()
        patterns.start()
        feed.start()
    }

    /// The part of intake that one connection's thread does by itself.
    package func makeIntake() throws(SealingError) -> Intake {
        try Intake(
            hasher: IdentityHasher(secret: secret, salt: identity.salt),
            sealer: Sealer(known: known, compressor: Zstd()))
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

    package func markLate(_ leases: [LeaseRef]) async throws(LedgerError) { try await ledger.markLate(leases) }

    package func lastApplied(streams: [UInt64]) async -> [UInt64] { await ledger.lastApplied(streams: streams) }

    /// The last applied sequences of a node's streams; an error where it knows of more than is stored here.
    package func admit(_ streams: [Proto.StreamPosition], node: String) async throws(LedgerError) -> [UInt64] {
        try await ledger.admit(streams, node: node)
    }

    /// Takes no more work until an operator has decided what is to be done.
    package func refuseWork(_ reason: String) async { await ledger.refuseWork(reason) }

    /// Copies the ledger under full intake.
    package func copy(to path: String) async throws(LedgerError) -> (version: UInt64, bytes: UInt64) {
        try await ledger.copy(to: path)
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

    /// The secret goes where it is asked for, and nowhere else.
    package func copySecret(to path: String) throws(LedgerError) { try BackupFiles.write(secret.bytes, to: path) }

    package var secretID: [UInt8] { secret.id }

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
                await withUnsafeContinuation { continuation in
                    backgroundThread.setWake(at: now + now.since(begun) * IntakePulse.rest) { continuation.resume() }
                }
            }
        }
    }

    /// Stores what has been handed over, then closes the databases and ends the threads.
    package func stop() async {
        await feed.stop()
        await patterns.stop()
        await derived.stop()
        await queries.suspend()
        await checker.suspend()
        await ledger.close()
        for thread in [ledgerThread, readerThread, backgroundThread] { thread.stop() }
    }
}
