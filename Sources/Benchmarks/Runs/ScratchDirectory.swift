import Glibc
import Lifecycle

/// A directory for one run, gone when the value is. Not below `TMPDIR` or `/tmp`, which are memory on many machines: an
/// fsync there measures nothing.
final class ScratchDirectory {
    private let directory: OwnDirectory

    var path: String { directory.path }

    init() throws(LoadFailure) {
        guard let made = OwnDirectory(in: "/var/tmp", name: "rookery-bench") else {
            throw LoadFailure(description: "no directory for the run: errno \(errno)")
        }
        directory = made
    }

    /// Bytes that the files below a directory take on the disk.
    static func bytes(below directory: String) -> Int {
        var sum = 0
        OwnDirectory.visit(directory) { _, status in sum += Int(status.st_blocks) * 512 }
        return sum
    }

    /// 0 when there is no such file.
    static func size(ofFile path: String) -> Int {
        var found = stat()
        return lstat(path, &found) == 0 ? Int(found.st_size) : 0
    }
}
