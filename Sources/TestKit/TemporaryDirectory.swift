import Glibc

/// A directory of its own for one test, gone when the value is.
package final class TemporaryDirectory: Sendable {
    package let path: String

    package init() {
        var template = Array("/tmp/rookery-test-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { fatalError("no directory for a test: errno \(errno)") }
        path = String(cString: made)
    }

    deinit { TemporaryDirectory.remove(path) }

    package func file(_ name: String) -> String { path + "/" + name }

    private static func remove(_ path: String) {
        nftw(path, { name, _, _, _ in Glibc.remove(name) }, 16, FTW_DEPTH | Int32(FTW_PHYS.rawValue))
    }
}
