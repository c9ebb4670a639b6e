/// 32 bytes of a hash, kept as four big-endian words, so that words sort as the bytes do.
package struct Digest: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let words: (UInt64, UInt64, UInt64, UInt64)

    package static let size = 32  // bytes

    package init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

    /// Nil unless there are exactly 32 bytes.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Digest.size else { return nil }
        var four: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &four) { $0.copyBytes(from: bytes) }
        words = Digest.swapped(four)
    }

    /// Nil unless there are exactly 64 hexadecimal digits, of either case.
    package init?(hex: some StringProtocol) {
        let digits = hex.utf8.map { Digest.value(ofDigit: $0) }
        guard digits.count == 2 * Digest.size, !digits.contains(nil) else { return nil }
        let values = digits.compactMap { $0 }
        self.init((0..<Digest.size).map { values[2 * $0] << 4 | values[2 * $0 + 1] })
    }

    /// Gives the 32 bytes without making an array of them.
    package func withBytes<T>(_ body: (UnsafeRawBufferPointer) -> T) -> T {
        withUnsafeBytes(of: Digest.swapped(words), body)
    }

    package var bytes: [UInt8] { withBytes { [UInt8]($0) } }

    package var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        return withBytes { bytes in
            String(unsafeUninitializedCapacity: 2 * bytes.count) { text in
                for (place, byte) in bytes.enumerated() {
                    text[2 * place] = digits[Int(byte >> 4)]
                    text[2 * place + 1] = digits[Int(byte & 15)]
                }
                return 2 * bytes.count
            }
        }
    }

    package var description: String { hex }

    package static func == (a: Digest, b: Digest) -> Bool { a.words == b.words }
    package static func < (a: Digest, b: Digest) -> Bool { a.words < b.words }

    /// The first word is random already.
    package func hash(into hasher: inout Hasher) { hasher.combine(words.0) }

    private static func swapped(_ w: (UInt64, UInt64, UInt64, UInt64)) -> (UInt64, UInt64, UInt64, UInt64) {
        (w.0.bigEndian, w.1.bigEndian, w.2.bigEndian, w.3.bigEndian)
    }

    private static func value(ofDigit digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
