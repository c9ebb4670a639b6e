/// What a robots.txt says to us, by RFC 9309. Pure.
package struct RobotsRules: Equatable, Sendable {
    private struct Rule: Equatable, Sendable {
        let isAllowed: Bool
        let pattern: [UInt8]  // as matched: percent-encoding made alike
        let line: String
    }

    private var rules: [Rule] = []
    private var held = 0  // bytes of their patterns
    /// The lines of the group that was matched, as they came, without the paths.
    package private(set) var group = ""
    /// Seconds between two requests, where the group asks for it; not part of the RFC.
    package private(set) var crawlDelay: Double?
    /// What the group says in Content-Signal lines.
    private(set) var contentSignal: String?
    /// Addresses of sitemaps; they belong to no group.
    package private(set) var sitemaps: [String] = []

    static let mostBytes = 500 * 1_024  // of a file; the RFC asks for so many at least
    private static let mostRuleBytes = 64 * 1_024  // of one group
    private static let longestPath = 2_048  // bytes of a path that are compared
    private static let mostSitemaps = 64
    private static let mostGroupBytes = 4_096

    /// Nothing is forbidden.
    static let none = RobotsRules()

    private init() {}

    package init(_ text: [UInt8], agent: String) {
        let agent = agent.lowercased()
        var ours = RobotsRules()
        var others = RobotsRules()
        var isNamed = false
        var current: (ours: Bool, others: Bool) = (false, false)
        var inAgents = false
        for line in RobotsRules.lines(text) {
            if line.key == "sitemap" {
                if sitemaps.count < RobotsRules.mostSitemaps { sitemaps.append(line.value) }
                continue
            }
            if line.key == "user-agent" {
                if !inAgents { current = (false, false) }
                inAgents = true
                let token = RobotsRules.token(line.value)
                if token == agent {
                    current.ours = true
                    isNamed = true
                } else if token == "*" {
                    current.others = true
                }
            } else {
                inAgents = false
            }
            if current.ours { ours.take(line) }
            if current.others { others.take(line) }
        }
        let sitemaps = sitemaps
        self = isNamed ? ours : others
        self.sitemaps = sitemaps
    }

    // MARK: Reading

    private struct Line {
        let key: String
        let value: String
    }

    private static func lines(_ text: [UInt8]) -> [Line] {
        var text = text.prefix(mostBytes)
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
        return text.split { $0 == 10 || $0 == 13 }.compactMap { bytes in
            let line = bytes.prefix { $0 != UInt8(ascii: "#") }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            let key = trimmed(line[..<colon]).lowercased()
            return Line(key: key, value: trimmed(line[line.index(after: colon)...]))
        }
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        let isSpace = { (byte: UInt8) in byte == 32 || byte == 9 }
        let start = bytes.drop(while: isSpace)
        return String(decoding: start.reversed().drop(while: isSpace).reversed(), as: UTF8.self)
    }

    /// The product token: what stands before a version or a comment.
    private static func token(_ value: String) -> String {
        if value.hasPrefix("*") { return "*" }
        return value.lowercased().prefix { $0.isASCII && ($0.isLetter || $0 == "_" || $0 == "-") }.description
    }

    private mutating func take(_ line: Line) {
        switch line.key {
        case "allow", "disallow":
            // An empty value says nothing: everything is allowed as it is.
            let pattern = RobotsRules.normalised(Array(line.value.utf8)[...])
            guard !pattern.isEmpty, pattern.count <= RobotsRules.longestPath,
                held + pattern.count <= RobotsRules.mostRuleBytes
            else { return }
            held += pattern.count
            rules.append(
                Rule(
                    isAllowed: line.key == "allow", pattern: pattern,
                    line: "\(line.key == "allow" ? "Allow" : "Disallow"): \(line.value)"))
            return
        case "crawl-delay": if let delay = Double(line.value), delay.isFinite, delay >= 0 { crawlDelay = delay }
        case "content-signal": contentSignal = contentSignal.map { "\($0), \(line.value)" } ?? line.value
        default: break
        }
        let text = "\(line.key): \(line.value)"
        guard group.utf8.count + text.utf8.count < RobotsRules.mostGroupBytes else { return }
        group += group.isEmpty ? text : "\n" + text
    }

    // MARK: Judging

    /// Nil when the path, with its query, may be fetched; else the line that forbids it.
    package func objection(to path: String) -> String? {
        if path == "/robots.txt" { return nil }
        let path = RobotsRules.normalised(Array(path.utf8)[...]).prefix(RobotsRules.longestPath)
        var best: Rule?
        for rule in rules where rule.pattern.count >= best?.pattern.count ?? 0 {
            // Of the same length the one that allows counts.
            if let best, best.pattern.count == rule.pattern.count, best.isAllowed || !rule.isAllowed { continue }
            if RobotsRules.matches(path, rule.pattern) { best = rule }
        }
        guard let best, !best.isAllowed else { return nil }
        return best.line
    }

    /// Percent-encoding made alike: what need not be encoded is not, what must be is, and digits are in upper case.
    static func normalised(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var place = bytes.startIndex
        while place < bytes.endIndex {
            let byte = bytes[place]
            place += 1
            if byte == UInt8(ascii: "%"), place + 1 < bytes.endIndex, let high = digit(bytes[place]),
                let low = digit(bytes[place + 1])
            {
                place += 2
                let decoded = high << 4 | low
                if isUnreserved(decoded) { result.append(decoded) } else { result += encoded(decoded) }
            } else if byte > 0x7F || byte <= 32 {
                result += encoded(byte)
            } else {
                result.append(byte)
            }
        }
        return result
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        (65...90).contains(byte & 0xDF) || (48...57).contains(byte) || "-._~".utf8.contains(byte)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }

    private static func encoded(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    /// From the path's start; `*` stands for anything, `$` at the end for the path's end. The parts between stars are
    /// found one after another, each as early as possible, so no choice is ever taken back.
    static func matches(_ path: ArraySlice<UInt8>, _ pattern: [UInt8]) -> Bool {
        let isAnchored = pattern.last == UInt8(ascii: "$")
        let body = isAnchored ? pattern.dropLast() : pattern[...]
        var parts = body.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
        let first = parts.removeFirst()
        guard path.starts(with: first) else { return false }
        var rest = path.dropFirst(first.count)
        guard !parts.isEmpty else { return !isAnchored || rest.isEmpty }
        let last = parts.removeLast()
        for part in parts where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        if isAnchored { return rest.count >= last.count && rest.suffix(last.count) == last }
        return last.isEmpty || rest.firstRange(of: last) != nil
    }
}
