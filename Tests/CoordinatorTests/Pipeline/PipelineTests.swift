import Model
import Storage
import TestKit
import Testing
import Wire

@testable import Coordinator

@Suite struct PipelineTests {
    private static let steps = 90

    private func run(_ seed: UInt64, steps: Int = PipelineTests.steps) async throws -> PipelineWorld {
        let world = try PipelineWorld(seed: seed)
        for _ in 0..<steps { try await world.step() }
        try await world.settle()
        return world
    }

    private func breaches(_ world: PipelineWorld) throws -> [String] {
        let feed = world.fixture.directory.file("feed")
        return try PipelineCheck(world).breaches(
            files: ShardReading(directory: feed).ids(), withdrawn: ShardReading(directory: feed + "/withdrawn").ids())
    }

    @Test(arguments: 0..<5 as Range<UInt64>)
    func `whatever fails and whoever lies, the rules hold and the sink has each scenario once`(seed: UInt64)
        async throws
    {
        let world = try await run(seed)
        #expect(try breaches(world) == [])
        #expect(world.failures > 0)
        #expect(try world.feed.figures.scenarios > 20)
        let head = world.fixture.ledger.head
        #expect(head.received == head.stored + head.duplicates + head.refused)
    }

    @Test(arguments: 5..<7 as Range<UInt64>)
    func `what is computed again is the same, and nothing is fed or told a second time`(seed: UInt64) async throws {
        let world = try await run(seed)
        let tables = """
            SELECT 'node', serial, 0, hex(state) FROM reputation_node
            UNION ALL SELECT 'decision', serial, number, hex(entry) FROM reputation_decision
            UNION ALL SELECT 'witness', artifact, kind, node || count || last_version FROM witness
            UNION ALL SELECT 'near', artifact, other, similarity FROM near_text
            UNION ALL SELECT 'outbox', sequence, artifact, hex(line) FROM feed_outbox
            UNION ALL SELECT 'withdrawn', artifact, 0, source || reason FROM feed_withdrawn
            ORDER BY 1, 2, 3, 4
            """
        let rows = { try world.database.all(SQL(tables)) { "\($0.text(0)) \($0.int(1)) \($0.int(2)) \($0.text(3))" } }
        let before = try rows()
        let ranked = try world.consumer(RankingConsumer.self).top(1_000, at: world.time.wall())
        try world.forgetDerived()
        #expect(try rows() == before)
        try await world.settle()
        #expect(try breaches(world) == [])
        // Dropped entries come back and drop out again; those that stay are the same.
        let again = try world.consumer(RankingConsumer.self).top(1_000, at: world.time.wall())
        #expect(Set(again.map(\.artifact)).isSubset(of: Set(ranked.map(\.artifact))))
    }

    @Test func `colluding names hold a tenth of the slots once honest nodes are established`() async throws {
        let world = try await run(3, steps: 220)
        let reputation = try world.reputation
        let established = PipelineWorld.honest.filter { !reputation.isNewcomer($0) }
        #expect(!established.isEmpty)
        for number in 0..<40 { #expect(reputation.isNewcomer("sybil\(number)")) }
        let newcomers = try world.database.first("SELECT count(*) FROM feed_outbox WHERE newcomer = 1") { $0.int(0) }
        #expect(try #require(newcomers) > 0)
        #expect(reputation.effective("liar", at: world.time.wall()) < 0.3)
    }

    @Test func `the ledger's versions follow from its log alone`() async throws {
        let world = try await run(5)
        let reader = try ChangeReader(world.fixture.place)
        defer { reader.close() }
        var rows: [String] = []
        var figures: Set<Double> = []
        var position: UInt64 = 0
        while let commits = Optional(try reader.commits(after: position)), let last = commits.last {
            for commit in commits {
                for version in commit.versions {
                    if version.claims {
                        #expect(
                            version.weight == Weight(confidence: version.confidence, reputation: version.reputation))
                        figures.insert(version.reputation)
                    }
                    rows.append("\(version.artifact) \(version.number) \(commit.version) \(version.weight.steps)")
                }
            }
            position = last.version
        }
        let ledger = try Database.open(path: world.fixture.place.path, access: .reader)
        defer { ledger.close() }
        let stored = try ledger.all(
            "SELECT artifact, number, from_version, weight FROM version ORDER BY from_version"
        ) { "\($0.int(0)) \($0.int(1)) \($0.int(2)) \($0.int(3))" }
        #expect(Set(stored) == Set(rows) && stored.count == rows.count)
        #expect(figures.count > 3)
    }

    // MARK: Canaries

    private static let plants = [
        ("UPDATE feed_outbox SET artifact = (SELECT min(artifact) FROM feed_outbox) WHERE kind = 0", "more than once"),
        ("UPDATE feed_outbox SET elapsed_ms = 0", "scenarios in 60 minutes"),
        ("UPDATE feed_outbox SET newcomer = 1, elapsed_ms = elapsed_ms / 2", "newcomers in 60 minutes"),
        ("UPDATE feed_outbox SET domain = 'one', elapsed_ms = 0", "too many of one"),
        ("UPDATE feed_outbox SET node = 'one', elapsed_ms = 0", "too many of one"),
        ("DELETE FROM feed_outbox WHERE kind = 1", "has 0 tombstones, not 1"),
        ("DELETE FROM feed_outbox WHERE sequence = (SELECT max(sequence) FROM feed_outbox)", "are not the outbox's"),
        ("DELETE FROM reputation_decision WHERE number % 2 = 0", "a score moved by"),
    ]

    /// What a judge must not be able to do, done to a node by hand.
    private static let judgePlants: [(words: String, plant: @Sendable (inout ReputationNode, Int64) -> Void)] = [
        (
            "settles ",
            { node, _ in
                for place in node.window.entries.indices { node.window.settle(place, .corroborated, by: 1) }
            }
        ),
        (
            "times an hour about ",
            { node, epoch in
                for _ in 0...Limits.votesPerHour {
                    _ = node.votes.cast(by: 1, in: epoch)
                    node.votes.count(1)
                }
            }
        ),
        (
            "times an hour and is listened to",
            { node, epoch in
                for _ in 0...Limits.votesSuspicious { _ = node.votes.cast(by: 1, in: epoch) }
            }
        ),
        ("that corroborate ", { node, _ in node.newcomerWeight = node.weight * Limits.newcomerShare + 0.1 }),
    ]

    @Test func `a judge beyond its limits is found`() async throws {
        let world = try await run(2)
        let stored = try Reputation(from: world.database)
        #expect(stored.nodes.values.reduce(0) { $0 + $1.dropped } > 0, "no limit was reached")
        #expect(stored.nodes[1] != nil)
        for (words, plant) in PipelineTests.judgePlants {
            let (serial, node) = try #require(stored.nodes.first { $0.key != 1 && $0.value.window.entries.count > 9 })
            var planted = node
            plant(&planted, stored.epoch)
            try world.database.execute("BEGIN")
            try world.database.run(
                "UPDATE reputation_node SET state = ? WHERE serial = ?", .blob(planted.stored), .int(serial))
            for chunk in planted.window.changedChunks {
                try world.database.run(
                    "UPDATE reputation_window SET entries = ? WHERE serial = ? AND chunk = ?",
                    .blob(planted.window.chunk(chunk)), .int(serial), .int(chunk))
            }
            let found = try breaches(world)
            #expect(found.contains { $0.contains(words) }, "\(words)")
            try world.database.execute("ROLLBACK")
        }
        #expect(try breaches(world) == [])
    }

    @Test func `a planted breach is found`() async throws {
        let world = try await run(1)
        for (plant, words) in PipelineTests.plants {
            try world.database.execute("BEGIN; \(plant)")
            let found = try breaches(world)
            #expect(found.contains { $0.contains(words) }, "\(plant): \(found.prefix(3))")
            try world.database.execute("ROLLBACK")
        }
        #expect(try breaches(world) == [])
    }
}
