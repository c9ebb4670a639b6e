package import Glibc

/// A directory of its own; when the value goes, it goes with all that is in it.
package final class OwnDirectory: Sendable {
    package let path: String

    /// Where programs put what they need for a while.
    package static var temporary: String { getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp" }

    /// Its name begins with `name`. Nil when it cannot be made; `errno` says why.
    package init?(in parent: String = OwnDirectory.temporary, name: String) {
        var template = Array("\(parent)/\(name)-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { return nil }
        path = String(cString: made)
    }

    deinit {
        OwnDirectory.visit(path) { file, status in
            if status.st_mode & S_IFMT == S_IFDIR { rmdir(file) } else { unlink(file) }
        }
        rmdir(path)
    }

    package func file(_ name: String) -> String { path + "/" + name }

    /// Names what lies below a directory, what is inside before what holds it. Links are named, never followed.
    package static func visit(_ path: String, _ body: (String, stat) -> Void) {
        guard let listing = opendir(path) else { return }
        defer { closedir(listing) }
        while let entry = readdir(listing) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            var status = stat()
            let file = path + "/" + name
            guard lstat(file, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR { visit(file, body) }
            body(file, status)
        }
    }
}
