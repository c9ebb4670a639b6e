import Model
import Sealing
import Testing
import Wire

@testable import Coordinator

@Suite struct FeedPartsTests {
    @Test(arguments: [
        ("X-Robots-Tag", "noai, noimageai"), ("x-robots-tag", "all; NoTrain"), ("tdm-reservation", " 1 "),
        ("Content-Signal", "search=yes, ai-train=no"), ("robots-group", "noai"),
    ])
    func `a source that forbids training is kept out`(name: String, value: String) {
        #expect(OptOutPolicy().objection(in: StringMap([(name, value)])) == "\(name): \(value)")
    }

    @Test(arguments: [
        ("X-Robots-Tag", "noindex, nosnippet"), ("tdm-reservation", "0"), ("Content-Signal", "ai-train=yes"),
        ("unknown", "noai"),
    ])
    func `what says something else forbids nothing`(name: String, value: String) {
        #expect(OptOutPolicy().objection(in: StringMap([(name, value)])) == nil)
    }

    @Test func `which wishes are heeded can be said`() throws {
        let policy = try #require(OptOutPolicy("NoArchive,tdm-reservation"))
        #expect(policy.objection(in: ["x-robots-tag": "noarchive"]) == "x-robots-tag: noarchive")
        #expect(policy.objection(in: ["tdm-reservation": "1"]) == "tdm-reservation: 1")
        #expect(policy.objection(in: ["x-robots-tag": "noai", "content-signal": "ai-train=no"]) == nil)
        #expect(OptOutPolicy("content-signal")?.objection(in: ["content-signal": "ai-train=no"]) != nil)
        #expect(OptOutPolicy("no ai") == nil)
        #expect(try #require(OptOutPolicy("")).objection(in: ["x-robots-tag": "noai"]) == nil)
    }

    @Test func `the feed's clock follows the monotonic clock, whatever the wall clock does`() {
        var clock = FeedClock()
        clock.tick(now: Instant(nanoseconds: 5_000_000_000), wall: WallTime(milliseconds: 1_000_000))
        clock.tick(now: Instant(nanoseconds: 65_000_000_000), wall: WallTime(milliseconds: 900_000_000))
        clock.tick(now: Instant(nanoseconds: 125_000_000_000), wall: WallTime(milliseconds: 0))
        #expect(clock.elapsed == 120_000)
    }

    @Test(arguments: [(30_000, 30_000), (-5_000, 0), (86_400_000, 3_600_000)] as [(Int64, Int64)])
    func `over a restart the wall clock is believed for an hour at most`(gone: Int64, counted: Int64) {
        var clock = FeedClock(elapsed: 7, wall: WallTime(milliseconds: 1_000_000_000))
        clock.tick(now: .zero, wall: WallTime(milliseconds: 1_000_000_000 + gone))
        #expect(clock.elapsed == 7 + counted)
    }

    @Test func `a scenario's name tells the life it was decided in`() {
        #expect(ScenarioID(incarnation: 3, sequence: 12).description == "s3-12")
        #expect(ScenarioID("s3-12") == ScenarioID(incarnation: 3, sequence: 12))
        for text in ["", "s3", "3-12", "s3-12-1", "s-1-2", "sx-2"] { #expect(ScenarioID(text) == nil) }
    }

    @Test func `a scenario key sees type, domain and the first hundred normalised words`() throws {
        let key = try ScenarioKey()
        let words = (0..<100).map { "word\($0)" }
        func of(_ text: String, type: String = "text", domain: String = "d") -> String {
            key.key(contentType: type, domain: domain, text: text).hex
        }
        let plain = of(words.joined(separator: " "))
        #expect(of(words.joined(separator: "\n\t ").uppercased() + " and more") == plain)
        #expect(of(words.dropLast().joined(separator: " ")) != plain)
        #expect(of(words.joined(separator: " "), type: "html") != plain)
        #expect(of(words.joined(separator: " "), domain: "e") != plain)
        #expect(of("ab c") != of("a bc"))
    }

    @Test(arguments: [
        ("{\"id\": \"s1-2\", \"quality\": 0.5}", "s1-2", 0.5),
        (" {\"deep\":{\"a\":[1,{\"b\":null}]},\"id\":\"x\\u0041\\n\",\"quality\":1e-1}\n", "xA\n", 0.1),
    ])
    func `a sink's answer is one JSON object`(text: String, id: String, quality: Double) throws {
        let json = try #require(FlatJSON(text.utf8))
        #expect(json.string("id") == id)
        #expect(json.number("quality") == quality)
    }

    @Test(arguments: ["", "ok", "{", "{\"a\":1", "{\"a\":1}}", "[1]", "{\"a\":nan}", "{\"a\" 1}", "{\"a\":\"\u{1}\"}"])
    func `anything else is no answer`(text: String) {
        #expect(FlatJSON(text.utf8) == nil)
    }

    @Test func `objects nested without end are no answer`() {
        #expect(FlatJSON(String(repeating: "{\"a\":", count: 100_000).utf8) == nil)
    }
}
