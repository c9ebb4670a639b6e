import Compression
import Lifecycle
import Model
import Storage
import Synchronization
import Telemetry
import TestKit
import Testing
import Wire

@testable import Coordinator

/// Notes when the ledger is closed and when readers may open it, in order.
private final class Follower: LedgerFollower {
    enum Event: Equatable {
        case suspended
        case resumed
    }

    let onlyAnswers: Bool
    let events: AsyncStream<Event>
    private let send: AsyncStream<Event>.Continuation

    init(onlyAnswers: Bool) {
        self.onlyAnswers = onlyAnswers
        (events, send) = AsyncStream.makeStream()
    }

    func suspend() async { send.yield(.suspended) }
    func resume() async { send.yield(.resumed) }
}

extension LedgerActor {
    fileprivate func take(_ waiting: Waiting, after body: () -> Void) {
        body()
        take([waiting])
    }
}

/// A disk that fails under the running ledger.
@Suite struct LedgerActorTests {
    private final class Rig: Sendable {
        let directory = TemporaryDirectory()
        let faults: FaultInjector
        let actor: LedgerActor
        let board = StatusBoard()
        let queries: LedgerQueries
        let answering = Follower(onlyAnswers: true)
        let storing = Follower(onlyAnswers: false)
        private let threads: [WorkerThread]
        // It must outlive the connections, and does nothing itself.
        private nonisolated(unsafe) let vfs: FaultingVFS

        init(_ name: String, logHeld: Int = Limits.logHeld) throws {
            var random = SeededRandom(seed: 1)
            let vfs = try FaultingVFS(name: name)
            self.vfs = vfs
            faults = vfs.faults
            let path = directory.file("ledger.db")
            let found = try SecretKeeper.Found(in: directory.path, ledger: path)
            let place = { @Sendable in
                LedgerPlace(
                    path: path, options: DatabaseOptions(vfs: name), secretID: found.current.id, compressor: Zstd())
            }
            let thread = try WorkerThread(name: "ledger")
            let reader = try WorkerThread(name: "reader")
            threads = [thread, reader]
            let ledger = try Ledger(place(), random: &random)
            queries = try LedgerQueries(place(), thread: reader)
            actor = try LedgerActor(
                ledger, secrets: found, thread: thread, board: board, reputations: ReputationBoard(),
                followers: [queries, storing, answering], disk: DiskSpace(directory: directory.path, lowWater: 0),
                logHeld: logHeld, time: SystemTime(),
                log: Logger(level: .error, sink: DiscardingSink(), time: SystemTime()),
                committed: { _ in })
        }

        /// A checkpoint, or whatever else is due, comes before the body or after the batch.
        func send(
            _ text: String, sequence: UInt64, rightAfter body: @escaping @Sendable () -> Void = {}
        ) async throws -> LedgerAnswer {
            let batch = Proto.IngestBatch(
                stream: 1, firstSequence: sequence, items: [Proto.Item(kind: .artifact(LedgerFixture.artifact(text)))])
            let prepared = try Intake(actor.ring).prepare(batch, node: "n", now: SystemTime().wall())
            return await withCheckedContinuation { continuation in
                let waiting = LedgerActor.Waiting(batch: prepared) { continuation.resume(returning: $0) }
                Task { await actor.take(waiting, after: body) }
            }
        }

        /// Nil while the ledger is being opened again.
        func content(_ id: UInt64) async -> ArraySlice<UInt8>? {
            try? await queries.artifact(id, withContent: true)?.content
        }

        func stop() async {
            await queries.suspend()
            await actor.close()
            threads.forEach { $0.stop() }
        }
    }

    private struct DiscardingSink: LogSink {
        func write(_ entry: LogEntry) {}
    }

    /// With its log copied away the ledger has nothing to sync when it is opened again.
    @Test(arguments: [false, true])
    func `while the disk goes on failing nothing is acked, reads go on, and status says why`(copied: Bool) async throws
    {
        let rig = try Rig("ledger-actor-\(copied)")
        var answered = rig.answering.events.makeAsyncIterator()
        var stored = rig.storing.events.makeAsyncIterator()
        guard case .result(let first) = try await rig.send("one", sequence: 1) else { return #expect(Bool(false)) }
        #expect(first.codes == [.stored])
        if copied {
            await rig.actor.noteBytes(8 * Limits.mebibyte)
            #expect(rig.board.current.checkpoints >= 1)
        }
        let failed = try await rig.send("two", sequence: 2) {
            rig.faults.set(FaultRule(.sync, sticky: true, .error))
        }
        guard case .unavailable(let why, _) = failed else { return #expect(Bool(false), "it was acked") }
        #expect(why.hasPrefix("it is not known whether the last transaction is stored in "))
        // One try to open it again fails; readers are let in until the next, which may be under way already.
        let tried = [await answered.next(), await answered.next()]
        #expect(tried == [.suspended, .resumed])
        var read = await rig.content(1)
        while read == nil {
            while let event = await answered.next(), event == .suspended {}
            read = await rig.content(1)
        }
        #expect(read == Array("one".utf8)[...])
        #expect(rig.board.current.intake.sentence.hasPrefix("closed: it is not known"))
        guard case .unavailable = try await rig.send("two", sequence: 2) else {
            return #expect(Bool(false), "it was acked")
        }
        // What stores what it reads waits until it is known what is durable.
        let held = await stored.next()
        #expect(held == .suspended)
        rig.faults.clear()
        while let event = await stored.next(), event == .suspended {}
        // Readers are let in a moment before intake opens: ask again, as a node does.
        var answer = try await rig.send("two", sequence: 2)
        while case .unavailable = answer { answer = try await rig.send("two", sequence: 2) }
        guard case .result(let again) = answer else { return #expect(Bool(false)) }
        #expect(again.codes == [.stored] && again.verdicts.map(\.artifact) == [2])
        #expect(rig.board.current.head.received == 2 && rig.board.current.intake == .open)
        await rig.stop()
    }

    @Test func `while another program reads in one transaction the log keeps its bound, and intake says why`()
        async throws
    {
        let bound = 512 * 1_024
        let rig = try Rig("ledger-actor-held", logHeld: bound)
        let log = rig.directory.file("ledger.db-wal")
        var random = SeededRandom(seed: 3)
        func text() -> String { (0..<2_500).map { _ in String(random.next(), radix: 16) }.joined() }
        func size() -> Int { TemporaryDirectory.size(of: log) ?? .max }
        _ = try await rig.send("first", sequence: 1)
        let foreign = try Database.open(path: rig.directory.file("ledger.db"), access: .reader)
        try foreign.execute("BEGIN")
        let seen = try foreign.first("SELECT stored FROM head") { $0.uint(0) }
        #expect(seen == 1)

        var sequence: UInt64 = 2
        var answer = try await rig.send(text(), sequence: sequence)
        while case .result(let result) = answer {
            #expect(result.codes == [.stored])
            #expect(sequence < 100)
            await rig.actor.noteBytes(8 * Limits.mebibyte)
            sequence += 1
            answer = try await rig.send(text(), sequence: sequence)
        }
        #expect(rig.board.current.head.stored == sequence - 1 && sequence > 10)
        guard case .logHeld(let bytes) = rig.board.current.intake else { return #expect(Bool(false)) }
        #expect(bytes >= bound && bytes < bound + 200_000)
        #expect(size() < bound + 200_000)
        #expect(
            IntakeState.logHeld(bytes: 225 << 20).sentence
                == "closed: ledger.db-wal holds 225 MiB that cannot be moved into ledger.db, because another program "
                + "reads it in one long transaction; end that program (fuser names it)")
        // Asking again makes nothing grow, and reads go on.
        for _ in 0..<20 { _ = try await rig.send(text(), sequence: sequence) }
        #expect(size() < bound + 200_000)
        #expect(await rig.content(1) == Array("first".utf8)[...])
        #expect(try foreign.first("SELECT stored FROM head") { $0.uint(0) } == 1)

        try foreign.execute("COMMIT")
        foreign.close()
        answer = try await rig.send(text(), sequence: sequence)
        while case .unavailable = answer { answer = try await rig.send(text(), sequence: sequence) }
        #expect(rig.board.current.head.stored == sequence && rig.board.current.intake == .open)
        #expect(size() < 200_000)
        await rig.stop()
    }

    @Test func `own readers that come and go keep nothing of the log`() async throws {
        let bound = 256 * 1_024
        let rig = try Rig("ledger-actor-readers", logHeld: bound)
        _ = try await rig.send("first", sequence: 1)
        let reading = Task {
            var reads = 0
            while !Task.isCancelled {
                _ = try await rig.queries.list(before: 0, limit: 100, at: 1)
                reads += 1
            }
            return reads
        }
        var most = 0
        for sequence in 2..<UInt64(200) {
            var answer = try await rig.send(String(repeating: "\(sequence) ", count: 500), sequence: sequence)
            while case .unavailable = answer {
                answer = try await rig.send(String(repeating: "\(sequence) ", count: 500), sequence: sequence)
            }
            await rig.actor.noteBytes(8 * Limits.mebibyte)
            most = max(most, TemporaryDirectory.size(of: rig.directory.file("ledger.db-wal")) ?? 0)
        }
        reading.cancel()
        #expect(try await reading.value > 0)
        #expect(most < bound + 200_000)
        #expect(rig.board.current.head.stored == 199)
        await rig.stop()
    }
}
