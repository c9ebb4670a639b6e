import Telemetry

/// How an interface is asked for the next part of its answer. Pure.
struct Paging: Equatable, Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case none
        case link  // the Link header, rel="next"
        case next  // an address in the answer
        case page  // a number that grows
        case cursor  // a value in the answer that goes into the next request
    }

    let kind: Kind
    let path: String
    let parameter: String
    private var number: Int

    init(_ options: Options) throws(CollectionFailure) {
        let name = options["paging"] ?? "none"
        guard let kind = Kind(rawValue: name) else {
            throw Options.refusal("paging", name, Kind.allCases.map(\.rawValue).joined(separator: ", "))
        }
        self.kind = kind
        path = kind == .next || kind == .cursor ? try options.required("next", "the path of it in the answer") : ""
        parameter = options["parameter"] ?? (kind == .cursor ? "cursor" : "page")
        number = try options.number("first", in: 0...1_000_000, otherwise: 1)
    }

    /// The first address to ask: with a page number, where there is one.
    func first(_ location: String) -> String {
        kind == .page ? Paging.setting(parameter, to: "\(number)", in: location) : location
    }

    /// The next address to ask, which may be relative; nil at the end.
    mutating func next(after location: String, _ answer: JSONValue, link: String?, items: Int) -> String? {
        switch kind {
        case .none: return nil
        case .link: return link.flatMap(Paging.next)
        case .next: return answer.at(path)?.string.flatMap { $0.isEmpty ? nil : $0 }
        case .page:
            guard items > 0 else { return nil }
            number += 1
            return Paging.setting(parameter, to: "\(number)", in: location)
        case .cursor:
            guard let cursor = answer.at(path)?.scalar, !cursor.isEmpty, cursor != "false" else { return nil }
            return Paging.setting(parameter, to: cursor, in: location)
        }
    }

    /// RFC 8288: `<https://…>; rel="next"`.
    static func next(_ header: String) -> String? {
        for part in header.split(separator: "<").dropLast(0) {
            guard let end = part.firstIndex(of: ">") else { continue }
            let parameters = part[end...].dropFirst().split { $0 == ";" || $0 == "," }
            let isNext = parameters.contains { parameter in
                let pair = parameter.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != " " && $0 != "\"" } }
                return pair.count == 2 && pair[0].lowercased() == "rel" && pair[1].lowercased() == "next"
            }
            if isNext { return String(part[..<end]) }
        }
        return nil
    }

    /// The location with that query parameter, in the place of an older one.
    static func setting(_ name: String, to value: String, in location: String) -> String {
        let parts = location.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let kept = parts.count < 2 ? [] : parts[1].split(separator: "&").filter { !$0.hasPrefix(name + "=") }
        return "\(parts[0])?" + (kept.map(String.init) + ["\(name)=\(encoded(value))"]).joined(separator: "&")
    }

    private static func encoded(_ value: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return value.utf8.reduce(into: "") { text, byte in
            let isPlain = (65...90).contains(byte & 0xDF) || (48...57).contains(byte) || "-._~".utf8.contains(byte)
            text += isPlain ? String(UnicodeScalar(byte)) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }
    }
}
