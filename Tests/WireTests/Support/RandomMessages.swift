import Model
import Wire

/// Encodings of messages that nobody wrote: fields of any number and type, nested, from a seed. Everything below the
/// top level is ASCII, so that the same bytes may be taken for a string, for bytes, or for a message.
struct RandomMessages {
    var random: SeededRandom

    mutating func encoding(fields: Int, depth: Int = 3, isTop: Bool = true) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<fields {
            let number = 1 + random.below(isTop ? 40 : 15)
            let wireType: UInt64 = [0, 1, 2, 5][Int(random.below(4))]
            bytes += varint(number << 3 | wireType)
            switch wireType {
            case 0: bytes += isTop ? varint(random.next() >> random.below(64)) : ascii(1)
            case 1: bytes += ascii(8)
            case 5: bytes += ascii(4)
            default:
                let inner = random.oneIn(3) || depth == 0 ? text() : encoding(fields: 2, depth: depth - 1, isTop: false)
                bytes += varint(UInt64(inner.count)) + inner
            }
        }
        // A length of 128 and more would not be ASCII.
        return isTop || bytes.count < 128 ? bytes : []
    }

    private mutating func ascii(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(random.below(128)) } }

    private mutating func text() -> [UInt8] { ascii(Int(random.below(20))) }

    private func varint(_ value: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}
