/// What can be told from a target's location without fetching it.
enum Location {
    /// The host of an http or https URL in lower case, without user, port and trailing dot; nil for anything else.
    static func host(of location: String) -> String? {
        guard let rest = afterScheme(location.utf8) else { return nil }
        var authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) { authority = authority[authority.index(after: at)...] }
        if authority.first == UInt8(ascii: "[") {
            guard let end = authority.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            return lowercase(authority[...end])
        }
        var name = authority.prefix { $0 != UInt8(ascii: ":") }
        if name.last == UInt8(ascii: ".") { name = name.dropLast() }
        return name.isEmpty ? nil : lowercase(name)
    }

    /// Says it has a scheme, whichever.
    static func hasScheme(_ location: String) -> Bool {
        let scheme = location.utf8.prefix { $0 != UInt8(ascii: ":") }
        return location.utf8.dropFirst(scheme.count).starts(with: "://".utf8)
    }

    /// White space and control characters are never part of a URL.
    static func hasForbiddenBytes(_ location: String) -> Bool {
        location.utf8.contains { $0 <= 0x20 || $0 == 0x7F }
    }

    private static func afterScheme(_ text: String.UTF8View) -> Substring.UTF8View? {
        for scheme in ["http://", "https://"] where text.count > scheme.utf8.count {
            if zip(text, scheme.utf8).allSatisfy({ lower($0) == $1 }) { return text.dropFirst(scheme.utf8.count) }
        }
        return nil
    }

    private static func lowercase(_ bytes: Substring.UTF8View) -> String {
        String(decoding: bytes.map(lower), as: UTF8.self)
    }

    private static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}
