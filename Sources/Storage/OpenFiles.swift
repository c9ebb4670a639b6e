import Glibc
import Synchronization

/// The database files this process has open. SQLite before 3.51.3 can lose a committed transaction when two connections
/// write or checkpoint one file at the same instant, so a second writer is refused. Across processes the lock on the
/// data directory does the same.
enum OpenFiles {
    struct Use {
        var writers = 0
        var readers = 0
    }

    private static let uses = Mutex<[String: Use]>([:])

    /// The same key for every spelling of one file's path.
    static func key(path: String, vfs: String?) -> String {
        if let vfs { return vfs + ":" + path }
        if let whole = resolved(path) { return whole }
        // The file is not there yet; its directory must be.
        guard let slash = path.lastIndex(of: "/") else { return (resolved(".") ?? ".") + "/" + path }
        let directory = slash == path.startIndex ? "/" : String(path[..<slash])
        return (resolved(directory) ?? directory) + path[slash...]
    }

    static func claim(_ key: String, _ access: Database.Access) throws(StorageError) {
        let refused = uses.withLock { uses in
            var use = uses[key] ?? Use()
            switch access {
            case .writer where use.writers > 0: return true
            case .writer: use.writers += 1
            case .reader: use.readers += 1
            }
            uses[key] = use
            return false
        }
        guard refused else { return }
        throw StorageError(
            .alreadyOpenForWriting,
            "could not open \(key) for writing: this process writes to it already; use the one writer there is")
    }

    static func release(_ key: String, _ access: Database.Access) {
        uses.withLock { uses in
            guard var use = uses[key] else { return }
            switch access {
            case .writer: use.writers -= 1
            case .reader: use.readers -= 1
            }
            uses[key] = use.writers + use.readers > 0 ? use : nil
        }
    }

    static func use(_ key: String) -> Use { uses.withLock { $0[key] } ?? Use() }

    private static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
