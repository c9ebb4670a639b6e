import Glibc
package import Sealing
package import Storage

/// Runs what may fail in the store, for a caller that throws the ledger's errors.
func storing<T>(_ body: () throws(StorageError) -> T) throws(LedgerError) -> T {
    do throws(StorageError) { return try body() } catch { throw .storage(error) }
}

/// Why the ledger cannot start or cannot commit. Each sentence says what to do.
package enum LedgerError: Error, CustomStringConvertible {
    case storage(StorageError)
    case sealing(SealingError)
    case secretMissing(path: String)
    case secretIsAnother(path: String)
    case secretNotWritable(path: String, errno: Int32)
    case secretNotReadable(path: String, errno: Int32)
    case secretDamaged(path: String, length: Int)
    case scopeIsAnother(asked: DedupScope, known: DedupScope)
    case damaged(what: String)
    /// What held at this state version is compacted.
    case snapshotExpired(asked: UInt64, oldest: UInt64)
    /// A backup cannot be made or used.
    case backup(String)
    /// The secret cannot be changed now.
    case rekey(String)
    /// A peer knows of more than is stored here.
    case behind(String)
    /// Nothing has held at this state version yet.
    case noSuchVersion(asked: UInt64, newest: UInt64)
    /// The ledger is closed for a moment; ask again.
    case unavailable(String)

    package var description: String {
        switch self {
        case .storage(let error):
            return error.description
        case .sealing(let error):
            return error.description
        case .secretMissing(let path):
            return "the dedup secret \(path) is missing but the ledger beside it was made with one; "
                + "put the file back from a backup, or start with an empty data directory"
        case .secretIsAnother(let path):
            return "the dedup secret \(path) is not the one that the ledger beside it was made with; "
                + "put the right file back from a backup"
        case .secretNotWritable(let path, let code):
            return "the dedup secret \(path) could not be written: \(String(cString: strerror(code))); "
                + "make the data directory writable for this user"
        case .secretNotReadable(let path, let code):
            return "the dedup secret \(path) could not be read: \(String(cString: strerror(code))); "
                + "make it readable for this user only (mode 0600)"
        case .secretDamaged(let path, let length):
            return "the dedup secret \(path) has \(length) bytes where \(DedupSecret.length) are due; "
                + "put the file back from a backup"
        case .scopeIsAnother(let asked, let known):
            return "the dedup scope is \(asked.rawValue) but this cluster was made with \(known.rawValue), which every "
                + "digest in it depends on; start it with --dedup-scope \(known.rawValue), or make another cluster"
        case .snapshotExpired(let asked, let oldest):
            return "what held at state version \(asked) is compacted; the oldest that can be asked for is \(oldest)"
        case .noSuchVersion(let asked, let newest):
            return "state version \(asked) is not there yet; the newest is \(newest)"
        case .backup(let why), .rekey(let why), .unavailable(let why), .behind(let why):
            return why
        case .damaged(let what):
            return "the ledger is damaged: \(what); restore the data directory from a backup"
        }
    }
}
