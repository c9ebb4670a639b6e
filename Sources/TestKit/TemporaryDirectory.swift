import Glibc
import Lifecycle

/// A directory of its own for one test, gone when the value is.
package final class TemporaryDirectory: Sendable {
    private let directory: OwnDirectory

    package var path: String { directory.path }

    package init() {
        guard let made = OwnDirectory(name: "rookery-test") else {
            fatalError("no directory for a test: errno \(errno)")
        }
        directory = made
    }

    package func file(_ name: String) -> String { directory.file(name) }

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
}
