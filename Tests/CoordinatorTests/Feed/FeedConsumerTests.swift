import Model
import Storage
import TestKit
import Testing
import Wire

@testable import Coordinator

@Suite struct FeedConsumerTests {
    @Test func `the best are fed first, each minute, until the rate is used`() throws {
        let rig = try FeedRig(policy: FeedSamples.policy(rate: 8))
        try rig.store((1...10).map { FeedRig.artifact($0) })
        try rig.pass()
        // Threat decides: a10 has 10, a9 has 9, …; one node gives at most ten.
        #expect(try rig.feed.list(before: 0, limit: 10, in: rig.database).scenarios.map(\.artifact) == Array(3...10))
        #expect(rig.feed.status.slots == 0)
        try rig.pass(after: .minutes(59))
        #expect(rig.feed.figures.scenarios == 8)
        try rig.pass()
        #expect(rig.feed.figures.scenarios == 10)
    }

    @Test func `a scenario is the line that the page describes`() throws {
        let rig = try FeedRig()
        var artifact = FeedRig.artifact(7, text: String(repeating: "é", count: 2_500))
        artifact.opportunityValue = 8
        artifact.collectedAtMs = 1_700_000_000_000
        try rig.store([artifact])
        try rig.pass()
        let record = try #require(try rig.waiting().first)
        let expected =
            "{\"id\":\"s1-1\",\"source_artifact\":\"a1\",\"content_type\":\"text\",\"difficulty\":7.0,"
            + "\"learning_objectives\":[\"high_threat_response\",\"crisis_management\",\"high_value_extraction\","
            + "\"strategic_planning\",\"pattern_recognition\",\"cross_domain_synthesis\"],"
            + "\"training_data\":{\"input\":\"\(String(repeating: "é", count: 2_000))\","
            + "\"expected_output\":{\"threat_level\":7.0,\"opportunity_value\":8.0,\"content_type\":\"text\","
            + "\"pattern\":null},\"context\":{\"source\":\"http://d7.example/\","
            + "\"collected_at\":\"2023-11-14T22:13:20.000Z\",\"confidence\":0.5}},"
            + "\"diversity_tags\":{\"type\":\"text\",\"domain\":\"d7.example\",\"node\":\"n1\",\"hour\":22},"
            + "\"novelty_score\":1.0,\"fed_at\":\"2023-11-14T22:14:20.000Z\"}"
        #expect(String(decoding: record.line, as: UTF8.self) == expected)
    }

    @Test func `the rate and the windows survive a restart`() throws {
        let rig = try FeedRig(policy: FeedSamples.policy(rate: 4))
        try rig.store((1...9).map { FeedRig.artifact($0) })
        try rig.pass()
        #expect(rig.feed.figures.scenarios == 4)
        for _ in 0..<5 {
            try rig.restart()
            try rig.pass(after: .minutes(10))
            #expect(rig.feed.figures.scenarios == 4)
        }
        try rig.restart()
        try rig.pass(after: .minutes(10))
        #expect(rig.feed.figures.scenarios == 8)
        #expect(Set(try rig.waiting().map(\.id.sequence)) == Set(1...8))
    }

    @Test func `derived rows can be lost and are computed again, and nothing is fed twice`() throws {
        let rig = try FeedRig()
        try rig.store((1...6).map { FeedRig.artifact($0) })
        try rig.pass()
        #expect(rig.feed.figures.scenarios == 6)
        try rig.forgetDerived()
        try rig.pass(after: .hours(3))
        #expect(rig.feed.figures.scenarios == 6)
        #expect(try rig.waiting().count == 6)
    }

    @Test func `what is passed over keeps its reason and gets another chance`() throws {
        let rig = try FeedRig()
        try rig.store((1...7).map { FeedRig.artifact($0, domain: "one.example") })
        try rig.pass()
        #expect(rig.feed.figures.scenarios == 5)
        let skipped = try rig.feed.skipped(10, in: rig.database).skipped
        #expect(skipped.map(\.artifact) == [2, 1])
        #expect(skipped[0].reason == "not diverse: 5 of the last 100 are of its domain")
        try rig.pass(after: .hours(1))
        #expect(rig.feed.figures.scenarios == 7)
        #expect(try rig.feed.skipped(10, in: rig.database).skipped.isEmpty)
    }

    @Test func `what is not novel rests, so that a thousand of it do not hide the rest`() throws {
        let rig = try FeedRig()
        let words = (0..<100).map { "w\($0)" }.joined(separator: " ")
        var high = (0..<1_100).map { FeedRig.artifact($0, text: words + " \($0)", domain: "same.example") }
        for place in high.indices { high[place].threatLevel = 10 }
        for start in stride(from: 0, to: 1_100, by: 100) { try rig.store(Array(high[start..<start + 100])) }
        var low = FeedRig.artifact(5_000, text: "quite another text")
        low.threatLevel = 1
        try rig.store([low])
        try rig.pass()
        #expect(rig.feed.figures.scenarios == 1)
        try rig.pass()
        #expect(try rig.feed.list(before: 0, limit: 1, in: rig.database).scenarios.map(\.artifact) == [1_101])
    }

    @Test func `known content under another source is no candidate`() throws {
        let rig = try FeedRig()
        try rig.store([FeedRig.artifact(1, text: "same"), FeedRig.artifact(2, text: "same")])
        try rig.pass()
        #expect(rig.feed.figures.scenarios == 1)
    }

    @Test func `a source that forbids training is kept out and counted, for good`() throws {
        let rig = try FeedRig()
        let signals: StringMap = ["tdm-reservation": "1"]
        try rig.store([FeedRig.artifact(1, signals: signals), FeedRig.artifact(2)])
        try rig.pass()
        try rig.pass(after: .hours(2))
        #expect(rig.feed.figures.scenarios == 1)
        #expect(rig.feed.figures.optedOut == 1)
        let skipped = try rig.feed.skipped(10, in: rig.database).skipped
        #expect(skipped.map(\.reason) == ["its source forbids training: tdm-reservation: 1"])
    }

    @Test func `a source that withdraws has a tombstone sent, once`() throws {
        let rig = try FeedRig()
        try rig.store([FeedRig.artifact(1), FeedRig.artifact(2)])
        try rig.pass()
        let signals: StringMap = ["x-robots-tag": "noai"]
        try rig.store([FeedRig.artifact(1, text: "changed", signals: signals)])
        try rig.store([FeedRig.artifact(1, text: "changed again", signals: signals)])
        try rig.forgetDerived()
        let tombstones = try rig.waiting().filter { $0.kind == .tombstone }
        #expect(tombstones.map(\.id.sequence) == [3])
        let json = try #require(FlatJSON(tombstones[0].line))
        #expect(json.string("withdraws") == "s1-2")
        #expect(json.string("reason") == "x-robots-tag: noai")
        #expect(rig.feed.figures.tombstones == 1)
    }

    @Test func `what a source gave before it withdrew is not fed after it, and what it gives back is`() throws {
        let rig = try FeedRig()
        let signals: StringMap = ["content-signal": "ai-train=no"]
        try rig.store([FeedRig.artifact(1)])
        try rig.store([FeedRig.artifact(1, text: "closed", signals: signals)])
        try rig.pass()
        #expect(rig.feed.figures.scenarios == 0)
        #expect(rig.feed.figures.optedOut == 2)
        try rig.store([FeedRig.artifact(1, text: "open again")])
        try rig.pass()
        #expect(try rig.feed.list(before: 0, limit: 9, in: rig.database).scenarios.map(\.artifact) == [3])
    }

    @Test func `a source that withdraws content that has not changed has a tombstone sent`() throws {
        let rig = try FeedRig()
        try rig.store([FeedRig.artifact(1), FeedRig.artifact(2)])
        try rig.pass()
        let closed = FeedRig.artifact(1, signals: ["x-robots-tag": "noai"])
        #expect(try rig.send([closed], from: "n1").map(\.code) == [.duplicate])
        try rig.send([closed], from: "n2")
        #expect(try rig.waiting().filter { $0.kind == .tombstone }.map(\.id.sequence) == [3])
        try rig.forgetDerived()
        let tombstones = try rig.waiting().filter { $0.kind == .tombstone }
        #expect(tombstones.map(\.id.sequence) == [3])
        let json = try #require(FlatJSON(tombstones[0].line))
        #expect(json.string("withdraws") == "s1-2")
        #expect(json.string("reason") == "x-robots-tag: noai")
    }

    @Test func `what a source withdrew before it was fed is kept out, whatever is said later without it`() throws {
        let rig = try FeedRig()
        try rig.feed.setPaused(true, in: rig.database)
        try rig.store([FeedRig.artifact(1)])
        try rig.send([FeedRig.artifact(1, signals: ["tdm-reservation": "1"])], from: "n1")
        var better = FeedRig.artifact(1)
        better.confidence = 0.9
        try rig.send([better], from: "n2")
        try rig.feed.setPaused(false, in: rig.database)
        try rig.pass()
        #expect(rig.feed.figures.scenarios == 0)
        #expect(rig.feed.figures.optedOut == 1)
    }

    @Test func `what had been fed at an older state version can be asked for`() throws {
        let rig = try FeedRig()
        try rig.store([FeedRig.artifact(1)])
        try rig.pass()
        try rig.store([FeedRig.artifact(2)])
        try rig.pass()
        let at = { try rig.feed.list(before: 0, limit: 9, at: $0, in: rig.database).scenarios.map(\.stateVersion) }
        #expect(try at(1) == [1])
        #expect(try at(2) == [2, 1])
        #expect(try at(0) == [2, 1])
    }

    @Test func `content that is no text is left out`() throws {
        let rig = try FeedRig()
        var binary = FeedRig.artifact(1, type: "binary")
        binary.content = [0xFF, 0xFE, 0x00]
        try rig.store([binary])
        try rig.pass()
        #expect(rig.feed.figures.notText == 1)
        #expect(rig.feed.figures.scenarios == 0)
    }

    @Test func `a paused feed decides nothing, also after a restart, and resumes`() throws {
        let rig = try FeedRig()
        try rig.store([FeedRig.artifact(1)])
        try rig.feed.setPaused(true, in: rig.database)
        try rig.restart()
        try rig.pass()
        #expect(rig.feed.figures.scenarios == 0)
        #expect(rig.feed.report.paused)
        try rig.feed.setPaused(false, in: rig.database)
        try rig.pass()
        #expect(rig.feed.figures.scenarios == 1)
    }

    @Test func `a record that is refused five times is quarantined, and the figures add up`() throws {
        let rig = try FeedRig()
        try rig.store([FeedRig.artifact(1), FeedRig.artifact(2)])
        try rig.pass()
        let bad = try rig.waiting()[0].id
        for round in 1...5 {
            #expect(try rig.waiting().count == 2)
            #expect(try rig.waiting()[0].refusals == round - 1)
            var report = DeliveryReport()
            report.refused = [(bad, "no")]
            try rig.store(report)
        }
        #expect(try rig.waiting().map(\.id.sequence) == [2])
        let figures = rig.feed.figures
        #expect((figures.quarantined, figures.refusals, figures.waiting) == (1, 5, 1))
        let listed = try rig.feed.list(before: 0, limit: 2, in: rig.database).scenarios
        #expect(listed.map(\.state) == ["waiting", "quarantined"])
        #expect(listed[1].reason == "no")
    }

    @Test func `a quality is stored with its scenario and told on, once each`() throws {
        let rig = try FeedRig()
        try rig.store([FeedRig.artifact(1)])
        try rig.pass()
        let id = ScenarioID(incarnation: 1, sequence: 1)
        #expect(try rig.feed.rate(id, 0.25, by: "jsonl", in: rig.database))
        #expect(try rig.feed.rate(id, 0.25, by: "jsonl", in: rig.database))
        #expect(try rig.feed.rate(id, 0.75, by: "operator", in: rig.database))
        #expect(try !rig.feed.rate(ScenarioID(incarnation: 2, sequence: 1), 0.5, by: "jsonl", in: rig.database))
        #expect(try !rig.feed.rate(id, 1.5, by: "jsonl", in: rig.database))
        let told = try rig.ratings()
        #expect(told.map(\.quality) == [0.25, 0.75])
        #expect(told.map(\.sink) == ["jsonl", "operator"])
        #expect(told.allSatisfy { $0.node == "n1" && $0.artifact == 1 })
        #expect(rig.feed.figures.rated == 1)
    }
}
