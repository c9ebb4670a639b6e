import Model
import Testing
import Wire

@testable import Coordinator

@Suite struct EvidenceTests {
    @Test func aSightingByADifferentNodeCorroborates() throws {
        var writer = CommitWriter()
        let artifact = writer.store("a", confidence: 1)
        writer.epoch { $0.sight(artifact, by: "b") }
        #expect(try #require(writer.node("a")).corroborated == 1)
        #expect(try #require(writer.node("a")).window.brier == 0)
        #expect(writer.decisions("a", "epoch").first?.artifacts == [artifact])
    }

    @Test func theSameContentElsewhereCorroboratesWhatWasKeptFirst() throws {
        var writer = CommitWriter()
        let first = writer.store("a", confidence: 1)
        writer.epoch { $0.store("b", source: "elsewhere", sharing: first) }
        #expect(try #require(writer.node("a")).corroborated == 1)
        #expect(try #require(writer.node("b")).corroborated == 0)
    }

    @Test(arguments: [SightingChange.Kind.exact, .normalised, .sameContent, .unchanged])
    func repeatingOnesOwnArtifactChangesNothing(kind: SightingChange.Kind) throws {
        var (once, often) = (CommitWriter(), CommitWriter())
        for _ in 0..<5 {
            once.epoch { $0.store("a", confidence: 1) }
            often.epoch { writer in
                let artifact = writer.store("a", confidence: 1, target: 1)
                for _ in 0..<50 { writer.sight(artifact, by: "a", kind: kind, target: 1, tallied: false) }
            }
        }
        let (a, b) = (try #require(once.node("a")), try #require(often.node("a")))
        #expect((a.score, a.calibration, a.corroborated) == (b.score, b.calibration, b.corroborated))
        #expect(b.votes.judges.isEmpty)
    }

    @Test func toSayThatNothingChangedShowsNothing() throws {
        var writer = CommitWriter()
        let artifact = writer.store("a")
        writer.epoch { $0.sight(artifact, by: "b", kind: .unchanged) }
        #expect(try #require(writer.node("a")).corroborated == 0)
    }

    // MARK: Contradiction

    @Test func twoOthersThatAgreeOnAnotherContentOfTheTargetContradict() throws {
        var writer = CommitWriter()
        let wrong = writer.store("a", confidence: 1, target: 7)
        let right = writer.store("b", target: 7)
        writer.commit()
        #expect(try #require(writer.node("a")).contradicted == 0, "one other node proves nothing")
        writer.sight(right, by: "c", target: 7)
        writer.commit()
        let node = try #require(writer.node("a"))
        #expect(node.contradicted == 1)
        #expect(node.window.brier == 1)
        let decision = try #require(writer.decisions("a", "contradicted").first)
        #expect(decision.artifacts == [wrong])
        #expect(decision.judges == ["b", "c"])
        #expect(try #require(writer.node("b")).contradicted == 0)
    }

    @Test(arguments: [(600_000, 1), (600_001, 0)])
    func onlyWithinTenMinutes(apart: Int64, expected: UInt64) throws {
        var writer = CommitWriter()
        writer.store("a", target: 7)
        writer.commit(then: apart)
        let right = writer.store("b", target: 7)
        writer.sight(right, by: "c", target: 7)
        writer.commit()
        #expect(try #require(writer.node("a")).contradicted == expected)
    }

    @Test func otherThingsOfTheTargetAndOtherTargetsDoNotContradict() throws {
        var writer = CommitWriter()
        writer.store("a", target: 7, source: "item 1")
        let item = writer.store("b", target: 7, source: "item 2")
        writer.sight(item, by: "c", target: 7)
        let other = writer.store("b", target: 8, source: "item 1")
        writer.sight(other, by: "c", target: 8)
        writer.commit()
        #expect(try #require(writer.node("a")).contradicted == 0)
    }

    @Test func nobodyIsContradictedWhoBroughtThatContentTooOrWhoHasAsManyOnItsSide() throws {
        var writer = CommitWriter()
        let old = writer.store("a", target: 7)
        let new = writer.store("b", target: 7)
        writer.sight(new, by: "a", target: 7)
        writer.sight(new, by: "c", target: 7)
        writer.commit()
        #expect(try #require(writer.node("a")).contradicted == 0)
        writer = CommitWriter()
        let mine = writer.store("a", target: 7)
        writer.sight(mine, by: "d", target: 7)
        let theirs = writer.store("b", target: 7)
        writer.sight(theirs, by: "c", target: 7)
        writer.commit()
        #expect(try #require(writer.node("a")).contradicted == 0)
        #expect(old == mine)
    }

    @Test func whoRepeatsItselfDoesNotPushOutWhatOthersSaw() throws {
        var writer = CommitWriter()
        let wrong = writer.store("a", target: 7)
        let right = writer.store("b", target: 7)
        for _ in 0..<100 { writer.sight(wrong, by: "a", target: 7) }
        writer.sight(right, by: "c", target: 7)
        writer.commit()
        #expect(try #require(writer.node("a")).contradicted == 1)
    }

    @Test func aRingOfObservationsForgetsTheOldest() {
        var seen = Observations(size: 4)
        func see(_ key: UInt64, _ node: Int64, _ content: UInt64) -> [Contradiction] {
            seen.add(Observation(key: key, node: node, content: content, artifact: content, at: 0))
        }
        #expect(see(1, 1, 10).isEmpty)
        for other: UInt64 in 2...4 { #expect(see(other, 1, other).isEmpty) }
        #expect(see(1, 2, 20).isEmpty)
        #expect(see(1, 3, 20).isEmpty, "the first one is forgotten")
    }

    // MARK: Ratings

    @Test func aLowRatingContradictsAndAGoodOneBearsOut() throws {
        var writer = CommitWriter()
        let (low, good) = (writer.store("a", confidence: 1), writer.store("a", confidence: 1))
        for _ in 0..<4 { writer.store("a", confidence: 1) }
        writer.commit()
        writer.reputation.rated(sink: "s", node: "a", artifact: low, quality: 0.49, at: writer.at)
        writer.reputation.rated(sink: "s", node: "a", artifact: good, quality: 0.5, at: writer.at)
        let node = try #require(writer.node("a"))
        #expect(node.contradicted == 1)
        #expect(node.window.entries.map(\.outcome).prefix(3) == [.ratedLow, .ratedWell, .unsettled])
        #expect(writer.decisions("a", "rated").map(\.reason) == ["sink s rated a1 0.49, under 0.5"])
    }
}
