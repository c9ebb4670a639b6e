import CSQLite

/// The row a statement stands on; valid only inside the call that was given it. Columns count from 0.
package struct Row: ~Copyable {
    private let statement: OpaquePointer

    init(_ statement: OpaquePointer) { self.statement = statement }

    package func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

    /// 0 for NULL.
    package func int(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    package func uint(_ column: Int32) -> UInt64 { UInt64(bitPattern: int(column)) }

    package func double(_ column: Int32) -> Double { sqlite3_column_double(statement, column) }

    package func bool(_ column: Int32) -> Bool { int(column) != 0 }

    /// Empty for NULL; what is not valid UTF-8 is replaced.
    package func text(_ column: Int32) -> String {
        guard let start = sqlite3_column_text(statement, column) else { return "" }
        let count = Int(sqlite3_column_bytes(statement, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// Empty for NULL.
    package func blob(_ column: Int32) -> [UInt8] { withBlob(column) { [UInt8](copying: $0) } }

    /// The column's bytes where SQLite holds them, without a copy.
    package func withBlob<T, E: Error>(_ column: Int32, _ body: (UnsafeRawBufferPointer) throws(E) -> T) throws(E) -> T
    {
        let start = sqlite3_column_blob(statement, column)
        let count = Int(sqlite3_column_bytes(statement, column))
        return try body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
    }

    package func intOrNil(_ column: Int32) -> Int64? { isNull(column) ? nil : int(column) }
    package func uintOrNil(_ column: Int32) -> UInt64? { isNull(column) ? nil : uint(column) }
    package func doubleOrNil(_ column: Int32) -> Double? { isNull(column) ? nil : double(column) }
    package func textOrNil(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }
    package func blobOrNil(_ column: Int32) -> [UInt8]? { isNull(column) ? nil : blob(column) }
}
