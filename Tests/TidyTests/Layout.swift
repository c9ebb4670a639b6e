/// Rules on widths and lengths.
enum Layout {
    static let width = 120
    static let fileLength = 500
    static let functionLength = 70
    static let filesInFolder = 15

    static func lineWidth(_ file: SourceFile) -> [Finding] {
        let judged = file.isSwift || file.isScript || file.path.hasSuffix(".proto")
        guard judged, !file.isGenerated else { return [] }
        return file.lines.indices.compactMap { index in
            let count = file.lines[index].count
            guard count > width else { return nil }
            return Finding(file.path, index + 1, "\(count) columns; break the line at \(width)")
        }
    }

    static func length(_ file: SourceFile) -> [Finding] {
        guard file.isSwift, !file.isGenerated, file.lines.count > fileLength else { return [] }
        let count = file.lines.count
        return [Finding(file.path, count, "\(count) lines; split what is more than one thing (at most \(fileLength))")]
    }

    static func functions(_ file: SourceFile) -> [Finding] {
        guard file.isSwift, !file.isGenerated else { return [] }
        return file.code.indices.compactMap { start in
            guard declaresFunction(file.code[start]), let end = bodyEnd(file.code, from: start) else { return nil }
            let count = end - start + 1
            guard count > functionLength else { return nil }
            return Finding(
                file.path, start + 1, "a function of \(count) lines; split it (at most \(functionLength), better 10)")
        }
    }

    static func folders(_ files: [SourceFile]) -> [Finding] {
        let swift = files.filter { $0.isSwift && !$0.isGenerated && ($0.isSource || $0.path.hasPrefix("Tests/")) }
        return Dictionary(grouping: swift, by: \.folder).filter { $0.value.count > filesInFolder }
            .map { Finding($0.key, 1, "\($0.value.count) files; make folders by subject (at most \(filesInFolder))") }
    }

    /// The length that 95 of 100 files do not exceed, for the report.
    static func percentile95(_ files: [SourceFile]) -> Int {
        let counts = files.filter { $0.isSwift && !$0.isGenerated }.map(\.lines.count).sorted()
        return counts.isEmpty ? 0 : counts[(counts.count - 1) * 95 / 100]
    }

    static func declaresFunction(_ line: String) -> Bool {
        for word in line.split(whereSeparator: { " (<?!".contains($0) }) {
            switch word {
            case "func", "init", "deinit", "subscript": return true
            case "self.init", "super.init": return false
            default: if !isModifier(word) { return false }
            }
        }
        return false
    }

    private static func isModifier(_ word: Substring) -> Bool {
        word.hasPrefix("@")
            || [
                "package", "public", "private", "internal", "fileprivate", "static", "final", "override", "mutating",
                "nonmutating", "nonisolated", "isolated", "borrowing", "consuming", "convenience",
                "required", "prefix", "postfix", "infix", "class", "unsafe)", "nonsending)",
            ].contains(word)
    }

    /// The line on which the body's last brace closes; nil when the declaration has no body (a protocol's).
    private static func bodyEnd(_ code: [String], from start: Int) -> Int? {
        var parentheses = 0
        var braces = 0
        for index in start..<code.count {
            for byte in code[index].utf8 {
                switch byte {
                case UInt8(ascii: "("), UInt8(ascii: "["): parentheses += 1
                case UInt8(ascii: ")"), UInt8(ascii: "]"): parentheses -= 1
                case UInt8(ascii: "{") where parentheses == 0 || braces > 0: braces += 1
                case UInt8(ascii: "}") where braces > 0:
                    braces -= 1
                    if braces == 0 { return index }
                case UInt8(ascii: "}") where parentheses == 0: return nil
                default: continue
                }
            }
            if braces == 0, parentheses == 0, index + 1 < code.count, declaresFunction(code[index + 1]) { return nil }
        }
        return nil
    }
}
