import Glibc

/// A directory of its own for one test, gone when the value is.
package final class TemporaryDirectory: Sendable {
    package let path: String

    package init() {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/rookery-test-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { fatalError("no directory for a test: errno \(errno)") }
        path = String(cString: made)
    }

    deinit { TemporaryDirectory.remove(path) }

    package func file(_ name: String) -> String { path + "/" + name }

    /// Returns the file's path.
    @discardableResult
    package func write(_ bytes: some Collection<UInt8>, to name: String) -> String {
        guard let stream = fopen(file(name), "w") else { fatalError("no file \(name) for a test: errno \(errno)") }
        let written = fwrite(Array(bytes), 1, bytes.count, stream)
        guard fclose(stream) == 0, written == bytes.count else { fatalError("\(name) is not whole: errno \(errno)") }
        return file(name)
    }

    @discardableResult
    package func write(_ text: String, to name: String) -> String { write(text.utf8, to: name) }

    /// Bytes of a file; nil when there is none.
    package static func size(of path: String) -> Int? {
        var found = stat()
        return lstat(path, &found) == 0 ? Int(found.st_size) : nil
    }

    private static func remove(_ path: String) {
        var found = stat()
        // A link is removed, never followed.
        if lstat(path, &found) == 0, found.st_mode & S_IFMT == S_IFDIR, let listing = opendir(path) {
            while let entry = readdir(listing) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { remove(path + "/" + name) }
            }
            closedir(listing)
        }
        Glibc.remove(path)
    }
}
