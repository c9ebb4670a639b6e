import Model
import Storage
import TestKit
import Testing
import Wire

@testable import Coordinator

/// A random history of a fleet in which some are honest, some boast, some send garbage, and some vote for each other.
private struct RandomHistory {
    private var random: SeededRandom
    private var writer = CommitWriter()
    private var recent: [UInt64] = []
    let names: [String]

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        names = (0..<(3 + Int(random.below(9)))).map { "n\($0)" }
    }

    mutating func commits(_ count: Int) -> [ChangeCommit] {
        for _ in 0..<count {
            for _ in 0..<(1 + random.below(12)) { event() }
            writer.commit(then: pause())
        }
        return writer.commits
    }

    private mutating func pause() -> Int64 {
        switch random.below(20) {
        case 0: Int64(random.below(3)) * 86_400_000
        case 1...3: 3_600_000
        default: Int64(random.below(50_000))
        }
    }

    private mutating func event() {
        let node = names[Int(random.below(UInt64(names.count)))]
        let target = random.below(4)
        switch random.below(10) {
        case 0...4:
            let shared = random.oneIn(6) ? recent.last : nil
            let claim: Double? = random.oneIn(4) ? nil : Double(random.below(11)) / 10
            recent.append(
                writer.store(node, confidence: claim, target: target, source: "s\(random.below(2))", sharing: shared))
            if recent.count > 40 { recent.removeFirst() }
        case 5...8:
            guard !recent.isEmpty else { return }
            let artifact = recent[Int(random.below(UInt64(recent.count)))]
            let kinds: [SightingChange.Kind] = [.exact, .normalised, .sameContent, .unchanged]
            for _ in 0..<(random.oneIn(10) ? 40 : 1) {
                writer.sight(artifact, by: node, kind: kinds[Int(random.below(4))], target: target)
            }
        default: writer.tally(node, received: UInt32(1 + random.below(5)), refused: UInt32(random.below(2)))
        }
    }
}

@Suite struct FoldTests {
    /// Everything there is to know, doubles to the last bit.
    private func state(_ database: Database) throws -> [[UInt8]] {
        try ["reputation", "reputation_node", "reputation_window", "reputation_observation", "reputation_decision"]
            .flatMap { table in
                let column = ["reputation", "reputation_node"].contains(table) ? "state" : "entries"
                let value = table == "reputation_decision" ? "entry" : column
                return try database.all(SQL("SELECT \(value) FROM \(table) ORDER BY 1")) { $0.blob(0) }
            }
    }

    private func run(_ commits: [ChangeCommit], restartOneIn: UInt64, seed: UInt64) throws -> [[UInt8]] {
        let directory = TemporaryDirectory()
        let database = try Database.open(path: directory.file("derived.db"), access: .writer)
        defer { database.close() }
        try database.migrate(to: DerivedSchema.current)
        var random = SeededRandom(seed: seed)
        var consumer = ReputationConsumer()
        try consumer.load(from: database)
        try database.transaction { () throws(StorageError) in
            for commit in commits {
                try consumer.apply(commit, in: database)
                guard restartOneIn > 0, random.oneIn(restartOneIn) else { continue }
                try consumer.settle(in: database)
                consumer = ReputationConsumer()
                try consumer.load(from: database)
            }
            try consumer.settle(in: database)
        }
        return try state(database)
    }

    @Test(arguments: 0..<40) func restartsAtAnyPointLeaveEveryBitAsItWouldBe(seed: UInt64) throws {
        var history = RandomHistory(seed: seed)
        let commits = history.commits(60)
        let whole = try run(commits, restartOneIn: 0, seed: seed)
        #expect(whole.count > 10)
        #expect(try run(commits, restartOneIn: 1, seed: seed) == whole)
        #expect(try run(commits, restartOneIn: 5, seed: seed) == whole)
    }

    @Test func aWindowThatWrapsAroundIsReadBackAsItWas() throws {
        var writer = CommitWriter()
        for round in 0..<30 {
            for number in 0..<77 { writer.store("a", confidence: Double(number % 10) / 10, target: UInt64(round % 3)) }
            writer.sight(writer.lastArtifact, by: "b")
            writer.commit(then: 20_000)
        }
        #expect(try run(writer.commits, restartOneIn: 2, seed: 1) == run(writer.commits, restartOneIn: 0, seed: 1))
    }

    @Test(arguments: 0..<300) func rulesHoldInEveryHistory(seed: UInt64) throws {
        var history = RandomHistory(seed: 1_000 + seed)
        let names = history.names
        var reputation = Reputation()
        var verdicts: [Int64: [String]] = [:]
        var seen = 0
        for commit in history.commits(120) {
            reputation.apply(commit)
            for decision in reputation.decisions[seen...] where decision.entry.kind == "epoch" {
                check(decision, &verdicts)
            }
            seen = reputation.decisions.count
        }
        #expect(seen > 0)
        let now = reputation.now
        for name in names {
            let effective = reputation.effective(name, at: now)
            #expect((0.025...0.9).contains(effective))
            guard let serial = reputation.serials[name], let node = reputation.nodes[serial] else { continue }
            #expect(Limits.scoreRange.contains(node.score) && Limits.calibrationRange.contains(node.calibration))
            #expect(node.newcomerWeight <= Limits.newcomerShare * node.weight + 1e-12)
            #expect(node.votes.judges[serial] == nil, "nobody judges itself")
            for judge in node.votes.judges.keys {
                #expect(node.votes.counted(of: judge, in: reputation.epoch) <= Limits.votesPerHour)
            }
        }
    }

    /// A step is one step at most, and three epochs before it agree.
    private func check(_ decision: Reputation.Decision, _ verdicts: inout [Int64: [String]]) {
        let entry = decision.entry
        if entry.verdict != "silent" { verdicts[decision.node, default: []].append(entry.verdict) }
        let moved = entry.scoreAfter - entry.scoreBefore
        guard moved != 0 else { return }
        #expect(moved <= Limits.goodStep + 1e-12 && moved >= -Limits.badStep - 1e-12)
        let last = verdicts[decision.node, default: []].suffix(3)
        #expect(Array(last) == Array(repeating: moved > 0 ? "good" : "bad", count: 3))
    }

    @Test func onlyTheLastThousandDecisionsAreKept() throws {
        let directory = TemporaryDirectory()
        let database = try Database.open(path: directory.file("derived.db"), access: .writer)
        defer { database.close() }
        try database.migrate(to: DerivedSchema.current)
        let consumer = ReputationConsumer()
        var writer = CommitWriter()
        try database.transaction { () throws(StorageError) in
            for _ in 0..<1_101 {
                writer.store("a")
                writer.commit(then: Limits.epoch)
            }
            for commit in writer.commits {
                try consumer.apply(commit, in: database)
                try consumer.settle(in: database)
            }
        }
        let found = try #require(
            try consumer.standing(of: "a", decisions: 2_000, at: writer.at, in: database)?.decisions)
        #expect(found.map(\.number) == Array((101...1_100).reversed()))
        #expect(try consumer.standing(of: "b", decisions: 1, at: writer.at, in: database) == nil)
    }
}
