import Model
import Storage
import Testing
import Wire

@testable import Coordinator

@Suite struct LedgerReaderTests {
    @Test func pagesGoFromTheNewestToTheOldestWithoutGapOrRepeat() throws {
        let fixture = try LedgerFixture()
        for start in stride(from: 0, to: 150, by: 50) {
            _ = try fixture.commit(
                (start..<start + 50).map { LedgerFixture.artifact("text \($0)") }, first: UInt64(start + 1))
        }
        let reader = try LedgerReader(fixture.place)
        defer { reader.close() }
        var ids: [UInt64] = []
        var before: UInt64 = 0
        repeat {
            let page = try reader.list(before: before, limit: 7)
            ids += page.artifacts.map(\.id)
            before = page.next
        } while before != 0
        #expect(ids == Array((1...150).reversed()))
    }

    @Test func anArtifactIsReadBackAsItWasSent() throws {
        let fixture = try LedgerFixture()
        var sent = LedgerFixture.artifact("Größe und Maß", source: "http://x.example/é")
        sent.metadata = ["domain": "x.example", "source_type": "web"]
        sent.confidence = 0.25
        sent.collectedAtMs = 12_345
        _ = try fixture.commit([LedgerFixture.artifact("before"), sent, LedgerFixture.artifact("after")], first: 1)
        let reader = try LedgerReader(fixture.place)
        defer { reader.close() }
        let read = try #require(try reader.artifact(2, withContent: true))
        #expect(read.content == sent.content)
        let info = try #require(read.artifact)
        #expect(info.rawSource == sent.rawSource)
        #expect(info.metadata == sent.metadata)
        #expect(info.confidence == 0.25)
        #expect(info.threatLevel == nil)
        #expect(info.collectedAtMs == 12_345)
        #expect(info.receivedAtMs == fixture.now.milliseconds)
        #expect(info.node == "n1")
        #expect(try reader.artifact(4, withContent: false) == nil)
        #expect(try reader.artifact(0, withContent: false) == nil)
    }

    @Test func aFlippedByteIsFoundAtStartAndByTheFullCheck() throws {
        let fixture = try LedgerFixture()
        _ = try fixture.commit((0..<100).map { LedgerFixture.artifact("text \($0)") }, first: 1)
        fixture.ledger.close()
        do {
            let database = try Database.open(path: fixture.place.path, access: .writer)
            defer { database.close() }
            try database.run(
                """
                UPDATE segment SET contents = substr(contents, 1, 20) || x'00' || substr(contents, 22)
                WHERE first = 65
                """
            )
        }
        let error = #expect(throws: LedgerError.self) { try fixture.restart() }
        #expect(
            error?.description == "the ledger is damaged: the segment of artifact 65 does not match its checksum; "
                + "restore the data directory from a backup")
        let reader = try LedgerReader(fixture.place)
        defer { reader.close() }
        #expect(throws: LedgerError.self) { try reader.verify(after: 0, count: 1_000) }
    }

    @Test func aMissingSegmentIsFoundBetweenTwoThatAreThere() throws {
        let fixture = try LedgerFixture()
        _ = try fixture.commit((0..<200).map { LedgerFixture.artifact("text \($0)") }, first: 1)
        fixture.ledger.close()
        do {
            let database = try Database.open(path: fixture.place.path, access: .writer)
            defer { database.close() }
            try database.run("DELETE FROM segment WHERE first = 65")
        }
        let error = #expect(throws: LedgerError.self) { try fixture.restart() }
        #expect(
            error?.description == "the ledger is damaged: the segment of artifact 65 is missing; "
                + "restore the data directory from a backup")
    }

    @Test func theFullCheckComesToTheEnd() throws {
        let fixture = try LedgerFixture()
        _ = try fixture.commit((0..<200).map { LedgerFixture.artifact("text \($0)") }, first: 1)
        let reader = try LedgerReader(fixture.place)
        defer { reader.close() }
        var position: UInt64 = 0
        while let next = try reader.verify(after: position, count: 50) {
            #expect(next > position)
            position = next
        }
        #expect(position == 200)
    }

    @Test func manyAreFoundAtOnceWhateverTheirOrder() throws {
        let fixture = try LedgerFixture()
        for commit in 0..<3 {
            let texts = (0..<100).map { LedgerFixture.artifact("text \(commit) \($0)") }
            _ = try fixture.commit(texts, first: UInt64(commit) * 100 + 1)
        }
        let reader = try LedgerReader(fixture.place)
        defer { reader.close() }
        let found = try reader.artifacts([300, 1, 301, 65, 0, 64, 150, .max])
        #expect(found.keys.sorted() == [1, 64, 65, 150, 300])
        for (id, artifact) in found { #expect(artifact == (try reader.artifact(id, withContent: false))?.artifact) }
    }

    @Test(arguments: ["identity.packed", "segment.records", "segment.contents"])
    func aReadVerifiesWhatItReads(column: String) throws {
        let fixture = try LedgerFixture()
        _ = try fixture.commit((0..<10).map { LedgerFixture.artifact("text \($0)") }, first: 1)
        fixture.ledger.abandon()
        let parts = column.split(separator: ".")
        let database = try Database.open(path: fixture.place.path, access: .writer)
        try database.execute(
            "UPDATE \(parts[0]) SET \(parts[1]) = substr(\(parts[1]), 1, 20) || x'5A' || substr(\(parts[1]), 22)")
        database.close()
        let reader = try LedgerReader(fixture.place)
        defer { reader.close() }
        let error = #expect(throws: LedgerError.self) { try reader.artifact(3, withContent: false) }
        #expect(
            error?.description == "the ledger is damaged: the segment of artifact 1 does not match its checksum; "
                + "restore the data directory from a backup")
    }
}
