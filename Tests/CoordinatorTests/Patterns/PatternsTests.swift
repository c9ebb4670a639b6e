import Model
import Storage
import TestKit
import Testing

@testable import Coordinator

@Suite struct PatternsTests {
    private func follow(_ fixture: LedgerFixture, _ body: (Patterns, Database) throws -> Void) throws {
        let patterns = Patterns()
        let database = try Database.open(path: fixture.directory.file("derived.db"), access: .writer)
        let core = try DerivedCore(database: database, reader: ChangeReader(fixture.place), consumers: [patterns])
        defer { core.close() }
        while try core.advance() {}
        try body(patterns, database)
    }

    @Test func `the sample and its state version are those of the log, also after a restart`() throws {
        let fixture = try LedgerFixture()
        for number in 0..<5 {
            let artifacts = [
                LedgerFixture.artifact("text \(number)"), LedgerFixture.artifact("page \(number)", type: "html"),
                LedgerFixture.artifact("text \(number)", source: "http://b.example/"),
            ]
            _ = try fixture.commit(artifacts, first: UInt64(3 * number) + 1)
        }
        var now = fixture.now
        for _ in 0..<2 {
            try follow(fixture) { patterns, _ in
                let snapshot = patterns.snapshot(at: now)
                #expect(snapshot.artifacts == [1, 4, 7, 10, 13], "texts whose content was new")
                #expect(snapshot.version == 5)
            }
        }
        now.milliseconds += Limits.patternWindow + 1
        try follow(fixture) { patterns, _ in #expect(patterns.snapshot(at: now).artifacts == []) }
    }

    @Test func `runs are kept by state version, the oldest let go, and the members of the newest alone`() throws {
        let fixture = try LedgerFixture()
        try follow(fixture) { patterns, database in
            for version in 1...UInt64(Limits.patternRunsKept) + 6 {
                var run = LedgerFormat.StoredPatternRun(stateVersion: 10 * version, texts: version)
                run.terms = [LedgerFormat.StoredTerm(text: "a", count: 1, texts: 1)]
                let members = LedgerFormat.StoredMembers(artifacts: [version], patterns: [1])
                try patterns.store(PatternFinder.Found(run: run, members: members), in: database)
            }
            let newest = UInt64(Limits.patternRunsKept) + 6
            #expect(try patterns.run(upTo: 0, in: database)?.texts == newest)
            #expect(try patterns.run(upTo: 10 * newest - 1, in: database)?.texts == newest - 1)
            #expect(try patterns.run(upTo: 70, in: database)?.texts == 7)
            #expect(try patterns.run(upTo: 69, in: database) == nil)
            #expect(try patterns.members(in: database)?.artifacts == [newest])
        }
    }

    @Test func `texts are read by their ids wherever they lie`() throws {
        let fixture = try LedgerFixture()
        _ = try fixture.commit((0..<150).map { LedgerFixture.artifact("text \($0)") }, first: 1)
        _ = try fixture.commit((150..<160).map { LedgerFixture.artifact("text \($0)") }, first: 151)
        let reader = try SampleReader(fixture.place)
        defer { reader.close() }
        func read(_ ids: [UInt64], atMost count: Int = .max) throws -> [String] {
            var texts: [String] = []
            try reader.each(ids) {
                texts.append("\($0.id) \(String(decoding: $0.content ?? [], as: UTF8.self))")
                return texts.count < count
            }
            return texts
        }
        let ids: [UInt64] = [1, 2, 63, 64, 65, 100, 150, 151, 160]
        #expect(try read(ids) == ids.map { "\($0) text \($0 - 1)" })
        #expect(try read(ids, atMost: 3).count == 3)
        #expect(try read([160, 161, 4_000]) == ["160 text 159"])
    }
}
