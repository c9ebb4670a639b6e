/// Writes protobuf from the end of a buffer to its front. A nested message's length is known when its prefix is
/// written, so that sizes are computed once for the buffer and never again for each level.
package struct ProtoWriter {
    private let buffer: UnsafeMutableRawBufferPointer
    /// Everything from here to the end is written.
    package private(set) var position: Int

    init(_ buffer: UnsafeMutableRawBufferPointer, end: Int) {
        precondition(end <= buffer.count)
        self.buffer = buffer
        position = end
    }

    /// Makes room before what is written. The one place that guards the buffer.
    private mutating func step(_ count: Int) -> UnsafeMutableRawPointer {
        precondition(count <= position, "encode writes more than encodedSize")
        position -= count
        return buffer.baseAddress.unsafelyUnwrapped + position
    }

    package mutating func tag(_ tag: UInt32) { varint(UInt64(tag)) }

    // MARK: Numbers

    package mutating func varint(_ value: UInt64) {
        if value < 0x80 {
            step(1).storeBytes(of: UInt8(truncatingIfNeeded: value), as: UInt8.self)
            return
        }
        let size = ProtoSize.uint64(value)
        let place = step(size)
        var rest = value
        for offset in 0..<size - 1 {
            place.storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, toByteOffset: offset, as: UInt8.self)
            rest >>= 7
        }
        place.storeBytes(of: UInt8(truncatingIfNeeded: rest), toByteOffset: size - 1, as: UInt8.self)
    }

    package mutating func uint64(_ value: UInt64) { varint(value) }
    package mutating func uint32(_ value: UInt32) { varint(UInt64(value)) }
    package mutating func int64(_ value: Int64) { varint(UInt64(bitPattern: value)) }
    package mutating func int32(_ value: Int32) { int64(Int64(value)) }
    package mutating func bool(_ value: Bool) { varint(value ? 1 : 0) }
    package mutating func sint64(_ value: Int64) { varint(ProtoSize.zigzag(value)) }
    package mutating func sint32(_ value: Int32) { sint64(Int64(value)) }
    package mutating func fixed64(_ value: UInt64) { step(8).storeBytes(of: value.littleEndian, as: UInt64.self) }
    package mutating func fixed32(_ value: UInt32) { step(4).storeBytes(of: value.littleEndian, as: UInt32.self) }
    package mutating func sfixed64(_ value: Int64) { fixed64(UInt64(bitPattern: value)) }
    package mutating func sfixed32(_ value: Int32) { fixed32(UInt32(bitPattern: value)) }
    package mutating func double(_ value: Double) { fixed64(value.bitPattern) }
    package mutating func float(_ value: Float) { fixed32(value.bitPattern) }

    // MARK: Lengths

    package mutating func bytes(_ value: ArraySlice<UInt8>) {
        value.withUnsafeBytes { append($0) }
        varint(UInt64(value.count))
    }

    package mutating func string(_ value: String) {
        var value = value
        let count = value.withUTF8 { utf8 in
            append(UnsafeRawBufferPointer(utf8))
            return utf8.count
        }
        varint(UInt64(count))
    }

    private mutating func append(_ source: UnsafeRawBufferPointer) {
        guard let from = source.baseAddress, source.count > 0 else { return }
        step(source.count).copyMemory(from: from, byteCount: source.count)
    }

    /// Writes the length of everything written since `position` was `end`.
    package mutating func length(since end: Int) { varint(UInt64(end - position)) }

    package mutating func message<M: ProtoMessage>(_ message: borrowing M) {
        let end = position
        message.encode(&self)
        length(since: end)
    }

    package mutating func messages<M: ProtoMessage>(_ list: [M], tag fieldTag: UInt32) {
        // Through a pointer, as an element taken out of an array is retained field by field.
        list.withUnsafeBufferPointer { list in
            var index = list.count
            while index > 0 {
                index -= 1
                message(list[index])
                tag(fieldTag)
            }
        }
    }
}
