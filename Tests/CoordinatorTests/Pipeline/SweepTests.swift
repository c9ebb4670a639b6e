import Glibc
import Model
import Storage
import Testing

@testable import Coordinator

/// One fixed scenario, killed at each single step in which anything behind the ledger is made durable: sightings,
/// reputation, ranking, sketches, patterns, the feed's decisions and its delivery. Whenever it was, the end is that of
/// a life without a kill.
@Suite struct SweepTests {
    private static let parts = 4
    /// Of every so many steps one: `ROOKERY_SWEEP=1 ./scripts/test --filter SweepTests` kills at each.
    private static let every = max(1, getenv("ROOKERY_SWEEP").flatMap { Int(String(cString: $0)) } ?? 5)

    @Test(arguments: 0..<parts)
    func `killed at any step, everything behind the ledger ends as if it had not been`(part: Int) async throws {
        let ledgers = try SweepLedgers()
        let calm = SweepWorld(ledgers, seed: 1)
        try await calm.run()
        let expected = try calm.outcome()
        #expect(calm.kills == 0)
        for table in ["reputation_node", "reputation_decision", "witness", "near_text", "pattern_run", "ranking_chunk"]
            + ["feed_outbox", "feed_shard", "feed_withdrawn", "feed_rating", "fed", "withdrawn", "top"]
        {
            #expect(
                expected.contains { $0.hasPrefix(table + " ") },
                "nothing comes of \(table)")
        }
        var different: [Int] = []
        var nth = 1 + part
        while true {
            let world = SweepWorld(ledgers, seed: UInt64(nth))
            try await world.run(killedAt: nth)
            if world.kills == 0 { break }
            let outcome = try world.outcome()
            if outcome != expected {
                different.append(nth)
                for line in outcome.difference(from: expected).prefix(6) where different.count < 3 {
                    Issue.record("killed at \(nth): \(line)")
                }
            }
            nth += SweepTests.parts * SweepTests.every
        }
        #expect(different == [])
        #expect(nth > 200, "the scenario has become short")
    }

    @Test func `a consumer whose position is not stored with what it computed is found`() async throws {
        let ledgers = try SweepLedgers()
        let calm = SweepWorld(ledgers, seed: 1)
        try await calm.run()
        let world = SweepWorld(ledgers, seed: 1, planted: true)
        try await world.run(killedAt: 300)
        #expect(world.kills == 1)
        let more = try world.outcome().difference(from: try calm.outcome()).insertions
        #expect(more.contains { if case .insert(_, let row, _) = $0 { row.hasPrefix("witness ") } else { false } })
    }
}
