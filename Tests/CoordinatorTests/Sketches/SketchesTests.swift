import Model
import Storage
import TestKit
import Testing

@testable import Coordinator

@Suite struct SketchesTests {
    private static func text(_ number: Int, changed: Int = 0) -> String {
        (0..<60).map { $0 < changed ? "c\(number)x\($0)" : "n\(number)w\($0)" }.joined(separator: " ")
    }

    private func follow(_ fixture: LedgerFixture, _ body: (Sketches, Database) throws -> Void) throws {
        let sketches = Sketches()
        let database = try Database.open(path: fixture.directory.file("derived.db"), access: .writer)
        let core = try DerivedCore(
            database: database, reader: ChangeReader(fixture.place), consumers: [sketches])
        defer { core.close() }
        while try core.advance() {}
        try body(sketches, database)
    }

    @Test func `a text is remembered with the earlier text that it is most like, also after a restart`() throws {
        let fixture = try LedgerFixture()
        for number in 0..<30 {
            _ = try fixture.commit([LedgerFixture.artifact(SketchesTests.text(number))], first: UInt64(number) + 1)
        }
        try follow(fixture) { sketches, _ in #expect(sketches.count == 30) }
        _ = try fixture.commit(
            [
                LedgerFixture.artifact(SketchesTests.text(4, changed: 3)),
                LedgerFixture.artifact(SketchesTests.text(4), type: "html"),
                LedgerFixture.artifact("nothing like it at all"),
            ], first: 31)
        try follow(fixture) { sketches, database in
            let near = try #require(try sketches.nearest(to: 31, in: database))
            #expect(near.artifact == 5)
            #expect(abs(near.similarity - 55.0 / 61) < 0.15)
            #expect(try sketches.nearest(to: 32, in: database) == nil, "it is no text")
            #expect(try sketches.nearest(to: 33, in: database) == nil, "it is like nothing")
            #expect(sketches.count == 32)
            #expect(sketches.nearest(to: Array(SketchesTests.text(7).utf8)[...])?.artifact == 8)
            #expect(sketches.sketch(of: 33) != nil && sketches.sketch(of: 32) == nil)
        }
    }

    @Test func `the same log gives the same rows`() throws {
        let fixture = try LedgerFixture()
        for number in 0..<20 {
            let texts = [SketchesTests.text(number), SketchesTests.text(number / 2, changed: number % 7 + 1)]
            _ = try fixture.commit(texts.map { LedgerFixture.artifact($0) }, first: UInt64(2 * number) + 1)
        }
        func rows(_ name: String) throws -> [String] {
            let database = try Database.open(path: fixture.directory.file(name), access: .writer)
            let core = try DerivedCore(
                database: database, reader: ChangeReader(fixture.place), consumers: [Sketches()])
            defer { core.close() }
            while try core.advance() {}
            let near = try database.all("SELECT artifact, other, similarity FROM near_text ORDER BY artifact") {
                "\($0.int(0)) \($0.int(1)) \($0.double(2))"
            }
            return near + (try database.all("SELECT hex(packed) FROM sketch ORDER BY version") { $0.text(0) })
        }
        let first = try rows("a.db")
        #expect(first.count > 30)
        #expect(try rows("b.db") == first)
    }

    @Test func `rows that hold none of the newest are let go`() {
        var rows = KeptRows(limit: 10)
        #expect(rows.append(1, count: 4) == [])
        #expect(rows.append(2, count: 6) == [])
        #expect(rows.append(3, count: 3) == [])
        #expect(rows.append(4, count: 1) == [1])
        #expect(rows.append(5, count: 10) == [2, 3, 4])
        for version in 6...5_000 { #expect(rows.append(UInt64(version), count: 10) == [UInt64(version) - 1]) }
    }
}
