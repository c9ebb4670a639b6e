import Model
import Testing

@testable import Orchestrator

@Suite struct NodeHealthTests {
    private func success(_ target: TargetNumber = 0, took: Span = .seconds(6), fresh: UInt32 = 1) -> HealthOutcome {
        HealthOutcome(.success, target: target, took: took, sent: 2, valid: 2, fresh: fresh)
    }

    private func failure(_ target: TargetNumber = 0) -> HealthOutcome {
        HealthOutcome(.failure, target: target, took: .seconds(6))
    }

    private func health(_ outcomes: [HealthOutcome]) -> NodeHealth {
        var health = NodeHealth()
        for outcome in outcomes { _ = health.add(outcome, at: wall(0)) }
        return health
    }

    private func near(_ figure: Double, _ expected: Double) -> Bool { abs(figure - expected) < 1e-9 }

    @Test func `with fewer than five outcomes success rate and quality count as a half`() {
        let health = health(Array(repeating: failure(), count: 4))
        #expect(health.successRate == 0.5)
        #expect(health.quality == 0.5)
        #expect(near(health.usefulness, 0.2 + 0.2 + 0.2 * 0.9))
        #expect(NodeHealth().meanTime == nil)
        #expect(near(NodeHealth().usefulness, 0.4), "an unknown time counts as a long one")
    }

    @Test func `the formulas are those of the page`() {
        var health = health(Array(repeating: success(), count: 6) + Array(repeating: failure(), count: 2))
        #expect(health.successRate == 0.75)
        // All that was sent is valid, half of it is new, and no sink has rated it.
        #expect(near(health.quality, 0.5 + 0.2 * 0.5 + 0.3 * 0.5))
        #expect(health.meanTime == .seconds(6))
        #expect(near(health.usefulness, 0.4 * 0.75 + 0.4 * 0.75 + 0.2 * 0.9))
        health.rating = 1
        #expect(near(health.quality, 0.5 + 0.1 + 0.3))
        #expect(near(health.usefulness, 0.4 * 0.75 + 0.4 * 0.9 + 0.2 * 0.9))
        health.rating = 0
        #expect(near(health.quality, 0.5 + 0.1))
    }

    @Test func `what corroborates counts as what is new does, and what is neither does not`() {
        let known = HealthOutcome(
            .success, target: 0, took: .seconds(6), sent: 10, valid: 8, fresh: 1, corroborating: 3)
        #expect(near(health(Array(repeating: known, count: 5)).quality, 0.5 * 0.8 + 0.2 * 0.4 + 0.15))
        let own = HealthOutcome(.success, target: 0, took: .seconds(6), sent: 10, valid: 10)
        #expect(near(health(Array(repeating: own, count: 5)).quality, 0.5 + 0.15))
        var both = health(Array(repeating: known, count: 100))
        for _ in 0..<100 { _ = both.add(own, at: wall(0)) }
        #expect(near(both.quality, 0.5 + 0.15), "what leaves the window takes all of its counts with it")
    }

    @Test func `a row that was stored without the count of what corroborates has none`() {
        let outcome = HealthOutcome(
            .success, target: 7, took: .seconds(6), sent: 9, valid: 8, fresh: 3, corroborating: 5)
        #expect(HealthOutcome.unpacked(outcome.packed(ordinal: 4)).outcome == outcome)
        let older = HealthOutcome.unpacked(Array(outcome.packed(ordinal: 4).dropLast()))
        #expect(older.ordinal == 4)
        #expect(older.outcome == HealthOutcome(.success, target: 7, took: .seconds(6), sent: 9, valid: 8, fresh: 3))
    }

    @Test func `a minute and more earns nothing for speed`() {
        let slow = health(Array(repeating: success(took: .seconds(600), fresh: 2), count: 5))
        #expect(near(slow.usefulness, 0.4 + 0.4 * 0.85))
    }

    @Test func `only the last hundred count`() {
        var health = health(Array(repeating: failure(), count: 100))
        #expect(health.successRate == 0)
        for _ in 0..<100 { _ = health.add(success(), at: wall(0)) }
        #expect(health.successRate == 1)
        #expect(health.outcomes == 100)
    }

    @Test func `degraded below 0_3, active again from 0_4`() {
        var health = NodeHealth()
        for _ in 0..<4 {
            _ = health.add(failure(), at: wall(0))
            #expect(health.judge(at: wall(0)) == nil)
        }
        _ = health.add(failure(), at: wall(0))
        // 0.4 · 0 + 0.4 · 0.15 + 0.2 · 0.9
        #expect(health.judge(at: wall(0)) == "usefulness 0.24 is below 0.3")
        #expect(health.isDegraded)
        #expect(health.judge(at: wall(0)) == nil, "said once")
        _ = health.add(success(), at: wall(9))
        #expect(health.judge(at: wall(9)) == "usefulness 0.55 has reached 0.4")
        #expect(!health.isDegraded)
    }

    @Test func `degraded after an hour without success despite attempts`() {
        var health = health(Array(repeating: success(), count: 50))
        _ = health.add(failure(), at: wall(100))
        #expect(health.judge(at: wall(100)) == nil)
        _ = health.add(failure(), at: wall(3_699))
        #expect(health.judge(at: wall(3_699)) == nil)
        _ = health.add(failure(), at: wall(3_700))
        #expect(health.judge(at: wall(3_700)) == "no success for an hour despite attempts")
        _ = health.add(success(), at: wall(3_800))
        #expect(health.judge(at: wall(3_800)) != nil)
        #expect(!health.isDegraded)
    }

    @Test func `what another node fails too is excused, once for each failure`() {
        var health = health([failure(1), failure(2), failure(1)] + Array(repeating: success(), count: 3))
        #expect(health.successRate == 0.5)
        #expect(health.excuse(1)?.place == 2, "the latest first")
        #expect(health.excuse(1)?.place == 0)
        #expect(health.excuse(1) == nil)
        #expect(health.outcomes == 4)
    }

    @Test func `a window comes back from its rows as it was`() {
        var health = NodeHealth()
        var rows: [Int: [UInt8]] = [:]
        for number in 0..<250 {
            let outcome = number % 3 == 0 ? failure(number) : success(number, took: .milliseconds(UInt64(number)))
            let (place, ordinal) = health.add(outcome, at: wall(0))
            rows[place] = outcome.packed(ordinal: ordinal)
        }
        var restored = NodeHealth()
        restored.restore(rows.values.map { HealthOutcome.unpacked($0) })
        #expect(restored.ordinal == health.ordinal)
        #expect(restored.successRate == health.successRate)
        #expect(restored.quality == health.quality)
        #expect(restored.meanTime == health.meanTime)
        #expect(restored.add(success(), at: wall(0)).place == 50)
    }

    @Test func `silence is judged by the rhythm of the heartbeats, and never later than configured`() {
        var rhythm = HeartbeatRhythm()
        #expect(rhythm.patience(most: .seconds(25)) == .seconds(25))
        for second in 0..<10 { rhythm.beat(now: at(UInt64(second * 2))) }
        #expect(rhythm.patience(most: .seconds(25)) == .seconds(4))
        #expect(rhythm.patience(most: .seconds(3)) == .seconds(3))
        var irregular = HeartbeatRhythm()
        var now: UInt64 = 0
        for gap in [1, 3, 1, 3, 1, 3, 1, 3] as [UInt64] {
            now += gap
            irregular.beat(now: at(now))
        }
        #expect(irregular.patience(most: .seconds(25)) > .seconds(4))
        var fast = HeartbeatRhythm()
        for tick in 0..<9 { fast.beat(now: Instant.zero + .milliseconds(UInt64(tick))) }
        #expect(fast.patience(most: .seconds(25)) == Limits.leastPatience)
    }
}
