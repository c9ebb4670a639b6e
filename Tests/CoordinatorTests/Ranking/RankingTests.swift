import Model
import Sealing
import Storage
import TestKit
import Testing
import Wire

@testable import Coordinator

@Suite struct RankingTests {
    private static let start: Int64 = 1_700_000_000_000
    private static let day: Int64 = 86_400_000

    private func artifact(
        _ id: UInt64, _ node: String = "a", after: Int64 = 0, threat: Double? = nil, opportunity: Double? = nil,
        confidence: Double? = nil
    ) -> StoredChange {
        let at = WallTime(milliseconds: RankingTests.start + after)
        let digest = Digest(words: (id, 0, 0, 0))
        return StoredChange(
            id: id, digest: digest, contentDigest: digest, node: node, lease: 0, receivedAt: at, collectedAt: at,
            contentType: "text", contentLength: 1, rawSource: "", metadata: [:], confidence: confidence,
            threatLevel: threat, opportunityValue: opportunity, signals: [:])
    }

    private func time(_ after: Int64) -> WallTime { WallTime(milliseconds: RankingTests.start + after) }

    @Test func theBaseWeighsThreatOpportunityAndConfidence() {
        let weights = PriorityWeights()
        #expect(abs(weights.base(threat: 10, opportunity: 10, confidence: 1) - 0.9) < 1e-12)
        #expect(weights.base(threat: 5, opportunity: nil, confidence: nil) == 0.2)
        #expect(weights.base(threat: nil, opportunity: nil, confidence: nil) == 0)
        var own = PriorityWeights()
        own.threat = 1
        #expect(own.base(threat: 10, opportunity: 0, confidence: 0) == 1)
    }

    @Test(arguments: ["", "1,2", "0,0,0", "0.1,0.2,0.3,0.4", "a,b,c", "0.5,1.5,0", "0.5,,0.5", "nan,0,1"])
    func weightsAreThreeNumbersThatAreNotAllZero(text: String) {
        #expect(PriorityWeights(text) == nil)
    }

    @Test func aPriorityHalvesInADayAndGrowsWithWhatItsNodeIsBelieved() throws {
        var ranking = Ranking()
        ranking.stored(artifact(1, threat: 10))
        func score(_ after: Int64, _ effective: Double) throws -> Double {
            try #require(ranking.top(1, at: time(after)) { _ in effective }.first).score
        }
        #expect(abs(try score(0, 1) - 0.4) < 1e-9)
        #expect(abs(try score(0, 0.5) - 0.2) < 1e-9)
        #expect(abs(try score(RankingTests.day, 0.5) - 0.1) < 1e-9)
        #expect(abs(try score(3 * RankingTests.day, 0.5) - 0.025) < 1e-9)
    }

    @Test func baseZeroRanksLastHoweverNewItIs() {
        var ranking = Ranking()
        ranking.stored(artifact(1, threat: 0.001))
        ranking.stored(artifact(2, after: 1_000 * RankingTests.day))
        ranking.stored(artifact(3, "b", after: 1_001 * RankingTests.day))
        let top = ranking.top(3, at: time(1_001 * RankingTests.day)) { _ in 0.5 }
        #expect(top.map(\.artifact) == [1, 3, 2])
        #expect(top[1].score == 0)
    }

    @Test(arguments: 0..<40) func theTopIsWhatSortingEverythingGives(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var ranking = Ranking(limit: 64)
        var all: [(id: UInt64, score: Double)] = []
        let believed = ["a": 0.9, "b": 0.3, "c": 0.05]
        let now = time(RankingTests.day)
        for id: UInt64 in 1...150 {
            let node = ["a", "b", "c"][Int(random.below(3))]
            let threat = 0.1 + Double(random.below(100)) / 10
            let change = artifact(id, node, after: Int64(id) * 10_000, threat: threat)
            ranking.stored(change)
            let age = Double(now.milliseconds - change.receivedAt.milliseconds) / Double(RankingTests.day)
            all.append(
                (id, 0.04 * threat * (believed[node] ?? 0) * Calibration.power(0.5, days: Int64(age * 86_400_000))))
        }
        let top = ranking.top(20, at: now) { believed[$0] ?? 0 }
        let sorted = all.sorted { $0.score > $1.score }.prefix(20)
        #expect(top.count == 20)
        for (found, expected) in zip(top, sorted) { #expect(abs(found.score - expected.score) < 1e-9) }
    }

    @Test func listsAreBoundedInNumber() {
        var ranking = Ranking(limit: 4)
        for id: UInt64 in 1...2_100 { ranking.stored(artifact(id, "n\(id)", threat: 1)) }
        #expect(ranking.lists.count == Limits.reputationNodes)
        let removed = ranking.fed(1, node: "n1")
        ranking.stored(artifact(3_000, "late", threat: 1))
        #expect(removed && ranking.lists["late"] != nil && ranking.lists["n1"] == nil)
    }

    @Test func onlyTheBestStayInMemoryAndFedOnesLeave() {
        var ranking = Ranking(limit: 4)
        for id: UInt64 in 1...10 { ranking.stored(artifact(id, threat: Double(id % 7))) }
        #expect(Set(ranking.lists["a"]?.heap.map(\.artifact) ?? []) == [4, 5, 6, 10])
        let removals = [ranking.fed(6, node: "a"), ranking.fed(6, node: "a")]
        #expect(removals == [true, false])
        #expect(ranking.top(1, at: time(0)) { _ in 1 }.map(\.artifact) == [5])
    }
}

/// The consumer over a real database.
@Suite struct RankingConsumerTests {
    private func commit(_ version: UInt64, _ artifacts: ClosedRange<UInt64>, threat: Double? = nil) -> ChangeCommit {
        let at = WallTime(milliseconds: 1_700_000_000_000 + Int64(version) * 1_000)
        var commit = ChangeCommit(version: version, at: at)
        commit.stored = artifacts.map { id in
            let digest = Digest(words: (id, 0, 0, 0))
            return StoredChange(
                id: id, digest: digest, contentDigest: digest, node: "a", lease: 0, receivedAt: at, collectedAt: at,
                contentType: "text", contentLength: 1, rawSource: "", metadata: [:], confidence: nil,
                threatLevel: threat ?? (1 + Double(id % 97) / 11), opportunityValue: nil, signals: [:])
        }
        return commit
    }

    private func open(_ directory: TemporaryDirectory) throws -> Database {
        let database = try Database.open(path: directory.file("derived.db"), access: .writer)
        try database.migrate(to: DerivedSchema.current)
        return database
    }

    private func consumer(_ database: Database, limit: Int = 8) throws -> RankingConsumer {
        let consumer = RankingConsumer(reputation: ReputationConsumer(), limit: limit)
        try consumer.load(from: database)
        return consumer
    }

    private let now = WallTime(milliseconds: 1_700_000_100_000)

    @Test func aRestartFindsTheSameRanking() throws {
        let directory = TemporaryDirectory()
        let database = try open(directory)
        defer { database.close() }
        let first = try consumer(database)
        for version: UInt64 in 1...20 {
            try first.apply(commit(version, (version * 5 - 4)...(version * 5)), in: database)
            try first.settle(in: database)
        }
        let again = try consumer(database)
        #expect(again.top(8, at: now) == first.top(8, at: now))
        #expect(again.top(8, at: now).count == 8)
    }

    @Test func otherWeightsRankEverythingAgain() throws {
        let directory = TemporaryDirectory()
        let database = try open(directory)
        defer { database.close() }
        let first = try consumer(database)
        try first.apply(commit(1, 1...5), in: database)
        try first.settle(in: database)
        try database.run("INSERT INTO consumer VALUES('ranking', 1)")
        let weights = try #require(PriorityWeights("1,0,0"))
        let again = RankingConsumer(reputation: ReputationConsumer(), weights: weights, limit: 8)
        try again.load(from: database)
        #expect(again.top(8, at: now).isEmpty)
        #expect(try DerivedCore.position(of: "ranking", in: database) == 0)
        try again.apply(commit(1, 1...5), in: database)
        #expect(again.top(8, at: now).map(\.artifact) == first.top(8, at: now).map(\.artifact))
        let third = RankingConsumer(reputation: ReputationConsumer(), weights: weights, limit: 8)
        try again.settle(in: database)
        try third.load(from: database)
        #expect(third.top(8, at: now) == again.top(8, at: now))
    }

    @Test func aListThatRunsDryIsFilledWithTheBestOfWhatDidNotFit() throws {
        let directory = TemporaryDirectory()
        let database = try open(directory)
        defer { database.close() }
        var consumer = try consumer(database)
        for version: UInt64 in 1...20 {
            try consumer.apply(commit(version, (version * 5 - 4)...(version * 5)), in: database)
            try consumer.settle(in: database)
        }
        let reference = RankingConsumer(reputation: ReputationConsumer(), limit: 1_000)
        for version: UInt64 in 1...20 {
            try reference.apply(commit(version, (version * 5 - 4)...(version * 5)), in: database)
        }
        let expected = reference.top(100, at: now).map(\.artifact)
        var fed: [UInt64] = []
        while let best = consumer.top(1, at: now).first {
            try consumer.fed(best.artifact, node: best.node, in: database)
            fed.append(best.artifact)
            try consumer.pass(now: .zero, wall: now, in: database)
            if fed.count == 37 { consumer = try self.consumer(database) }
        }
        #expect(fed.count == 100)
        #expect(Set(fed) == Set(expected))
        #expect(fed.prefix(8) == expected.prefix(8))
    }
}
