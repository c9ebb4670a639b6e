import Compression
import Model
import Sealing
import Storage
import Testing
import Wire

@testable import Coordinator

@Suite struct SealTests {
    private let fixture: LedgerFixture

    init() throws { fixture = try LedgerFixture() }

    private func artifacts(_ numbers: some Sequence<Int>) -> [Proto.Artifact] {
        numbers.map {
            var artifact = LedgerFixture.artifact("text number \($0), and more of it", source: "http://a.example/\($0)")
            artifact.confidence = 0.5
            artifact.metadata = ["domain": "a.example"]
            return artifact
        }
    }

    private func sealed(_ artifacts: [Proto.Artifact], first: UInt64 = 1, stream: UInt64 = 5) throws -> PreparedBatch {
        let items = artifacts.map { Proto.Item(kind: .artifact($0)) }
        let intake = try Intake(
            hasher: IdentityHasher(secret: fixture.secret, salt: fixture.ledger.identity.salt),
            sealer: Sealer(known: fixture.ledger.known, compressor: Zstd(), atLeast: 4))
        let batch = Proto.IngestBatch(stream: stream, firstSequence: first, items: items)
        return try intake.prepare(batch, node: "n1", now: fixture.now)
    }

    private func segments() throws -> [UInt64] {
        let database = try Database.open(path: fixture.place.path, access: .reader)
        defer { database.close() }
        return try database.all("SELECT first FROM segment ORDER BY first") { $0.uint(0) }
    }

    private func contents() throws -> [String] {
        let reader = try LedgerReader(fixture.place)
        defer { reader.close() }
        return try (1...fixture.ledger.head.stored).map { id in
            let reply = try #require(try reader.artifact(id, withContent: true))
            return String(decoding: reply.content, as: UTF8.self)
        }
    }

    @Test func `What was sealed reads back as what was not`() throws {
        let texts = artifacts(0..<70)
        let batch = try sealed(texts)
        #expect(batch.seals.map(\.places) == [Array(0..<64), Array(64..<70)])
        let result = try fixture.ledger.commit([batch], now: fixture.now).results[0]
        #expect(result.verdicts.map(\.artifact) == Array(1...70))
        #expect(result.verdicts.map(\.digest) == batch.items.map { $0.artifact?.identity.digest.bytes[...] })
        let plain = try LedgerFixture()
        #expect(try plain.commit(texts, first: 1).codes == result.codes)
        #expect(try contents() == texts.map { String(decoding: $0.content, as: UTF8.self) })
        #expect(try segments() == [1, 65])
        // Opening it again verifies checksums, and compares with the weight and node that only the ledger knew.
        try fixture.restart()
        #expect(try fixture.ledger.commit([batch], now: fixture.now).results[0].verdicts == result.verdicts)
        let again = try sealed(texts, stream: 6)
        #expect(again.seals.isEmpty)
        #expect(try fixture.ledger.commit([again], now: fixture.now).results[0].verdicts.allSatisfy { $0.version == 1 })
    }

    @Test func `A duplicate that came between breaks the seal and costs nothing else`() throws {
        let first = try sealed(artifacts(0..<8), stream: 5)
        let second = try sealed(artifacts(5..<20), stream: 6)
        #expect(second.seals.map(\.places) == [Array(0..<15)])
        let results = try fixture.ledger.commit([first, second], now: fixture.now).results
        #expect(results[1].verdicts.map(\.artifact) == [6, 7, 8] + Array(9...20))
        #expect(results[1].codes == Array(repeating: .duplicate, count: 3) + Array(repeating: .stored, count: 12))
        #expect(fixture.ledger.head.stored == 20)
        #expect(try segments() == [1, 9])
        #expect(try contents() == artifacts(0..<20).map { String(decoding: $0.content, as: UTF8.self) })
        try fixture.restart()
        #expect(fixture.ledger.head.stored == 20)
    }

    @Test func `Content known from elsewhere in the batch is kept once`() throws {
        var texts = artifacts(0..<6)
        texts[3].content = texts[1].content
        texts[4] = texts[0]
        let batch = try sealed(texts)
        #expect(batch.seals.map(\.places) == [[0, 1, 2, 5]])
        let verdicts = try fixture.ledger.commit([batch], now: fixture.now).results[0].verdicts
        #expect(verdicts.map(\.artifact) == [1, 2, 3, 4, 1, 5])
        #expect(fixture.ledger.head.contents == 4)
        #expect(try contents()[3] == contents()[1])
    }

    @Test func `Sealed and other artifacts of one commit follow each other`() throws {
        let lone = try fixture.prepared(artifacts(100..<102), stream: 7, first: 1)
        let tail = try fixture.prepared(artifacts(200..<203), stream: 8, first: 1)
        let batches = [lone, try sealed(artifacts(0..<8), stream: 5), tail, try sealed(artifacts(8..<16), stream: 6)]
        _ = try fixture.ledger.commit(batches, now: fixture.now)
        #expect(try segments() == [1, 3, 11, 14])
        let numbers = [100, 101] + Array(0..<8) + [200, 201, 202] + Array(8..<16)
        #expect(try contents() == artifacts(numbers).map { String(decoding: $0.content, as: UTF8.self) })
    }

    @Test func `Few artifacts, and refused ones, are left to the ledger`() throws {
        #expect(try sealed(artifacts(0..<3)).seals.isEmpty)
        var texts = artifacts(0..<5)
        texts[2].content = []
        let batch = try sealed(texts)
        #expect(batch.seals.map(\.places) == [[0, 1, 3, 4]])
        let codes = try fixture.ledger.commit([batch], now: fixture.now).results[0].codes
        #expect(codes == [.stored, .stored, .refused, .stored, .stored])
        #expect(try segments() == [1])
    }

    @Test func `What is stored no longer seems new, and what was forgotten does again`() throws {
        let batch = try sealed(artifacts(0..<4))
        let identities = batch.items.compactMap { $0.artifact?.identity }
        let known = fixture.ledger.known
        #expect(known.seemNew(identities) == [true, true, true, true])
        _ = try fixture.ledger.commit([batch], now: fixture.now)
        #expect(known.seemNew(identities) == [false, false, false, false])
        known.clear()
        #expect(known.seemNew(identities) == [true, true, true, true])
    }

    /// The same tag, and another digest behind it.
    private func neighbour(of digest: Digest) -> Digest {
        var words = digest.words
        words.0 ^= 1
        return Digest(words: words)
    }

    @Test func `A tag that another digest has by chance does not make what is new seem stored`() throws {
        let batch = try sealed(artifacts(0..<32))
        let identities = batch.items.compactMap { $0.artifact?.identity }
        let known = KnownDigests()
        known.add { names, contents in
            for place in 0..<3 { names.insert(neighbour(of: identities[place].digest), number: 1) }
            for place in 3..<5 { contents.insert(neighbour(of: identities[place].content), number: 2) }
        }
        #expect(known.seemNew(identities).allSatisfy { $0 })
    }

    @Test func `Contents of which many are known are known from elsewhere`() throws {
        let batch = try sealed(artifacts(0..<32))
        let identities = batch.items.compactMap { $0.artifact?.identity }
        let known = KnownDigests()
        known.add { _, contents in
            for place in 0..<3 { contents.insert(identities[place].content, number: 2) }
        }
        #expect(known.seemNew(identities) == identities.indices.map { $0 >= 3 })
    }
}
