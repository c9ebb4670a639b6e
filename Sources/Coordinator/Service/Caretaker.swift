import Lifecycle
import Model
import Sealing
import Telemetry

/// Works on what is stored, behind everything else and a slice at a time: names it anew while the dedup secret is being
/// changed, and compacts what is older than the retention. Reads and computes on the background thread; the ledger's
/// thread only writes.
actor Caretaker {
    /// What compaction must not pass.
    struct Readers: Sendable {
        var derived: @Sendable () -> UInt64
        var receipts: @Sendable () -> UInt64?
        var pins: SnapshotPins
    }

    private nonisolated let thread: WorkerThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
    private let ledger: LedgerActor
    private let place: @Sendable () -> LedgerPlace
    private let ring: KeyRing
    private let retention: Span?
    private let readers: Readers
    private let time: any TimeSource
    private let log: Logger
    private var isStopped = false
    private var isAtWork = false
    private var isWanted = false
    private var holds = 0
    private var watch = WallWatch()
    private var clockTrusted = Instant.zero
    private var hasher: IdentityHasher?

    private static let rest: UInt64 = 3  // times a slice's length
    private static let shortestRest = Span.milliseconds(2)
    /// A clock that was set ahead by mistake must not cost history: there is time to set it back.
    private static let clockRest = Span.minutes(10)
    private static let longestLook = Span.seconds(10)  // between two looks for old history
    private static let shortestLook = Span.milliseconds(100)

    init(
        _ ledger: LedgerActor, place: @escaping @Sendable () -> LedgerPlace, ring: KeyRing, retention: Span?,
        readers: Readers, thread: WorkerThread, time: any TimeSource, log: Logger
    ) {
        self.ledger = ledger
        self.place = place
        self.ring = ring
        self.retention = retention
        self.readers = readers
        self.thread = thread
        self.time = time
        self.log = log
    }

    /// There may be something to do.
    func wake() { schedule(after: .zero) }

    /// A backup begins: what one of its files has not read yet must be in the other.
    func hold() { holds += 1 }

    func release() { holds -= 1 }

    private func schedule(after span: Span) {
        guard !isStopped else { return }
        thread.setWake(for: self, at: time.now() + span) { [self] in assumeIsolated { $0.begin() } }
    }

    private func begin() {
        guard !isStopped else { return }
        guard !isAtWork else { return isWanted = true }
        isAtWork = true
        isWanted = false
        Task { await work() }
    }

    private func work() async {
        let begun = time.now()
        var hasMore = false
        do throws(LedgerError) {
            hasMore = try await rename()
            if try await compact() { hasMore = true }
        } catch {
            log.error("stored data could not be worked on", ["error": .of(error)])
        }
        isAtWork = false
        if isWanted {
            schedule(after: .zero)
        } else if hasMore {
            schedule(after: max(time.now().since(begun) * Caretaker.rest, Caretaker.shortestRest))
        } else if let look {
            schedule(after: look)
        }
    }

    private var look: Span? {
        guard let retention else { return ring.current.former == nil ? nil : Caretaker.longestLook }
        return min(Caretaker.longestLook, max(Caretaker.shortestLook, .milliseconds(retention.milliseconds / 8)))
    }

    private func rename() async throws(LedgerError) -> Bool {
        guard let change = await ledger.changeUnderWay else { return false }
        let hasher = try currentHasher()
        let (segments, done) = try reading { reader throws(LedgerError) in
            try Renamer(reader, hasher).slice(after: change.done, end: change.end)
        }
        return try await ledger.rename(segments, done: done)
    }

    private func currentHasher() throws(LedgerError) -> IdentityHasher {
        let keys = ring.current
        if let hasher, hasher.version == keys.version { return hasher }
        do throws(SealingError) {
            let made = try IdentityHasher(keys)
            hasher = made
            return made
        } catch {
            throw .sealing(error)
        }
    }

    private func compact() async throws(LedgerError) -> Bool {
        let now = time.now()
        if watch.jump(now: now, wall: time.wall()) != nil { clockTrusted = now + Caretaker.clockRest }
        guard let retention, holds == 0, now >= clockTrusted, let receipts = readers.receipts(),
            let (compaction, head) = await ledger.historyEnd
        else { return false }
        var upTo = min(readers.derived(), head.stateVersion)
        if let pinned = readers.pins.oldest(above: compaction.floor) { upTo = min(upTo, pinned) }
        let bounds = HistoryReader.Bounds(
            base: compaction.floor,
            olderThan: WallTime(milliseconds: time.wall().milliseconds - Int64(clamping: retention.milliseconds)),
            upTo: upTo,
            receiptsRead: receipts)
        guard upTo > compaction.floor else { return false }
        let plan = try reading { reader throws(LedgerError) in try HistoryReader(reader).plan(bounds) }
        guard let plan else { return false }
        return try await ledger.compact(plan)
    }

    /// A connection lasts for one slice: the ledger can be opened anew only when there is none.
    private func reading<T>(_ body: (LedgerReader) throws(LedgerError) -> T) throws(LedgerError) -> T {
        let reader = try LedgerReader(place())
        defer { reader.close() }
        return try body(reader)
    }

    func stop() {
        isStopped = true
        thread.clearWake(for: self)
    }
}
