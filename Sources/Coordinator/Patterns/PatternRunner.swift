import Lifecycle
import Model
import Storage
import Telemetry

/// Makes the runs, one at a time, on the thread of the patterns. What a run holds is bounded (see docs/PATTERNS.md),
/// and it gives way to intake, or is ended, between any two texts and batches.
actor PatternRunner {
    struct Setup: Sendable {
        var ledger: @Sendable () -> LedgerPlace
        var derived: DerivedService
        var options: PatternOptions
        var time: any TimeSource
        var log: Logger
    }

    enum Outcome: Sendable {
        case stored(version: UInt64)
        case tooFew(texts: Int)
        case cancelled
        case failed(LedgerError)
    }

    private nonisolated let thread: WorkerThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
    nonisolated let breather: Breather
    private nonisolated let setup: Setup
    private var underWay: Task<Outcome, Never>?
    private var lastVersion: UInt64?
    private var hasEnded = false

    init(_ setup: Setup, thread: WorkerThread) {
        self.setup = setup
        self.thread = thread
        breather = Breather(setup.derived.pulse, time: setup.time)
    }

    // MARK: When

    nonisolated func wakeLater() {
        thread.setWake(for: self, at: setup.time.now() + Limits.patternInterval) { [self] in
            assumeIsolated { $0.wake() }
        }
    }

    private func wake() {
        Task { await runIfChanged() }
        wakeLater()
    }

    private func runIfChanged() async {
        if let last = lastVersion, let now = await snapshotVersion(), last == now { return }
        if case .failed(let error) = await run() {
            setup.log.error("patterns could not be looked for", ["error": .of(error)])
        }
    }

    private func snapshotVersion() async -> UInt64? {
        let wall = setup.time.wall()
        return try? await setup.derived.ask(Patterns.self) { patterns, _ in patterns.snapshot(at: wall).version }
    }

    /// Starts a run, or waits for the one under way.
    func run() async -> Outcome {
        if let underWay { return await underWay.value }
        let task = Task { await once() }
        underWay = task
        let outcome = await task.value
        underWay = nil
        return outcome
    }

    /// Waits for the run under way, which has been told to end, and lets no other begin.
    func end() async {
        hasEnded = true
        _ = await underWay?.value
    }

    /// A run reads the ledger only while it holds this actor, so that after this call nobody does.
    func closeReader() {}

    // MARK: A run

    private func once() async -> Outcome {
        guard !hasEnded else { return .cancelled }
        let started = setup.time.now()
        let wall = setup.time.wall()
        do throws(LedgerError) {
            let given = try await setup.derived.ask(Patterns.self) { patterns, database throws(StorageError) in
                (patterns.snapshot(at: wall), try patterns.run(upTo: 0, in: database))
            }
            guard let (snapshot, previous) = given else { throw .unavailable("derived.db is being opened again") }
            guard snapshot.artifacts.count >= Limits.patternTextsAtLeast else {
                return .tooFew(texts: snapshot.artifacts.count)
            }
            guard let found = try find(snapshot, at: wall, after: previous) else { return .cancelled }
            _ = try await setup.derived.ask(Patterns.self) { patterns, database throws(StorageError) in
                try patterns.store(found, in: database)
            }
            lastVersion = snapshot.version
            setup.log.info(
                "patterns found",
                [
                    "texts": .number(found.run.texts), "patterns": .number(found.run.patterns.count),
                    "ms": .number(setup.time.now().since(started).milliseconds),
                ])
            return .stored(version: snapshot.version)
        } catch {
            return .failed(error)
        }
    }

    private func find(
        _ snapshot: Patterns.Snapshot, at wall: WallTime, after previous: LedgerFormat.StoredPatternRun?
    ) throws(LedgerError) -> PatternFinder.Found? {
        let breather = breather
        breather.begin()
        // Asked before the ledger is opened: whoever ends this waits for nobody to hold it.
        guard breather.goesOn() else { return nil }
        let reader = try SampleReader(setup.ledger())
        defer { reader.close() }
        var corpus = Corpus(stopWords: setup.options.stopWords, texts: snapshot.artifacts.count)
        try reader.each(snapshot.artifacts) { stored in
            if let content = stored.content {
                corpus.add(
                    content, artifact: stored.id, at: stored.receivedAt, node: stored.node, domain: stored.domain)
            }
            return breather.goesOn()
        }
        guard breather.goesOn(), let finder = PatternFinder(corpus, setup.options, goesOn: { breather.goesOn() }) else {
            return nil
        }
        var found = finder.found(after: previous)
        found.run.stateVersion = snapshot.version
        found.run.atMs = wall.milliseconds
        try addExcerpts(&found.run, reader)
        return found
    }

    private func addExcerpts(
        _ run: inout LedgerFormat.StoredPatternRun, _ reader: SampleReader
    ) throws(LedgerError) {
        var excerpts: [UInt64: String] = [:]
        try reader.each(run.patterns.map(\.sample).sorted()) { stored in
            let text = String(decoding: stored.content ?? [], as: UTF8.self)
            excerpts[stored.id] = String(text.prefix(Limits.patternExcerpt))
            return true
        }
        for place in run.patterns.indices { run.patterns[place].excerpt = excerpts[run.patterns[place].sample] ?? "" }
    }
}
