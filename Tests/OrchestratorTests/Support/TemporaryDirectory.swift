import Glibc

/// A directory of a test's own, removed with all it holds when the test lets go of it.
final class TemporaryDirectory {
    let path: String

    init() {
        var name = Array("/tmp/rookery-orchestrator-XXXXXX".utf8CString)
        guard mkdtemp(&name) != nil else { preconditionFailure("no temporary directory: errno \(errno)") }
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in ["orchestrator.db", "orchestrator.db-wal", "orchestrator.db-shm"] { unlink(path + "/" + name) }
        rmdir(path)
    }
}
