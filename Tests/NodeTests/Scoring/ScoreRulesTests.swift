import Telemetry
import Testing
import Wire

@testable import Node

@Suite("Scores by rules")
struct ScoreRulesTests {
    private func rules(_ json: String) throws -> ScoreRules {
        let value = try #require(JSONValue(Array(json.utf8)))
        return try ScoreRules(value)
    }

    private func artifact(_ text: String, type: String = "text") -> Proto.Artifact {
        Proto.Artifact(
            contentType: type, content: Array(text.utf8)[...], rawSource: "http://x.example/a",
            metadata: ["domain": "x.example"], confidence: 0.5, scoreReasons: ["confidence: the target's default"])
    }

    @Test("the first rule that speaks of a score decides, and the artifact says which")
    func order() throws {
        let rules = try rules(
            """
            [{"name": "leak", "words": ["Password", "dump"], "threat_level": 0.9},
             {"name": "any", "threat_level": 0.1, "confidence": 0.6}]
            """)
        var found = artifact("a PASSWORD here")
        rules.apply(to: &found)
        #expect(found.threatLevel == 0.9)
        #expect(found.confidence == 0.6)
        #expect(found.opportunityValue == nil)
        #expect(found.scoreReasons == ["threat_level: rule leak", "confidence: rule any"])
        var other = artifact("passwords are another word")
        rules.apply(to: &other)
        #expect(other.threatLevel == 0.1)
    }

    @Test("what no rule speaks of stays as it was: absent is not zero")
    func untouched() throws {
        let rules = try rules(#"[{"source": "ftp://", "threat_level": 1}]"#)
        var found = artifact("x")
        rules.apply(to: &found)
        #expect(found == artifact("x"))
    }

    @Test(
        "conditions",
        arguments: [
            (#""pattern": "cve-[0-9]{4}-[0-9]+""#, true), (#""pattern": "^nothing$""#, false),
            (#""source": "http://x.example/""#, true), (#""source": "http://y""#, false),
            (#""json": "a.b""#, true), (#""json": "a.b", "equals": 7"#, true),
            (#""json": "a.b", "equals": "8""#, false),
            (#""json": "a.c""#, false), (#""type": ["json"]"#, true), (#""type": ["text"]"#, false),
            (#""metadata": {"domain": "x.example"}"#, true), (#""metadata": {"domain": "y"}"#, false),
            (#""words": ["cve"], "source": "http://y""#, false), (#""words": ["2026"]"#, true),
        ])
    func conditions(condition: String, isMet: Bool) throws {
        let rules = try rules("[{\(condition), \"threat_level\": 1}]")
        var found = artifact(#"{"a": {"b": 7}, "t": "CVE-2026-1"}"#, type: "json")
        rules.apply(to: &found)
        #expect((found.threatLevel == 1) == isMet)
    }

    @Test("what a program has said of its own artifact stays")
    func stated() throws {
        let rules = try rules(#"[{"confidence": 0.9, "threat_level": 0.2}]"#)
        var found = artifact("x")
        found.scoreReasons = ["confidence: p: seen"]
        rules.apply(to: &found)
        #expect(found.confidence == 0.5)
        #expect(found.threatLevel == 0.2)
    }

    @Test("a last rule ends the list")
    func last() throws {
        let rules = try rules(#"[{"confidence": 0.9, "last": true}, {"threat_level": 1}]"#)
        var found = artifact("x")
        rules.apply(to: &found)
        #expect(found.threatLevel == nil)
    }

    @Test(
        "a rule that is wrong is named",
        arguments: [
            ("{}", "rules is no list of at most 1000; give […]"),
            (
                #"[{"words": ["a"]}]"#,
                "rules.0 sets no score; give confidence, threat_level, opportunity_value or one of them"
            ),
            (#"[{"confidence": 2}]"#, "rules.0.confidence is not accepted; give 0 to 1"),
            (#"[{"confidence": 1, "wrods": []}]"#, "rules.0 has a member \"wrods\"; known are "),
            (
                #"[{"confidence": 1, "pattern": "("}]"#,
                "rules.0.pattern is not accepted; give a POSIX extended expression"
            ),
            (#"[{"confidence": 1, "pattern": "(a)\\1"}]"#, "rules.0.pattern is not accepted"),
            (#"[{"confidence": 1, "pattern": "a{1000}"}]"#, "rules.0.pattern is not accepted"),
        ])
    func wrong(json: String, words: String) throws {
        do {
            _ = try rules(json)
            Issue.record("\(json) was accepted")
        } catch let error as SettingsReader.Failure {
            #expect(error.words.hasPrefix(words))
        }
    }

    @Test("a hostile text costs bounded time")
    func hostile() throws {
        let rules = try rules(#"[{"pattern": "(a*)*(a|aa)*b", "threat_level": 1}]"#)
        var found = artifact(String(repeating: "a", count: 1 << 20))
        let clock = ContinuousClock()
        #expect(clock.measure { rules.apply(to: &found) } < .seconds(20))
        #expect(found.threatLevel == nil)
    }
}
