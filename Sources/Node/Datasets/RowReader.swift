import Telemetry

/// Cuts a data set into rows, piece by piece. Pure.
struct RowReader {
    enum Form: String, CaseIterable, Sendable {
        case jsonl, csv, tsv
    }

    enum Row: Equatable, Sendable {
        /// As JSON: a line of JSONL as it is, a row of CSV as an object of texts.
        case value(JSONValue)
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
    private(set) var consumed = 0
    private var taken = 0

    init(_ form: Form, limit: Int, header: [String]? = nil) {
        self.form = form
        self.limit = limit
        self.header = header
    }

    /// The rows that end in these bytes, each with the place after it.
    mutating func take(_ piece: [UInt8]) -> [(row: Row, end: Int)] {
        var rows: [(Row, Int)] = []
        for byte in piece {
            taken += 1
            let isEnd = form == .jsonl ? byte == 10 : endsRow(byte)
            guard isEnd else {
                if form == .jsonl { append(byte) }
                continue
            }
            if let row = finish() { rows.append((row, taken)) }
            consumed = taken
        }
        return rows
    }

    /// The last row, where its end is missing.
    mutating func end() -> [(row: Row, end: Int)] {
        guard bytes > 0 || !fields.isEmpty else { return [] }
        consumed = taken
        return finish().map { [($0, taken)] } ?? []
    }

    private mutating func append(_ byte: UInt8) {
        bytes += 1
        if bytes > limit { isTooLong = true } else { line.append(byte) }
    }

    // MARK: CSV, by RFC 4180

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
        case UInt8(ascii: "\"") where line.isEmpty && form == .csv: isQuoted = true
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
            return JSONValue(line).map { .value($0) } ?? .unusable("it is no JSON")
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
        return .value(.object(zip(header, fields).map { JSONValue.Member($0, .string($1)) }))
    }
}
