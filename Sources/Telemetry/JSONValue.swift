/// One JSON value. Numbers stay as they were written, members in their order, so that what is read is what is written.
package indirect enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    package struct Member: Equatable, Sendable {
        package let name: String
        package let value: JSONValue

        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// Nil unless the bytes are exactly one value, nested at most 64 deep.
    package init?(_ bytes: some Collection<UInt8>) {
        let read = bytes.withContiguousStorageIfAvailable { JSONReader.value(in: $0) }
        guard let value = read ?? Array(bytes).withUnsafeBufferPointer({ JSONReader.value(in: $0) }) else { return nil }
        self = value
    }

    /// The first member of that name; nil for anything else than an object.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// Along "a.b.0.c": names of members and places in arrays. The empty path is the value itself.
    package func at(_ path: String) -> JSONValue? {
        path.split(separator: ".").reduce(self as JSONValue?) { value, part in
            switch value {
            case .array(let elements)?:
                Int(part).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
            case let value?: value[String(part)]
            case nil: nil
            }
        }
    }

    package var string: String? { if case .string(let text) = self { text } else { nil } }
    package var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    package var members: [Member]? { if case .object(let members) = self { members } else { nil } }
    package var number: Double? { if case .number(let text) = self { Double(text) } else { nil } }
    package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// Members by name; of a name that stands twice, the last.
    package var object: [String: JSONValue]? {
        members.map { Dictionary($0.map { ($0.name, $0.value) }) { $1 } }
    }

    /// The whole number that it is.
    package func integer(in range: ClosedRange<UInt64>) -> UInt64? {
        guard let number, let whole = UInt64(exactly: number), range.contains(whole) else { return nil }
        return whole
    }

    /// A string as it is, a number, true and false as written; nil for anything else.
    package var scalar: String? {
        switch self {
        case .string(let text), .number(let text): text
        case .bool(let value): value ? "true" : "false"
        case .null, .array, .object: nil
        }
    }

    /// In one line.
    package var encoded: [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }
}

extension JSONWriter {
    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .number(let text): raw(text)
        case .string(let text): string(text)
        case .array(let elements): array { json in elements.forEach { json.value($0) } }
        case .object(let members):
            object { json in
                for member in members {
                    json.key(member.name)
                    json.value(member.value)
                }
            }
        }
    }
}
