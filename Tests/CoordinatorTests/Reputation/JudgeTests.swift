import Model
import Testing
import Wire

@testable import Coordinator

@Suite struct JudgeTests {
    @Test func oneJudgeCountsForTenEventsAnHourAboutOneSubject() throws {
        var writer = CommitWriter()
        func corroborate(_ count: Int) {
            for _ in 0..<count {
                let artifact = writer.store("a")
                writer.sight(artifact, by: "b")
            }
            writer.commit(then: Limits.epoch)
        }
        for _ in 0..<200 { writer.store("a") }
        corroborate(25)
        #expect(try #require(writer.node("a")).corroborated == 10)
        #expect(try #require(writer.node("a")).dropped == 15)
        writer.commit(then: 58 * Limits.epoch)
        corroborate(5)
        #expect(try #require(writer.node("a")).corroborated == 10, "59 epochs later the hour is not over")
        corroborate(5)
        #expect(try #require(writer.node("a")).corroborated == 15)
    }

    @Test func oneJudgeSettlesAtMostAThirdOfASubjectsArtifacts() throws {
        var writer = CommitWriter()
        let artifacts = (0..<12).map { _ in writer.store("a") }
        for artifact in artifacts { writer.sight(artifact, by: "b") }
        writer.commit()
        #expect(try #require(writer.node("a")).corroborated == 4)
        for artifact in artifacts { writer.sight(artifact, by: "c") }
        writer.commit()
        #expect(try #require(writer.node("a")).corroborated == 8)
    }

    @Test func aJudgeOverAHundredAnHourIsIgnoredUntilItWasQuietForAnHour() throws {
        var writer = CommitWriter()
        let artifacts = (0..<300).map { _ in writer.store("a") }
        for artifact in artifacts.prefix(100) { writer.sight(artifact, by: "b") }
        writer.commit()
        #expect(writer.decisions("b", "votes-ignored").isEmpty)
        writer.sight(artifacts[100], by: "b")
        writer.commit()
        #expect(writer.decisions("b", "votes-ignored").count == 1)
        let other = writer.store("c")
        writer.sight(other, by: "b")
        writer.commit(then: 60 * Limits.epoch)
        #expect(try #require(writer.node("c")).corroborated == 0)
        let later = writer.store("c")
        writer.sight(later, by: "b")
        writer.commit()
        #expect(try #require(writer.node("c")).corroborated == 1)
    }

    @Test func aJudgeOverAThousandADayIsIgnored() throws {
        var writer = CommitWriter()
        for round in 0..<23 {
            for subject in 0..<11 {
                for _ in 0..<4 {
                    let artifact = writer.store("s\(subject)")
                    writer.sight(artifact, by: "b", tallied: false)
                }
            }
            writer.commit(then: 61 * Limits.epoch)
            let cast = (round + 1) * 44
            #expect(writer.decisions("b", "votes-ignored").isEmpty == (cast <= 1_000), "after \(cast)")
        }
    }

    @Test func honestNodesAreNotPunishedBySpamVotes() throws {
        var writer = CommitWriter()
        var beside = CommitWriter()
        for _ in 0..<20 {
            beside.epoch { writer in for _ in 0..<10 { writer.store("honest", confidence: 0.5) } }
            writer.epoch { writer in
                for _ in 0..<10 {
                    let artifact = writer.store("honest", confidence: 0.5)
                    for _ in 0..<30 { writer.sight(artifact, by: "spammer", tallied: false) }
                }
            }
        }
        let (node, calm) = (try #require(writer.node("honest")), try #require(beside.node("honest")))
        #expect(node.score == calm.score)
        #expect(node.dropped > 5_000)
        #expect(try #require(writer.node("spammer")).judge.isIgnored(writer.reputation.epoch))
        #expect(node.isOutlier == false)
    }

    @Test func aSinkIsAJudgeLikeAnyOther() throws {
        var writer = CommitWriter()
        let artifacts = (0..<100).map { _ in writer.store("a", confidence: 0) }
        writer.commit()
        for artifact in artifacts {
            writer.reputation.rated(sink: "s", node: "a", artifact: artifact, quality: 0, at: writer.at)
        }
        #expect(try #require(writer.node("a")).contradicted == 10)
        writer.reputation.rated(sink: "s", node: "nobody", artifact: 1, quality: 0, at: writer.at)
        writer.reputation.rated(sink: "s", node: "a", artifact: 1, quality: .nan, at: writer.at)
        #expect(writer.reputation.nodeCount == 1)
    }

    // MARK: Newcomers

    @Test func aNodeIsANewcomerUntilAHundredOfItsArtifactsAreCorroborated() throws {
        let writer = CommitWriter.established(["a", "b", "c", "d"])
        #expect(writer.reputation.established == 4)
        #expect(writer.reputation.isNewcomer("a") == false)
        #expect(try #require(writer.node("a")).corroborated >= 100)
        #expect(writer.decisions("a", "established").count == 1)
    }

    @Test func aThousandFreshIdentitiesBuyNoMoreThanTheNewcomersShare() throws {
        var writer = CommitWriter.established(["a", "b", "c", "d"])
        let before = try #require(writer.node("a"))
        let artifacts = (0..<100).map { _ in writer.store("accomplice", confidence: 1) }
        let own = (0..<30).map { _ in writer.store("a", confidence: 1) }
        writer.commit()
        for identity in 0..<1_000 {
            for artifact in [artifacts[identity % 100], own[identity % 30]] {
                writer.sight(artifact, by: "fresh\(identity)", tallied: false)
            }
        }
        writer.commit(then: Limits.epoch)
        writer.commit()
        let accomplice = try #require(writer.node("accomplice"))
        #expect(accomplice.corroborated == 0, "nobody established stands behind it")
        #expect(accomplice.contradicted == 0)
        let after = try #require(writer.node("a"))
        #expect(after.newcomerWeight > 0)
        #expect(after.newcomerWeight <= Limits.newcomerShare * after.weight)
        #expect(after.corroborated - before.corroborated <= 30)
    }

    @Test func newcomersCannotContradictWhereOthersAreEstablished() throws {
        var writer = CommitWriter.established(["a", "b", "c", "d"])
        writer.store("a", target: 7)
        for identity in 0..<50 { writer.store("fresh\(identity)", target: 7, sharing: identity == 0 ? nil : 2_402) }
        writer.commit()
        #expect(try #require(writer.node("a")).contradicted == 0)
        let right = writer.store("b", target: 7)
        writer.sight(right, by: "c", target: 7)
        writer.commit()
        #expect(try #require(writer.node("a")).contradicted == 0, "fifty against two: not the majority")
    }

    @Test func colludersLiftEachOtherNoFurtherThanTheCapsAllow() throws {
        var writer = CommitWriter()
        for _ in 0..<120 {
            writer.epoch { writer in
                for (node, other) in [("x", "y"), ("y", "x")] {
                    let artifact = writer.store(node, confidence: 1)
                    writer.sight(artifact, by: other)
                }
            }
        }
        let node = try #require(writer.node("x"))
        #expect(node.corroborated <= 20, "ten an hour, for two hours")
        #expect(node.window.entries.count(where: { $0.outcome == .corroborated }) <= 40)
        #expect(node.calibration < 0.75)
    }

    @Test func crowdsOfNewcomersKeepNoEstablishedJudgeOut() throws {
        var writer = CommitWriter.established(["a", "b", "c", "d"])
        let artifacts = (0..<40).map { _ in writer.store("a") }
        writer.commit()
        for identity in 0..<300 { writer.sight(artifacts[0], by: "fresh\(identity)", tallied: false) }
        writer.sight(artifacts[1], by: "b")
        let before = try #require(writer.node("a")).corroborated
        writer.commit()
        #expect(try #require(writer.node("a")).corroborated >= before + 1)
        #expect(try #require(writer.node("a")).votes.judges.count <= Limits.judgesPerSubject)
    }

    @Test func theNumberOfNodesIsBoundedAndTheEstablishedStay() throws {
        var writer = CommitWriter.established(["a", "b", "c", "d"])
        for identity in 0..<2_100 {
            writer.store("fresh\(identity)")
            if identity % 50 == 49 { writer.commit(then: 1_000) }
        }
        #expect(writer.reputation.nodeCount == Limits.reputationNodes)
        #expect(writer.node("a") != nil)
        #expect(writer.reputation.forgotten == 2_104 - UInt64(Limits.reputationNodes))
        #expect(writer.reputation.places.count <= 4 * 1_000 + Limits.reputationNodes)
    }
}
