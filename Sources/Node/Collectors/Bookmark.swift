import Model

/// Writes and reads the bytes of bookmarks: big-endian numbers, and strings behind their length.
struct BookmarkWriter {
    private(set) var bytes: [UInt8]

    init(version: UInt8) { bytes = [version] }

    mutating func number(_ value: UInt64) {
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    mutating func string(_ value: String) { bytes(Array(value.utf8)[...]) }

    mutating func bytes(_ value: ArraySlice<UInt8>) {
        number(UInt64(value.count))
        bytes.append(contentsOf: value)
    }
}

struct BookmarkReader {
    private var rest: ArraySlice<UInt8>

    /// Nil for a bookmark of another version; the collector then starts anew.
    init?(_ bytes: ArraySlice<UInt8>?, version: UInt8) {
        guard let bytes, bytes.first == version, bytes.count <= Limits.maxBookmark else { return nil }
        rest = bytes.dropFirst()
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func number() -> UInt64? {
        guard rest.count >= 8 else { return nil }
        defer { rest = rest.dropFirst(8) }
        return rest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func string() -> String? { bytes().flatMap { String(validating: $0, as: UTF8.self) } }

    mutating func bytes() -> ArraySlice<UInt8>? {
        guard let count = number(), count <= UInt64(rest.count) else { return nil }
        defer { rest = rest.dropFirst(Int(count)) }
        return rest.prefix(Int(count))
    }
}
