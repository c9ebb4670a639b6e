/// Numbers and texts one after another, each number as short as it can be. What is read past the end is zero and empty,
/// so that a later version may append.
struct Packed: Sendable {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func add(_ value: Int) { add(UInt64(bitPattern: Int64(value))) }
    mutating func add(_ value: Int64) { add(UInt64(bitPattern: value)) }
    mutating func add(_ value: Bool) { add(value ? 1 as UInt64 : 0) }

    mutating func add(_ text: String) {
        add(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    /// Nil is 0, and every other number is one more.
    mutating func add(orNil value: Int?) { add(value.map { UInt64($0) + 1 } ?? 0) }
}

struct Unpacked: Sendable {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func number() -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while let byte = rest.popFirst() {
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 || shift > 56 { break }
            shift += 7
        }
        return value
    }

    mutating func int() -> Int { Int(Int64(bitPattern: number())) }
    mutating func bool() -> Bool { number() != 0 }
    mutating func intOrNil() -> Int? {
        let value = number()
        return value == 0 ? nil : Int(clamping: value - 1)
    }

    mutating func text() -> String {
        let count = Int(clamping: number())
        let bytes = rest.prefix(count)
        rest = rest.dropFirst(count)
        return String(decoding: bytes, as: UTF8.self)
    }
}
