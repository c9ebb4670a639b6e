import Model
import Sealing
import Testing

@testable import Coordinator

@Suite struct DigestIndexTests {
    private func digests(_ count: Int, seed: UInt64) -> [Digest] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in
            Digest(words: (random.next(), random.next(), random.next(), random.next()))
        }
    }

    @Test(arguments: [1, 3_072, 3_073, 50_000])
    func everyInsertedDigestIsFoundAndNoOther(count: Int) throws {
        let known = digests(count, seed: 7)
        var index = DigestIndex()
        for (i, digest) in known.enumerated() { index.insert(digest, number: UInt32(i + 1)) }
        for (i, digest) in known.enumerated() {
            let found = try index.find(digest) { known[Int($0) - 1] == digest }
            #expect(found == UInt32(i + 1))
        }
        for digest in digests(1_000, seed: 8) {
            let found = try index.find(digest) { known[Int($0) - 1] == digest }
            #expect(found == nil)
        }
        let held = index.count
        #expect(held == count)
    }

    @Test func digestsOfOneTagAreToldApartByTheCaller() throws {
        var index = DigestIndex()
        let twins = (0..<10).map { Digest(words: (42 << 32, UInt64($0), 0, 0)) }
        for (i, digest) in twins.enumerated() { index.insert(digest, number: UInt32(i + 1)) }
        for (i, digest) in twins.enumerated() {
            let found = try index.find(digest) { twins[Int($0) - 1] == digest }
            #expect(found == UInt32(i + 1))
        }
    }

    @Test func anErrorOfTheCallerPassesThrough() {
        var index = DigestIndex()
        let digest = digests(1, seed: 1)[0]
        index.insert(digest, number: 1)
        var caught: LedgerError?
        do throws(LedgerError) {
            _ = try index.find(digest) { _ throws(LedgerError) in throw .damaged(what: "here") }
        } catch {
            caught = error
        }
        #expect(caught?.description == LedgerError.damaged(what: "here").description)
    }

    @Test func anEntryTakesFewBytes() {
        var index = DigestIndex()
        for (i, digest) in digests(200_000, seed: 3).enumerated() { index.insert(digest, number: UInt32(i + 1)) }
        let bytes = index.bytes
        #expect(bytes < 200_000 * 24)
    }
}
