/// A file as the rules see it. For Swift, `code` has comments and string contents blanked and `comments` has only the
/// comments; both keep the file's lines.
struct SourceFile {
    let path: String
    let lines: [String]
    let code: [String]
    let comments: [String]

    init(_ path: String, _ text: String) {
        self.path = path
        lines = SourceFile.split(text)
        if path.hasSuffix(".swift") {
            var reader = SwiftReader(text)
            reader.read()
            code = SourceFile.split(String(decoding: reader.code, as: UTF8.self))
            comments = SourceFile.split(String(decoding: reader.comments, as: UTF8.self))
        } else {
            code = lines
            comments = lines
        }
    }

    private static func split(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    var isSwift: Bool { path.hasSuffix(".swift") }
    var isDocument: Bool { path.hasSuffix(".md") }
    var isSource: Bool { path.hasPrefix("Sources/") }
    var isGenerated: Bool { lines.prefix(3).contains { $0.hasPrefix("// Generated ") } }
    var folder: String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "" }

    var isScript: Bool {
        path.hasSuffix(".sh") || path.hasPrefix(".ci/") || (path.hasPrefix("scripts/") && !path.contains("."))
    }

    /// The folder under Sources or Tests that holds the file.
    var module: String? {
        let parts = path.split(separator: "/")
        return parts.count > 2 && (parts[0] == "Sources" || parts[0] == "Tests") ? String(parts[1]) : nil
    }

    /// Numbered lines of `view`, counted from 1, that contain `needle`.
    func find(_ needle: String, in view: [String]) -> [Int] {
        view.indices.filter { view[$0].contains(needle) }.map { $0 + 1 }
    }
}
