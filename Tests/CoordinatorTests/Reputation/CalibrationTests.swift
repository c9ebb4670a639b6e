import Model
import Testing
import Wire

@testable import Coordinator

@Suite struct CalibrationTests {
    @Test func calibrationFollowsTheBrierFigureWithinItsRange() {
        #expect(Calibration.of(brier: 0) == 1)
        #expect(Calibration.of(brier: 0.04) == 1)
        #expect(abs(Calibration.of(brier: 0.25) - 0.58) < 1e-12)
        #expect(Calibration.of(brier: 0.3) == 0.5)
        #expect(Calibration.of(brier: 1) == 0.5)
    }

    @Test func whatIsUnknownCountsAsTheMiddleNotAsTheBest() {
        #expect(abs(Calibration.unknown - 0.75) < 1e-12)
        #expect(abs(Reputation.unknown - 0.375) < 1e-12)
        #expect(Reputation().effective("nobody", at: WallTime(milliseconds: 0)) == Reputation.unknown)
        #expect(Reputation().isNewcomer("nobody"))
        var writer = CommitWriter()
        writer.epoch { $0.store("a") }
        #expect(abs(writer.effective("a") - 0.375) < 1e-12)
    }

    @Test func outcomesCountOneZeroAndAHalf() {
        func brier(_ claim: Double?, _ outcome: Evidence.Outcome) -> Double {
            Evidence(artifact: 1, claim: claim, outcome: outcome).brier
        }
        #expect(brier(1, .unsettled) == 0.25)
        #expect(brier(1, .corroborated) == 0)
        #expect(brier(1, .ratedWell) == 0)
        #expect(brier(1, .contradicted) == 1)
        #expect(brier(1, .ratedLow) == 1)
        #expect(brier(0, .contradicted) == 0)
        #expect(brier(nil, .unsettled) == Limits.unknownBrier)
        #expect(brier(nil, .invalid) == 1)
    }

    @Test func onlyTheLastThousandArtifactsCount() throws {
        var writer = CommitWriter()
        writer.epoch { writer in for _ in 0..<1_000 { writer.store("a", confidence: 1) } }
        #expect(try #require(writer.node("a")).window.brier == 0.25)
        writer.epoch { writer in for _ in 0..<500 { writer.store("a", confidence: 0.5) } }
        #expect(try #require(writer.node("a")).window.brier == 0.125)
        writer.epoch { writer in for _ in 0..<500 { writer.store("a", confidence: 0.5) } }
        #expect(try #require(writer.node("a")).window.brier == 0)
        #expect(writer.reputation.places.count == 1_000)
    }

    @Test func whoAlwaysClaimsCertaintyFallsAFifthBelowAnHonestOneWithinThreeEpochs() {
        var writer = CommitWriter()
        for _ in 0..<3 {
            writer.epoch { writer in
                for _ in 0..<20 {
                    writer.store("adversary", confidence: 1)
                    writer.store("honest", confidence: 0.5)
                    writer.store("silent")
                }
            }
        }
        #expect(writer.effective("adversary") <= 0.8 * writer.effective("honest"))
        #expect(writer.effective("adversary") <= 0.8 * writer.effective("silent"))
    }

    @Test func oneThatMissesFarMoreThanSevenOthersCountsHalfUntilTenCleanEpochs() throws {
        var writer = CommitWriter()
        func run(_ count: Int, nodes: Int, claim: Double) {
            for _ in 0..<count {
                writer.epoch { writer in
                    for node in 0..<nodes { writer.store("n\(node)", confidence: 0.6) }
                    for _ in 0..<200 { writer.store("odd", confidence: claim) }
                }
            }
        }
        run(1, nodes: 6, claim: 1)
        #expect(try #require(writer.node("odd")).isOutlier == false, "seven nodes are too few to judge")
        run(1, nodes: 7, claim: 1)
        #expect(try #require(writer.node("odd")).isOutlier)
        let node = try #require(writer.node("odd"))
        #expect(writer.effective("odd") == node.score * node.calibration * 0.5)
        run(5, nodes: 7, claim: 0.6)
        #expect(writer.decisions("odd", "outlier").count == 1)
        run(10, nodes: 7, claim: 0.6)
        #expect(try #require(writer.node("odd")).isOutlier == false)
        #expect(writer.decisions("odd", "clean").count == 1)
        #expect(writer.decisions("n1", "outlier").isEmpty)
    }

    @Test func theModifiedScoreUsesMedianAndDeviation() throws {
        #expect(Outliers.threshold(of: Array(repeating: 0.1, count: 7)) == nil)
        let figures = [0.0, 0.02, 0.04, 0.06, 0.08, 0.10, 0.12, 0.14]
        let threshold = try #require(Outliers.threshold(of: figures))
        #expect(abs(threshold - (0.07 + 3.5 * 0.04 / 0.6745)) < 1e-12)
        let same = try #require(Outliers.threshold(of: Array(repeating: 0.1, count: 8)))
        #expect(abs(same - (0.1 + 3.5 * 0.01 / 0.6745)) < 1e-12)
    }
}
