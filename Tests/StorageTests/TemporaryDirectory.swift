import Glibc

/// A directory of a test's own, removed with all it holds when the test lets go of it.
final class TemporaryDirectory {
    let path: String

    init() {
        var name = Array("/tmp/rookery-storage-XXXXXX".utf8CString)
        guard mkdtemp(&name) != nil else { preconditionFailure("no temporary directory: errno \(errno)") }
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func file(_ name: String) -> String { path + "/" + name }

    func size(_ name: String) -> Int? {
        var found = stat()
        return stat(file(name), &found) == 0 ? Int(found.st_size) : nil
    }

    func write(_ name: String, _ bytes: [UInt8]) {
        let file = creat(file(name), 0o600)
        let written = Glibc.write(file, bytes, bytes.count)
        Glibc.close(file)
        precondition(written == bytes.count, "short write in a test")
    }

    deinit {
        guard let directory = opendir(path) else { return }
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            unlink(file(name))
        }
        closedir(directory)
        rmdir(path)
    }
}
