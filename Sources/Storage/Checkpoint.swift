import CSQLite

extension Database {
    package enum CheckpointMode: Sendable {
        /// Copies what no reader still needs, and waits for nobody.
        case passive
        /// Copies everything and empties the WAL; fails with `busy` while a reader stands in the way.
        case truncate
    }

    package struct CheckpointResult: Hashable, Sendable {
        /// Frames in the WAL.
        package let walFrames: Int
        /// Frames of these that are in the database file.
        package let checkpointed: Int
        /// Bytes that the frames take.
        package let logBytes: Int
    }

    /// Moves the WAL's content into the database file. Only the writer does so. A failed sync here poisons the
    /// connection: the kernel may have dropped pages that an earlier checkpoint wrote.
    @discardableResult
    package func checkpoint(_ mode: CheckpointMode) throws(StorageError) -> CheckpointResult {
        try checkUsable()
        guard access == .writer, !inTransaction else {
            throw StorageError(
                .misuse, "could not checkpoint \(path): only the writer does so, and outside transactions")
        }
        var frames: Int32 = 0
        var done: Int32 = 0
        let flag = mode == .passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE
        let code = sqlite3_wal_checkpoint_v2(handle, nil, flag, &frames, &done)
        if code != SQLITE_OK {
            let extended = handle.map { sqlite3_extended_errcode($0) } ?? code
            let message = handle.map { String(cString: sqlite3_errmsg($0)) } ?? ""
            let error = StorageError.from(extended, action: "checkpoint", file: path, message: message)
            // Busy, and a full disk before any sync, leave the WAL as it was.
            if error.code != .busy, error.code != .full { isPoisoned = true }
            throw error
        }
        return CheckpointResult(
            walFrames: Int(frames), checkpointed: Int(done), logBytes: Int(frames) * Int(try frameSize()))
    }

    private static let frameHeader: Int64 = 24  // bytes

    private func frameSize() throws(StorageError) -> Int64 {
        try first("PRAGMA page_size") { $0.int(0) + Database.frameHeader } ?? 0
    }

    /// Moves what can be moved; when the log then still takes `limit` bytes, because readers stood in the way of its
    /// beginning anew, also empties it. Nil: there is room. Otherwise the bytes that somebody's long read keeps.
    package func settleLog(limit: Int) throws(StorageError) -> Int? {
        let log = try checkpoint(.passive)
        guard log.logBytes >= limit else { return nil }
        do throws(StorageError) {
            try checkpoint(.truncate)
            return nil
        } catch {
            guard error.code == .busy else { throw error }
            return log.logBytes
        }
    }

    /// Bytes of the WAL file; it keeps its greatest size until a truncating checkpoint.
    package func walBytes() throws(StorageError) -> Int64 {
        try checkUsable()
        var file: UnsafeMutablePointer<sqlite3_file>?
        let code = withUnsafeMutablePointer(to: &file) {
            sqlite3_file_control(handle, nil, SQLITE_FCNTL_JOURNAL_POINTER, $0)
        }
        guard code == SQLITE_OK, let file, let methods = file.pointee.pMethods else { return 0 }
        var size: sqlite3_int64 = 0
        let sized = methods.pointee.xFileSize(file, &size)
        if sized != SQLITE_OK { throw .from(sized, action: "measure the WAL of", file: path, message: "no size") }
        return size
    }

    /// Empty when the whole file is sound; otherwise what is wrong with it, at most 100 lines. Reads everything.
    package func integrityCheck() throws(StorageError) -> [String] {
        try all("PRAGMA integrity_check") { $0.text(0) }.filter { $0 != "ok" }
    }

    /// The same without comparing indexes with their tables.
    package func quickCheck() throws(StorageError) -> [String] {
        try all("PRAGMA quick_check") { $0.text(0) }.filter { $0 != "ok" }
    }

    /// Opens a file whose last commit or sync failed, and makes what it holds durable before anybody reads it:
    /// after this a transaction that is there stays there, and may be acknowledged.
    ///
    /// Every connection of this process must be closed first, readers too: they keep the old idea of what the WAL
    /// and the database file hold, pages dropped by a failed sync included.
    package static func recover(
        path: String, options: DatabaseOptions = DatabaseOptions()
    ) throws(StorageError) -> Database {
        let use = uses(path: path, vfs: options.vfs)
        guard use.writers + use.readers == 0 else {
            throw StorageError(
                .stillOpen,
                "could not recover \(path): \(use.writers) writers and \(use.readers) readers are open; "
                    + "close them first"
            )
        }
        let database = try open(path: path, access: .writer, options: options)
        do throws(StorageError) {
            try database.checkpoint(.truncate)
            try database.proveThatCommitsWork()
            try database.checkpoint(.truncate)
        } catch {
            database.close()
            throw error
        }
        return database
    }

    /// A log that holds nothing gives a checkpoint nothing to sync, so one commit that changes nothing shows whether
    /// the disk takes any.
    private func proveThatCommitsWork() throws(StorageError) {
        let version = try userVersion()
        try transaction { () throws(StorageError) in try execute("PRAGMA user_version=\(version)") }
    }
}
