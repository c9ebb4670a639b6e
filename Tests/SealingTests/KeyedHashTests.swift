import Testing

@testable import Sealing

@Suite struct KeyedHashTests {
    private let key = [UInt8](0..<32)
    private let content = Array("rookery.content.".utf8)

    private func hash(_ personalisation: [UInt8], salt: [UInt8] = [], size: Int = 32) throws -> KeyedHash {
        try KeyedHash(key: key, salt: salt, personalisation: personalisation, digestSize: size)
    }

    private func made(of count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) } }

    @Test func digestsAreThoseOfPythonsHashlib() throws {
        let lengths = [0, 1, 55, 127, 128, 129, 1_024, 70_000]
        let cases = lengths.flatMap { length in
            [[], [9, 8, 7], [UInt8](200..<216)].flatMap { salt in
                [[], Array("r".utf8), content].flatMap { person in
                    [16, 32].map { (length: length, salt: salt as [UInt8], person: person as [UInt8], size: $0) }
                }
            }
        }
        let expected = try Python.digests(cases.map { "\($0.length) \($0.size) \(hex($0.salt))- \(hex($0.person))-" })
        try #require(expected.count == cases.count)
        for (one, expected) in zip(cases, expected) {
            let hash = try hash(one.person, salt: one.salt, size: one.size)
            hash.update(made(of: one.length)[...])
            var output = [UInt8](repeating: 0, count: one.size)
            output.withUnsafeMutableBytes { hash.finish(into: $0) }
            #expect(hex(output) == expected, "\(one)")
        }
    }

    @Test func aHashIsReadyForTheNextDigestAfterEach() throws {
        let hash = try hash(content)
        let first = hash.digest(of: [1, 2, 3])
        #expect(hash.digest(of: [4]) != first)
        #expect(hash.digest(of: [1, 2, 3]) == first)
        hash.update([9, 9])
        hash.reset()
        #expect(hash.digest(of: [1, 2, 3]) == first)
    }

    @Test func whereAStreamIsCutDoesNotMatterUnlessLengthsAreHashed() throws {
        let hash = try hash(content)
        let whole = hash.digest(of: made(of: 300)[...])
        for cut in [0, 1, 128, 299, 300] {
            hash.update(made(of: 300)[..<cut])
            hash.update(made(of: 300)[cut...])
            #expect(hash.finish() == whole)
        }
        hash.updateLengthAndBytes([1])
        hash.updateLengthAndBytes([2, 3])
        let one = hash.finish()
        hash.updateLengthAndBytes([1, 2])
        hash.updateLengthAndBytes([3])
        #expect(hash.finish() != one)
    }

    @Test func keySaltAndPersonalisationEachChangeTheDigest() throws {
        let other = try KeyedHash(key: [UInt8](1..<33), personalisation: content)
        let found = try [hash(content), hash(content, salt: [1]), hash(Array("rookery.artifact".utf8)), other]
        #expect(Set(found.map { $0.digest(of: [1]) }).count == 4)
    }

    @Test func aShortDigestIsTwoBigEndianWords() throws {
        let hash = try hash(content, size: 16)
        hash.update(5)
        let short = hash.finishShort()
        var bytes = [UInt8](repeating: 0, count: 16)
        hash.update([5, 0, 0, 0, 0, 0, 0, 0])
        bytes.withUnsafeMutableBytes { hash.finish(into: $0) }
        #expect(bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } == short.high)
        #expect(bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) } == short.low)
    }

    @Test func wrongLengthsAreRefusedWithTheReason() {
        let wrong: [(SealingError, String, () throws(SealingError) -> KeyedHash)] = [
            (
                .keyLength(31), "could not key a hash: the key has 31 bytes and needs exactly 32",
                { () throws(SealingError) in try KeyedHash(key: key.dropLast(), personalisation: []) }
            ),
            (
                .saltLength(17), "could not salt a hash: the salt has 17 bytes and may have at most 16",
                { () throws(SealingError) in try KeyedHash(key: key, salt: [UInt8](0..<17), personalisation: []) }
            ),
            (
                .personalisationLength(17),
                "could not personalise a hash: the personalisation has 17 bytes and may have at most 16",
                { () throws(SealingError) in try KeyedHash(key: key, personalisation: [UInt8](0..<17)) }
            ),
            (
                .digestSize(20), "could not make a hash: a digest of 20 bytes was asked for, and 16 or 32 can be had",
                { () throws(SealingError) in try KeyedHash(key: key, personalisation: [], digestSize: 20) }
            ),
        ]
        for (error, sentence, make) in wrong {
            #expect(throws: error) { try make() }
            #expect(error.description == sentence)
        }
    }

    @Test func aDigestOfTheWrongSizeTraps() async {
        await #expect(processExitsWith: .failure) {
            let hash = try KeyedHash(key: [UInt8](0..<32), personalisation: [], digestSize: 16)
            _ = hash.finish()
        }
    }

    @Test func secretsDiffer() throws {
        let secrets = try (0..<64).map { _ in try secureRandom(32) }
        #expect(Set(secrets).count == 64 && secrets.allSatisfy { $0.count == 32 })
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
