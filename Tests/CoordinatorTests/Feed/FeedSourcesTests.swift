import Model
import Storage
import TestKit
import Testing
import Wire

@testable import Coordinator

/// What the feed takes from ranking, reputation, sketches and patterns.
@Suite struct FeedSourcesTests {
    private func fed(_ rig: FeedRig) throws -> [UInt64] {
        try rig.feed.list(before: 0, limit: 500, in: rig.database).scenarios.reversed().map(\.artifact)
    }

    /// Nodes that corroborate each other until none is a newcomer; nothing of it may be fed.
    private func establish(_ names: [String], in rig: FeedRig) throws {
        try rig.feed.setPaused(true, in: rig.database)
        for round in 0..<12 {
            var batch: [Proto.Artifact] = []
            for place in 0..<10 {
                var artifact = FeedRig.artifact(place, text: "base \(round) \(place)", domain: "base.example")
                artifact.threatLevel = nil
                artifact.confidence = nil
                batch.append(artifact)
            }
            for first in names {
                let own = batch.map { artifact in
                    var artifact = artifact
                    artifact.rawSource += first
                    artifact.content += Array(first.utf8)
                    return artifact
                }
                for name in [first] + names.filter({ $0 != first }) { try rig.send(own, from: name) }
            }
            rig.time.advance(by: .minutes(61))
        }
        for name in names { #expect(!rig.parts.reputation.reputation.isNewcomer(name)) }
        try rig.feed.setPaused(false, in: rig.database)
    }

    @Test func `newcomers hold a tenth of the slots once somebody is established`() throws {
        let rig = try FeedRig(policy: FeedSamples.policy(rate: 20))
        try establish(["a", "b", "c", "d"], in: rig)
        for place in 1...6 { try rig.send([FeedRig.artifact(1_000 + place)], from: "new\(place)") }
        try rig.send((1...3).map { FeedRig.artifact(2_000 + 11 * $0) }, from: "a")
        try rig.pass()
        let listed = try rig.feed.list(before: 0, limit: 50, in: rig.database).scenarios
        #expect(listed.filter { $0.node.hasPrefix("new") }.count == 2)
        let reasons = try rig.feed.skipped(50, in: rig.database).skipped.map(\.reason)
        #expect(
            reasons.filter { $0 == "its node is a newcomer, and newcomers have had their 2 slots of this hour" }.count
                == 4)
    }

    @Test func `before anybody is established nobody is held back as a newcomer`() throws {
        let rig = try FeedRig(policy: FeedSamples.policy(rate: 10))
        for place in 1...6 { try rig.send([FeedRig.artifact(place)], from: "new\(place)") }
        try rig.pass()
        #expect(rig.feed.figures.scenarios == 6)
    }

    @Test func `what a node is believed decides which of two equal artifacts comes first`() throws {
        let rig = try FeedRig(policy: FeedSamples.policy(rate: 1))
        // A node that claims everything and sends half of it unreadable loses its calibration.
        for round in 0..<4 {
            for place in 0..<5 {
                var wrong = FeedRig.artifact(place, text: "w\(round) \(place)")
                wrong.threatLevel = 11
                try rig.send([wrong], from: "liar")
            }
            rig.time.advance(by: .seconds(61))
        }
        try rig.send([FeedRig.artifact(5, text: "the liar's word")], from: "liar")
        try rig.send([FeedRig.artifact(16, text: "an honest word")], from: "honest")
        let reputation = rig.parts.reputation.reputation
        #expect(reputation.effective("liar", at: rig.time.wall()) < reputation.effective("honest", at: rig.time.wall()))
        try rig.pass()
        #expect(try fed(rig) == [2])
    }

    @Test func `a candidate ranks and is fed as its current version says`() throws {
        let rig = try FeedRig(policy: FeedSamples.policy(rate: 1))
        try rig.send([FeedRig.artifact(1), FeedRig.artifact(3)], from: "n1")
        var better = FeedRig.artifact(1)
        better.confidence = 0.9
        better.threatLevel = 9
        #expect(try rig.send([better], from: "n2").map(\.version) == [2])
        try rig.pass()
        let listed = try rig.feed.list(before: 0, limit: 5, in: rig.database).scenarios
        #expect(listed.map(\.artifact) == [1] && listed.map(\.node) == ["n2"])
        let line = try #require(FlatJSON(try rig.waiting()[0].line))
        #expect(line.number("difficulty") == 9)
        // Its first version is listed under n1 still, and is not fed a second time; nor is it after a restart.
        try rig.pass(after: .hours(1))
        try rig.restart()
        try rig.pass(after: .hours(1))
        #expect(try fed(rig) == [1, 2])
        try rig.pass(after: .hours(2))
        #expect(rig.parts.ranking.top(10, at: rig.time.wall()).isEmpty)
    }

    @Test func `a version of what was fed does not make it a candidate again`() throws {
        let rig = try FeedRig()
        try rig.send([FeedRig.artifact(1)], from: "n1")
        try rig.pass()
        var better = FeedRig.artifact(1)
        better.confidence = 0.9
        try rig.send([better], from: "n2")
        #expect(rig.parts.ranking.top(10, at: rig.time.wall()).isEmpty)
        try rig.forgetDerived()
        #expect(rig.parts.ranking.top(10, at: rig.time.wall()).isEmpty)
        #expect(rig.feed.figures.scenarios == 1)
    }

    @Test func `what is nearly the same as something fed lately is passed over, also after a restart`() throws {
        let rig = try FeedRig()
        var words = (0..<120).map { "word\($0)" }
        try rig.store([FeedRig.artifact(1, text: words.joined(separator: " "))])
        try rig.pass()
        words[60] = "other"
        try rig.restart()
        try rig.store([FeedRig.artifact(2, text: words.joined(separator: " "))])
        try rig.pass()
        #expect(rig.feed.figures.scenarios == 1)
        let skipped = try rig.feed.skipped(5, in: rig.database).skipped
        #expect(skipped.map(\.reason) == ["not novel: it resembles a1, which was fed lately"])
        let other = (0..<120).map { "else\($0)" }.joined(separator: " ")
        try rig.store([FeedRig.artifact(3, text: other)])
        try rig.pass()
        #expect(try fed(rig) == [1, 3])
    }

    @Test func `a scenario has the pattern of its text at that time, or none`() throws {
        let rig = try FeedRig(policy: FeedSamples.policy(rate: 2))
        let topics = ["breach attack malware exploit", "backup storage database recovery"]
        for place in 0..<40 {
            let text = "\(topics[place % 2]) \(topics[place % 2]) case\(place)"
            try rig.store([FeedRig.artifact(place, text: text)])
        }
        try rig.pass()
        var corpus = Corpus(stopWords: StopWords.english, texts: 40)
        for place in 0..<40 {
            corpus.add(
                Array(topics[place % 2].utf8)[...], artifact: UInt64(place) + 1, at: rig.time.wall(), node: "",
                domain: "")
        }
        let finder = try #require(PatternFinder(corpus, PatternOptions()) { true })
        try rig.parts.patterns.store(finder.found(after: nil), in: rig.database)
        try rig.pass(after: .hours(1))
        let lines = try rig.waiting().map { String(decoding: $0.line, as: UTF8.self) }
        #expect(lines.count == 4)
        #expect(lines[0].contains("\"pattern\":null") && lines[1].contains("\"pattern\":null"))
        let judge = try #require(try rig.parts.patterns.judge(in: rig.database))
        let text = "\(topics[0]) \(topics[0])"
        let terms = judge.topTerms(of: judge.judge(Array(text.utf8)[...]).pattern)
        #expect(!terms.isEmpty)
        #expect(lines[2...].allSatisfy { $0.contains("\"pattern\":{\"id\":\"p") && $0.contains("\"terms\":[\"") })
    }

    @Test func `nothing is chosen before what the ledger held at the start was read`() throws {
        let rig = try FeedRig()
        try rig.store((1...3).map { FeedRig.artifact($0) })
        try rig.database.execute("DELETE FROM consumer WHERE name = 'reputation'")
        try rig.restart()
        try rig.pass()
        #expect(rig.feed.figures.scenarios == 0)
        try rig.follow()
        try rig.pass()
        #expect(rig.feed.figures.scenarios == 3)
    }

    @Test func `reputation that is computed again hears the ratings where it heard them first`() throws {
        let rig = try FeedRig()
        try rig.store((1...5).map { FeedRig.artifact($0) })
        try rig.pass()
        let id = { ScenarioID(incarnation: 1, sequence: $0) }
        #expect(try rig.feed.rate(id(1), 0.1, by: "jsonl", in: rig.database))
        try rig.store((6...8).map { FeedRig.artifact($0) })
        try rig.pass(after: .minutes(2))
        #expect(try rig.feed.rate(id(2), 0.9, by: "jsonl", in: rig.database))
        #expect(try rig.feed.rate(id(3), 0.2, by: "operator", in: rig.database))
        let rows = "SELECT hex(state) FROM reputation_node UNION ALL SELECT hex(entry) FROM reputation_decision"
        let before = try rig.database.all(SQL(rows)) { $0.text(0) }
        #expect(rig.parts.reputation.reputation.standing(of: "n1", at: rig.time.wall())?.contradicted == 2)
        try rig.forgetDerived()
        #expect(try rig.database.all(SQL(rows)) { $0.text(0) } == before)
        try rig.restart()
        try rig.follow()
        #expect(try rig.database.all(SQL(rows)) { $0.text(0) } == before)
    }
}
