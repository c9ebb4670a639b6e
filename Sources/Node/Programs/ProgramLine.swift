import Model
import Telemetry
import Wire

/// One line of a program's standard output: an artifact, or a bookmark. See docs/COLLECTORS.md.
enum ProgramLine {
    struct Found {
        var kind: ContentKind
        var content: [UInt8]
        var source: String
        var metadata: [(name: String, value: String)] = []
        var scores: [(name: String, value: Double)] = []
        var reason: String?
    }

    case artifact(Found)
    case bookmark(String)

    private static let known: Set<String> = [
        "content", "content_base64", "content_type", "source", "metadata", "confidence", "threat_level",
        "opportunity_value", "reason",
    ]
    private static let scoreNames = ["confidence", "threat_level", "opportunity_value"]
    private static let mostBookmark = 12 * Limits.kibibyte

    struct Failure: Error, Equatable { let words: String }

    init(_ line: [UInt8], otherwise source: String) throws(Failure) {
        guard let value = JSONValue(line), let members = value.members else {
            throw Failure(words: "it is no JSON object")
        }
        if let bookmark = value["bookmark"]?.string, members.count == 1 {
            guard bookmark.utf8.count <= ProgramLine.mostBookmark else {
                throw Failure(words: "its bookmark has more than \(ProgramLine.mostBookmark) bytes")
            }
            self = .bookmark(bookmark)
            return
        }
        if let member = members.first(where: { !ProgramLine.known.contains($0.name) }) {
            throw Failure(words: "it has a member \"\(member.name.prefix(utf8: 64))\", which is not known")
        }
        let content = try ProgramLine.content(value)
        let name = value["content_type"]?.string ?? "text"
        guard let kind = ContentKind(rawValue: name) else {
            throw Failure(words: "its content_type is \"\(name.prefix(utf8: 64))\", which is not known")
        }
        var found = Found(kind: kind, content: content, source: value["source"]?.string ?? source)
        for member in value["metadata"]?.members ?? [] {
            guard let text = member.value.scalar else {
                throw Failure(words: "its metadata \"\(member.name.prefix(utf8: 64))\" is no text")
            }
            found.metadata.append((member.name, text))
        }
        for name in ProgramLine.scoreNames {
            guard let score = value[name] else { continue }
            guard let number = score.number, (0...1).contains(number) else {
                throw Failure(words: "its \(name) is not from 0 to 1")
            }
            found.scores.append((name, number))
        }
        found.reason = value["reason"]?.string
        self = .artifact(found)
    }

    private static func content(_ value: JSONValue) throws(Failure) -> [UInt8] {
        switch (value["content"]?.string, value["content_base64"]?.string) {
        case (let text?, nil) where !text.isEmpty: return Array(text.utf8)
        case (nil, let text?):
            guard let bytes = Base64.decoded(text), !bytes.isEmpty else {
                throw Failure(words: "its content_base64 is broken")
            }
            return bytes
        default: throw Failure(words: "it has neither content nor content_base64, or both")
        }
    }
}

enum Base64 {
    /// RFC 4648, with or without padding; nil for anything else.
    static func decoded(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var (bits, count): (UInt32, Int) = (0, 0)
        let body = text.utf8.reversed().drop { $0 == UInt8(ascii: "=") }.reversed()
        for byte in body {
            let value: UInt8
            switch byte {
            case 65...90: value = byte - 65
            case 97...122: value = byte - 71
            case 48...57: value = byte + 4
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            default: return nil
            }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return body.count % 4 == 1 ? nil : bytes
    }
}
