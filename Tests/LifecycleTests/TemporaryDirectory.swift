import Glibc

/// A directory that is gone with the value.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/rookery-lifecycle-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { fatalError("mkdtemp: \(errno)") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { TemporaryDirectory.removeTree(path) }

    /// Removes links rather than following them.
    private static func removeTree(_ path: String) {
        if remove(path) == 0 { return }
        if let directory = opendir(path) {
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { removeTree(path + "/" + name) }
            }
            closedir(directory)
        }
        remove(path)
    }
}
