// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    package struct GetArtifactReply: ProtoMessage {
        package var artifact: Proto.ArtifactInfo? = nil
        package var content: ArraySlice<UInt8> = []
        package var stateVersion: UInt64 = 0
        package var nearDuplicate: Proto.NearDuplicate? = nil
        package var variants: [Proto.VariantInfo] = []

        package init() {}

        package init(
            artifact: Proto.ArtifactInfo? = nil,
            content: ArraySlice<UInt8> = [],
            stateVersion: UInt64 = 0,
            nearDuplicate: Proto.NearDuplicate? = nil,
            variants: [Proto.VariantInfo] = []
        ) {
            self.artifact = artifact
            self.content = content
            self.stateVersion = stateVersion
            self.nearDuplicate = nearDuplicate
            self.variants = variants
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: artifact = try reader.message()
                case 18: content = try reader.bytes()
                case 24: stateVersion = try reader.uint64()
                case 34: nearDuplicate = try reader.message()
                case 82: try reader.message(into: &variants)
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            writer.messages(variants, tag: 82)
            if let nearDuplicate { writer.message(nearDuplicate); writer.tag(34) }
            if stateVersion != 0 { writer.uint64(stateVersion); writer.tag(24) }
            if !content.isEmpty { writer.bytes(content); writer.tag(18) }
            if let artifact { writer.message(artifact); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if let artifact { size += 1 + ProtoSize.message(artifact) }
            if !content.isEmpty { size += 1 + ProtoSize.bytes(content) }
            if stateVersion != 0 { size += 1 + ProtoSize.uint64(stateVersion) }
            if let nearDuplicate { size += 1 + ProtoSize.message(nearDuplicate) }
            size += ProtoSize.messages(variants, tag: 1)
            return size
        }
    }
}
