/// Rules on what the text may say.
enum Words {
    static let leftovers = ["TO" + "DO", "FIX" + "ME", "XX" + "X"]
    static let vagueFolders: Set<Substring> = ["Utils", "Utilities", "Helpers", "Common", "Misc", "Shared"]
    static let machinePaths = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/tmp/bash"]
    static let talkOfWork = ["issue " + "#", "this ses" + "sion", "sub" + "agent"]

    static func leftover(_ file: SourceFile) -> [Finding] {
        leftovers.flatMap { word in
            file.find(word, in: file.lines).filter { standsAlone(word, file.lines[$0 - 1]) }.map {
                Finding(file.path, $0, "\(word) left over; do it now, or write what is missing where users read it")
            }
        }
    }

    /// Not as part of a longer word, such as a temporary file's pattern.
    private static func standsAlone(_ word: String, _ line: String) -> Bool {
        line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.contains { $0 == word }
    }

    static func productOnly(_ file: SourceFile) -> [Finding] {
        let paths = machinePaths.flatMap { path in
            file.find(path, in: file.lines).map {
                Finding(file.path, $0, "\(path) is a path of one machine; make it relative to the repository")
            }
        }
        let talk = talkOfWork.flatMap { words in
            file.find(words, in: file.lines.map { $0.lowercased() }).map {
                Finding(file.path, $0, "“\(words)” speaks of work, not of the product; say the reason itself")
            }
        }
        return paths + talk
    }

    static func folderName(_ file: SourceFile) -> [Finding] {
        guard let name = file.path.split(separator: "/").dropLast().first(where: vagueFolders.contains) else {
            return []
        }
        return [Finding(file.path, 1, "a folder called \(name) says nothing; name it after its subject")]
    }

    static func commentedCode(_ file: SourceFile) -> [Finding] {
        guard file.isSwift, !file.isGenerated else { return [] }
        return file.comments.indices.compactMap { index in
            guard looksLikeCode(file.comments[index]) else { return nil }
            return Finding(file.path, index + 1, "this comment looks like code; delete it, git remembers")
        }
    }

    static func looksLikeCode(_ comment: String) -> Bool {
        let trimmed = comment.drop { $0 == " " }
        guard trimmed.hasPrefix("//"), !trimmed.hasPrefix("///") else { return false }
        let text = String(trimmed.dropFirst(2).drop { $0 == " " })
        let opens = text.hasSuffix("{") || text.hasSuffix("}")
        if text == "}" || text.hasSuffix(";") || (opens && !text.contains(": ")) { return true }
        let words = text.split(separator: " ")
        guard let first = words.first else { return false }
        switch first {
        case "let", "var": return words.count > 2 && (words[2] == "=" || words[1].hasSuffix(":"))
        case "import": return words.count == 2 && !text.hasSuffix(".")
        case "func": return text.contains("(")
        case "return", "try", "await": return words.count == 2 && text.hasSuffix(")")
        default: return isCall(text)
        }
    }

    /// One call and nothing else, like `queue.append(x)`.
    private static func isCall(_ text: String) -> Bool {
        guard text.hasSuffix(")"), let open = text.firstIndex(of: "("), open != text.startIndex else { return false }
        let name = text[..<open]
        return name.contains(".") && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "." || $0 == "_" }
    }
}
