// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    package struct ListTargetsReply: ProtoMessage {
        package var targets: [Proto.TargetInfo] = []
        /// empty: no more
        package var next: ArraySlice<UInt8> = []

        package init() {}

        package init(
            targets: [Proto.TargetInfo] = [],
            next: ArraySlice<UInt8> = []
        ) {
            self.targets = targets
            self.next = next
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: try reader.message(into: &targets)
                case 18: next = try reader.bytes()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !next.isEmpty { writer.bytes(next); writer.tag(18) }
            writer.messages(targets, tag: 10)
        }

        package var encodedSize: Int {
            var size = 0
            size += ProtoSize.messages(targets, tag: 1)
            if !next.isEmpty { size += 1 + ProtoSize.bytes(next) }
            return size
        }
    }
}

extension Proto {
    package struct ListArtifacts: ProtoMessage {
        /// cursor: ids below this one; 0: from the newest on
        package var before: UInt64 = 0
        package var limit: UInt32 = 0
        /// what held at this state version; 0: the newest
        package var atVersion: UInt64 = 0

        package init() {}

        package init(
            before: UInt64 = 0,
            limit: UInt32 = 0,
            atVersion: UInt64 = 0
        ) {
            self.before = before
            self.limit = limit
            self.atVersion = atVersion
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: before = try reader.uint64()
                case 16: limit = try reader.uint32()
                case 80: atVersion = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if atVersion != 0 { writer.uint64(atVersion); writer.tag(80) }
            if limit != 0 { writer.uint32(limit); writer.tag(16) }
            if before != 0 { writer.uint64(before); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if before != 0 { size += 1 + ProtoSize.uint64(before) }
            if limit != 0 { size += 1 + ProtoSize.uint32(limit) }
            if atVersion != 0 { size += 1 + ProtoSize.uint64(atVersion) }
            return size
        }
    }
}

extension Proto {
    package struct ArtifactInfo: ProtoMessage {
        package var id: UInt64 = 0
        package var digest: ArraySlice<UInt8> = []
        package var contentDigest: ArraySlice<UInt8> = []
        package var version: UInt32 = 0
        package var node: String = ""
        package var target: ArraySlice<UInt8> = []
        package var lease: UInt64 = 0
        package var receivedAtMs: Int64 = 0
        package var collectedAtMs: Int64 = 0
        package var contentType: String = ""
        package var contentLength: UInt64 = 0
        package var rawSource: String = ""
        package var metadata: StringMap = StringMap()
        package var confidence: Double? = nil
        package var threatLevel: Double? = nil
        package var opportunityValue: Double? = nil
        package var late: Bool = false
        package var stateVersion: UInt64 = 0
        package var sightings: UInt64 = 0
        /// of this version: confidence times the reputation it was weighed with
        package var weight: Double = 0
        /// that figure, for versions above the first
        package var reputation: Double? = nil
        /// the state version at which a later version took its place; 0: it holds
        package var heldTo: UInt64 = 0

        package init() {}

        package init(
            id: UInt64 = 0,
            digest: ArraySlice<UInt8> = [],
            contentDigest: ArraySlice<UInt8> = [],
            version: UInt32 = 0,
            node: String = "",
            target: ArraySlice<UInt8> = [],
            lease: UInt64 = 0,
            receivedAtMs: Int64 = 0,
            collectedAtMs: Int64 = 0,
            contentType: String = "",
            contentLength: UInt64 = 0,
            rawSource: String = "",
            metadata: StringMap = StringMap(),
            confidence: Double? = nil,
            threatLevel: Double? = nil,
            opportunityValue: Double? = nil,
            late: Bool = false,
            stateVersion: UInt64 = 0,
            sightings: UInt64 = 0,
            weight: Double = 0,
            reputation: Double? = nil,
            heldTo: UInt64 = 0
        ) {
            self.id = id
            self.digest = digest
            self.contentDigest = contentDigest
            self.version = version
            self.node = node
            self.target = target
            self.lease = lease
            self.receivedAtMs = receivedAtMs
            self.collectedAtMs = collectedAtMs
            self.contentType = contentType
            self.contentLength = contentLength
            self.rawSource = rawSource
            self.metadata = metadata
            self.confidence = confidence
            self.threatLevel = threatLevel
            self.opportunityValue = opportunityValue
            self.late = late
            self.stateVersion = stateVersion
            self.sightings = sightings
            self.weight = weight
            self.reputation = reputation
            self.heldTo = heldTo
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: id = try reader.uint64()
                case 18: digest = try reader.bytes()
                case 26: contentDigest = try reader.bytes()
                case 32: version = try reader.uint32()
                case 42: node = try reader.string()
                case 50: target = try reader.bytes()
                case 56: lease = try reader.uint64()
                case 64: receivedAtMs = try reader.int64()
                case 72: collectedAtMs = try reader.int64()
                case 82: contentType = try reader.string()
                case 88: contentLength = try reader.uint64()
                case 98: rawSource = try reader.string()
                case 106: try metadata.decodeEntry(&reader)
                case 113: confidence = try reader.double()
                case 121: threatLevel = try reader.double()
                case 129: opportunityValue = try reader.double()
                case 136: late = try reader.bool()
                case 144: stateVersion = try reader.uint64()
                case 152: sightings = try reader.uint64()
                case 241: weight = try reader.double()
                case 249: reputation = try reader.double()
                case 256: heldTo = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
            metadata.finish()
        }

        package func encode(_ writer: inout ProtoWriter) {
            if heldTo != 0 { writer.uint64(heldTo); writer.tag(256) }
            if let reputation { writer.double(reputation); writer.tag(249) }
            if weight.bitPattern != 0 { writer.double(weight); writer.tag(241) }
            if sightings != 0 { writer.uint64(sightings); writer.tag(152) }
            if stateVersion != 0 { writer.uint64(stateVersion); writer.tag(144) }
            if late { writer.bool(late); writer.tag(136) }
            if let opportunityValue { writer.double(opportunityValue); writer.tag(129) }
            if let threatLevel { writer.double(threatLevel); writer.tag(121) }
            if let confidence { writer.double(confidence); writer.tag(113) }
            metadata.encode(&writer, tag: 106)
            if !rawSource.isEmpty { writer.string(rawSource); writer.tag(98) }
            if contentLength != 0 { writer.uint64(contentLength); writer.tag(88) }
            if !contentType.isEmpty { writer.string(contentType); writer.tag(82) }
            if collectedAtMs != 0 { writer.int64(collectedAtMs); writer.tag(72) }
            if receivedAtMs != 0 { writer.int64(receivedAtMs); writer.tag(64) }
            if lease != 0 { writer.uint64(lease); writer.tag(56) }
            if !target.isEmpty { writer.bytes(target); writer.tag(50) }
            if !node.isEmpty { writer.string(node); writer.tag(42) }
            if version != 0 { writer.uint32(version); writer.tag(32) }
            if !contentDigest.isEmpty { writer.bytes(contentDigest); writer.tag(26) }
            if !digest.isEmpty { writer.bytes(digest); writer.tag(18) }
            if id != 0 { writer.uint64(id); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if id != 0 { size += 1 + ProtoSize.uint64(id) }
            if !digest.isEmpty { size += 1 + ProtoSize.bytes(digest) }
            if !contentDigest.isEmpty { size += 1 + ProtoSize.bytes(contentDigest) }
            if version != 0 { size += 1 + ProtoSize.uint32(version) }
            if !node.isEmpty { size += 1 + ProtoSize.string(node) }
            if !target.isEmpty { size += 1 + ProtoSize.bytes(target) }
            if lease != 0 { size += 1 + ProtoSize.uint64(lease) }
            if receivedAtMs != 0 { size += 1 + ProtoSize.int64(receivedAtMs) }
            if collectedAtMs != 0 { size += 1 + ProtoSize.int64(collectedAtMs) }
            if !contentType.isEmpty { size += 1 + ProtoSize.string(contentType) }
            if contentLength != 0 { size += 1 + ProtoSize.uint64(contentLength) }
            if !rawSource.isEmpty { size += 1 + ProtoSize.string(rawSource) }
            size += metadata.encodedSize(tag: 1)
            if let confidence { size += 1 + ProtoSize.double(confidence) }
            if let threatLevel { size += 1 + ProtoSize.double(threatLevel) }
            if let opportunityValue { size += 2 + ProtoSize.double(opportunityValue) }
            if late { size += 2 + ProtoSize.bool(late) }
            if stateVersion != 0 { size += 2 + ProtoSize.uint64(stateVersion) }
            if sightings != 0 { size += 2 + ProtoSize.uint64(sightings) }
            if weight.bitPattern != 0 { size += 2 + ProtoSize.double(weight) }
            if let reputation { size += 2 + ProtoSize.double(reputation) }
            if heldTo != 0 { size += 2 + ProtoSize.uint64(heldTo) }
            return size
        }
    }
}

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
