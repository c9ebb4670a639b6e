import Model
import Testing
import Wire

@testable import Coordinator

@Suite struct ReceiptTests {
    private let lease = LeaseRef(
        lease: 77, target: TargetID(high: 1, low: 2), fence: Fence(incarnation: 1, counter: 9))

    @Test func aReceiptSaysWhatWasReallyStoredUnderALease() throws {
        let fixture = try LedgerFixture()
        let artifacts = ["a", "b", "a"].map { LedgerFixture.artifact($0) }
        let outcome = try fixture.ledger.commit(
            [fixture.prepared(artifacts, first: 1, lease: lease)], now: fixture.now)
        var expected = Receipt(lease: lease, node: "n1", stream: 5, lastSequence: 3)
        expected.stored = 2
        expected.duplicates = 1
        #expect(outcome.page == ReceiptPage(position: 1, receipts: [expected]))
        #expect(try fixture.ledger.receipts(after: 0, limit: 10) == outcome.page)
    }

    @Test func receiptsAreReadOnFromAPositionAcrossARestart() throws {
        let fixture = try LedgerFixture()
        for i in 1...5 {
            let batch = try fixture.prepared([LedgerFixture.artifact("t\(i)")], first: UInt64(i), lease: lease)
            _ = try fixture.ledger.commit([batch], now: fixture.now)
        }
        try fixture.restart()
        let two = try fixture.ledger.receipts(after: 1, limit: 2)
        #expect(two.position == 3)
        #expect(two.receipts.map(\.lastSequence) == [2, 3])
        let rest = try fixture.ledger.receipts(after: two.position, limit: 10)
        #expect(rest.position == 5)
        #expect(rest.receipts.map(\.lastSequence) == [4, 5])
        #expect(try fixture.ledger.receipts(after: 5, limit: 10) == ReceiptPage(after: 5, position: 5, receipts: []))
    }

    @Test func aReplayGivesNoSecondReceipt() throws {
        let fixture = try LedgerFixture()
        let batch = try fixture.prepared([LedgerFixture.artifact("a")], first: 1, lease: lease)
        _ = try fixture.ledger.commit([batch], now: fixture.now)
        #expect(try fixture.ledger.commit([batch], now: fixture.now).page == nil)
    }

    @Test func lateLeasesMarkTheirArtifactsOnce() throws {
        let fixture = try LedgerFixture()
        _ = try fixture.ledger.commit(
            [fixture.prepared([LedgerFixture.artifact("a")], first: 1, lease: lease)], now: fixture.now)
        try fixture.ledger.markLate([lease], now: fixture.now)
        try fixture.ledger.markLate([lease], now: fixture.now)
        #expect(fixture.ledger.head.late == 1)
        let reader = try LedgerReader(fixture.place)
        defer { reader.close() }
        #expect(try reader.list(before: 0, limit: 10).artifacts.map(\.late) == [true])
        try fixture.restart()
        #expect(fixture.ledger.head.stateVersion == 3)
    }

    @Test func commitsWithoutReceiptsAreToldOfTogether() throws {
        let fixture = try LedgerFixture()
        var feed = ReceiptFeed(after: 0)
        var given: [ReceiptPage] = []
        for number in 1..<ReceiptFeed.quietCommits {
            _ = try fixture.commit([LedgerFixture.artifact("t\(number)")], first: number)
            try feed.advance(from: fixture.ledger) { given.append($0) }
        }
        #expect(given.isEmpty)
        let next = ReceiptFeed.quietCommits
        _ = try fixture.commit([LedgerFixture.artifact("last")], first: next)
        try feed.advance(from: fixture.ledger) { given.append($0) }
        #expect(given == [ReceiptPage(after: 0, position: next, receipts: [])])
        let batch = try fixture.prepared([LedgerFixture.artifact("leased")], first: next + 1, lease: lease)
        let outcome = try fixture.ledger.commit([batch], now: fixture.now)
        try feed.advance(outcome.page, from: fixture.ledger) { given.append($0) }
        #expect(given.last?.receipts.map(\.stored) == [1])
        _ = try fixture.commit([LedgerFixture.artifact("quiet")], first: next + 2)
        try feed.advance(from: fixture.ledger) { given.append($0) }
        #expect(given.count == 2)
        try feed.advance(from: fixture.ledger, toTheEnd: true) { given.append($0) }
        #expect(given.last?.position == next + 2)
    }
}
