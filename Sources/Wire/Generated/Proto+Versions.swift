// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    /// Bytes that equal an artifact's only after normalisation.
    package struct VariantInfo: ProtoMessage {
        /// names the bytes
        package var variant: UInt64 = 0
        package var contentLength: UInt64 = 0
        /// who sent them first
        package var node: String = ""
        package var stateVersion: UInt64 = 0

        package init() {}

        package init(
            variant: UInt64 = 0,
            contentLength: UInt64 = 0,
            node: String = "",
            stateVersion: UInt64 = 0
        ) {
            self.variant = variant
            self.contentLength = contentLength
            self.node = node
            self.stateVersion = stateVersion
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 9: variant = try reader.fixed64()
                case 16: contentLength = try reader.uint64()
                case 26: node = try reader.string()
                case 32: stateVersion = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if stateVersion != 0 { writer.uint64(stateVersion); writer.tag(32) }
            if !node.isEmpty { writer.string(node); writer.tag(26) }
            if contentLength != 0 { writer.uint64(contentLength); writer.tag(16) }
            if variant != 0 { writer.fixed64(variant); writer.tag(9) }
        }

        package var encodedSize: Int {
            var size = 0
            if variant != 0 { size += 1 + ProtoSize.fixed64(variant) }
            if contentLength != 0 { size += 1 + ProtoSize.uint64(contentLength) }
            if !node.isEmpty { size += 1 + ProtoSize.string(node) }
            if stateVersion != 0 { size += 1 + ProtoSize.uint64(stateVersion) }
            return size
        }
    }
}

extension Proto {
    /// The versions of one artifact, from the first on, and what its sightings add up to.
    package struct ArtifactHistory: ProtoMessage {
        package var id: UInt64 = 0
        /// cursor: version numbers above this one
        package var after: UInt32 = 0
        package var limit: UInt32 = 0

        package init() {}

        package init(
            id: UInt64 = 0,
            after: UInt32 = 0,
            limit: UInt32 = 0
        ) {
            self.id = id
            self.after = after
            self.limit = limit
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: id = try reader.uint64()
                case 16: after = try reader.uint32()
                case 24: limit = try reader.uint32()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if limit != 0 { writer.uint32(limit); writer.tag(24) }
            if after != 0 { writer.uint32(after); writer.tag(16) }
            if id != 0 { writer.uint64(id); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if id != 0 { size += 1 + ProtoSize.uint64(id) }
            if after != 0 { size += 1 + ProtoSize.uint32(after) }
            if limit != 0 { size += 1 + ProtoSize.uint32(limit) }
            return size
        }
    }
}

extension Proto {
    package struct SightingTotals: ProtoMessage {
        package var exact: UInt64 = 0
        package var normalised: UInt64 = 0
        package var sameContent: UInt64 = 0
        package var unchanged: UInt64 = 0
        /// kept apart: a node and a kind each, at most 64
        package var sources: UInt64 = 0
        /// sightings by sources beyond these
        package var others: UInt64 = 0
        package var firstVersion: UInt64 = 0
        package var lastVersion: UInt64 = 0

        package init() {}

        package init(
            exact: UInt64 = 0,
            normalised: UInt64 = 0,
            sameContent: UInt64 = 0,
            unchanged: UInt64 = 0,
            sources: UInt64 = 0,
            others: UInt64 = 0,
            firstVersion: UInt64 = 0,
            lastVersion: UInt64 = 0
        ) {
            self.exact = exact
            self.normalised = normalised
            self.sameContent = sameContent
            self.unchanged = unchanged
            self.sources = sources
            self.others = others
            self.firstVersion = firstVersion
            self.lastVersion = lastVersion
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: exact = try reader.uint64()
                case 16: normalised = try reader.uint64()
                case 24: sameContent = try reader.uint64()
                case 32: unchanged = try reader.uint64()
                case 40: sources = try reader.uint64()
                case 48: others = try reader.uint64()
                case 56: firstVersion = try reader.uint64()
                case 64: lastVersion = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if lastVersion != 0 { writer.uint64(lastVersion); writer.tag(64) }
            if firstVersion != 0 { writer.uint64(firstVersion); writer.tag(56) }
            if others != 0 { writer.uint64(others); writer.tag(48) }
            if sources != 0 { writer.uint64(sources); writer.tag(40) }
            if unchanged != 0 { writer.uint64(unchanged); writer.tag(32) }
            if sameContent != 0 { writer.uint64(sameContent); writer.tag(24) }
            if normalised != 0 { writer.uint64(normalised); writer.tag(16) }
            if exact != 0 { writer.uint64(exact); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if exact != 0 { size += 1 + ProtoSize.uint64(exact) }
            if normalised != 0 { size += 1 + ProtoSize.uint64(normalised) }
            if sameContent != 0 { size += 1 + ProtoSize.uint64(sameContent) }
            if unchanged != 0 { size += 1 + ProtoSize.uint64(unchanged) }
            if sources != 0 { size += 1 + ProtoSize.uint64(sources) }
            if others != 0 { size += 1 + ProtoSize.uint64(others) }
            if firstVersion != 0 { size += 1 + ProtoSize.uint64(firstVersion) }
            if lastVersion != 0 { size += 1 + ProtoSize.uint64(lastVersion) }
            return size
        }
    }
}

extension Proto {
    package struct ArtifactHistoryReply: ProtoMessage {
        package var versions: [Proto.ArtifactInfo] = []
        /// 0: no more
        package var next: UInt32 = 0
        package var stateVersion: UInt64 = 0
        package var sightings: Proto.SightingTotals? = nil
        /// the state version up to which they are added up
        package var sightingsVersion: UInt64 = 0
        /// versions before the first one shown, which are compacted
        package var compacted: UInt32 = 0

        package init() {}

        package init(
            versions: [Proto.ArtifactInfo] = [],
            next: UInt32 = 0,
            stateVersion: UInt64 = 0,
            sightings: Proto.SightingTotals? = nil,
            sightingsVersion: UInt64 = 0,
            compacted: UInt32 = 0
        ) {
            self.versions = versions
            self.next = next
            self.stateVersion = stateVersion
            self.sightings = sightings
            self.sightingsVersion = sightingsVersion
            self.compacted = compacted
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: try reader.message(into: &versions)
                case 16: next = try reader.uint32()
                case 24: stateVersion = try reader.uint64()
                case 34: sightings = try reader.message()
                case 40: sightingsVersion = try reader.uint64()
                case 48: compacted = try reader.uint32()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if compacted != 0 { writer.uint32(compacted); writer.tag(48) }
            if sightingsVersion != 0 { writer.uint64(sightingsVersion); writer.tag(40) }
            if let sightings { writer.message(sightings); writer.tag(34) }
            if stateVersion != 0 { writer.uint64(stateVersion); writer.tag(24) }
            if next != 0 { writer.uint32(next); writer.tag(16) }
            writer.messages(versions, tag: 10)
        }

        package var encodedSize: Int {
            var size = 0
            size += ProtoSize.messages(versions, tag: 1)
            if next != 0 { size += 1 + ProtoSize.uint32(next) }
            if stateVersion != 0 { size += 1 + ProtoSize.uint64(stateVersion) }
            if let sightings { size += 1 + ProtoSize.message(sightings) }
            if sightingsVersion != 0 { size += 1 + ProtoSize.uint64(sightingsVersion) }
            if compacted != 0 { size += 1 + ProtoSize.uint32(compacted) }
            return size
        }
    }
}

extension Proto {
    /// Why what a node sent counted as a duplicate of this artifact, or as its content again.
    package struct ArtifactSightings: ProtoMessage {
        package var id: UInt64 = 0
        /// empty: all
        package var node: String = ""

        package init() {}

        package init(
            id: UInt64 = 0,
            node: String = ""
        ) {
            self.id = id
            self.node = node
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: id = try reader.uint64()
                case 18: node = try reader.string()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !node.isEmpty { writer.string(node); writer.tag(18) }
            if id != 0 { writer.uint64(id); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if id != 0 { size += 1 + ProtoSize.uint64(id) }
            if !node.isEmpty { size += 1 + ProtoSize.string(node) }
            return size
        }
    }
}

extension Proto {
    package struct SightingInfo: ProtoMessage {
        package var node: String = ""
        package var kind: Proto.DuplicateKind = Proto.DuplicateKind()
        /// the node named the digest and sent nothing
        package var unchanged: Bool = false
        package var count: UInt64 = 0
        package var firstVersion: UInt64 = 0
        package var firstAtMs: Int64 = 0
        package var lastVersion: UInt64 = 0
        package var lastAtMs: Int64 = 0
        package var target: ArraySlice<UInt8> = []
        /// the highest it stated
        package var confidence: Double? = nil
        /// normalised: the bytes that came last
        package var variant: UInt64? = nil
        /// the last version that it brought; 0: none
        package var version: UInt32 = 0

        package init() {}

        package init(
            node: String = "",
            kind: Proto.DuplicateKind = Proto.DuplicateKind(),
            unchanged: Bool = false,
            count: UInt64 = 0,
            firstVersion: UInt64 = 0,
            firstAtMs: Int64 = 0,
            lastVersion: UInt64 = 0,
            lastAtMs: Int64 = 0,
            target: ArraySlice<UInt8> = [],
            confidence: Double? = nil,
            variant: UInt64? = nil,
            version: UInt32 = 0
        ) {
            self.node = node
            self.kind = kind
            self.unchanged = unchanged
            self.count = count
            self.firstVersion = firstVersion
            self.firstAtMs = firstAtMs
            self.lastVersion = lastVersion
            self.lastAtMs = lastAtMs
            self.target = target
            self.confidence = confidence
            self.variant = variant
            self.version = version
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: node = try reader.string()
                case 16: kind = Proto.DuplicateKind(rawValue: try reader.int32())
                case 24: unchanged = try reader.bool()
                case 32: count = try reader.uint64()
                case 40: firstVersion = try reader.uint64()
                case 48: firstAtMs = try reader.int64()
                case 56: lastVersion = try reader.uint64()
                case 64: lastAtMs = try reader.int64()
                case 74: target = try reader.bytes()
                case 81: confidence = try reader.double()
                case 89: variant = try reader.fixed64()
                case 96: version = try reader.uint32()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if version != 0 { writer.uint32(version); writer.tag(96) }
            if let variant { writer.fixed64(variant); writer.tag(89) }
            if let confidence { writer.double(confidence); writer.tag(81) }
            if !target.isEmpty { writer.bytes(target); writer.tag(74) }
            if lastAtMs != 0 { writer.int64(lastAtMs); writer.tag(64) }
            if lastVersion != 0 { writer.uint64(lastVersion); writer.tag(56) }
            if firstAtMs != 0 { writer.int64(firstAtMs); writer.tag(48) }
            if firstVersion != 0 { writer.uint64(firstVersion); writer.tag(40) }
            if count != 0 { writer.uint64(count); writer.tag(32) }
            if unchanged { writer.bool(unchanged); writer.tag(24) }
            if kind.rawValue != 0 { writer.int32(kind.rawValue); writer.tag(16) }
            if !node.isEmpty { writer.string(node); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !node.isEmpty { size += 1 + ProtoSize.string(node) }
            if kind.rawValue != 0 { size += 1 + ProtoSize.int32(kind.rawValue) }
            if unchanged { size += 1 + ProtoSize.bool(unchanged) }
            if count != 0 { size += 1 + ProtoSize.uint64(count) }
            if firstVersion != 0 { size += 1 + ProtoSize.uint64(firstVersion) }
            if firstAtMs != 0 { size += 1 + ProtoSize.int64(firstAtMs) }
            if lastVersion != 0 { size += 1 + ProtoSize.uint64(lastVersion) }
            if lastAtMs != 0 { size += 1 + ProtoSize.int64(lastAtMs) }
            if !target.isEmpty { size += 1 + ProtoSize.bytes(target) }
            if let confidence { size += 1 + ProtoSize.double(confidence) }
            if let variant { size += 1 + ProtoSize.fixed64(variant) }
            if version != 0 { size += 1 + ProtoSize.uint32(version) }
            return size
        }
    }
}
