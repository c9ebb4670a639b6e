import Testing

@testable import Sealing

@Suite struct DigestTests {
    @Test func bytesHexAndWordsAreOneThing() throws {
        let bytes = [UInt8](0..<32)
        let digest = try #require(Digest(bytes))
        #expect(digest.bytes == bytes && digest.words.0 == 0x0001_0203_0405_0607)
        #expect(digest.hex == "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
        #expect(digest.description == digest.hex && Digest(hex: digest.hex) == digest)
        #expect(Digest(hex: digest.hex.uppercased()) == digest)
        #expect(Digest(bytes[...]) == digest && Digest(words: digest.words) == digest)
    }

    @Test func digestsSortAsTheirBytesDo() throws {
        let digests = try (0..<32).map { place in
            try #require(Digest((0..<32).map { $0 == place ? 1 : 0 as UInt8 }))
        }
        #expect(digests.sorted() == digests.reversed())
        #expect(Set(digests).count == 32)
    }

    @Test(arguments: [0, 31, 33]) func otherLengthsAreNoDigest(count: Int) {
        #expect(Digest([UInt8](repeating: 1, count: count)) == nil)
        #expect(Digest(hex: String(repeating: "ab", count: count)) == nil)
    }

    @Test func lettersPastFAreNoHexadecimal() {
        for digit in ["g", "/", ":", "@", "`", "ä"] {
            #expect(Digest(hex: String(repeating: "0", count: 63) + digit) == nil)
        }
    }
}
