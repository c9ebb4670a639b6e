import Glibc

/// A directory for one run, gone when the value is. Not below `TMPDIR` or `/tmp`, which are memory on many machines: an
/// fsync there measures nothing.
final class ScratchDirectory {
    let path: String

    init() throws(LoadFailure) {
        var template = Array("/var/tmp/rookery-bench-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else {
            throw LoadFailure(description: "no directory for the run: errno \(errno)")
        }
        path = String(cString: made)
    }

    deinit {
        ScratchDirectory.visit(path) { name, isDirectory, _ in
            if isDirectory { rmdir(name) } else { unlink(name) }
        }
        rmdir(path)
    }

    /// Bytes that the files below a directory take on the disk.
    static func bytes(below directory: String) -> Int {
        var sum = 0
        visit(directory) { _, _, blocks in sum += blocks * 512 }
        return sum
    }

    /// 0 when there is no such file.
    static func size(ofFile path: String) -> Int {
        var found = stat()
        return lstat(path, &found) == 0 ? Int(found.st_size) : 0
    }

    /// Names what lies below a directory, what is inside before what holds it. Links are not followed.
    private static func visit(_ path: String, _ body: (String, _ isDirectory: Bool, _ blocks: Int) -> Void) {
        guard let listing = opendir(path) else { return }
        defer { closedir(listing) }
        while let entry = readdir(listing) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            var found = stat()
            let file = path + "/" + name
            guard lstat(file, &found) == 0 else { continue }
            let isDirectory = found.st_mode & S_IFMT == S_IFDIR
            if isDirectory { visit(file, body) }
            body(file, isDirectory, Int(found.st_blocks))
        }
    }
}
