/// One field of a message and the Swift that declares, reads, writes and measures it.
struct FieldCode {
    enum Shape { case singular, optional, repeated, map, oneof }

    let field: Field
    let shape: Shape
    let comment: String
    /// The Swift type of one element.
    let type: String
    /// What reader, writer and size functions call it: `uint64`, `string`, `message`, …
    let kind: String
    let name: String

    var isMessage: Bool { field.type == 11 }
    var isEnum: Bool { field.type == 14 }
    private var wireType: UInt32 {
        switch kind {
        case "double", "fixed64", "sfixed64": 1
        case "float", "fixed32", "sfixed32": 5
        case "string", "bytes", "message": 2
        default: 0
        }
    }
    private var isPacked: Bool { shape == .repeated && wireType != 2 }
    private var elementTag: UInt32 { field.number << 3 | wireType }
    private var runTag: UInt32 { field.number << 3 | 2 }
    private var writtenTag: UInt32 { isPacked || shape == .map ? runTag : elementTag }
    private var tagSize: Int { (32 - (writtenTag | 1).leadingZeroBitCount + 6) / 7 }

    // MARK: Declaration

    var declaredType: String {
        switch shape {
        case .singular, .oneof: type
        case .optional: type + "?"
        case .repeated: "[\(type)]"
        case .map: "StringMap"
        }
    }

    var initial: String {
        switch shape {
        case .optional: "nil"
        case .repeated: "[]"
        case .map: "StringMap()"
        case .singular, .oneof:
            switch kind {
            case "string": "\"\""
            case "bytes": "[]"
            case "bool": "false"
            default: isEnum ? "\(type)()" : "0"
            }
        }
    }

    // MARK: Reading

    /// `target` is where a value goes: `name = ` or, in a oneof, `body = .hello(`…`)`.
    func decodeCases(oneof: String? = nil) -> [(tag: UInt32, lines: [String])] {
        let read = isEnum ? "\(type)(rawValue: try reader.int32())" : "try reader.\(kind)()"
        let place = Names.escaped(name)
        switch shape {
        case .oneof: return [(elementTag, ["\(oneof ?? "") = .\(place)(\(read))"])]
        case .singular, .optional: return [(elementTag, ["\(place) = \(read)"])]
        case .map: return [(runTag, ["try \(place).decodeEntry(&reader)"])]
        case .repeated where isMessage: return [(elementTag, ["try reader.message(into: &\(place))"])]
        case .repeated:
            let one = ["try reader.charge(MemoryLayout<\(type)>.stride)", "\(place).append(\(read))"]
            guard isPacked else { return [(elementTag, one)] }
            let run =
                ["let outer = try reader.enter()", "while !reader.isAtEnd {"] + one.map { "    " + $0 }
                + ["}", "reader.leave(outer)"]
            return [(elementTag, one), (runTag, run)]
        }
    }

    // MARK: Writing, last things first

    func encodeLines() -> [String] {
        let place = Names.escaped(name)
        switch shape {
        case .singular: return ["if \(isPresent(place)) { \(write(place)) }"]
        case .optional: return ["if let \(place) { \(write(place)) }"]
        case .oneof: return ["case .\(place)(let value): \(write("value"))"]
        case .map: return ["\(place).encode(&writer, tag: \(runTag))"]
        case .repeated where isMessage: return ["writer.messages(\(place), tag: \(elementTag))"]
        case .repeated where isPacked:
            return [
                "if !\(place).isEmpty {", "    let end = writer.position",
                "    for value in \(place).reversed() { writer.\(kind)(\(raw("value"))) }",
                "    writer.length(since: end)", "    writer.tag(\(runTag))", "}",
            ]
        case .repeated: return ["for value in \(place).reversed() { \(write("value")) }"]
        }
    }

    func sizeLines() -> [String] {
        let place = Names.escaped(name)
        func sized(_ value: String) -> String { "size += \(tagSize) + ProtoSize.\(kind)(\(raw(value)))" }
        switch shape {
        case .singular: return ["if \(isPresent(place)) { \(sized(place)) }"]
        case .optional: return ["if let \(place) { \(sized(place)) }"]
        case .oneof: return ["case .\(place)(let value): \(sized("value"))"]
        case .map: return ["size += \(place).encodedSize(tag: \(tagSize))"]
        case .repeated where isMessage: return ["size += ProtoSize.messages(\(place), tag: \(tagSize))"]
        case .repeated where isPacked:
            return [
                "if !\(place).isEmpty {",
                "    let run = \(place).reduce(0) { $0 + ProtoSize.\(kind)(\(raw("$1"))) }",
                "    size += \(tagSize) + ProtoSize.prefixed(run)", "}",
            ]
        case .repeated: return ["for value in \(place) { \(sized("value")) }"]
        }
    }

    private func raw(_ value: String) -> String { isEnum ? value + ".rawValue" : value }
    private func write(_ value: String) -> String { "writer.\(kind)(\(raw(value))); writer.tag(\(writtenTag))" }

    /// proto3 does not write what is zero or empty. Minus zero is neither.
    private func isPresent(_ place: String) -> String {
        switch kind {
        case "string", "bytes": "!\(place).isEmpty"
        case "bool": place
        case "double", "float": "\(place).bitPattern != 0"
        default: "\(raw(place)) != 0"
        }
    }
}
