import CSQLite
import Glibc

/// A copy of a database in use, taken a few pages at a time through the connection that writes to it. What that
/// connection commits between two steps goes into the copy too, so it ends under full load and no read transaction is
/// held open. It belongs to the connection's thread.
package final class DatabaseCopy {
    private let source: Database
    private let path: String
    private var target: OpaquePointer?
    private var backup: OpaquePointer?
    package private(set) var bytes: UInt64 = 0

    /// The file must not be there yet.
    package init(of source: Database, to path: String) throws(StorageError) {
        self.source = source
        self.path = path
        try source.checkUsable()
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StorageError(.cantOpen, "could not make \(path): \(String(cString: strerror(errno)))")
        }
        Glibc.close(descriptor)
        let code = sqlite3_open_v2(path, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil)
        // The copy is synced once, at its end; one that did not get there is thrown away.
        guard code == SQLITE_OK,
            sqlite3_exec(target, "PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF", nil, nil, nil) == SQLITE_OK,
            let backup = sqlite3_backup_init(target, "main", source.handle, "main")
        else {
            let error = failure(target.map { sqlite3_extended_errcode($0) } ?? code)
            abandon()
            throw error
        }
        self.backup = backup
    }

    deinit { abandon() }

    /// Copies at most this many pages. True once it is whole: it holds what the database holds at this moment.
    package func step(pages: Int32) throws(StorageError) -> Bool {
        guard let backup else {
            throw StorageError(.interrupted, "the copy \(path) was given up; make another backup")
        }
        let code = sqlite3_backup_step(backup, pages)
        let done = sqlite3_backup_pagecount(backup) - sqlite3_backup_remaining(backup)
        bytes = UInt64(max(0, done)) * UInt64(try source.number("PRAGMA page_size"))
        switch code {
        case SQLITE_OK, SQLITE_BUSY, SQLITE_LOCKED: return false
        case SQLITE_DONE:
            let end = sqlite3_backup_finish(backup)
            self.backup = nil
            guard end == SQLITE_OK else { throw failure(end) }
            abandon()
            return true
        default: throw failure(code)
        }
    }

    /// Lets go of both files. Must come before the source is closed.
    package func abandon() {
        if let backup { sqlite3_backup_finish(backup) }
        backup = nil
        if let target { sqlite3_close_v2(target) }
        target = nil
    }

    private func failure(_ code: Int32) -> StorageError {
        let message = target.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
        return .from(code, action: "copy \(source.path) to", file: path, message: message)
    }
}
