import CSQLite

/// One connection to one SQLite file, confined to its owner's thread.
///
/// A writer keeps the file in WAL mode with synchronous=FULL, never waits for another connection, and checkpoints only
/// when told to. A process has at most one writer a file; the lock on the data directory keeps other processes away.
/// Everybody else opens a reader, which can write nothing, not even a checkpoint.
package final class Database {
    package enum Access: Hashable, Sendable {
        case writer
        case reader
    }

    package let path: String
    package let access: Access
    private(set) var handle: OpaquePointer?
    private let key: String
    private var literals: [UnsafeRawPointer: Statement] = [:]
    private var texts: [String: Statement] = [:]
    /// True after a commit of unknown outcome or a failed sync: every use throws until the file is opened again.
    package internal(set) var isPoisoned = false
    package internal(set) var inTransaction = false

    private static let maxTexts = 64  // statements put together at run time that are kept prepared

    private init(handle: OpaquePointer, path: String, access: Access, key: String) {
        self.handle = handle
        self.path = path
        self.access = access
        self.key = key
    }

    deinit { close() }

    /// Opens the file, sets it up for its access, and verifies that the settings took effect. A writer makes the file
    /// if it is not there.
    package static func open(
        path: String, access: Access, options: DatabaseOptions = DatabaseOptions()
    ) throws(StorageError) -> Database {
        _ = prepareLibrary
        let key = OpenFiles.key(path: path, vfs: options.vfs)
        try OpenFiles.claim(key, access)
        var handle: OpaquePointer?
        let flags = access == .writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
        let code = sqlite3_open_v2(path, &handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, options.vfs)
        guard code == SQLITE_OK, let handle else {
            let message = handle.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
            sqlite3_close(handle)
            OpenFiles.release(key, access)
            throw .from(code, action: "open", file: path, message: message)
        }
        let database = Database(handle: handle, path: path, access: access, key: key)
        do throws(StorageError) {
            try database.configure(options)
        } catch {
            database.close()
            throw error
        }
        return database
    }

    /// Connections of this process to a file, to judge whether it can be recovered.
    static func uses(path: String, vfs: String?) -> OpenFiles.Use { OpenFiles.use(OpenFiles.key(path: path, vfs: vfs)) }

    /// Ends every statement and the connection. An open transaction is rolled back; nothing is checkpointed.
    package func close() {
        guard let handle else { return }
        for statement in literals.values { statement.finalize() }
        for statement in texts.values { statement.finalize() }
        literals.removeAll()
        texts.removeAll()
        sqlite3_close_v2(handle)
        self.handle = nil
        OpenFiles.release(key, access)
    }

    // MARK: Running

    /// Runs a statement that gives no rows. Text and blobs are bound without a copy.
    package func run(_ sql: SQL, _ values: SQLValue...) throws(StorageError) {
        try prepare(sql).run(binding: values)
    }

    package func run(_ sql: SQL, binding values: [SQLValue]) throws(StorageError) {
        try prepare(sql).run(binding: values)
    }

    /// Gives every row to `each`.
    package func query(
        _ sql: SQL, _ values: SQLValue..., each: (borrowing Row) throws(StorageError) -> Void
    ) throws(StorageError) {
        try prepare(sql).query(binding: values, each: each)
    }

    package func query(
        _ sql: SQL, binding values: [SQLValue], each: (borrowing Row) throws(StorageError) -> Void
    ) throws(StorageError) {
        try prepare(sql).query(binding: values, each: each)
    }

    /// Every row, made into a value.
    package func all<T>(
        _ sql: SQL, _ values: SQLValue..., of row: (borrowing Row) throws(StorageError) -> T
    ) throws(StorageError) -> [T] {
        var found: [T] = []
        try prepare(sql).query(binding: values) { (r: borrowing Row) throws(StorageError) in found.append(try row(r)) }
        return found
    }

    /// The first row, made into a value; nil if there is none.
    package func first<T>(
        _ sql: SQL, _ values: SQLValue..., of row: (borrowing Row) throws(StorageError) -> T
    ) throws(StorageError) -> T? {
        let statement = try prepare(sql)
        defer { statement.reset() }
        try statement.bind(values)
        guard try statement.step() else { return nil }
        return try statement.withRow(row)
    }

    /// Runs several statements separated by semicolons, outside the cache: for schemas and settings.
    package func execute(_ script: String) throws(StorageError) {
        try checkUsable()
        let code = sqlite3_exec(handle, script, nil, nil, nil)
        if code != SQLITE_OK { throw failure(code, running: script, writes: true) }
    }

    /// The statement for this text, prepared once; for loops that bind and step themselves.
    package func prepare(_ sql: SQL) throws(StorageError) -> Statement {
        switch sql.form {
        case .literal(let literal):
            let address = UnsafeRawPointer(literal.utf8Start)
            if let known = literals[address] { return known }
            let statement = try compile(sql.text)
            literals[address] = statement
            return statement
        case .text(let text):
            if let known = texts[text] { return known }
            let statement = try compile(text)
            if texts.count >= Database.maxTexts { forgetIdleTexts() }
            texts[text] = statement
            return statement
        }
    }

    /// Rows the last INSERT, UPDATE or DELETE changed.
    package var changes: Int { handle.map { Int(sqlite3_changes64($0)) } ?? 0 }

    package var lastInsertedRow: Int64 { handle.map { sqlite3_last_insert_rowid($0) } ?? 0 }

    private func compile(_ text: String) throws(StorageError) -> Statement {
        try checkUsable()
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v3(handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared else { throw failure(code, running: text, writes: false) }
        return Statement(prepared, of: self)
    }

    private func forgetIdleTexts() {
        for (text, statement) in texts where !statement.active {
            statement.finalize()
            texts[text] = nil
        }
    }
}
