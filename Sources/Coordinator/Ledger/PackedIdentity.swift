import Sealing

/// How identities stand in the `identity` table: entries of one length, so that any is found by its place.
enum PackedIdentity {
    static let size = 79  // digest 32, content digest 32, raw check 8, flags 1, weight 2, node 4
    static let ownsContent: UInt8 = 1

    static func append(
        _ identity: ArtifactIdentity, ownsContent: Bool, weight: Weight, node: UInt32, to packed: inout [UInt8]
    ) {
        identity.digest.withBytes { packed.append(contentsOf: $0) }
        identity.content.withBytes { packed.append(contentsOf: $0) }
        withUnsafeBytes(of: identity.rawCheck.littleEndian) { packed.append(contentsOf: $0) }
        packed.append(ownsContent ? Self.ownsContent : 0)
        withUnsafeBytes(of: weight.steps.littleEndian) { packed.append(contentsOf: $0) }
        withUnsafeBytes(of: node.littleEndian) { packed.append(contentsOf: $0) }
    }

    /// Fills in what only the ledger knows.
    static func set(weight: Weight, node: UInt32, _ place: Int, in packed: inout [UInt8]) {
        packed.withUnsafeMutableBytes {
            $0.storeBytes(of: weight.steps.littleEndian, toByteOffset: place * size + 73, as: UInt16.self)
            $0.storeBytes(of: node.littleEndian, toByteOffset: place * size + 75, as: UInt32.self)
        }
    }

    /// The entry of one place under other names; all else stays.
    static func rename(_ old: [UInt8], _ place: Int, _ digest: Digest, _ content: Digest, into packed: inout [UInt8]) {
        digest.withBytes { packed.append(contentsOf: $0) }
        content.withBytes { packed.append(contentsOf: $0) }
        packed.append(contentsOf: old[(place * size + 2 * Digest.size)..<((place + 1) * size)])
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

    /// What the first version weighs.
    static func weight(_ packed: UnsafeRawBufferPointer, _ place: Int) -> Weight {
        Weight(steps: UInt16(littleEndian: packed.loadUnaligned(fromByteOffset: place * size + 73, as: UInt16.self)))
    }

    /// The number of the node that brought it first.
    static func node(_ packed: UnsafeRawBufferPointer, _ place: Int) -> UInt32 {
        UInt32(littleEndian: packed.loadUnaligned(fromByteOffset: place * size + 75, as: UInt32.self))
    }

    static func stored(_ packed: UnsafeRawBufferPointer, _ place: Int, id: UInt64) -> StoredIdentity {
        StoredIdentity(
            id: id, rawCheck: rawCheck(packed, place), weight: weight(packed, place), node: node(packed, place),
            ownsContent: ownsContent(packed, place))
    }
}
