import Model
import Sealing
import Testing

@testable import Coordinator

@Suite struct PendingIndexTests {
    @Test(arguments: [0, 1, 127, 128, 129, 5_000])
    func whatIsInsertedIsFoundAndNothingElse(count: Int) {
        var random = SeededRandom(seed: 5)
        func digest() -> Digest { Digest(words: (random.next(), random.next(), random.next(), random.next())) }
        let known = (0..<count).map { _ in digest() }
        var index = PendingIndex()
        for (id, digest) in known.enumerated() {
            index.insert(digest, StoredIdentity(id: UInt64(id + 1), rawCheck: UInt64(id)))
        }
        for (id, digest) in known.enumerated() {
            #expect(index.find(digest) == StoredIdentity(id: UInt64(id + 1), rawCheck: UInt64(id)))
        }
        for _ in 0..<100 { #expect(index.find(digest()) == nil) }
    }

    @Test func digestsThatShareTheirPlaceAreToldApart() {
        var index = PendingIndex()
        let twins = (0..<20).map { Digest(words: (UInt64($0), 7, 0, 0)) }
        for (id, digest) in twins.enumerated() { index.insert(digest, StoredIdentity(id: UInt64(id), rawCheck: 0)) }
        for (id, digest) in twins.enumerated() { #expect(index.find(digest)?.id == UInt64(id)) }
    }
}
