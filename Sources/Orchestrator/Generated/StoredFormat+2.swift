// swift-format-ignore-file
// Generated from orchestrator.proto by scripts/generate; edit that instead.

package import Wire

extension StoredFormat {
    package struct Counter: ProtoMessage {
        package var node: UInt64 = 0
        package var successes: UInt64 = 0
        package var failures: UInt64 = 0

        package init() {}

        package init(
            node: UInt64 = 0,
            successes: UInt64 = 0,
            failures: UInt64 = 0
        ) {
            self.node = node
            self.successes = successes
            self.failures = failures
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: node = try reader.uint64()
                case 16: successes = try reader.uint64()
                case 24: failures = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if failures != 0 { writer.uint64(failures); writer.tag(24) }
            if successes != 0 { writer.uint64(successes); writer.tag(16) }
            if node != 0 { writer.uint64(node); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if node != 0 { size += 1 + ProtoSize.uint64(node) }
            if successes != 0 { size += 1 + ProtoSize.uint64(successes) }
            if failures != 0 { size += 1 + ProtoSize.uint64(failures) }
            return size
        }
    }
}

extension StoredFormat {
    package struct Bookmark: ProtoMessage {
        package var target: UInt64 = 0
        package var value: ArraySlice<UInt8> = []

        package init() {}

        package init(
            target: UInt64 = 0,
            value: ArraySlice<UInt8> = []
        ) {
            self.target = target
            self.value = value
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: target = try reader.uint64()
                case 18: value = try reader.bytes()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !value.isEmpty { writer.bytes(value); writer.tag(18) }
            if target != 0 { writer.uint64(target); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if target != 0 { size += 1 + ProtoSize.uint64(target) }
            if !value.isEmpty { size += 1 + ProtoSize.bytes(value) }
            return size
        }
    }
}

extension StoredFormat {
    package struct Record: ProtoMessage {
        package var kind: UInt32 = 0
        package var number: UInt64 = 0
        /// absent: it is there no more
        package var value: ArraySlice<UInt8>? = nil

        package init() {}

        package init(
            kind: UInt32 = 0,
            number: UInt64 = 0,
            value: ArraySlice<UInt8>? = nil
        ) {
            self.kind = kind
            self.number = number
            self.value = value
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: kind = try reader.uint32()
                case 16: number = try reader.uint64()
                case 26: value = try reader.bytes()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if let value { writer.bytes(value); writer.tag(26) }
            if number != 0 { writer.uint64(number); writer.tag(16) }
            if kind != 0 { writer.uint32(kind); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if kind != 0 { size += 1 + ProtoSize.uint32(kind) }
            if number != 0 { size += 1 + ProtoSize.uint64(number) }
            if let value { size += 1 + ProtoSize.bytes(value) }
            return size
        }
    }
}
