import Model
import Storage
import TestKit
import Testing
import Wire

@testable import Coordinator

/// What is asked again is answered as it was the first time.
@Suite struct ReplayTests {
    private func artifact(_ text: String, ahead: Int64 = 0) -> Proto.Artifact {
        var artifact = LedgerFixture.artifact(text)
        artifact.collectedAtMs = 1_700_000_000_000 + ahead
        return artifact
    }

    @Test func `a replayed duplicate is a duplicate again, of the same kind and artifact`() throws {
        let fixture = try LedgerFixture()
        let other = LedgerFixture.artifact("one", source: "http://b.example/")
        let batch = [artifact("one"), artifact("one"), artifact("ONE "), other, artifact("two")]
        let first = try fixture.commit(batch, first: 1)
        #expect(first.codes == [.stored, .duplicate, .duplicate, .stored, .stored])
        #expect(first.verdicts.map(\.duplicate) == [.none, .exact, .normalised, .sameContent, .none])
        for _ in 0..<2 {
            guard case .applied(let verdicts, 5, 5) = try fixture.commit(batch, first: 1) else {
                Issue.record("not a replay")
                return
            }
            #expect(verdicts == first.verdicts)
            try fixture.restart()
        }
    }

    @Test func `what was refused for a clock ahead stays refused when its time has come`() throws {
        let fixture = try LedgerFixture()
        let batch = [artifact("a"), artifact("b", ahead: Limits.clockTolerance + 1_000), artifact("c")]
        let first = try fixture.commit(batch, first: 1)
        #expect(first.codes == [.stored, .refused, .stored])
        let head = fixture.ledger.head
        fixture.now.milliseconds += 2_000
        try fixture.restart()
        let again = try fixture.commit(batch, first: 1)
        #expect(again.codes == [.stored, .refused, .stored])
        #expect(again.verdicts[1].field == "collected_at_ms")
        #expect(again.verdicts[1].message == Refusal.refusedBefore.message)
        #expect(again.verdicts.map(\.artifact) == [1, 0, 2])
        #expect(fixture.ledger.head == head)
        #expect(head.received == 3 && head.refused == 1)
    }

    @Test func `what was stored stays stored when the clock was set back since`() throws {
        let fixture = try LedgerFixture()
        let batch = [artifact("a", ahead: 1_000), artifact("a", ahead: 2_000)]
        #expect(try fixture.commit(batch, first: 1).codes == [.stored, .duplicate])
        fixture.now.milliseconds -= 3_600_000
        let again = try fixture.commit(batch, first: 1)
        #expect(again.codes == [.stored, .duplicate])
        #expect(again.verdicts.map(\.artifact) == [1, 1])
        // A new item is judged by the clock as it stands.
        #expect(try fixture.commit([artifact("b", ahead: 3_000)], first: 3).codes == [.refused])
    }

    @Test func `another item in the place of a stored one still proves a copied spool`() throws {
        let fixture = try LedgerFixture()
        _ = try fixture.commit([artifact("a"), artifact("b")], first: 1)
        #expect(try fixture.commit([artifact("a"), artifact("x")], first: 1) == .forked(sequence: 2, lastApplied: 2))
        let ahead = artifact("y", ahead: Limits.clockTolerance + 1_000)
        #expect(try fixture.commit([artifact("a"), ahead], first: 1) == .forked(sequence: 2, lastApplied: 2))
    }

    @Test func `older items than anyone may have unacked are looked up`() throws {
        let fixture = try LedgerFixture()
        _ = try fixture.commit([artifact("a"), artifact("a")], first: 1)
        for first in stride(from: UInt64(3), to: RecentVerdicts.items + 3, by: 256) {
            let items = (first..<first + 256).map { artifact("text \($0)") }
            _ = try fixture.commit(items, first: first)
        }
        let again = try fixture.commit([artifact("a"), artifact("a")], first: 1)
        #expect(again.codes == [.stored, .stored])
        #expect(again.verdicts.map(\.artifact) == [1, 1])
    }
}

@Suite struct RecentVerdictsTests {
    @Test func `every word comes back from its packed form, wherever it lies in the ring`() {
        var random = SeededRandom(seed: 11)
        var verdicts = RecentVerdicts()
        #expect(verdicts.packed == [1])
        let codes: [Proto.VerdictCode] = [.stored, .duplicate, .refused, .bookmark]
        var told: [UInt64: RecentVerdicts.Word] = [:]
        for sequence in 1...(3 * RecentVerdicts.items + 17) {
            let code = codes[Int(random.below(4))]
            verdicts.note(code, at: sequence)
            told[sequence] = .init(code)
        }
        let last = 3 * RecentVerdicts.items + 17
        let copy = RecentVerdicts(packed: verdicts.packed)
        #expect(copy == verdicts)
        for sequence in (last - RecentVerdicts.items + 1)...last {
            #expect(copy.said(at: sequence, lastApplied: last) == told[sequence])
        }
        #expect(copy.said(at: last - RecentVerdicts.items, lastApplied: last) == .unknown)
        #expect(copy.said(at: last + 1, lastApplied: last) == .unknown)
    }

    @Test func `a stream of an older version says nothing of its past, and damage does not trap`() {
        #expect(RecentVerdicts(packed: []) == .unknown)
        #expect(RecentVerdicts(packed: [1, 200, 0, 0, 0, 0, 0, 0, 0, 0]) == RecentVerdicts())
        #expect(RecentVerdicts(packed: [1, 2, 3]) == RecentVerdicts())
        #expect(RecentVerdicts.unknown.said(at: 5, lastApplied: 9) == .unknown)
    }
}
