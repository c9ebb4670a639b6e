/// Finds the tag at which a hostile page would keep the parser busy: it compares each attribute of a tag with all
/// before it, so a hundred thousand of them take minutes.
///
/// Every "<" before a letter may begin a tag, so each is followed until its ">" by the parser's own rules about quotes.
/// Where that takes more steps than a page has bytes many times over, the page is not an honest one either.
enum AttributeGuard {
    private static let mostAttributes = 1_000
    private static let stepsForAByte = 16

    /// How much of the page may be parsed; all of it, of an honest one.
    static func honestLength(of page: UnsafeRawBufferPointer) -> Int {
        var steps = page.count * stepsForAByte + 4_096
        for start in page.indices.dropLast() where page[start] == UInt8(ascii: "<") && isLetter(page[start + 1]) {
            var tag = Tag()
            var place = start + 1
            while place < page.count, tag.take(page[place]) {
                place += 1
                steps -= 1
                if tag.attributes > mostAttributes || steps < 0 { return start }
            }
        }
        return page.count
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte & 0xDF) }

    private struct Tag {
        private enum State { case between, name, afterName, beforeValue, quoted(UInt8), plain }

        private var state = State.plain
        private(set) var attributes = 0

        /// False at the tag's end.
        mutating func take(_ byte: UInt8) -> Bool {
            if case .quoted(let quote) = state {
                if byte == quote { state = .between }
                return true
            }
            if byte == UInt8(ascii: ">") { return false }
            let isBlank = byte == 32 || (9...13).contains(byte)
            switch state {
            case .between: if !isBlank { begin(byte) }
            case .name:
                if isBlank {
                    state = .afterName
                } else if byte == UInt8(ascii: "=") {
                    state = .beforeValue
                }
            case .afterName:
                if byte == UInt8(ascii: "=") {
                    state = .beforeValue
                } else if !isBlank {
                    begin(byte)
                }
            case .beforeValue:
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                    state = .quoted(byte)
                } else if !isBlank {
                    state = .plain
                }
            case .plain: if isBlank { state = .between }
            case .quoted: break
            }
            return true
        }

        private mutating func begin(_ byte: UInt8) {
            attributes += 1
            state = .name
        }
    }
}
