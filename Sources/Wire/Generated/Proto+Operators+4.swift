// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    package struct ListArtifactsReply: ProtoMessage {
        package var artifacts: [Proto.ArtifactInfo] = []
        /// 0: no more
        package var next: UInt64 = 0
        package var stateVersion: UInt64 = 0

        package init() {}

        package init(
            artifacts: [Proto.ArtifactInfo] = [],
            next: UInt64 = 0,
            stateVersion: UInt64 = 0
        ) {
            self.artifacts = artifacts
            self.next = next
            self.stateVersion = stateVersion
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: try reader.message(into: &artifacts)
                case 16: next = try reader.uint64()
                case 24: stateVersion = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if stateVersion != 0 { writer.uint64(stateVersion); writer.tag(24) }
            if next != 0 { writer.uint64(next); writer.tag(16) }
            writer.messages(artifacts, tag: 10)
        }

        package var encodedSize: Int {
            var size = 0
            size += ProtoSize.messages(artifacts, tag: 1)
            if next != 0 { size += 1 + ProtoSize.uint64(next) }
            if stateVersion != 0 { size += 1 + ProtoSize.uint64(stateVersion) }
            return size
        }
    }
}

extension Proto {
    package struct GetArtifact: ProtoMessage {
        package enum Which: Sendable, Equatable {
            case id(UInt64)
            case digest(ArraySlice<UInt8>)
        }

        package var which: Which? = nil
        package var withContent: Bool = false
        /// what held at this state version; 0: the newest
        package var atVersion: UInt64 = 0
        package var withVariants: Bool = false
        /// with_content: the bytes of this variant instead
        package var variant: UInt64? = nil

        package init() {}

        package init(
            which: Which? = nil,
            withContent: Bool = false,
            atVersion: UInt64 = 0,
            withVariants: Bool = false,
            variant: UInt64? = nil
        ) {
            self.which = which
            self.withContent = withContent
            self.atVersion = atVersion
            self.withVariants = withVariants
            self.variant = variant
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: which = .id(try reader.uint64())
                case 18: which = .digest(try reader.bytes())
                case 24: withContent = try reader.bool()
                case 80: atVersion = try reader.uint64()
                case 88: withVariants = try reader.bool()
                case 97: variant = try reader.fixed64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if let variant { writer.fixed64(variant); writer.tag(97) }
            if withVariants { writer.bool(withVariants); writer.tag(88) }
            if atVersion != 0 { writer.uint64(atVersion); writer.tag(80) }
            if withContent { writer.bool(withContent); writer.tag(24) }
            switch which {
            case .id(let value): writer.uint64(value); writer.tag(8)
            case .digest(let value): writer.bytes(value); writer.tag(18)
            case nil: break
            }
        }

        package var encodedSize: Int {
            var size = 0
            switch which {
            case .id(let value): size += 1 + ProtoSize.uint64(value)
            case .digest(let value): size += 1 + ProtoSize.bytes(value)
            case nil: break
            }
            if withContent { size += 1 + ProtoSize.bool(withContent) }
            if atVersion != 0 { size += 1 + ProtoSize.uint64(atVersion) }
            if withVariants { size += 1 + ProtoSize.bool(withVariants) }
            if let variant { size += 1 + ProtoSize.fixed64(variant) }
            return size
        }
    }
}

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
