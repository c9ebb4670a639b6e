import Model
import Storage
import TestKit
import Testing

@testable import Coordinator

@Suite struct ReadAheadTests {
    @Test func `every segment is read once, and nothing is left open`() throws {
        let fixture = try LedgerFixture()
        for number in 1...70 as ClosedRange<UInt64> {
            _ = try fixture.commit([LedgerFixture.artifact("text \(number)")], first: number)
        }
        let ahead = try #require(ReadAhead(fixture.place, artifacts: 70, atLeast: 1))
        ahead.end(wait: true)
        #expect(ahead.rows == 70)
        let early = try #require(ReadAhead(fixture.place, artifacts: 70, atLeast: 1))
        early.end()
        #expect(early.rows <= 70)
        // A ledger can only be opened again when there is no reader left.
        try fixture.ledger.recover()
        #expect(fixture.ledger.head.stored == 70)
    }

    @Test func `few artifacts are not read ahead, and a file that is not there is left to the scan`() throws {
        let fixture = try LedgerFixture()
        #expect(ReadAhead(fixture.place, artifacts: Limits.readAheadArtifacts - 1) == nil)
        var place = fixture.place
        place.path = fixture.directory.file("none.db")
        let ahead = try #require(ReadAhead(place, artifacts: 10, atLeast: 1))
        ahead.end(wait: true)
        #expect(ahead.rows == 0)
    }
}
