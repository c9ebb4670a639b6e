import CSQLite

extension Database {
    /// Counting every allocation takes a process-wide lock; must come before SQLite's own start.
    static let prepareLibrary: Void = { _ = rookery_sqlite3_no_memory_statistics() }()

    func configure(_ options: DatabaseOptions) throws(StorageError) {
        // The last connection to close would checkpoint, a reader's included: only the writer may, and only when told.
        let code = rookery_sqlite3_no_checkpoint_on_close(handle)
        if code != SQLITE_OK { throw failure(code, running: "no checkpoint on close", writes: false) }
        switch access {
        case .writer: try configureWriter(options)
        case .reader: try configureReader(options)
        }
        try set("temp_store", to: 2)
        try set("cache_size", to: -max(1, options.cacheBytes >> 10))
        try set("foreign_keys", to: 0)
    }

    private func configureWriter(_ options: DatabaseOptions) throws(StorageError) {
        sqlite3_busy_timeout(handle, 0)
        // The page size of a file that exists is its own.
        try execute("PRAGMA page_size=\(options.pageSize)")
        if options.exclusiveLocking { try setMode("locking_mode", to: "exclusive") }
        try setMode("journal_mode", to: "wal")
        try set("synchronous", to: options.synchronous.rawValue)
        try set("wal_autocheckpoint", to: 0)
    }

    private func configureReader(_ options: DatabaseOptions) throws(StorageError) {
        sqlite3_busy_timeout(handle, options.readerBusyMilliseconds)
        try set("query_only", to: 1)
        // Reads the file's header, so that what is no database is known now.
        _ = try number("PRAGMA schema_version")
    }

    private func set(_ name: String, to value: Int64) throws(StorageError) {
        try execute("PRAGMA \(name)=\(value)")
        let found = try number("PRAGMA \(name)")
        if found != value { throw notTaken(name, wanted: "\(value)", found: "\(found)") }
    }

    private func setMode(_ name: String, to value: String) throws(StorageError) {
        let found = try uncached("PRAGMA \(name)=\(value)") { $0.text(0) }
        if found != value { throw notTaken(name, wanted: value, found: found) }
    }

    private func notTaken(_ name: String, wanted: String, found: String) -> StorageError {
        StorageError(
            .other,
            "could not open \(path): SQLite set \(name) to \(found) where \(wanted) is needed; check its file system")
    }

    /// One number from a statement run once.
    func number(_ text: String) throws(StorageError) -> Int64 { try uncached(text) { $0.int(0) } }

    func uncached<T>(_ text: String, _ read: (borrowing Row) -> T) throws(StorageError) -> T {
        try checkUsable()
        var prepared: OpaquePointer?
        var code = sqlite3_prepare_v2(handle, text, -1, &prepared, nil)
        defer { sqlite3_finalize(prepared) }
        guard code == SQLITE_OK, let prepared else { throw failure(code, running: text, writes: false) }
        code = sqlite3_step(prepared)
        guard code == SQLITE_ROW else { throw failure(code, running: text, writes: false) }
        return read(Row(prepared))
    }
}

// MARK: Failure

extension Database {
    /// Refuses a connection that is closed or poisoned, or whose transaction SQLite gave up.
    func checkUsable() throws(StorageError) {
        guard let handle else { throw closedError() }
        if isPoisoned { throw .poisoned(file: path) }
        // What came after would otherwise commit by itself, statement by statement.
        if inTransaction, sqlite3_get_autocommit(handle) != 0 {
            throw StorageError(.rolledBack, "could not go on in \(path): an earlier error rolled the transaction back")
        }
    }

    func closedError() -> StorageError { StorageError(.misuse, "could not use \(path): it is closed") }

    /// What SQLite reported. A write outside a transaction commits by itself, so its failure is a commit's failure.
    func failure(_ code: Int32, running text: String, writes: Bool) -> StorageError {
        let extended = handle.map { sqlite3_extended_errcode($0) } ?? code
        let sqlite = extended & 0xFF == code & 0xFF ? extended : code
        let message = handle.map { String(cString: sqlite3_errmsg($0)) } ?? ""
        let error = StorageError.from(sqlite, action: "run '\(text.prefix(120))' in", file: path, message: message)
        guard writes, !inTransaction, access == .writer, error.code.mayHaveWritten else { return error }
        isPoisoned = true
        return .unknownCommit(error, file: path)
    }
}
