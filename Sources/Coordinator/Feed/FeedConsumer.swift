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
    /// Those that patterns were found without.
    package var stopWords = PatternOptions().stopWords

    package init(incarnation: UInt64, ledger: @escaping @Sendable () -> LedgerPlace) {
        self.incarnation = incarnation
        self.ledger = ledger
    }
}

/// Chooses scenarios from the ranking and writes them to the outbox. What a sink then does is another matter.
package final class FeedConsumer: DerivedConsumer {
    package let name = "feed"
    let setup: FeedSetup
    let reputation: ReputationConsumer
    private let line: FeedLine
    private let patterns: FeedPatterns
    private var novelty = FeedNovelty()
    private var key: ScenarioKey?
    private var reader: FeedReader?
    private var machine: FeedMachine
    private var clock = FeedClock()
    private var nextWalk: Int64 = 0
    private var position: UInt64 = 0
    /// The ledger's state version at the start: before all of it was read nothing is chosen. Nil: it was.
    private var goal: UInt64?
    var sequence: UInt64 = 0
    package internal(set) var figures = FeedFigures() { didSet { setup.board.publish(figures) } }

    package init(
        _ setup: FeedSetup, reputation: ReputationConsumer, ranking: RankingConsumer, patterns: Patterns
    ) {
        self.setup = setup
        self.reputation = reputation
        self.patterns = FeedPatterns(patterns, stopWords: setup.stopWords)
        line = FeedLine(ranking: ranking, reputation: reputation)
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
        position = try DerivedCore.position(of: name, in: database)
        machine = FeedMachine(policy: setup.policy)
        for entry in try FeedTables.history(machine.memory, in: database) { machine.fed(entry) }
        nextWalk = clock.elapsed
        try novelty.load(from: database)
        let reader = try FeedReader(setup.ledger())
        self.reader = reader
        goal = try reader.head()
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
        position = commit.version
        for change in commit.stored where !change.signals.isEmpty {
            guard let reason = setup.policy.optOut.objection(in: change.signals) else { continue }
            try withdraw(change.rawSource, before: change.id, reason, at: commit.at, in: database)
        }
        for version in commit.versions {
            line.forget(version.artifact)
            guard let reason = setup.policy.optOut.objection(in: version.signals) else { continue }
            try withdraw(version.rawSource, before: commit.lastArtifact + 1, reason, at: commit.at, in: database)
        }
    }

    /// A source that now forbids training takes back what came from it before.
    private func withdraw(
        _ source: String, before artifact: UInt64, _ reason: String, at wall: WallTime, in database: Database
    ) throws(StorageError) {
        try FeedTables.withdraw(source, from: artifact, reason, in: database)
        let taken = try FeedTables.fed(from: source, before: artifact, in: database)
        for fed in taken {
            let id = ScenarioID(incarnation: setup.incarnation, sequence: sequence + 1)
            let tombstone = Tombstone(id: id, withdraws: fed.id, artifact: fed.artifact, reason: reason, at: wall)
            try FeedTables.insert(
                OutboxRow(
                    id: id, kind: .tombstone, artifact: fed.artifact, source: source, version: position,
                    wall: wall, line: tombstone.line), in: database)
            sequence += 1
            figures.tombstones += 1
        }
        if !taken.isEmpty { try FeedTables.store(figures, clock, in: database) }
    }

    // MARK: What the time causes

    package func pass(now: Instant, wall: WallTime, in database: Database) throws(StorageError) {
        clock.tick(now: now, wall: wall)
        guard clock.elapsed >= nextWalk, try hasCaughtUp(database) else { return }
        nextWalk = clock.elapsed + Int64(Limits.feedPeriod.milliseconds)
        if !figures.isPaused { try walk(wall, database) }
        try FeedTables.store(figures, clock, in: database)
    }

    /// While the log is read again the ranking is a part of itself, and withdrawals are not known yet.
    private func hasCaughtUp(_ database: Database) throws(StorageError) -> Bool {
        guard let goal else { return true }
        let ready = try database.first(
            "SELECT count(*) FROM consumer WHERE name IN ('reputation', 'ranking', 'feed') AND position >= ?",
            .int(goal)
        ) { $0.int(0) }
        guard goal == 0 || ready == 3 else { return false }
        self.goal = nil
        return true
    }

    private func walk(_ wall: WallTime, _ database: Database) throws(StorageError) {
        figures.walks += 1
        let now = clock.elapsed
        guard machine.slots(at: now) > 0, let reader else { return }
        let candidates = try line.best(
            Limits.feedDepth, resting: FeedTables.resting(at: now, in: database), at: wall, reader: reader,
            in: database)
        var held: Material?  // of the one that is being decided
        try FeedWalk.run(
            &machine, over: candidates, at: now, isNewcomer: { line.isNewcomer($0.node) },
            read: { candidate throws(StorageError) in
                held = nil
                return try read(candidate, reader, &held, database)
            },
            decided: { candidate, verdict throws(StorageError) in
                switch verdict {
                case .feed(let entry, let novelty):
                    guard let material = held else { return }
                    try feed(candidate, entry, novelty, material, wall, database)
                case .pass(let skip): try pass(over: candidate, skip, wall, database)
                }
            })
        try FeedTables.trimSkips(in: database)
    }

    /// What was read of a candidate that may be fed.
    private struct Material {
        var change: StoredChange
        var text: String
        var sketch: TextSketch?
    }

    private func read(
        _ candidate: FeedCandidate, _ reader: FeedReader, _ material: inout Material?, _ database: Database
    ) throws(StorageError) -> FeedWalk.Reading {
        if let reason = try FeedTables.withdrawal(candidate.rawSource, after: candidate.artifact, in: database) {
            return .unusable(.optedOut(reason))
        }
        guard let change = try reader.artifact(candidate.artifact), let content = change.content else {
            return .unusable(.notText)
        }
        if let reason = setup.policy.optOut.objection(in: change.signals) { return .unusable(.optedOut(reason)) }
        guard let text = String(validating: content, as: UTF8.self),
            let key = key?.key(contentType: candidate.contentType, domain: candidate.domain, text: text)
        else { return .unusable(.notText) }
        let sketch = novelty.sketch(of: content)
        material = Material(change: change, text: text, sketch: sketch)
        return .text(key: key, nearDuplicate: sketch.flatMap { novelty.duplicate(of: $0) })
    }

    private func feed(
        _ candidate: FeedCandidate, _ entry: FedEntry, _ novelty: Double, _ material: Material, _ wall: WallTime,
        _ database: Database
    ) throws(StorageError) {
        let content = material.change.content ?? []
        let id = ScenarioID(incarnation: setup.incarnation, sequence: sequence + 1)
        let scenario = Scenario(
            id: id, artifact: material.change, objectives: entry.objectives, novelty: novelty,
            pattern: try patterns.label(of: content, contentType: candidate.contentType, in: database), at: wall,
            text: material.text)
        var row = OutboxRow(
            id: id, kind: .scenario, artifact: candidate.artifact, source: candidate.rawSource, version: position,
            wall: wall, line: scenario.line)
        row.entry = entry
        row.novelty = novelty
        try FeedTables.insert(row, in: database)
        try FeedTables.forgetSkip(candidate.artifact, in: database)
        try line.leave(candidate, in: database)
        if let sketch = material.sketch {
            try self.novelty.fed(candidate.artifact, sketch, sequence: id.sequence, in: database)
        }
        sequence += 1
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
        case .knownScenario, .nearDuplicate: return line.setAside(candidate)
        case .domain, .node, .contentType, .newcomers: return
        }
        try line.leave(candidate, in: database)
    }

    /// The time of day as it was read last; a pass comes about once a second.
    var lastPass: WallTime { clock.wall ?? WallTime(milliseconds: 0) }

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
