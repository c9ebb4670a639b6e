import Foundation

/// The files that are ours: what git knows or would take.
struct Repository {
    let root: URL
    let files: [SourceFile]
    private let paths: Set<String>

    init() throws {
        root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let listed = try Repository.listed(in: root) ?? Repository.walked(in: root)
        paths = Set(listed)
        let here = root
        files = listed.filter(Repository.isText).compactMap { path in
            let text = try? String(contentsOf: here.appending(path: path), encoding: .utf8)
            return text.map { SourceFile(path, $0) }
        }
    }

    /// True of a file of ours, a folder that holds one, or the top.
    func exists(_ path: String) -> Bool {
        let name = path.hasSuffix("/") ? String(path.dropLast()) : path
        return name.isEmpty || paths.contains(name) || paths.contains { $0.hasPrefix(name + "/") }
    }

    private static func isText(_ path: String) -> Bool {
        let ending = path.split(separator: "/").last?.split(separator: ".").dropFirst().last
        let text: Set<Substring> = ["swift", "md", "proto", "sh", "py", "service", "h", "modulemap", "json", "yml"]
        return path != "LICENSE" && (ending.map(text.contains) ?? true || path.hasPrefix(".ci/"))
    }

    /// Nil where there is no git or no checkout, as in an unpacked archive.
    private static func listed(in root: URL) throws -> [String]? {
        let git = Process()
        let output = Pipe()
        git.executableURL = URL(filePath: "/usr/bin/env")
        git.arguments = ["git", "-C", root.path, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        git.standardOutput = output
        git.standardError = FileHandle.nullDevice
        try git.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        git.waitUntilExit()
        guard git.terminationStatus == 0 else { return nil }
        return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            .filter { FileManager.default.fileExists(atPath: root.appending(path: $0).path) }
    }

    private static func walked(in root: URL) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: root.path).filter { path in
            var isFolder = ObjCBool(false)
            let there = FileManager.default.fileExists(atPath: root.appending(path: path).path, isDirectory: &isFolder)
            return there && !isFolder.boolValue && !path.hasPrefix(".build/") && !path.hasPrefix(".git/")
                && !path.hasPrefix(".demo/")
        }
    }
}
