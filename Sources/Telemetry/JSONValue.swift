/// One JSON value as it stands in a text, to be read by name. Its depth is bounded.
package enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// Nil for anything but exactly one value.
    package init?(_ text: some Sequence<UInt8>) {
        var reader = JSONReader(Array(text))
        guard let value = reader.value(depth: 0), reader.isAtEnd else { return nil }
        self = value
    }

    package var string: String? { if case .string(let text) = self { text } else { nil } }
    package var number: Double? { if case .number(let number) = self { number } else { nil } }
    package var object: [String: JSONValue]? { if case .object(let members) = self { members } else { nil } }

    /// The whole number that it is.
    package func integer(in range: ClosedRange<UInt64>) -> UInt64? {
        guard let number, let whole = UInt64(exactly: number), range.contains(whole) else { return nil }
        return whole
    }
}

private struct JSONReader {
    private let bytes: [UInt8]
    private var place = 0

    private static let deepest = 32

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool {
        bytes[place...].allSatisfy { $0 == 32 || $0 == 9 || $0 == 10 || $0 == 13 }
    }

    private mutating func peek() -> UInt8? {
        while place < bytes.count, [32, 9, 10, 13].contains(bytes[place]) { place += 1 }
        return place < bytes.count ? bytes[place] : nil
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    mutating func value(depth: Int) -> JSONValue? {
        guard depth < JSONReader.deepest, let first = peek() else { return nil }
        switch first {
        case UInt8(ascii: "{"): return object(depth)
        case UInt8(ascii: "["): return array(depth)
        case UInt8(ascii: "\""): return string().map { .string($0) }
        case UInt8(ascii: "t"): return word("true", .bool(true))
        case UInt8(ascii: "f"): return word("false", .bool(false))
        case UInt8(ascii: "n"): return word("null", .null)
        default: return number()
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) -> JSONValue? {
        guard bytes[place...].starts(with: word.utf8) else { return nil }
        place += word.utf8.count
        return value
    }

    private mutating func number() -> JSONValue? {
        let text = bytes[place...].prefix { (0x30...0x39).contains($0) || [43, 45, 46, 69, 101].contains($0) }
        place += text.count
        // Double takes more than JSON does: only these characters have come so far, and a digit begins or ends it.
        guard let last = text.last, (0x30...0x39).contains(last), text.first != 43 else { return nil }
        return Double(String(decoding: text, as: UTF8.self)).map { .number($0) }
    }

    private mutating func array(_ depth: Int) -> JSONValue? {
        place += 1
        var elements: [JSONValue] = []
        if take("]") { return .array([]) }
        repeat {
            guard let element = value(depth: depth + 1) else { return nil }
            elements.append(element)
        } while take(",")
        return take("]") ? .array(elements) : nil
    }

    /// Of a name that stands twice, the last counts.
    private mutating func object(_ depth: Int) -> JSONValue? {
        place += 1
        var members: [String: JSONValue] = [:]
        if take("}") { return .object([:]) }
        repeat {
            guard peek() == UInt8(ascii: "\""), let name = string(), take(":"), let value = value(depth: depth + 1)
            else { return nil }
            members[name] = value
        } while take(",")
        return take("}") ? .object(members) : nil
    }

    private mutating func string() -> String? {
        place += 1
        var text: [UInt8] = []
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            switch byte {
            case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
            case UInt8(ascii: "\\"): guard escape(&text) else { return nil }
            case ..<32: return nil
            default: text.append(byte)
            }
        }
        return nil
    }

    private mutating func escape(_ text: inout [UInt8]) -> Bool {
        guard place < bytes.count else { return false }
        place += 1
        switch bytes[place - 1] {
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "u"): return unicode(&text)
        case let byte where [34, 47, 92].contains(byte): text.append(byte)
        default: return false
        }
        return true
    }

    private mutating func unicode(_ text: inout [UInt8]) -> Bool {
        guard let first = hex() else { return false }
        var code = first
        if (0xD800..<0xDC00).contains(first) {
            guard bytes[place...].starts(with: [92, 117]) else { return false }
            place += 2
            guard let second = hex(), (0xDC00..<0xE000).contains(second) else { return false }
            code = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { return false }
        text.append(contentsOf: Unicode.UTF8.encode(scalar) ?? .init())
        return true
    }

    private mutating func hex() -> UInt32? {
        let digits = bytes[place...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }) else {
            return nil
        }
        place += 4
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
