/// Parts Swift source into code and comments, byte for byte, blanking in each what belongs to the other. String
/// contents belong to neither; interpolated code is blanked with its string.
struct SwiftReader {
    private let text: [UInt8]
    private var place = 0
    private(set) var code: [UInt8] = []
    private(set) var comments: [UInt8] = []

    init(_ source: String) { text = Array(source.utf8) }

    mutating func read() {
        while place < text.count {
            if starts("//") {
                while place < text.count, text[place] != 10 { take(comment: true) }
            } else if starts("/*") {
                readBlockComment()
            } else if let hashes = stringStart() {
                readString(hashes: hashes)
            } else {
                take(code: true)
            }
        }
    }

    private func starts(_ prefix: StaticString, at offset: Int = 0) -> Bool {
        let start = place + offset
        guard start + prefix.utf8CodeUnitCount <= text.count else { return false }
        return prefix.withUTF8Buffer { text[start..<start + $0.count].elementsEqual($0) }
    }

    private mutating func take(code inCode: Bool = false, comment: Bool = false, count: Int = 1) {
        for byte in text[place..<min(place + count, text.count)] {
            code.append(inCode || byte == 10 ? byte : 32)
            comments.append(comment || byte == 10 ? byte : 32)
        }
        place += count
    }

    private mutating func readBlockComment() {
        var depth = 0
        repeat {
            if starts("/*") { depth += 1 } else if starts("*/") { depth -= 1 }
            take(comment: true, count: starts("/*") || starts("*/") ? 2 : 1)
        } while depth > 0 && place < text.count
    }

    /// The number of hashes before a quote that opens here; nil when none does.
    private func stringStart() -> Int? {
        var hashes = 0
        while place + hashes < text.count, text[place + hashes] == UInt8(ascii: "#") { hashes += 1 }
        return starts("\"", at: hashes) ? hashes : nil
    }

    private mutating func readString(hashes: Int) {
        take(code: true, count: hashes)
        let quotes = starts("\"\"\"") ? 3 : 1
        take(code: true, count: quotes)
        while place < text.count {
            if text[place] == UInt8(ascii: "\\"), closes(hashes, at: 1) {
                readEscape(hashes: hashes)
            } else if starts(quotes == 3 ? "\"\"\"" : "\""), closes(hashes, at: quotes) {
                return take(code: true, count: quotes + hashes)
            } else if text[place] == 10, quotes == 1 {
                return
            } else {
                take()
            }
        }
    }

    private func closes(_ hashes: Int, at offset: Int) -> Bool {
        (0..<hashes).allSatisfy { starts("#", at: offset + $0) }
    }

    private mutating func readEscape(hashes: Int) {
        take(count: 1 + hashes)
        guard starts("(") else { return take() }
        var depth = 0
        repeat {
            if let inner = stringStart() {
                let mark = code.count
                readString(hashes: inner)
                for index in mark..<code.count where code[index] != 10 { code[index] = 32 }
                continue
            }
            if starts("(") { depth += 1 } else if starts(")") { depth -= 1 }
            take()
        } while depth > 0 && place < text.count
    }
}
