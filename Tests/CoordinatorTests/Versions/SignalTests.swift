import Model
import Testing
import Wire

@testable import Coordinator

/// What a source says about the use of content that is kept already.
@Suite struct SignalTests {
    private let fixture: LedgerFixture

    init() throws { fixture = try LedgerFixture() }

    private func artifact(_ signals: StringMap, confidence: Double = 0.5) -> Proto.Artifact {
        var artifact = LedgerFixture.artifact("a")
        artifact.confidence = confidence
        artifact.signals = signals
        return artifact
    }

    @discardableResult private func send(
        _ kinds: [PreparedItem.Kind], from node: String, first: UInt64
    ) throws -> [Proto.Verdict] {
        let stream = node.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) }
        let batch = PreparedBatch(
            node: node, stream: stream, firstSequence: first, items: kinds.map { PreparedItem(kind: $0) }, leases: [],
            bytes: 0)
        return try fixture.ledger.commit([batch], now: fixture.now).results[0].verdicts
    }

    private func kind(_ artifact: Proto.Artifact) throws -> PreparedItem.Kind {
        try fixture.prepared([artifact], first: 1).items[0].kind
    }

    private func changes(after position: UInt64) throws -> [ChangeCommit] {
        let reader = try ChangeReader(fixture.place)
        defer { reader.close() }
        return try reader.commits(after: position)
    }

    @Test func `a duplicate with other signals brings a version with the same claims, its own node's word or not`()
        throws
    {
        try send([kind(artifact([:]))], from: "n1", first: 1)
        let verdict = try send([kind(artifact(["x-robots-tag": "noai"], confidence: 0.1))], from: "n1", first: 2)[0]
        #expect(verdict.code == .duplicate && verdict.version == 2)
        let commit = try #require(try changes(after: 1).first)
        let version = try #require(commit.versions.first)
        #expect(version.signals == ["x-robots-tag": "noai"] && version.node == "n1" && version.confidence == 0.5)
        #expect(!version.claims && version.receivedAt == fixture.now && version.rawSource == "http://a.example/")
        #expect(version.weight == Weight(confidence: 0.5, reputation: Reputations.unknown))
        #expect(commit.sightings.map(\.version) == [2])
        #expect(commit.lastArtifact == 1 && commit.stored.isEmpty)
    }

    @Test func `the same signals again bring none, nor does silence, also after a restart`() throws {
        let said: StringMap = ["tdm-reservation": "1", "x-robots-tag": "noindex"]
        try send([kind(artifact(said))], from: "n1", first: 1)
        for round in UInt64(0)..<2 {
            let part: StringMap = ["x-robots-tag": "noindex"]
            let again = try send(
                [kind(artifact(said)), kind(artifact(part)), kind(artifact([:]))], from: "n2", first: 3 * round + 1)
            #expect(again.map(\.version) == [1, 1, 1])
            try fixture.restart()
        }
        #expect(fixture.ledger.head.versions == 0)
    }

    @Test func `what one version said stands until another says something else of it`() throws {
        try send([kind(artifact(["tdm-reservation": "0"]))], from: "n1", first: 1)
        try send([kind(artifact(["x-robots-tag": "noai"]))], from: "n2", first: 1)
        let third = try send([kind(artifact(["tdm-reservation": "1"]))], from: "n3", first: 1)[0]
        #expect(third.version == 3)
        let version = try #require(try changes(after: 2).first?.versions.first)
        #expect(version.signals == ["tdm-reservation": "1", "x-robots-tag": "noai"])
        let back = try send([kind(artifact(["tdm-reservation": "0"]))], from: "n3", first: 2)[0]
        #expect(back.version == 4)
    }

    @Test func `an answer that nothing has changed can say it too`() throws {
        let digest = Array(try send([kind(artifact([:]))], from: "n1", first: 1)[0].digest)
        let silent = try send([.unchanged(digest: digest)], from: "n1", first: 2)[0]
        #expect(silent.code == .unchanged && silent.version == 1)
        let said = try send(
            [.unchanged(digest: digest, signals: ["content-signal": "ai-train=no"])], from: "n1", first: 3)[0]
        #expect(said.code == .unchanged && said.version == 2)
        let commit = try #require(try changes(after: 2).first)
        #expect(commit.versions.map(\.signals) == [["content-signal": "ai-train=no"]])
        #expect(commit.sightings.map(\.kind) == [.unchanged] && commit.sightings.map(\.version) == [2])
    }

    @Test func `in one group each hears what the one before it said`() throws {
        let kinds = try [artifact([:]), artifact(["a": "1"]), artifact(["a": "1"]), artifact(["b": "2"])].map(kind)
        #expect(try send(kinds, from: "n1", first: 1).map(\.version) == [1, 2, 2, 3])
        let versions = try changes(after: 0).flatMap(\.versions)
        #expect(versions.map(\.signals) == [["a": "1"], ["a": "1", "b": "2"]])
        try fixture.restart()
        #expect(try send([kind(artifact(["b": "2"]))], from: "n2", first: 1).map(\.version) == [3])
    }

    @Test func `a version that weighs more keeps its own claims and the time at which they came`() throws {
        try send([kind(artifact([:]))], from: "n1", first: 1)
        fixture.now.milliseconds += 5_000
        try send([kind(artifact([:], confidence: 0.9))], from: "n2", first: 1)
        let raised = fixture.now
        fixture.now.milliseconds += 5_000
        try send([kind(artifact(["a": "1"], confidence: 0.1))], from: "n3", first: 1)
        let version = try #require(try changes(after: 2).first?.versions.first)
        #expect(version.node == "n2" && version.confidence == 0.9 && version.receivedAt == raised)
        let reader = try LedgerReader(fixture.place)
        defer { reader.close() }
        let info = try #require(try reader.artifact(1, withContent: false)?.artifact)
        #expect(info.version == 3 && info.receivedAtMs == raised.milliseconds && info.node == "n2")
    }

    @Test func `signals over their limits are refused by name`() throws {
        let long = String(repeating: "x", count: Limits.maxMetadataValue + 1)
        #expect(
            ArtifactRules.signals(["a": long], "unchanged.signals")?.message
                == "unchanged.signals has a key of 1 bytes with a value of 4097; 1 to 128 and at most 4096 are accepted"
        )
        #expect(ArtifactRules.signals(["a": "b"], "signals") == nil)
        let many = StringMap((0...Limits.maxMetadataKeys).map { (key: "\($0)", value: "") })
        #expect(ArtifactRules.signals(many, "signals")?.message == "signals has 65 keys; at most 64 are accepted")
    }
}
