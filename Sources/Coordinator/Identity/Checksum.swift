/// A fast 64-bit check of stored bytes against decay. It is no defence against a forger: the keyed digests are.
package enum Checksum {
    package static func of(_ bytes: ArraySlice<UInt8>, seed: UInt64 = 0) -> UInt64 {
        bytes.withUnsafeBytes { of($0, seed: seed) }
    }

    package static func of(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
        var hash = seed ^ UInt64(bytes.count) &* k0
        var offset = 0
        while offset + 16 <= bytes.count {
            let a = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let b = bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
            hash = mix(UInt64(littleEndian: a) ^ k1, UInt64(littleEndian: b) ^ hash)
            offset += 16
        }
        var tail: (UInt64, UInt64) = (0, 0)
        for i in offset..<bytes.count {
            let byte = UInt64(bytes[i])
            if i - offset < 8 {
                tail.0 |= byte << (8 * UInt64(i - offset))
            } else {
                tail.1 |= byte << (8 * UInt64(i - offset - 8))
            }
        }
        return mix(tail.0 ^ k0 ^ hash, mix(tail.1 ^ k1, hash ^ k2))
    }

    /// Both halves of the full product, folded: every input bit reaches every output bit.
    private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }

    // Odd constants with evenly spread bits: fractional parts of square roots.
    private static let k0: UInt64 = 0x6A09_E667_F3BC_C909
    private static let k1: UInt64 = 0xBB67_AE85_84CA_A73B
    private static let k2: UInt64 = 0x3C6E_F372_FE94_F82B
}
