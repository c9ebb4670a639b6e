/// One flat JSON object, as sinks answer: strings, numbers, true, false and null by name. What is nested is skipped.
/// Anything else than one object is nil.
package struct FlatJSON: Equatable, Sendable {
    package enum Value: Equatable, Sendable {
        case string(String)
        case number(Double)
        case other
    }

    package private(set) var members: [String: Value] = [:]

    package init?(_ text: some Sequence<UInt8>) {
        var scanner = Scanner(Array(text))
        guard let members = scanner.object(), scanner.isAtEnd else { return nil }
        self.members = members
    }

    package func string(_ name: String) -> String? {
        if case .string(let text) = members[name] { text } else { nil }
    }

    package func number(_ name: String) -> Double? {
        if case .number(let number) = members[name] { number } else { nil }
    }
}

private struct Scanner {
    private let bytes: [UInt8]
    private var place = 0
    private var depth = 0

    private static let deepest = 16

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool {
        bytes[place...].allSatisfy(Scanner.isSpace)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 10 || byte == 13 }

    private mutating func peek() -> UInt8? {
        while place < bytes.count, Scanner.isSpace(bytes[place]) { place += 1 }
        return place < bytes.count ? bytes[place] : nil
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    mutating func object() -> [String: FlatJSON.Value]? {
        guard depth < Scanner.deepest, take("{") else { return nil }
        depth += 1
        defer { depth -= 1 }
        var members: [String: FlatJSON.Value] = [:]
        if take("}") { return members }
        repeat {
            guard let name = string(), take(":"), let value = value() else { return nil }
            members[name] = value
        } while take(",")
        return take("}") ? members : nil
    }

    private mutating func array() -> Bool {
        guard depth < Scanner.deepest, take("[") else { return false }
        depth += 1
        defer { depth -= 1 }
        if take("]") { return true }
        repeat { guard value() != nil else { return false } } while take(",")
        return take("]")
    }

    private mutating func value() -> FlatJSON.Value? {
        switch peek() {
        case UInt8(ascii: "\""): return string().map { .string($0) }
        case UInt8(ascii: "{"): return object() == nil ? nil : .other
        case UInt8(ascii: "["): return array() ? .other : nil
        default: return word()
        }
    }

    private mutating func word() -> FlatJSON.Value? {
        let start = place
        while place < bytes.count, !Scanner.isSpace(bytes[place]), !",]}".utf8.contains(bytes[place]) { place += 1 }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        if ["true", "false", "null"].contains(text) { return .other }
        guard text.utf8.allSatisfy({ "+-.eE0123456789".utf8.contains($0) }), let number = Double(text) else {
            return nil
        }
        return .number(number)
    }

    private mutating func string() -> String? {
        guard take("\"") else { return nil }
        var text: [UInt8] = []
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            switch byte {
            case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
            case UInt8(ascii: "\\"): guard escape(&text) else { return nil }
            case 0..<32: return nil
            default: text.append(byte)
            }
        }
        return nil
    }

    private mutating func escape(_ text: inout [UInt8]) -> Bool {
        guard place < bytes.count else { return false }
        let byte = bytes[place]
        place += 1
        switch byte {
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "u"):
            guard place + 4 <= bytes.count,
                let code = UInt32(String(decoding: bytes[place..<place + 4], as: UTF8.self), radix: 16)
            else { return false }
            place += 4
            // Half of a pair is no character of its own; answers need none beyond the first plane.
            text.append(contentsOf: String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8)
        default: return false
        }
        return true
    }
}
