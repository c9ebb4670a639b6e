// swift-format-ignore-file
// Generated from orchestrator.proto by scripts/generate; edit that instead.

package import Wire

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
