import Model
import Testing
import Wire

@testable import Coordinator

@Suite struct VersionTests {
    private let fixture: LedgerFixture

    init() throws { fixture = try LedgerFixture() }

    /// Sends one text from a node, with a stream of its own, and returns the verdict.
    @discardableResult private func send(
        _ text: String, from node: String, sequence: UInt64 = 1, confidence: Double?,
        source: String = "http://a.example/",
        reputations: Reputations = Reputations()
    ) throws -> Proto.Verdict {
        var artifact = LedgerFixture.artifact(text, source: source)
        artifact.confidence = confidence
        artifact.metadata = ["sent_by": node]
        let stream = node.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) }
        let batch = try fixture.prepared([artifact], stream: stream, first: sequence, node: node)
        let outcome = try fixture.ledger.commit([batch], now: fixture.now, reputations: reputations)
        return try #require(outcome.results[0].verdicts.first)
    }

    private func reading<T>(_ body: (LedgerReader) throws -> T) throws -> T {
        let reader = try LedgerReader(fixture.place)
        defer { reader.close() }
        return try body(reader)
    }

    @Test func aSightingThatWeighsMoreThanTheCurrentVersionBringsANewOne() throws {
        try send("a", from: "n1", confidence: 0.4)
        let second = try send("a", from: "n2", confidence: 0.6)
        #expect(second.code == .duplicate && second.version == 2)
        try reading { reader throws in
            let now = try #require(try reader.artifact(1, withContent: false)?.artifact)
            #expect(now.version == 2 && now.node == "n2" && now.confidence == 0.6 && now.metadata["sent_by"] == "n2")
            #expect(now.stateVersion == 2 && now.heldTo == 0 && now.reputation == 0.375)
            let before = try #require(try reader.artifact(1, withContent: false, at: 1)?.artifact)
            #expect(before.version == 1 && before.node == "n1" && before.confidence == 0.4 && before.heldTo == 2)
        }
    }

    @Test func whatWeighsAsMuchOrLessOrNothingBringsNone() throws {
        try send("a", from: "n1", confidence: 0.4)
        #expect(try send("a", from: "n2", confidence: 0.4).version == 1)
        #expect(try send("a", from: "n3", confidence: 0.3).version == 1)
        #expect(try send("a", from: "n4", confidence: nil).version == 1)
        #expect(fixture.ledger.head.versions == 0)
    }

    @Test func confidenceIsWeighedWithReputation() throws {
        let reputations = Reputations(["good": 0.9, "bad": 0.1])
        try send("a", from: "n1", confidence: 0.5)
        #expect(try send("a", from: "bad", confidence: 1, reputations: reputations).version == 1)
        #expect(try send("a", from: "good", confidence: 0.5, reputations: reputations).version == 2)
        let info = try reading { try $0.artifact(1, withContent: false)?.artifact }
        #expect(info?.reputation == 0.9)
        #expect(abs((info?.weight ?? 0) - 0.45) < 1e-4)
    }

    @Test func aNodeCannotRaiseItsOwnArtifactByRepeatingIt() throws {
        try send("a", from: "n1", confidence: 0.4)
        #expect(try send("a", from: "n1", sequence: 2, confidence: 1).version == 1)
        #expect(try send("a", from: "n2", confidence: 0.5).version == 2)
        #expect(try send("a", from: "n2", sequence: 2, confidence: 1).version == 2)
        #expect(try send("a", from: "n1", sequence: 3, confidence: 1).version == 2)
        #expect(try send("a", from: "n3", confidence: 0.9).version == 3)
    }

    @Test func versionsInOneGroupFollowEachOther() throws {
        let batches = try ["n1", "n2", "n3"].enumerated().map { place, node in
            var artifact = LedgerFixture.artifact("a")
            artifact.confidence = 0.2 * Double(place + 1)
            return try fixture.prepared([artifact], stream: UInt64(place) + 1, first: 1, node: node)
        }
        let outcome = try fixture.ledger.commit(batches, now: fixture.now)
        #expect(outcome.results.flatMap(\.verdicts).map(\.version) == [1, 2, 3])
        let history = try #require(try reading { try $0.versions(of: 1, after: 0, limit: 10) })
        #expect(history.versions.map(\.version) == [1, 2, 3])
        #expect(history.versions.map(\.stateVersion) == [1, 1, 1])
        #expect(try reading { try $0.artifact(1, withContent: false, at: 1)?.artifact?.node } == "n3")
    }

    @Test func standingsAreTheSameAfterARestart() throws {
        try send("a", from: "n1", confidence: 0.4)
        try send("a", from: "n2", confidence: 0.6)
        try fixture.restart()
        #expect(try send("a", from: "n2", sequence: 2, confidence: 1).version == 2)
        #expect(try send("a", from: "n3", confidence: 0.6).version == 2)
        #expect(try send("a", from: "n3", sequence: 2, confidence: 0.7).version == 3)
        #expect(fixture.ledger.head.versions == 2)
    }

    @Test func theLogTellsEachVersionWithTheFigureThatWasUsed() throws {
        try send("a", from: "n1", confidence: 0.4)
        try send("a", from: "n2", confidence: 0.6, reputations: Reputations(["n2": 0.8]))
        let reader = try ChangeReader(fixture.place)
        defer { reader.close() }
        let commit = try #require(try reader.commits(after: 1).first)
        #expect(commit.versions.map(\.number) == [2])
        #expect(commit.versions.first?.reputation == 0.8)
        #expect(commit.versions.first?.weight == Weight(confidence: 0.6, reputation: 0.8))
        #expect(commit.sightings.first?.version == 2)
    }

    @Test func historyGoesOnByCursor() throws {
        for number in 1...9 { try send("a", from: "n\(number)", confidence: 0.1 * Double(number)) }
        try reading { reader throws in
            var seen: [UInt32] = []
            var after: UInt32 = 0
            repeat {
                let page = try #require(try reader.versions(of: 1, after: after, limit: 4))
                seen += page.versions.map(\.version)
                after = page.next
            } while after != 0
            #expect(seen == Array(1...9))
        }
    }

    // MARK: Snapshots

    @Test func aSnapshotShowsWhatHeldAtAStateVersion() throws {
        for number in 1...5 { try send("text \(number)", from: "n\(number)", confidence: 0.5) }
        try reading { reader throws in
            #expect(try reader.list(before: 0, limit: 10, at: 3).artifacts.map(\.id) == [3, 2, 1])
            #expect(try reader.list(before: 3, limit: 10, at: 3).artifacts.map(\.id) == [2, 1])
            #expect(try reader.list(before: 0, limit: 10, at: 0).artifacts.isEmpty)
            #expect(try reader.artifact(4, withContent: true, at: 3) == nil)
            let error = #expect(throws: LedgerError.self) { try reader.list(before: 0, limit: 1, at: 6) }
            #expect(error?.description == "state version 6 is not there yet; the newest is 5")
        }
    }

    @Test func aLateMarkIsSeenFromItsStateVersionOn() throws {
        let lease = LeaseRef(lease: 9, target: TargetID(high: 1, low: 2), fence: Fence(incarnation: 1, counter: 9))
        _ = try fixture.ledger.commit(
            [fixture.prepared([LedgerFixture.artifact("a")], first: 1, lease: lease)], now: fixture.now)
        try fixture.ledger.markLate([lease], now: fixture.now)
        try reading { reader throws in
            #expect(try reader.list(before: 0, limit: 1, at: 1).artifacts.map(\.late) == [false])
            #expect(try reader.list(before: 0, limit: 1, at: 2).artifacts.map(\.late) == [true])
        }
    }

    // MARK: Variants

    @Test func bytesThatDifferBeforeNormalisationAreKeptOnce() throws {
        try send("Hello World", from: "n1", confidence: 0.5)
        for sequence in UInt64(1)...3 {
            #expect(try send("hello  WORLD", from: "n2", sequence: sequence, confidence: 0.1).duplicate == .normalised)
        }
        try send("HELLO world", from: "n3", confidence: 0.1)
        try fixture.restart()
        try send("hello  WORLD", from: "n4", confidence: 0.1)
        #expect(fixture.ledger.head.variants == 2)
        try reading { reader throws in
            let variants = try reader.variants(of: 1)
            #expect(variants.map(\.node) == ["n2", "n3"])
            let bytes = try variants.map { try reader.variant($0.variant, ofArtifact: 1).map(Array.init) }
            #expect(bytes == [Array("hello  WORLD".utf8), Array("HELLO world".utf8)])
            #expect(try reader.variant(1, ofArtifact: 1) == nil)
        }
    }

    @Test func sameContentElsewhereIsReadBackInItsOwnBytes() throws {
        try send("Hello World", from: "n1", confidence: 0.5)
        try send("hello world", from: "n2", confidence: 0.5, source: "http://b.example/")
        #expect(
            try send("Hello World", from: "n3", confidence: 0.5, source: "http://b.example/").duplicate == .normalised)
        #expect(fixture.ledger.head.variants == 1)
        try reading { reader throws in
            #expect(try reader.artifact(2, withContent: true)?.content == Array("hello world".utf8)[...])
            #expect(try reader.artifact(1, withContent: true)?.content == Array("Hello World".utf8)[...])
        }
    }
}
