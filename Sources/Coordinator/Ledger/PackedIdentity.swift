import Sealing

/// How identities stand in the `identity` table: entries of one length, so that any is found by its place.
enum PackedIdentity {
    static let size = 73  // digest 32, content digest 32, raw check 8, flags 1
    static let ownsContent: UInt8 = 1

    static func append(_ identity: ArtifactIdentity, ownsContent: Bool, to packed: inout [UInt8]) {
        identity.digest.withUnsafeBytes { packed.append(contentsOf: $0) }
        identity.content.withUnsafeBytes { packed.append(contentsOf: $0) }
        withUnsafeBytes(of: identity.rawCheck.littleEndian) { packed.append(contentsOf: $0) }
        packed.append(ownsContent ? Self.ownsContent : 0)
    }

    static func digest(_ packed: UnsafeRawBufferPointer, _ place: Int) -> Digest {
        Digest(UnsafeRawBufferPointer(rebasing: packed[place * size..<place * size + 32]))
    }

    static func content(_ packed: UnsafeRawBufferPointer, _ place: Int) -> Digest {
        Digest(UnsafeRawBufferPointer(rebasing: packed[place * size + 32..<place * size + 64]))
    }

    static func rawCheck(_ packed: UnsafeRawBufferPointer, _ place: Int) -> UInt64 {
        UInt64(littleEndian: packed.loadUnaligned(fromByteOffset: place * size + 64, as: UInt64.self))
    }

    static func ownsContent(_ packed: UnsafeRawBufferPointer, _ place: Int) -> Bool {
        packed[place * size + 72] & ownsContent != 0
    }
}
