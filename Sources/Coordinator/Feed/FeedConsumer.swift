package import Model
import Sealing
package import Storage
import Wire

/// What a feed is made with. Called for again whenever the database had to be opened anew.
package struct FeedSetup: Sendable {
    package var policy = FeedPolicy()
    /// Where the figures are shown to other threads, which must not wait for the derived one.
    package let board = FeedBoard()
    package var incarnation: UInt64
    package var ledger: @Sendable () -> LedgerPlace
    package var candidates: @Sendable () -> any CandidateSource = { RankedCandidates(kept: Limits.feedCandidates) }
    package var novelty: @Sendable () -> any NoveltySource = { ExactNovelty() }
    package var patterns: @Sendable () -> any PatternSource = { NoPatterns() }
    /// Told each quality in the transaction that stores it.
    package var onQuality: @Sendable (QualityReport, Database) throws(StorageError) -> Void = { _, _ in }

    package init(incarnation: UInt64, ledger: @escaping @Sendable () -> LedgerPlace) {
        self.incarnation = incarnation
        self.ledger = ledger
    }
}

/// What a sink thinks of a scenario, and whom that concerns.
package struct QualityReport: Equatable, Sendable {
    package var scenario: ScenarioID
    package var artifact: UInt64
    package var node: String
    package var quality: Double
}

/// Chooses scenarios from the ranking and writes them to the outbox. What a sink then does is another matter.
package final class FeedConsumer: DerivedConsumer {
    package let name = "feed"
    let setup: FeedSetup
    private let candidates: any CandidateSource
    private let novelty: any NoveltySource
    private let patterns: any PatternSource
    private var key: ScenarioKey?
    private var reader: FeedReader?
    private var machine: FeedMachine
    private var clock = FeedClock()
    private var nextWalk: Int64 = 0
    private var lastFed: UInt64 = 0  // the highest artifact id in the outbox
    var sequence: UInt64 = 0
    package internal(set) var figures = FeedFigures() { didSet { setup.board.publish(figures) } }

    package init(_ setup: FeedSetup) {
        self.setup = setup
        candidates = setup.candidates()
        novelty = setup.novelty()
        patterns = setup.patterns()
        machine = FeedMachine(policy: setup.policy)
    }

    package func load(from database: Database) throws(StorageError) {
        do throws(SealingError) {
            key = try ScenarioKey()
        } catch {
            throw StorageError(.other, "could not start the feed: \(error)")
        }
        figures = try FeedTables.figures(in: database)
        clock = try FeedTables.clock(in: database)
        sequence = try database.first("SELECT max(sequence) FROM feed_outbox") { $0.uint(0) } ?? 0
        lastFed = try database.first("SELECT max(artifact) FROM feed_outbox") { $0.uint(0) } ?? 0
        machine = FeedMachine(policy: setup.policy)
        for entry in try FeedTables.history(machine.memory, in: database) { machine.fed(entry) }
        nextWalk = clock.elapsed
        try candidates.load(from: database)
    }

    package func close() {
        reader?.close()
        reader = nil
    }

    package var status: FeedStatus {
        var status = FeedStatus()
        status.figures = figures
        status.rate = setup.policy.rate
        status.slots = machine.slots(at: clock.elapsed)
        return status
    }

    // MARK: What the ledger brings

    package func apply(_ commit: ChangeCommit, in database: Database) throws(StorageError) {
        try candidates.apply(commit, in: database)
        // Only while the log is read again are there artifacts that were fed already.
        for change in commit.stored where change.id <= lastFed && change.contentHome == nil {
            if try FeedTables.isFed(change.id, in: database) { try candidates.leave(change.id, in: database) }
        }
        for change in commit.stored where !change.signals.isEmpty {
            guard let reason = setup.policy.optOut.objection(in: change.signals) else { continue }
            try withdraw(change, reason, at: commit.at, in: database)
        }
    }

    /// A source that now forbids training takes back what was fed from it.
    private func withdraw(
        _ change: StoredChange, _ reason: String, at wall: WallTime, in database: Database
    ) throws(StorageError) {
        try FeedTables.withdraw(change.rawSource, from: change.id, reason, in: database)
        for fed in try FeedTables.fed(from: change.rawSource, before: change.id, in: database) {
            let id = ScenarioID(incarnation: setup.incarnation, sequence: sequence + 1)
            let tombstone = Tombstone(id: id, withdraws: fed.id, artifact: fed.artifact, reason: reason, at: wall)
            try FeedTables.insert(
                OutboxRow(
                    id: id, kind: .tombstone, artifact: fed.artifact, source: change.rawSource, wall: wall,
                    line: tombstone.line), in: database)
            sequence += 1
            figures.tombstones += 1
        }
        try FeedTables.store(figures, clock, in: database)
    }

    // MARK: What the time causes

    package func pass(now: Instant, wall: WallTime, in database: Database) throws(StorageError) {
        clock.tick(now: now, wall: wall)
        guard clock.elapsed >= nextWalk else { return }
        nextWalk = clock.elapsed + Int64(Limits.feedPeriod.milliseconds)
        guard !figures.isPaused else { return try FeedTables.store(figures, clock, in: database) }
        try walk(wall, database)
        try FeedTables.store(figures, clock, in: database)
    }

    private func walk(_ wall: WallTime, _ database: Database) throws(StorageError) {
        figures.walks += 1
        let now = clock.elapsed
        guard machine.slots(at: now) > 0 else { return }
        let resting = try FeedTables.resting(at: now, in: database)
        var line: [FeedCandidate] = []
        try candidates.walk(in: database) { candidate in
            if !resting.contains(candidate.artifact) { line.append(candidate) }
            return line.count < Limits.feedDepth
        }
        var readings: [UInt64: (change: StoredChange, text: String)] = [:]
        try FeedWalk.run(
            &machine, over: line, at: now, isNewcomer: { candidates.isNewcomer($0.node) },
            read: { candidate throws(StorageError) in
                let (reading, material) = try read(candidate, database)
                readings = [:]  // only the one that is being decided
                if let material { readings[candidate.artifact] = material }
                return reading
            },
            decided: { candidate, verdict throws(StorageError) in
                switch verdict {
                case .feed(let entry, let novelty):
                    guard let material = readings[candidate.artifact] else { return }
                    try feed(candidate, entry, novelty, material, wall, database)
                case .pass(let skip): try pass(over: candidate, skip, wall, database)
                }
            })
        try FeedTables.trimSkips(in: database)
    }

    private func read(
        _ candidate: FeedCandidate, _ database: Database
    ) throws(StorageError) -> (FeedWalk.Reading, (change: StoredChange, text: String)?) {
        if let reason = try FeedTables.withdrawal(candidate.rawSource, after: candidate.artifact, in: database) {
            return (.unusable(.optedOut(reason)), nil)
        }
        if reader == nil { reader = try FeedReader(setup.ledger()) }
        guard let change = try reader?.artifact(candidate.artifact), let content = change.content else {
            return (.unusable(.notText), nil)
        }
        if let reason = setup.policy.optOut.objection(in: change.signals) { return (.unusable(.optedOut(reason)), nil) }
        guard let text = String(validating: content, as: UTF8.self) else { return (.unusable(.notText), nil) }
        guard let key = key?.key(contentType: candidate.contentType, domain: candidate.domain, text: text)
        else { return (.unusable(.notText), nil) }
        let like = novelty.nearDuplicate(of: candidate, content: content)
        return (.text(key: key, nearDuplicate: like), (change, text))
    }

    private func feed(
        _ candidate: FeedCandidate, _ entry: FedEntry, _ novelty: Double,
        _ material: (change: StoredChange, text: String),
        _ wall: WallTime, _ database: Database
    ) throws(StorageError) {
        let content = material.change.content ?? []
        let id = ScenarioID(incarnation: setup.incarnation, sequence: sequence + 1)
        let scenario = Scenario(
            id: id, artifact: material.change, objectives: entry.objectives, novelty: novelty,
            pattern: patterns.pattern(of: candidate, content: content), at: wall, text: material.text)
        var row = OutboxRow(
            id: id, kind: .scenario, artifact: candidate.artifact, source: candidate.rawSource, wall: wall,
            line: scenario.line)
        row.entry = entry
        row.novelty = novelty
        try FeedTables.insert(row, in: database)
        try FeedTables.forgetSkip(candidate.artifact, in: database)
        try candidates.leave(candidate.artifact, in: database)
        self.novelty.fed(candidate, content: content)
        sequence += 1
        lastFed = max(lastFed, candidate.artifact)
        figures.scenarios += 1
    }

    private func pass(
        over candidate: FeedCandidate, _ skip: Skip, _ wall: WallTime, _ database: Database
    ) throws(StorageError) {
        let rest = skip.rests ? clock.elapsed + Int64(Limits.feedRest.milliseconds) : 0
        try FeedTables.skip(
            candidate.artifact, skip.sentence, until: rest, walk: figures.walks, at: wall, in: database)
        switch skip {
        case .optedOut: figures.optedOut += 1
        case .notText: figures.notText += 1
        default: return
        }
        try candidates.leave(candidate.artifact, in: database)
    }

    // MARK: What operators ask for

    package func setPaused(_ paused: Bool, in database: Database) throws(StorageError) {
        var next = figures
        next.isPaused = paused
        try database.transaction { () throws(StorageError) in try FeedTables.store(next, clock, in: database) }
        figures = next
    }

    /// Stores figures that a change of the outbox led to.
    func store(_ next: FeedFigures, in database: Database) throws(StorageError) {
        try FeedTables.store(next, clock, in: database)
    }
}
