import Testing

@testable import Coordinator

@Suite struct StandingTableTests {
    @Test func whatIsSetIsFoundAndNothingElse() {
        var table = StandingTable()
        let standing = Standing(version: .max, weight: Weight(steps: .max), node: .max)
        for id in [UInt64(1), 511, 512, 100_000] { table.set(standing, of: id) }
        for id in [UInt64(1), 511, 512, 100_000] { #expect(table[id] == standing) }
        for id in [UInt64(0), 2, 510, 513, 99_999, 100_001, 1 << 31] { #expect(table[id] == nil) }
        #expect(table.bytes < 3 * 4_096 + 200 * 8)
    }

    @Test(arguments: [(nil, 0.9, 0), (0.0, 1.0, 0), (1.0, 1.0, 65_535), (0.5, 0.5, 16_384), (1.0, 2.0, 65_535)])
    func aWeightIsConfidenceTimesReputation(confidence: Double?, reputation: Double, steps: UInt16) {
        #expect(Weight(confidence: confidence, reputation: reputation).steps == steps)
    }
}
