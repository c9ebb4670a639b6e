package import Model

/// One GET, or one POST.
package struct FetchRequest: Sendable {
    package var location: Location
    /// Sent on every hop to the first host; a redirect to another host leaves them out.
    package var headers: [(name: String, value: String)] = []
    package var userAgent: String
    /// Makes it a POST of these bytes. Give it no redirects: they would not be followed with a body.
    package var body: [UInt8]?
    /// Bytes after content decoding; more ends the fetch with `tooLarge`.
    package var maxBytes: Int
    /// For everything: names, connections, redirects, body.
    package var maxTime: Span
    package var maxRedirects = FetchLimits.redirects
    /// A redirect is an answer like any other, for whoever follows it himself.
    package var returnsRedirects = false
    /// What is longer than `maxBytes` is cut there instead of refused.
    package var cutsLongBodies = false

    package init(_ location: Location, userAgent: String, maxBytes: Int, maxTime: Span) {
        self.location = location
        self.userAgent = userAgent
        self.maxBytes = maxBytes
        self.maxTime = maxTime
    }
}

package struct FetchResponse: Sendable {
    package var status: Int
    package var headers: FetchHeaders
    package var body: [UInt8]
    /// Where the last redirect led.
    package var location: Location
    package var resolvedAddress: String
    package var redirects: Int
    /// Where a 3xx answer points, if it was to be returned.
    package var redirect: Location?
}

/// The header lines of one answer, in order; names are kept in lower case.
package struct FetchHeaders: Sendable {
    package private(set) var lines: [(name: String, value: String)] = []
    private var bytes = 0

    package init() {}

    /// The first value under a lower-case name.
    package subscript(_ name: String) -> String? { lines.first { $0.name == name }?.value }

    /// All values under a lower-case name, one after another; nil when there is none.
    package func all(_ name: String) -> String? {
        let values = lines.filter { $0.name == name }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    /// False when there is more than an honest answer has.
    mutating func take(line: some Collection<UInt8>) -> Bool {
        bytes += line.count
        guard bytes <= FetchLimits.headerBytes, lines.count < FetchLimits.headerLines else { return false }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return true }
        let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
        lines.append((name, FetchHeaders.trimmed(line[line.index(after: colon)...])))
        return true
    }

    private static func trimmed(_ text: some Collection<UInt8>) -> String {
        let isSpace = { (byte: UInt8) in byte == 32 || (9...13).contains(byte) }
        let start = text.drop(while: isSpace)
        return String(decoding: start.reversed().drop(while: isSpace).reversed(), as: UTF8.self)
    }
}

/// Bounds of one fetch.
package enum FetchLimits {
    package static let redirects = 10
    static let headerBytes = 64 * Limits.kibibyte
    static let headerLines = 256
    static let connectTime = Span.seconds(15)
    static let silence = 60  // seconds without a byte
    static let connectionsKept = 512  // idle, for reuse
}
