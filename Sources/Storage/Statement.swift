import CSQLite

/// One prepared statement, owned by its database's cache. It must not be used after the database is closed or gone.
package final class Statement {
    unowned let database: Database
    private(set) var handle: OpaquePointer?
    /// On the way through its rows: it cannot be used for another purpose until it is reset.
    private(set) var active = false
    private let writes: Bool

    init(_ handle: OpaquePointer, of database: Database) {
        self.handle = handle
        self.database = database
        writes = sqlite3_stmt_readonly(handle) == 0
    }

    func finalize() {
        sqlite3_finalize(handle)
        handle = nil
    }

    // MARK: Whole runs

    /// Binds, runs to the end, resets. Text and blobs are not copied.
    package func run(_ values: SQLValue...) throws(StorageError) { try run(binding: values) }

    package func run(binding values: [SQLValue]) throws(StorageError) {
        let handle = try ready()
        let code = Statement.borrowing(values[...], on: handle, at: 1) {
            var code = sqlite3_step(handle)
            while code == SQLITE_ROW { code = sqlite3_step(handle) }
            return code
        }
        let failure = code == SQLITE_DONE ? nil : fail(code)
        sqlite3_reset(handle)
        if !values.isEmpty { sqlite3_clear_bindings(handle) }
        if let failure { throw failure }
    }

    /// Binds, gives every row to `each`, resets. Stops when `each` throws.
    package func query(
        binding values: [SQLValue], each: (borrowing Row) throws(StorageError) -> Void
    ) throws(StorageError) {
        defer { reset() }
        try bind(values)
        while try step() { try withRow(each) }
    }

    // MARK: Step by step

    package func bind(_ values: [SQLValue]) throws(StorageError) {
        _ = try ready()
        for (offset, value) in values.enumerated() { try bind(Int32(offset + 1), value) }
    }

    /// Binds a copy of the value to the parameter, counted from 1.
    package func bind(_ parameter: Int32, _ value: SQLValue) throws(StorageError) {
        let handle = try ready()
        try check(Statement.copying(value, on: handle, at: parameter))
    }

    /// True: the statement stands on a row. False: it is done.
    package func step() throws(StorageError) -> Bool {
        guard let handle else { throw database.closedError() }
        if !active { _ = try ready() }
        active = true
        let code = sqlite3_step(handle)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw fail(code)
        }
    }

    /// Reads the row the statement stands on.
    package func withRow<T, E: Error>(_ body: (borrowing Row) throws(E) -> T) throws(E) -> T {
        guard let handle else { preconditionFailure("a statement of a closed database has no row") }
        return try body(Row(handle))
    }

    /// Makes it ready to run again and forgets what was bound.
    package func reset() {
        guard let handle else { return }
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
        active = false
    }

    // MARK: Failure

    private func ready() throws(StorageError) -> OpaquePointer {
        try database.checkUsable()
        guard let handle else { throw database.closedError() }
        guard !active else {
            throw StorageError(.misuse, "could not run '\(text)' in \(database.path): it is running already")
        }
        return handle
    }

    private func check(_ code: Int32) throws(StorageError) {
        if code != SQLITE_OK { throw fail(code) }
    }

    private func fail(_ code: Int32) -> StorageError { database.failure(code, running: text, writes: writes) }

    private var text: String {
        guard let handle, let sql = sqlite3_sql(handle) else { return "" }
        return String(cString: sql)
    }
}

// MARK: Binding

extension Statement {
    /// Binds each value in place and runs `body` while the arrays are held still: hence the recursion.
    fileprivate static func borrowing(
        _ values: ArraySlice<SQLValue>, on handle: OpaquePointer, at parameter: Int32, _ body: () -> Int32
    ) -> Int32 {
        guard let value = values.first else { return body() }
        let rest = values.dropFirst()
        func next(_ code: Int32) -> Int32 {
            code == SQLITE_OK ? borrowing(rest, on: handle, at: parameter + 1, body) : code
        }
        switch value {
        case .text(var text):
            return text.withUTF8 { bytes in next(textInPlace(UnsafeRawBufferPointer(bytes), handle, parameter)) }
        case .utf8(let bytes):
            return bytes.withUnsafeBytes { next(textInPlace($0, handle, parameter)) }
        case .blob(let bytes) where !bytes.isEmpty:
            return bytes.withUnsafeBytes {
                next(rookery_sqlite3_bind_blob_static(handle, parameter, $0.baseAddress, UInt64($0.count)))
            }
        case .null, .integer, .double, .blob:
            return next(copying(value, on: handle, at: parameter))
        }
    }

    private static func textInPlace(_ bytes: UnsafeRawBufferPointer, _ handle: OpaquePointer, _ at: Int32) -> Int32 {
        guard let start = bytes.baseAddress else { return rookery_sqlite3_bind_text_transient(handle, at, "", 0) }
        return rookery_sqlite3_bind_text_static(
            handle, at, start.bindMemory(to: CChar.self, capacity: bytes.count),
            UInt64(bytes.count))
    }

    fileprivate static func copying(_ value: SQLValue, on handle: OpaquePointer, at parameter: Int32) -> Int32 {
        switch value {
        case .null: return sqlite3_bind_null(handle, parameter)
        case .integer(let number): return sqlite3_bind_int64(handle, parameter, number)
        case .double(let number): return sqlite3_bind_double(handle, parameter, number)
        case .text(let text):
            return rookery_sqlite3_bind_text_transient(handle, parameter, text, UInt64(text.utf8.count))
        case .utf8(let bytes):
            return bytes.withUnsafeBytes { bytes in
                let start = bytes.bindMemory(to: CChar.self).baseAddress
                return start.map { rookery_sqlite3_bind_text_transient(handle, parameter, $0, UInt64(bytes.count)) }
                    ?? rookery_sqlite3_bind_text_transient(handle, parameter, "", 0)
            }
        // A null pointer would bind NULL.
        case .blob(let bytes) where bytes.isEmpty: return sqlite3_bind_zeroblob(handle, parameter, 0)
        case .blob(let bytes):
            return bytes.withUnsafeBytes {
                rookery_sqlite3_bind_blob_transient(handle, parameter, $0.baseAddress, UInt64($0.count))
            }
        }
    }
}
