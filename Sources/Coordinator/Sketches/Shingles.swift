import Normalisation

/// What two texts are compared by: the set of their shingles, each three words in a row of the normal form, or all the
/// words of a shorter text. A shingle is held as 64 bits of hash.
package struct Shingles {
    private let normaliser = Normaliser()
    private var hashes: [UInt64] = []

    package init() {}

    /// The text's shingles in order, repeats and all; empty for a text without words. Valid until the next call.
    package mutating func read(_ text: ArraySlice<UInt8>) -> [UInt64] {
        var hashes = self.hashes
        self.hashes = []
        hashes.removeAll(keepingCapacity: true)
        var (count, before, last) = (0, UInt64(0), UInt64(0))
        let read: Void? = normaliser.withForm(of: text) { form in
            Words.each(form) { word in
                let hash = Shingles.hash(word)
                count += 1
                if count >= 3 { hashes.append(Shingles.join(before, last, hash)) }
                (before, last) = (last, hash)
                return true
            }
        }
        if read == nil { return [] }
        if count == 1 || count == 2 { hashes.append(Shingles.join(before, last, UInt64(count))) }
        self.hashes = hashes
        return hashes
    }

    /// Of all different shingles of two texts, the share that both have; nil when one has none.
    package mutating func similarity(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> Double? {
        let (first, second) = (Set(read(a)), Set(read(b)))
        guard !first.isEmpty, !second.isEmpty else { return nil }
        let common =
            first.count <= second.count ? first.count(where: second.contains) : second.count(where: first.contains)
        return Double(common) / Double(first.count + second.count - common)
    }

    /// FNV-1a with a mixer behind it. Not keyed: whoever forges a collision makes two texts look alike, nothing more.
    static func hash(_ word: UnsafeRawBufferPointer) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in word { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return mix(hash)
    }

    private static func join(_ a: UInt64, _ b: UInt64, _ c: UInt64) -> UInt64 {
        mix(mix(a &* 0x9E37_79B9_7F4A_7C15 &+ b) &+ c)
    }

    static func mix(_ x: UInt64) -> UInt64 {
        var z = x
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
