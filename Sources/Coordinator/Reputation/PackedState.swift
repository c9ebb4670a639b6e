import Storage

/// State as bytes of fixed width, so that what is read back is bit for bit what was written.
struct StateWriter {
    private(set) var bytes: [UInt8] = []

    mutating func put(_ value: UInt64) { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
    mutating func put(_ value: Int64) { put(UInt64(bitPattern: value)) }
    mutating func put(_ value: Int) { put(Int64(value)) }
    mutating func put(_ value: Double) { put(value.bitPattern) }
    mutating func put(_ value: Bool) { put(value ? UInt64(1) : 0) }

    mutating func put(_ value: String) {
        put(value.utf8.count)
        bytes.append(contentsOf: value.utf8)
    }

    mutating func put<T>(each values: [T], _ body: (inout StateWriter, T) -> Void) {
        put(values.count)
        for value in values { body(&self, value) }
    }
}

/// Reads what `StateWriter` wrote; throws when it is too short.
struct StateReader {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

    var isAtEnd: Bool { bytes.isEmpty }

    mutating func uint() throws(StorageError) -> UInt64 {
        let bits = try take(8).withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
        return UInt64(littleEndian: bits)
    }

    mutating func signed() throws(StorageError) -> Int64 { Int64(bitPattern: try uint()) }

    mutating func int() throws(StorageError) -> Int { Int(try signed()) }

    mutating func double() throws(StorageError) -> Double { Double(bitPattern: try uint()) }

    mutating func bool() throws(StorageError) -> Bool { try uint() != 0 }

    mutating func string() throws(StorageError) -> String { String(decoding: try take(try int()), as: UTF8.self) }

    mutating func array<T>(_ body: (inout StateReader) throws(StorageError) -> T) throws(StorageError) -> [T] {
        var values: [T] = []
        for _ in 0..<max(0, try int()) { values.append(try body(&self)) }
        return values
    }

    private mutating func take(_ count: Int) throws(StorageError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.count else {
            throw StorageError(.other, "a row of derived.db is too short; delete derived.db, it is computed again")
        }
        defer { bytes = bytes.dropFirst(count) }
        return bytes.prefix(count)
    }
}
