import Model
import Testing
import Wire

@testable import Coordinator

/// Which duplicates a receipt counts as corroborating.
@Suite struct CorroborationTests {
    private let fixture: LedgerFixture
    private let lease = LeaseRef(
        lease: 77, target: TargetID(high: 1, low: 2), fence: Fence(incarnation: 1, counter: 9))

    /// `n1` has brought one text.
    init() throws {
        fixture = try LedgerFixture()
        _ = try commit("Same text", from: "n1", stream: 1)
    }

    private func prepared(
        _ text: String, from node: String, stream: UInt64, source: String = "http://a.example/"
    ) throws -> PreparedBatch {
        try fixture.prepared(
            [LedgerFixture.artifact(text, source: source)], stream: stream, first: 1, node: node, lease: lease)
    }

    private func commit(
        _ text: String, from node: String, stream: UInt64, source: String = "http://a.example/"
    ) throws -> Receipt {
        let batch = try prepared(text, from: node, stream: stream, source: source)
        return try #require(try fixture.ledger.commit([batch], now: fixture.now).page?.receipts.first)
    }

    /// What is new, duplicate and corroborating.
    private func counts(_ receipt: Receipt) -> [UInt32] {
        [receipt.stored, receipt.duplicates, receipt.corroborating]
    }

    @Test func `the same of another node corroborates, also in other words`() throws {
        #expect(try counts(commit("Same text", from: "n2", stream: 2)) == [0, 1, 1])
        #expect(try counts(commit("same   TEXT", from: "n3", stream: 3)) == [0, 1, 1])
    }

    @Test func `a node that repeats itself corroborates nothing, also after a restart`() throws {
        #expect(try counts(commit("Same text", from: "n1", stream: 2)) == [0, 1, 0])
        #expect(try counts(commit("same   TEXT", from: "n1", stream: 3)) == [0, 1, 0])
        try fixture.restart()
        #expect(try counts(commit("Same text", from: "n1", stream: 4)) == [0, 1, 0])
        #expect(try counts(commit("Same text", from: "n2", stream: 5)) == [0, 1, 1])
    }

    @Test func `the same content at another source is stored and counts there, once`() throws {
        #expect(try counts(commit("Same text", from: "n1", stream: 2, source: "http://b.example/")) == [1, 0, 0])
        #expect(try counts(commit("Same text", from: "n2", stream: 3, source: "http://c.example/")) == [1, 0, 0])
        // An artifact of its own, of its node: who repeats that one says nothing new.
        #expect(try counts(commit("Same text", from: "n2", stream: 4, source: "http://c.example/")) == [0, 1, 0])
        #expect(try counts(commit("Same text", from: "n1", stream: 5, source: "http://c.example/")) == [0, 1, 1])
    }

    @Test func `within one commit what came first is who it belongs to`() throws {
        let batches = try [
            prepared("other", from: "n8", stream: 2), prepared("other", from: "n9", stream: 3),
            prepared("other", from: "n8", stream: 4),
        ]
        let page = try #require(try fixture.ledger.commit(batches, now: fixture.now).page)
        #expect(page.receipts.map(counts) == [[1, 0, 0], [0, 1, 1], [0, 1, 0]])
    }

    @Test func `unchanged corroborates nothing`() throws {
        let digest = try #require(
            try fixture.ledger.commit([prepared("Same text", from: "n2", stream: 2)], now: fixture.now)
                .results[0].verdicts.first?.digest)
        var batch = try prepared("Same text", from: "n3", stream: 3)
        batch.items = [PreparedItem(kind: .unchanged(digest: Array(digest)), lease: 0)]
        let receipt = try #require(try fixture.ledger.commit([batch], now: fixture.now).page?.receipts.first)
        #expect(counts(receipt) == [0, 0, 0])
        #expect(receipt.unchanged == 1)
    }

    @Test func `the count is read back from the log, and one that was not stored is none`() throws {
        let given = try commit("Same text", from: "n2", stream: 2)
        try fixture.restart()
        #expect(try fixture.ledger.receipts(after: 1, limit: 9).receipts == [given])
        let older = LedgerFormat.StoredReceipt(target: lease.target.bytes[...], duplicates: 3)
        #expect(try Receipt(LedgerFormat.StoredReceipt(decoding: older.encoded()))?.corroborating == 0)
    }

    @Test func `a sighting corroborates by another node, or of the content at another source`() {
        let kinds: [SightingChange.Kind] = [.exact, .normalised, .sameContent, .unchanged]
        #expect(kinds.map { $0.corroborates(isOwn: false) } == [true, true, true, false])
        #expect(kinds.map { $0.corroborates(isOwn: true) } == [false, false, true, false])
    }
}
