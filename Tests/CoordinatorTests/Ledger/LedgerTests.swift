import Model
import Testing
import Wire

@testable import Coordinator

@Suite struct LedgerTests {
    private func artifact(_ text: String, source: String = "http://a.example/", type: String = "text") -> Proto.Artifact
    {
        LedgerFixture.artifact(text, source: source, type: type)
    }

    @Test func whatIsNewIsStoredAndWhatIsKnownIsADuplicate() throws {
        let fixture = try LedgerFixture()
        let first = try fixture.commit([artifact("one"), artifact("two"), artifact("one")], first: 1)
        #expect(first.codes == [.stored, .stored, .duplicate])
        #expect(first.verdicts.map(\.artifact) == [1, 2, 1])
        #expect(first.verdicts[2].duplicate == .exact)
        let second = try fixture.commit([artifact("two"), artifact("three")], first: 4)
        #expect(second.codes == [.duplicate, .stored])
        #expect(fixture.ledger.head.received == 5)
        #expect(fixture.ledger.head.stored == 3)
        #expect(fixture.ledger.head.duplicates == 2)
        #expect(fixture.ledger.head.stateVersion == 2)
    }

    @Test func aRestartForgetsNothing() throws {
        let fixture = try LedgerFixture()
        _ = try fixture.commit((0..<200).map { artifact("text \($0)") }, first: 1)
        let head = fixture.ledger.head
        let identity = fixture.ledger.identity
        try fixture.restart()
        #expect(fixture.ledger.head == head)
        #expect(fixture.ledger.identity == identity)
        #expect(fixture.ledger.lastApplied(stream: 5) == 200)
        let again = try fixture.commit([artifact("text 199"), artifact("text 200")], first: 201)
        #expect(again.codes == [.duplicate, .stored])
        #expect(again.verdicts.map(\.artifact) == [200, 201])
    }

    @Test func aReplayIsAnsweredWithoutChangingAnything() throws {
        let fixture = try LedgerFixture()
        let first = try fixture.commit([artifact("a"), artifact("b")], first: 1)
        let head = fixture.ledger.head
        let replay = try fixture.commit([artifact("a"), artifact("b")], first: 1)
        #expect(fixture.ledger.head == head)
        guard case .applied(let verdicts, 2, 2) = replay else { return #expect(Bool(false), "\(replay)") }
        #expect(verdicts.map(\.digest) == first.verdicts.map(\.digest))
        #expect(verdicts.map(\.artifact) == [1, 2])
    }

    @Test func aBatchCutDifferentlyAfterACrashIsHalfReplayHalfNew() throws {
        let fixture = try LedgerFixture()
        _ = try fixture.commit([artifact("a"), artifact("b")], first: 1)
        let mixed = try fixture.commit([artifact("b"), artifact("c")], first: 2)
        guard case .applied(_, 1, 3) = mixed else { return #expect(Bool(false), "\(mixed)") }
        #expect(fixture.ledger.head.received == 3)
    }

    @Test func aSequenceAboveTheNextIsAGapUntilTheMissingOneComes() throws {
        let fixture = try LedgerFixture()
        #expect(try fixture.commit([artifact("b")], first: 2) == .gap(lastApplied: 0))
        #expect(fixture.ledger.head.stateVersion == 0)
        #expect(try fixture.commit([artifact("a")], first: 1).codes == [.stored])
        #expect(try fixture.commit([artifact("b")], first: 2).codes == [.stored])
    }

    @Test func anItemBelowThePositionThatWasNeverSeenProvesACopiedSpool() throws {
        let fixture = try LedgerFixture()
        _ = try fixture.commit([artifact("a"), artifact("b")], first: 1)
        let forked = try fixture.commit([artifact("a"), artifact("other")], first: 1)
        #expect(forked == .forked(sequence: 2, lastApplied: 2))
        #expect(fixture.ledger.head.received == 2)
    }

    @Test func twoBatchesOfOneStreamInOneGroupAreInOrder() throws {
        let fixture = try LedgerFixture()
        let outcome = try fixture.ledger.commit(
            [
                fixture.prepared([artifact("a")], first: 1), fixture.prepared([artifact("b")], first: 2),
                fixture.prepared([artifact("d")], first: 4),
            ], now: fixture.now)
        #expect(outcome.results[0].codes == [.stored])
        #expect(outcome.results[1].codes == [.stored])
        #expect(outcome.results[2] == .gap(lastApplied: 2))
        #expect(fixture.ledger.head.stateVersion == 1)
    }

    @Test func oneContentFromManyNodesInOneGroupIsStoredOnce() throws {
        let fixture = try LedgerFixture()
        let batches = try (1...20).map {
            try fixture.prepared([artifact("same")], stream: $0, first: 1, node: "n\($0)")
        }
        let outcome = try fixture.ledger.commit(batches, now: fixture.now)
        #expect(outcome.results.flatMap(\.codes) == [.stored] + Array(repeating: .duplicate, count: 19))
    }

    @Test func oneContentAtAnotherSourceIsAnotherArtifactOverTheSameContent() throws {
        let fixture = try LedgerFixture()
        let result = try fixture.commit(
            [artifact("same"), artifact("same", source: "http://b.example/")], first: 1)
        #expect(result.codes == [.stored, .stored])
        #expect(result.verdicts[1].duplicate == .sameContent)
        #expect(fixture.ledger.head.contents == 1)
        let reader = try LedgerReader(fixture.place)
        defer { reader.close() }
        let second = try #require(try reader.artifact(2, withContent: true))
        #expect(Array(second.content) == Array("same".utf8))
    }

    @Test func textThatDiffersInCaseAndSpacesIsANormalisedDuplicate() throws {
        let fixture = try LedgerFixture()
        let result = try fixture.commit([artifact("Hello  World"), artifact("hello world ")], first: 1)
        #expect(result.codes == [.stored, .duplicate])
        #expect(result.verdicts[1].duplicate == .normalised)
        let html = try fixture.commit(
            [artifact("<B>", type: "html"), artifact("<b>", type: "html")], first: 3)
        #expect(html.codes == [.stored, .stored])
    }

    @Test func identityIsAmbiguousNeitherByJoiningNorByType() throws {
        let fixture = try LedgerFixture()
        var a = artifact("x", source: "ab")
        a.metadata = ["domain": "c"]
        var b = artifact("x", source: "a")
        b.metadata = ["domain": "bc"]
        let result = try fixture.commit([a, b, artifact("x", source: "ab", type: "html")], first: 1)
        #expect(result.codes == [.stored, .stored, .stored])
        #expect(fixture.ledger.head.contents == 2)
    }

    @Test func unchangedIsConfirmedOnlyForADigestThatIsKept() throws {
        let fixture = try LedgerFixture()
        let stored = try fixture.commit([artifact("a")], first: 1)
        var batch = try fixture.prepared([artifact("-")], stream: 6, first: 1)
        batch.items = [
            PreparedItem(kind: .unchanged(digest: Array(stored.verdicts[0].digest))),
            PreparedItem(kind: .unchanged(digest: Array(repeating: 0, count: 32))),
        ]
        let result = try fixture.ledger.commit([batch], now: fixture.now).results[0]
        #expect(result.codes == [.unchanged, .unknownDigest])
        #expect(fixture.ledger.head.unchanged == 1)
        #expect(fixture.ledger.head.unknownDigests == 1)
        #expect(fixture.ledger.head.received == 1)
    }

    @Test func receivedAtNeverRunsBackwardsAndJumpsAreCountedWithTheNextCommit() throws {
        let fixture = try LedgerFixture()
        _ = try fixture.commit([artifact("a")], first: 1)
        let high = fixture.ledger.head.wall
        fixture.now.milliseconds -= 3_600_000
        fixture.ledger.noteWallJump()
        _ = try fixture.commit([artifact("b")], first: 2)
        try fixture.restart()
        #expect(fixture.ledger.head.wall == high)
        #expect(fixture.ledger.head.wallJumps == 1)
    }
}
