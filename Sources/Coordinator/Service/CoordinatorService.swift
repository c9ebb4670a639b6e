import Compression
import Lifecycle
package import Model
package import Sealing
import Storage
package import Telemetry

/// What the ledger thread says to one batch.
package enum LedgerAnswer: Equatable, Sendable {
    case result(BatchResult)
    /// Nothing is known to be stored; the same sequence may come again.
    case unavailable(message: String, retryAfter: Span)
}

package struct CoordinatorConfiguration: Sendable {
    package var directory: String
    package var diskLowWater: UInt64

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
    /// What sightings are weighed with; whoever computes reputations publishes them here.
    package let reputations = ReputationBoard()
    private let secret: DedupSecret
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
        ledgerThread = try WorkerThread(name: "ledger")
        readerThread = try WorkerThread(name: "reader")
        backgroundThread = try WorkerThread(name: "background", nice: 10)
        queries = try LedgerQueries(place(), thread: readerThread)
        checker = try LedgerQueries(place(), thread: backgroundThread)
        derived = try DerivedService(
            path: configuration.directory + "/derived.db", ledger: place, time: time, log: log,
            make: Consumers.make)
        ledger = LedgerActor(
            opened, thread: ledgerThread, board: board, reputations: reputations,
            followers: [queries, checker, derived],
            disk: DiskSpace(directory: configuration.directory, lowWater: configuration.diskLowWater), time: time,
            log: log, committed: { [derived] in derived.committed($0) })
        inbox = Inbox(on: ledgerThread, bound: Limits.intakeQueueBytes) { [ledger] waiting in
            ledger.assumeIsolated { $0.take(waiting) }
        }
        self.log = log
        verifyBehind(checker)
        derived.start()
    }

    /// The part of intake that one connection's thread does by itself.
    package func makeIntake() throws(SealingError) -> Intake {
        try Intake(hasher: IdentityHasher(secret: secret, salt: identity.salt))
    }

    package var status: CoordinatorStatus { board.current }

    /// Hands a batch to the ledger thread, which calls `answer` once it is durable. False: the queue is full.
    package func ingest(_ batch: PreparedBatch, answer: @escaping @Sendable (LedgerAnswer) -> Void) -> Bool {
        inbox.offer(LedgerActor.Waiting(batch: batch, answer: answer), weight: batch.bytes + 1_024)
    }

    package func followReceipts(
        after position: UInt64, _ body: @escaping @Sendable (ReceiptPage) -> Void
    ) async throws(LedgerError) {
        try await ledger.follow(after: position, body)
    }

    package func markLate(_ leases: [LeaseRef]) async throws(LedgerError) { try await ledger.markLate(leases) }

    package func lastApplied(streams: [UInt64]) async -> [UInt64] { await ledger.lastApplied(streams: streams) }

    package func find(digest: [UInt8]) async throws(LedgerError) -> UInt64? { try await ledger.find(digest: digest) }

    /// Checks every segment behind the start; `status` tells how it ended.
    private func verifyBehind(_ reader: LedgerQueries) {
        Task { [board, log] in
            var position: UInt64 = 0
            while true {
                do throws(LedgerError) {
                    guard let next = try await reader.verify(after: position, count: CoordinatorService.verifyStep)
                    else {
                        return board.update { $0.verified = true }
                    }
                    position = next
                } catch {
                    if case .unavailable = error { return }
                    log.error("the ledger's full check failed", ["error": .of(error)])
                    return board.update {
                        $0.verified = false
                        $0.verifyError = error.description
                    }
                }
            }
        }
    }

    /// Stores what has been handed over, then closes the databases and ends the threads.
    package func stop() async {
        await derived.stop()
        await queries.suspend()
        await checker.suspend()
        await ledger.close()
        for thread in [ledgerThread, readerThread, backgroundThread] { thread.stop() }
    }
}
