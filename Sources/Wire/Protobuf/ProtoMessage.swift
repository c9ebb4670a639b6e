/// A message of a .proto file. Conformances are written by wiregen.
package protocol ProtoMessage: Sendable, Equatable {
    init()
    /// Reads fields until the reader's current message ends.
    mutating func decode(_ reader: inout ProtoReader) throws(WireError)
    /// Writes the fields, last first: the writer works from the end of its buffer to the front.
    func encode(_ writer: inout ProtoWriter)
    /// The bytes that `encode` will write.
    var encodedSize: Int { get }
}

extension ProtoMessage {
    /// Decodes one whole message. Its bytes fields share the storage of `bytes`.
    package init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
        self.init()
        var reader = ProtoReader(bytes)
        try decode(&reader)
    }

    package init(decoding bytes: [UInt8]) throws(WireError) {
        try self.init(decoding: bytes[...])
    }

    /// The encoded message in one allocation, behind `room` zero bytes left for a header.
    package func encoded(room: Int = 0) -> [UInt8] {
        let size = encodedSize
        return [UInt8](unsafeUninitializedCapacity: room + size) { buffer, count in
            var writer = ProtoWriter(UnsafeMutableRawBufferPointer(buffer), end: room + size)
            encode(&writer)
            precondition(writer.position == room, "encodedSize and encode disagree")
            for place in 0..<room { buffer[place] = 0 }
            count = room + size
        }
    }
}

/// A protobuf enumeration: numbers it does not know are kept.
package protocol ProtoEnum: Sendable, Hashable {
    init(rawValue: Int32)
    var rawValue: Int32 { get }
}
