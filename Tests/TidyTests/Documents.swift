/// Rules on documents: what they point to must exist.
enum Documents {
    static let readmeLength = 100
    private static let ownFolders = ["scripts/", "docs/", "deploy/", "Sources/", "Tests/", ".ci/"]

    static func readme(_ file: SourceFile) -> [Finding] {
        guard file.path == "README.md", file.lines.count >= readmeLength else { return [] }
        return [Finding(file.path, file.lines.count, "move detail to docs/; a README has under \(readmeLength) lines")]
    }

    /// `exists` answers for a path from the repository's root.
    static func links(_ file: SourceFile, exists: (String) -> Bool) -> [Finding] {
        guard file.isDocument else { return [] }
        return file.lines.indices.flatMap { index in
            linkTargets(file.lines[index]).filter { !exists(resolve($0, from: file.folder)) }
                .map { Finding(file.path, index + 1, "dead link \($0); point it to what there is") }
        }
    }

    /// Files of ours that a text names must be there, unless the name has a place-holder in it.
    static func namedFiles(_ file: SourceFile, exists: (String) -> Bool) -> [Finding] {
        file.comments.indices.flatMap { index in
            paths(file.comments[index]).filter { !exists($0) }
                .map { Finding(file.path, index + 1, "\($0) is not there; name what there is") }
        }
    }

    static func linkTargets(_ line: String) -> [String] {
        line.split(separator: "](", omittingEmptySubsequences: false).dropFirst().compactMap { rest in
            guard let end = rest.firstIndex(of: ")") else { return nil }
            let target = rest[..<end].split(separator: "#", omittingEmptySubsequences: false)[0]
            return target.isEmpty || target.contains(":") ? nil : String(target)
        }
    }

    static func paths(_ line: String) -> [String] {
        line.split { !($0.isLetter || $0.isNumber || "./_-*$@<".contains($0)) }.compactMap { word in
            var path = word.hasPrefix("./") ? word.dropFirst(2) : word[...]
            while let last = path.last, ".,".contains(last) { path.removeLast() }
            guard let folder = ownFolders.first(where: path.hasPrefix), path.count > folder.count else { return nil }
            return path.contains { "*$<".contains($0) } ? nil : String(path)
        }
    }

    static func resolve(_ link: String, from folder: String) -> String {
        var parts = link.hasPrefix("/") ? [] : folder.split(separator: "/")
        for part in link.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }
}
