/// Swift names from protobuf names.
enum Names {
    private static let keywords: Set<String> = [
        "as", "break", "case", "catch", "class", "continue", "default", "defer", "do", "else", "enum", "extension",
        "fallthrough", "false", "for", "func", "guard", "if", "import", "in", "init", "inout", "internal", "is",
        "let", "nil", "operator", "private", "protocol", "public", "repeat", "return", "self", "static", "struct",
        "subscript", "super", "switch", "throw", "throws", "true", "try", "var", "where", "while",
    ]

    /// last_seen_ms → lastSeenMs
    static func camel(_ name: String) -> String {
        let words = name.split(separator: "_").map { $0.lowercased() }
        return words.dropFirst().reduce(words.first ?? "") { $0 + capital($1) }
    }

    /// A name at a place where a keyword would be taken for one.
    static func escaped(_ name: String) -> String { keywords.contains(name) ? "`\(name)`" : name }

    static func capital(_ word: some StringProtocol) -> String { word.prefix(1).uppercased() + word.dropFirst() }

    /// OUTCOME_FAILED_NODE → failedNode: the words that all values begin with say nothing.
    static func cases(_ values: [EnumType.Value]) -> [String] {
        let words = values.map { $0.name.split(separator: "_") }
        var shared = 0
        if let first = words.first, words.count > 1 {
            while words.allSatisfy({ $0.count > shared + 1 && $0[shared] == first[shared] }) { shared += 1 }
        }
        return words.map { escaped(camel($0.dropFirst(shared).joined(separator: "_"))) }
    }
}

/// Text of indented lines.
struct Lines {
    private(set) var text = ""
    private(set) var count = 0
    private var depth = 0

    mutating func add(_ line: String) {
        text += line.isEmpty ? "\n" : String(repeating: " ", count: depth * 4) + line + "\n"
        count += 1
    }

    /// `head {`, what `body` adds, `}`.
    mutating func block(_ head: String, _ body: (inout Lines) -> Void) {
        add(head + " {")
        depth += 1
        body(&self)
        depth -= 1
        add("}")
    }

    mutating func comment(_ text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
            add("///\(line.hasPrefix(" ") ? "" : " ")\(line)")
        }
    }
}
