/// How many bytes a value takes on the wire, without its tag.
package enum ProtoSize {
    package static func uint64(_ value: UInt64) -> Int {
        // One byte for every seven bits begun: (bits + 6) / 7 without a division.
        ((63 - (value | 1).leadingZeroBitCount) &* 9 &+ 73) >> 6
    }

    package static func uint32(_ value: UInt32) -> Int { uint64(UInt64(value)) }
    package static func int64(_ value: Int64) -> Int { uint64(UInt64(bitPattern: value)) }
    package static func int32(_ value: Int32) -> Int { int64(Int64(value)) }
    package static func bool(_: Bool) -> Int { 1 }
    package static func sint64(_ value: Int64) -> Int { uint64(zigzag(value)) }
    package static func sint32(_ value: Int32) -> Int { sint64(Int64(value)) }
    package static func fixed64(_: UInt64) -> Int { 8 }
    package static func fixed32(_: UInt32) -> Int { 4 }
    package static func sfixed64(_: Int64) -> Int { 8 }
    package static func sfixed32(_: Int32) -> Int { 4 }
    package static func double(_: Double) -> Int { 8 }
    package static func float(_: Float) -> Int { 4 }
    package static func bytes(_ value: ArraySlice<UInt8>) -> Int { prefixed(value.count) }
    package static func string(_ value: String) -> Int { prefixed(value.utf8.count) }

    package static func message<M: ProtoMessage>(_ message: borrowing M) -> Int { prefixed(message.encodedSize) }

    package static func messages<M: ProtoMessage>(_ list: [M], tag: Int) -> Int {
        var size = tag * list.count
        for index in list.indices { size += message(list[index]) }
        return size
    }

    /// A length and what it counts.
    package static func prefixed(_ count: Int) -> Int { uint64(UInt64(count)) + count }

    /// Small numbers of either sign become small numbers.
    package static func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: value << 1 ^ value >> 63) }
}
