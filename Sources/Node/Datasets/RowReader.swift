import Glibc
package import Telemetry

/// Cuts a data set into rows, piece by piece. Pure.
package struct RowReader {
    package enum Form: String, CaseIterable, Sendable {
        case jsonl, csv, tsv
    }

    package enum Row: Equatable, Sendable {
        /// As JSON, and how it is written: a line of JSONL as it is, a row of CSV as an object of texts.
        case value(JSONValue, [UInt8])
        /// Longer than allowed, or not of the form.
        case unusable(String)
    }

    private let form: Form
    private let limit: Int
    private var line: [UInt8] = []  // JSONL: the line; CSV: the field
    private var fields: [String] = []
    private var bytes = 0  // of the row so far
    private var isQuoted = false
    private var wasQuote = false  // a quote inside quotes: it ends them, unless another follows
    private var isTooLong = false
    private var isFirst = true
    private(set) var header: [String]?
    /// Bytes up to the end of the last row that was given out.
    package private(set) var consumed = 0
    private var taken = 0

    package init(_ form: Form, limit: Int, header: [String]? = nil) {
        self.form = form
        self.limit = limit
        self.header = header
    }

    /// The rows that end in these bytes, each with the place after it.
    package mutating func take(_ piece: [UInt8]) -> [(row: Row, end: Int)] {
        if form == .jsonl { return takeLines(piece[...]) }
        var rows: [(Row, Int)] = []
        for byte in piece {
            taken += 1
            guard endsRow(byte) else { continue }
            if let row = finish() { rows.append((row, taken)) }
            consumed = taken
        }
        return rows
    }

    private mutating func takeLines(_ piece: ArraySlice<UInt8>) -> [(row: Row, end: Int)] {
        var rows: [(Row, Int)] = []
        var rest = piece
        while let end = rest.firstPlace(of: 10) {
            append(rest[..<end])
            taken += end - rest.startIndex + 1
            rest = rest[(end + 1)...]
            if let row = finish() { rows.append((row, taken)) }
            consumed = taken
        }
        append(rest)
        taken += rest.count
        return rows
    }

    private mutating func append(_ part: ArraySlice<UInt8>) {
        bytes += part.count
        if bytes > limit { isTooLong = true } else { line += part }
    }

    /// The last row, where its end is missing.
    package mutating func end() -> [(row: Row, end: Int)] {
        guard bytes > 0 || !fields.isEmpty else { return [] }
        consumed = taken
        return finish().map { [($0, taken)] } ?? []
    }

    private mutating func append(_ byte: UInt8) {
        bytes += 1
        if bytes > limit { isTooLong = true } else { line.append(byte) }
    }

    // MARK: CSV, by RFC 4180, and TSV, whose fields are quoted likewise where they need it

    private var separator: UInt8 { form == .tsv ? 9 : UInt8(ascii: ",") }

    private mutating func endsRow(_ byte: UInt8) -> Bool {
        if wasQuote {
            wasQuote = false
            if byte == UInt8(ascii: "\"") {
                append(byte)
                return false
            }
            isQuoted = false
        } else if isQuoted {
            if byte == UInt8(ascii: "\"") { wasQuote = true } else { append(byte) }
            return false
        }
        switch byte {
        case UInt8(ascii: "\"") where line.isEmpty: isQuoted = true
        case separator: endField()
        case 13: break
        case 10: return true
        default: append(byte)
        }
        return false
    }

    private mutating func endField() {
        bytes += 1
        if bytes > limit { isTooLong = true } else { fields.append(String(decoding: line, as: UTF8.self)) }
        line = []
    }

    // MARK: Rows

    /// Nil for an empty line and for the header.
    private mutating func finish() -> Row? {
        let isEmpty = bytes == 0 && fields.isEmpty
        if form != .jsonl, !isEmpty { endField() }
        defer {
            (line, fields, bytes, isTooLong, isQuoted, wasQuote) = ([], [], 0, false, false, false)
        }
        if isEmpty { return nil }
        if isTooLong { return .unusable("it has more than \(limit) bytes") }
        if form == .jsonl {
            if line.allSatisfy({ $0 == 32 || $0 == 9 || $0 == 13 }) { return nil }
            return JSONValue(line).map { .value($0, RowReader.trimmed(line)) } ?? .unusable("it is no JSON")
        }
        guard let header else {
            var names = fields
            if let first = names.first, first.hasPrefix("\u{FEFF}") {
                names[0] = String(first.unicodeScalars.dropFirst())
            }
            header = names
            return nil
        }
        guard fields.count == header.count else {
            return .unusable("it has \(fields.count) fields, and the header \(header.count)")
        }
        let value = JSONValue.object(zip(header, fields).map { JSONValue.Member($0, .string($1)) })
        return .value(value, value.encoded)
    }

    private static func trimmed(_ line: [UInt8]) -> [UInt8] {
        let isSpace = { (byte: UInt8) in byte == 32 || byte == 9 || byte == 13 }
        guard isSpace(line.first ?? 0) || isSpace(line.last ?? 0) else { return line }
        let start = line.drop(while: isSpace)
        let end = start.lastIndex { !isSpace($0) } ?? start.startIndex
        return Array(start[...end])
    }
}

extension ArraySlice<UInt8> {
    /// As `firstIndex(of:)`, with the library's own search.
    fileprivate func firstPlace(of byte: UInt8) -> Int? {
        withUnsafeBytes { space in
            guard let base = space.baseAddress, let found = memchr(base, Int32(byte), space.count) else { return nil }
            return startIndex + (UnsafeRawPointer(found) - base)
        }
    }
}
