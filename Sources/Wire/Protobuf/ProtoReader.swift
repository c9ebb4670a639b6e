import Model

/// Reads protobuf where it lies. Every access is bounds-checked, depth and memory are limited, and nothing is copied
/// but strings.
package struct ProtoReader: Sendable {
    private let storage: ArraySlice<UInt8>
    private var position: Int
    private var end: Int
    private var depth = Limits.protobufDepth
    private var budget: Int
    private let budgetLimit: Int

    package init(_ bytes: ArraySlice<UInt8>) {
        storage = bytes
        position = bytes.startIndex
        end = bytes.endIndex
        budgetLimit = Limits.protobufElementBytes + Limits.protobufExpansion * bytes.count
        budget = budgetLimit
    }

    package var isAtEnd: Bool { position == end }

    /// The next field's tag, number << 3 | wire type, or nil at the end of the message.
    package mutating func nextTag() throws(WireError) -> UInt32? {
        guard position < end else { return nil }
        let tag = try varint()
        // The first field number is 1, so the first tag is 8.
        guard tag >= 8, tag <= UInt64(UInt32.max) else { throw .invalidTag(tag) }
        return UInt32(truncatingIfNeeded: tag)
    }

    /// Passes over a field that nobody asked for.
    package mutating func skip(_ tag: UInt32) throws(WireError) {
        switch tag & 7 {
        case 0: _ = try varint()
        case 1: try advance(8)
        case 2: try advance(length())
        case 3, 4: throw .group(field: tag >> 3)
        case 5: try advance(4)
        default: throw .invalidTag(UInt64(tag))
        }
    }

    // MARK: Numbers

    package mutating func varint() throws(WireError) -> UInt64 {
        guard position < end else { throw .truncated }
        let first = storage[position]
        position += 1
        return first < 0x80 ? UInt64(first) : try restOfVarint(first)
    }

    private mutating func restOfVarint(_ first: UInt8) throws(WireError) -> UInt64 {
        var value = UInt64(first & 0x7F)
        var shift: UInt64 = 7
        while shift < 70 {
            guard position < end else { throw .truncated }
            let byte = storage[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw .varintTooLong
    }

    package mutating func uint64() throws(WireError) -> UInt64 { try varint() }
    package mutating func uint32() throws(WireError) -> UInt32 { UInt32(truncatingIfNeeded: try varint()) }
    package mutating func int64() throws(WireError) -> Int64 { Int64(bitPattern: try varint()) }
    package mutating func int32() throws(WireError) -> Int32 { Int32(truncatingIfNeeded: try varint()) }
    package mutating func bool() throws(WireError) -> Bool { try varint() != 0 }

    package mutating func sint64() throws(WireError) -> Int64 {
        let raw = try varint()
        return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
    }

    package mutating func sint32() throws(WireError) -> Int32 {
        let raw = try uint32()
        return Int32(bitPattern: raw >> 1) ^ -Int32(bitPattern: raw & 1)
    }

    package mutating func fixed64() throws(WireError) -> UInt64 {
        let low = UInt64(try fixed32())
        return low | UInt64(try fixed32()) << 32
    }

    package mutating func fixed32() throws(WireError) -> UInt32 {
        guard end - position >= 4 else { throw .truncated }
        defer { position += 4 }
        return UInt32(storage[position]) | UInt32(storage[position + 1]) << 8
            | UInt32(storage[position + 2]) << 16 | UInt32(storage[position + 3]) << 24
    }

    package mutating func sfixed64() throws(WireError) -> Int64 { Int64(bitPattern: try fixed64()) }
    package mutating func sfixed32() throws(WireError) -> Int32 { Int32(bitPattern: try fixed32()) }
    package mutating func double() throws(WireError) -> Double { Double(bitPattern: try fixed64()) }
    package mutating func float() throws(WireError) -> Float { Float(bitPattern: try fixed32()) }

    // MARK: Lengths

    private mutating func length() throws(WireError) -> Int {
        let length = try varint()
        guard length <= UInt64(end - position) else { throw .truncated }
        return Int(length)
    }

    private mutating func advance(_ count: Int) throws(WireError) {
        guard count <= end - position else { throw .truncated }
        position += count
    }

    /// A slice of the reader's own storage: what must outlive the frame by much is copied by who keeps it.
    package mutating func bytes() throws(WireError) -> ArraySlice<UInt8> {
        let length = try length()
        defer { position += length }
        return storage[position..<position + length]
    }

    package mutating func string() throws(WireError) -> String {
        let length = try length()
        let offset = position - storage.startIndex
        position += length
        // Not String(validating:as:): its generic code asks the runtime for metadata at every call.
        guard let text = try? UTF8Span(validating: storage.span.extracting(offset..<offset + length)) else {
            throw .invalidUTF8
        }
        return String(copying: text)
    }

    /// The same, without making a new string where it is one of those that are expected.
    package mutating func string(oneOf known: [String]) throws(WireError) -> String {
        let begin = position
        let length = try length()
        for text in known where text.utf8.count == length {
            if text.utf8Span.span.withUnsafeBytes({ equals($0) }) {
                position += length
                return text
            }
        }
        position = begin
        return try string()
    }

    private func equals(_ text: UnsafeRawBufferPointer) -> Bool {
        var place = 0
        while place < text.count, storage[position + place] == text[place] { place += 1 }
        return place == text.count
    }

    // MARK: Messages

    /// Begins a length-delimited run of fields or packed numbers; give the result to `leave`.
    package mutating func enter() throws(WireError) -> Int {
        guard depth > 0 else { throw .tooDeep(limit: Limits.protobufDepth) }
        let length = try length()
        let outer = end
        end = position + length
        depth -= 1
        return outer
    }

    package mutating func leave(_ outer: Int) {
        end = outer
        depth += 1
    }

    package mutating func message<M: ProtoMessage>() throws(WireError) -> M {
        let outer = try enter()
        var message = M()
        try message.decode(&self)
        leave(outer)
        return message
    }

    package mutating func message<M: ProtoMessage>(into list: inout [M]) throws(WireError) {
        try charge(MemoryLayout<M>.stride)
        list.append(try message())
    }

    /// Accounts for an element's memory. A few bytes on the wire could otherwise ask for a hundred times as many here.
    package mutating func charge(_ count: Int) throws(WireError) {
        budget -= count
        guard budget >= 0 else { throw .tooManyElements(limit: budgetLimit) }
    }
}
