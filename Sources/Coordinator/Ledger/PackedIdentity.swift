import Sealing

/// How identities stand in the `identity` table: entries of one length, so that any is found by its place.
enum PackedIdentity {
    static let size = 73  // digest 32, content digest 32, raw check 8, flags 1
    static let ownsContent: UInt8 = 1

    static func append(_ identity: ArtifactIdentity, ownsContent: Bool, to packed: inout [UInt8]) {
        identity.digest.withBytes { packed.append(contentsOf: $0) }
        identity.content.withBytes { packed.append(contentsOf: $0) }
        withUnsafeBytes(of: identity.rawCheck.littleEndian) { packed.append(contentsOf: $0) }
        packed.append(ownsContent ? Self.ownsContent : 0)
    }

    static func digest(_ packed: UnsafeRawBufferPointer, _ place: Int) -> Digest {
        digest(packed, offset: place * size)
    }

    static func content(_ packed: UnsafeRawBufferPointer, _ place: Int) -> Digest {
        digest(packed, offset: place * size + Digest.size)
    }

    private static func digest(_ packed: UnsafeRawBufferPointer, offset: Int) -> Digest {
        func word(_ index: Int) -> UInt64 {
            UInt64(bigEndian: packed.loadUnaligned(fromByteOffset: offset + 8 * index, as: UInt64.self))
        }
        return Digest(words: (word(0), word(1), word(2), word(3)))
    }

    static func rawCheck(_ packed: UnsafeRawBufferPointer, _ place: Int) -> UInt64 {
        UInt64(littleEndian: packed.loadUnaligned(fromByteOffset: place * size + 64, as: UInt64.self))
    }

    static func ownsContent(_ packed: UnsafeRawBufferPointer, _ place: Int) -> Bool {
        packed[place * size + 72] & ownsContent != 0
    }
}
