/// The two shapes of a log line.
package enum LogFormat: String, Sendable {
    /// For people: stamp, level, message, key=value.
    case text
    /// For machines: one object a line with ts, level, msg, and the pairs.
    case json

    /// The line with its line feed.
    package func line(_ entry: LogEntry) -> [UInt8] {
        switch self {
        case .text: LogFormat.textLine(entry)
        case .json: LogFormat.jsonLine(entry)
        }
    }

    private static func textLine(_ entry: LogEntry) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(192)
        entry.time.appendRFC3339(to: &line)
        line.append(UInt8(ascii: " "))
        line.append(contentsOf: entry.level.name.utf8)
        // "warning" is the longest; messages start in one column.
        line.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 8 - entry.level.name.utf8.count))
        line.append(contentsOf: entry.message.description.utf8)
        for (key, value) in entry.metadata {
            line.append(UInt8(ascii: " "))
            line.append(contentsOf: key.utf8)
            line.append(UInt8(ascii: "="))
            value.appendText(to: &line)
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    private static func jsonLine(_ entry: LogEntry) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("ts", entry.time.rfc3339)
            json.field("level", entry.level.name)
            json.field("msg", entry.message.description)
            for (key, value) in entry.metadata { json.field(key) { value.write(to: &$0) } }
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }
}

extension LogValue {
    fileprivate func write(to json: inout JSONWriter) {
        switch self {
        case .text(let value): json.string(value)
        case .integer(let value): json.integer(value)
        case .natural(let value): json.integer(value)
        case .double(let value): json.double(value)
        case .bool(let value): json.bool(value)
        }
    }

    /// Text with spaces, quotes or control characters is quoted, so that nobody's data can look like a pair or a line.
    fileprivate func appendText(to line: inout [UInt8]) {
        switch self {
        case .text(let value):
            let plain = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x3D && $0 != 0x7F }
            guard !plain else { return line.append(contentsOf: value.utf8) }
            line.append(UInt8(ascii: "\""))
            JSONWriter.escape(value, into: &line)
            line.append(UInt8(ascii: "\""))
        case .integer(let value): line.append(contentsOf: String(value).utf8)
        case .natural(let value): line.append(contentsOf: String(value).utf8)
        case .double(let value): line.append(contentsOf: "\(value)".utf8)
        case .bool(let value): line.append(contentsOf: (value ? "true" : "false").utf8)
        }
    }
}
