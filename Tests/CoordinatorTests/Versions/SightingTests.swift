import Model
import Storage
import TestKit
import Testing
import Wire

@testable import Coordinator

@Suite struct SightingTests {
    private let fixture: LedgerFixture
    private let database: Database
    private let consumer = SightingConsumer()
    private let core: DerivedCore

    init() throws {
        fixture = try LedgerFixture()
        database = try Database.open(path: fixture.directory.file("derived.db"), access: .writer)
        core = try DerivedCore(
            database: database, reader: ChangeReader(fixture.place), consumers: [consumer])
    }

    private func send(_ text: String, from node: String, stream: UInt64, source: String = "http://a.example/") throws {
        var artifact = LedgerFixture.artifact(text, source: source)
        artifact.confidence = 0.1 * Double(stream % 10)
        let batch = try fixture.prepared([artifact], stream: stream, first: 1, node: node)
        _ = try fixture.ledger.commit([batch], now: fixture.now)
    }

    private func follow() throws { while try core.advance() {} }

    @Test func aSightingIsToldWithItsKindAndItsSource() throws {
        defer { core.close() }
        try send("Same text", from: "n1", stream: 1)
        try send("Same text", from: "n2", stream: 2)
        try send("same TEXT", from: "n3", stream: 3)
        try send("Same text", from: "n4", stream: 4, source: "http://b.example/")
        try send("Same text", from: "n2", stream: 5)
        try follow()
        let totals = try #require(try consumer.totals(of: 1, in: database))
        #expect(totals.exact == 2 && totals.normalised == 1 && totals.sameContent == 1 && totals.unchanged == 0)
        #expect(totals.sources == 3 && totals.others == 0 && totals.firstVersion == 2 && totals.lastVersion == 5)
        let witnesses = try consumer.witnesses(of: 1, node: "", in: database)
        #expect(witnesses.map(\.node) == ["n2", "n3", "n4"])
        #expect(witnesses.map(\.kind) == [.exact, .normalised, .sameContent])
        #expect(witnesses.map(\.count) == [2, 1, 1])
        #expect(witnesses[0].firstVersion == 2 && witnesses[0].lastVersion == 5)
        #expect(witnesses[0].confidence == 0.5 && witnesses[0].variant == nil && witnesses[1].variant != nil)
        #expect(witnesses.map(\.version) == [4, 3, 0])
        #expect(try consumer.witnesses(of: 1, node: "n3", in: database).map(\.node) == ["n3"])
        #expect(try consumer.totals(of: 2, in: database) == nil)
    }

    @Test func atMost64SourcesAreKeptApartAndTheRestIsCounted() throws {
        defer { core.close() }
        for number in UInt64(1)...100 { try send("a", from: "n\(number)", stream: number) }
        try send("a", from: "n2", stream: 200)
        try send("a", from: "n99", stream: 201)
        try follow()
        let totals = try #require(try consumer.totals(of: 1, in: database))
        #expect(totals.exact == 101 && totals.sources == 64 && totals.others == 36)
        let witnesses = try consumer.witnesses(of: 1, node: "", in: database)
        #expect(witnesses.count == 64)
        #expect(witnesses.reduce(0) { $0 + $1.count } + totals.others == totals.exact)
    }

    @Test func theSameLogGivesTheSameRows() throws {
        defer { core.close() }
        for number in UInt64(1)...80 { try send("a", from: "n\(number % 7)", stream: number) }
        try follow()
        let path = fixture.directory.file("again.db")
        let second = try Database.open(path: path, access: .writer)
        let other = try DerivedCore(
            database: second, reader: ChangeReader(fixture.place), consumers: [SightingConsumer()])
        defer { other.close() }
        while try other.advance() {}
        let mine = try consumer.witnesses(of: 1, node: "", in: database)
        #expect(!mine.isEmpty)
        #expect(try SightingConsumer().witnesses(of: 1, node: "", in: second) == mine)
    }
}
