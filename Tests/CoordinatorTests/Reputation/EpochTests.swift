import Model
import Testing
import Wire

@testable import Coordinator

@Suite struct EpochTests {
    private func verdict(
        received: UInt64, refused: UInt64, corroborated: UInt64 = 0, contradicted: UInt64 = 0
    ) -> EpochCounts.Verdict {
        var counts = EpochCounts()
        (counts.received, counts.refused) = (received, refused)
        (counts.corroborated, counts.contradicted) = (corroborated, contradicted)
        return counts.verdict
    }

    @Test func anEpochIsGoodIfFourFifthsWereValidAndNothingWasContradicted() {
        #expect(verdict(received: 10, refused: 2) == .good)
        #expect(verdict(received: 10, refused: 3) == .neutral)
        #expect(verdict(received: 10, refused: 0, corroborated: 5, contradicted: 1) == .neutral)
    }

    @Test func anEpochIsBadIfUnderHalfWereValidOrContradictionsOutnumber() {
        #expect(verdict(received: 10, refused: 5) == .neutral)
        #expect(verdict(received: 10, refused: 6) == .bad)
        #expect(verdict(received: 10, refused: 0, corroborated: 1, contradicted: 1) == .neutral)
        #expect(verdict(received: 10, refused: 0, corroborated: 1, contradicted: 2) == .bad)
        #expect(verdict(received: 0, refused: 0, contradicted: 1) == .bad)
    }

    @Test func theScoreMovesOnlyWhenThreeEpochsAgree() throws {
        var writer = CommitWriter()
        var scores: [Double] = []
        for _ in 0..<5 {
            writer.epoch { $0.store("a") }
            scores.append(try #require(writer.node("a")).score)
        }
        #expect(scores == [0.5, 0.5, 0.51, 0.52, 0.53])
    }

    @Test func badEpochsTakeTwiceAsMuch() throws {
        var writer = CommitWriter()
        for _ in 0..<4 { writer.epoch { $0.tally("a", received: 10, refused: 10) } }
        #expect(try #require(writer.node("a")).score == 0.5 - 0.02 - 0.02)
        #expect(writer.decisions("a", "epoch").map(\.reason).last == "4 bad epochs in a row")
    }

    @Test func aNeutralEpochEndsARun() throws {
        var writer = CommitWriter()
        for refused: UInt32 in [0, 0, 3, 0, 0] { writer.epoch { $0.tally("a", received: 10, refused: refused) } }
        #expect(try #require(writer.node("a")).score == 0.5)
        writer.epoch { $0.tally("a", received: 10) }
        #expect(try #require(writer.node("a")).score == 0.51)
    }

    @Test func anEpochInWhichNothingWasSentNeitherMakesNorEndsARun() throws {
        var writer = CommitWriter()
        for _ in 0..<3 {
            writer.epoch { $0.store("a") }
            writer.epoch { $0.store("b") }
        }
        #expect(try #require(writer.node("a")).score == 0.51)
    }

    @Test func theScoreStaysWithinItsRange() throws {
        var writer = CommitWriter()
        for _ in 0..<60 {
            writer.epoch {
                $0.store("good")
                $0.tally("bad", received: 1, refused: 1)
            }
        }
        #expect(try #require(writer.node("good")).score == 0.9)
        #expect(try #require(writer.node("bad")).score == 0.1)
    }

    @Test func silenceTakesFivePercentADayOfWhatIsAboveTheStart() throws {
        var writer = CommitWriter()
        for _ in 0..<22 { writer.epoch { $0.store("a") } }
        let node = try #require(writer.node("a"))
        let day: Int64 = 86_400_000
        func score(_ days: Int64) -> Double {
            node.score(at: WallTime(milliseconds: node.lastActive.milliseconds + days * day))
        }
        #expect(score(1) == node.score)
        #expect(abs(score(2) - (0.5 + (node.score - 0.5) * 0.95)) < 1e-12)
        #expect(abs(score(11) - (0.5 + (node.score - 0.5) * 0.5987369392383789)) < 1e-12)
        writer.commit(then: 11 * day)
        writer.epoch { $0.store("a") }
        #expect(writer.decisions("a", "decay").count == 1)
        #expect(try #require(writer.node("a")).score < node.score - 0.07)
    }

    @Test func aScoreBelowTheStartDoesNotHealByHiding() throws {
        var writer = CommitWriter()
        for _ in 0..<10 { writer.epoch { $0.tally("a", received: 1, refused: 1) } }
        let before = try #require(writer.node("a")).score
        writer.commit(then: 400 * 86_400_000)
        #expect(writer.effective("a") == before * 0.5)
        #expect(try #require(writer.node("a")).score(at: writer.at) == before)
    }
}
