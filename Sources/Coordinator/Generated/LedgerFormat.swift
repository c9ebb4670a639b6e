// swift-format-ignore-file
// Generated from ledger.proto by scripts/generate; edit that instead.

package import Wire

/// The messages of ledger.proto.
package enum LedgerFormat {}

extension LedgerFormat {
    package struct StoredArtifact: ProtoMessage {
        /// id of the artifact whose content this one shares; 0: its own, in this segment
        package var contentHome: UInt64 = 0
        package var contentLength: UInt64 = 0
        package var node: String = ""
        package var target: ArraySlice<UInt8> = []
        package var lease: UInt64 = 0
        package var collectedAtMs: Int64 = 0
        package var contentType: String = ""
        package var rawSource: String = ""
        package var metadata: StringMap = StringMap()
        package var confidence: Double? = nil
        package var threatLevel: Double? = nil
        package var opportunityValue: Double? = nil
        package var scoreReasons: [String] = []
        package var signals: StringMap = StringMap()

        package init() {}

        package init(
            contentHome: UInt64 = 0,
            contentLength: UInt64 = 0,
            node: String = "",
            target: ArraySlice<UInt8> = [],
            lease: UInt64 = 0,
            collectedAtMs: Int64 = 0,
            contentType: String = "",
            rawSource: String = "",
            metadata: StringMap = StringMap(),
            confidence: Double? = nil,
            threatLevel: Double? = nil,
            opportunityValue: Double? = nil,
            scoreReasons: [String] = [],
            signals: StringMap = StringMap()
        ) {
            self.contentHome = contentHome
            self.contentLength = contentLength
            self.node = node
            self.target = target
            self.lease = lease
            self.collectedAtMs = collectedAtMs
            self.contentType = contentType
            self.rawSource = rawSource
            self.metadata = metadata
            self.confidence = confidence
            self.threatLevel = threatLevel
            self.opportunityValue = opportunityValue
            self.scoreReasons = scoreReasons
            self.signals = signals
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: contentHome = try reader.uint64()
                case 16: contentLength = try reader.uint64()
                case 26: node = try reader.string()
                case 34: target = try reader.bytes()
                case 40: lease = try reader.uint64()
                case 48: collectedAtMs = try reader.int64()
                case 58: contentType = try reader.string()
                case 66: rawSource = try reader.string()
                case 74: try metadata.decodeEntry(&reader)
                case 81: confidence = try reader.double()
                case 89: threatLevel = try reader.double()
                case 97: opportunityValue = try reader.double()
                case 106:
                    try reader.charge(MemoryLayout<String>.stride)
                    scoreReasons.append(try reader.string())
                case 114: try signals.decodeEntry(&reader)
                default: try reader.skip(tag)
                }
            }
            metadata.finish()
            signals.finish()
        }

        package func encode(_ writer: inout ProtoWriter) {
            signals.encode(&writer, tag: 114)
            for value in scoreReasons.reversed() { writer.string(value); writer.tag(106) }
            if let opportunityValue { writer.double(opportunityValue); writer.tag(97) }
            if let threatLevel { writer.double(threatLevel); writer.tag(89) }
            if let confidence { writer.double(confidence); writer.tag(81) }
            metadata.encode(&writer, tag: 74)
            if !rawSource.isEmpty { writer.string(rawSource); writer.tag(66) }
            if !contentType.isEmpty { writer.string(contentType); writer.tag(58) }
            if collectedAtMs != 0 { writer.int64(collectedAtMs); writer.tag(48) }
            if lease != 0 { writer.uint64(lease); writer.tag(40) }
            if !target.isEmpty { writer.bytes(target); writer.tag(34) }
            if !node.isEmpty { writer.string(node); writer.tag(26) }
            if contentLength != 0 { writer.uint64(contentLength); writer.tag(16) }
            if contentHome != 0 { writer.uint64(contentHome); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if contentHome != 0 { size += 1 + ProtoSize.uint64(contentHome) }
            if contentLength != 0 { size += 1 + ProtoSize.uint64(contentLength) }
            if !node.isEmpty { size += 1 + ProtoSize.string(node) }
            if !target.isEmpty { size += 1 + ProtoSize.bytes(target) }
            if lease != 0 { size += 1 + ProtoSize.uint64(lease) }
            if collectedAtMs != 0 { size += 1 + ProtoSize.int64(collectedAtMs) }
            if !contentType.isEmpty { size += 1 + ProtoSize.string(contentType) }
            if !rawSource.isEmpty { size += 1 + ProtoSize.string(rawSource) }
            size += metadata.encodedSize(tag: 1)
            if let confidence { size += 1 + ProtoSize.double(confidence) }
            if let threatLevel { size += 1 + ProtoSize.double(threatLevel) }
            if let opportunityValue { size += 1 + ProtoSize.double(opportunityValue) }
            for value in scoreReasons { size += 1 + ProtoSize.string(value) }
            size += signals.encodedSize(tag: 1)
            return size
        }
    }
}

extension LedgerFormat {
    package struct StoredRecords: ProtoMessage {
        package var artifacts: [LedgerFormat.StoredArtifact] = []

        package init() {}

        package init(
            artifacts: [LedgerFormat.StoredArtifact] = []
        ) {
            self.artifacts = artifacts
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: try reader.message(into: &artifacts)
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            writer.messages(artifacts, tag: 10)
        }

        package var encodedSize: Int {
            var size = 0
            size += ProtoSize.messages(artifacts, tag: 1)
            return size
        }
    }
}

extension LedgerFormat {
    package enum SightingKind: ProtoEnum {
        case unspecified
        case exact
        case normalised
        case sameContent
        case unchanged
        /// A number that this version does not know.
        case unrecognized(Int32)

        /// The value of a field that was not sent.
        package init() { self = .unspecified }

        package init(rawValue: Int32) {
            switch rawValue {
            case 0: self = .unspecified
            case 1: self = .exact
            case 2: self = .normalised
            case 3: self = .sameContent
            case 4: self = .unchanged
            default: self = .unrecognized(rawValue)
            }
        }

        package var rawValue: Int32 {
            switch self {
            case .unspecified: 0
            case .exact: 1
            case .normalised: 2
            case .sameContent: 3
            case .unchanged: 4
            case .unrecognized(let number): number
            }
        }
    }

}

extension LedgerFormat {
    package struct StoredSighting: ProtoMessage {
        /// the kept artifact that was seen again
        package var artifact: UInt64 = 0
        package var kind: LedgerFormat.SightingKind = LedgerFormat.SightingKind()
        package var node: String = ""
        package var target: ArraySlice<UInt8> = []
        package var lease: UInt64 = 0
        package var collectedAtMs: Int64 = 0
        package var confidence: Double? = nil
        /// normalised: which bytes came
        package var rawCheck: UInt64 = 0
        /// the version that it brought; 0: none
        package var version: UInt32 = 0

        package init() {}

        package init(
            artifact: UInt64 = 0,
            kind: LedgerFormat.SightingKind = LedgerFormat.SightingKind(),
            node: String = "",
            target: ArraySlice<UInt8> = [],
            lease: UInt64 = 0,
            collectedAtMs: Int64 = 0,
            confidence: Double? = nil,
            rawCheck: UInt64 = 0,
            version: UInt32 = 0
        ) {
            self.artifact = artifact
            self.kind = kind
            self.node = node
            self.target = target
            self.lease = lease
            self.collectedAtMs = collectedAtMs
            self.confidence = confidence
            self.rawCheck = rawCheck
            self.version = version
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: artifact = try reader.uint64()
                case 16: kind = LedgerFormat.SightingKind(rawValue: try reader.int32())
                case 26: node = try reader.string()
                case 34: target = try reader.bytes()
                case 40: lease = try reader.uint64()
                case 48: collectedAtMs = try reader.int64()
                case 57: confidence = try reader.double()
                case 65: rawCheck = try reader.fixed64()
                case 72: version = try reader.uint32()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if version != 0 { writer.uint32(version); writer.tag(72) }
            if rawCheck != 0 { writer.fixed64(rawCheck); writer.tag(65) }
            if let confidence { writer.double(confidence); writer.tag(57) }
            if collectedAtMs != 0 { writer.int64(collectedAtMs); writer.tag(48) }
            if lease != 0 { writer.uint64(lease); writer.tag(40) }
            if !target.isEmpty { writer.bytes(target); writer.tag(34) }
            if !node.isEmpty { writer.string(node); writer.tag(26) }
            if kind.rawValue != 0 { writer.int32(kind.rawValue); writer.tag(16) }
            if artifact != 0 { writer.uint64(artifact); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if artifact != 0 { size += 1 + ProtoSize.uint64(artifact) }
            if kind.rawValue != 0 { size += 1 + ProtoSize.int32(kind.rawValue) }
            if !node.isEmpty { size += 1 + ProtoSize.string(node) }
            if !target.isEmpty { size += 1 + ProtoSize.bytes(target) }
            if lease != 0 { size += 1 + ProtoSize.uint64(lease) }
            if collectedAtMs != 0 { size += 1 + ProtoSize.int64(collectedAtMs) }
            if let confidence { size += 1 + ProtoSize.double(confidence) }
            if rawCheck != 0 { size += 1 + ProtoSize.fixed64(rawCheck) }
            if version != 0 { size += 1 + ProtoSize.uint32(version) }
            return size
        }
    }
}

extension LedgerFormat {
    package struct StoredSightings: ProtoMessage {
        package var sightings: [LedgerFormat.StoredSighting] = []

        package init() {}

        package init(
            sightings: [LedgerFormat.StoredSighting] = []
        ) {
            self.sightings = sightings
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: try reader.message(into: &sightings)
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            writer.messages(sightings, tag: 10)
        }

        package var encodedSize: Int {
            var size = 0
            size += ProtoSize.messages(sightings, tag: 1)
            return size
        }
    }
}

extension LedgerFormat {
    /// A version above the first: what a sighting said that weighed more than the version before.
    package struct StoredVersion: ProtoMessage {
        package var artifact: UInt64 = 0
        package var number: UInt32 = 0
        /// confidence times reputation, in 65,535ths
        package var weight: UInt32 = 0
        /// the figure that was used
        package var reputation: Double = 0
        /// of the bytes that came
        package var rawCheck: UInt64 = 0
        /// its content is the artifact's own
        package var record: LedgerFormat.StoredArtifact? = nil
        /// 0: its claims came with it; else only its signals are new, and these came then
        package var claimedAtMs: Int64 = 0

        package init() {}

        package init(
            artifact: UInt64 = 0,
            number: UInt32 = 0,
            weight: UInt32 = 0,
            reputation: Double = 0,
            rawCheck: UInt64 = 0,
            record: LedgerFormat.StoredArtifact? = nil,
            claimedAtMs: Int64 = 0
        ) {
            self.artifact = artifact
            self.number = number
            self.weight = weight
            self.reputation = reputation
            self.rawCheck = rawCheck
            self.record = record
            self.claimedAtMs = claimedAtMs
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: artifact = try reader.uint64()
                case 16: number = try reader.uint32()
                case 24: weight = try reader.uint32()
                case 33: reputation = try reader.double()
                case 41: rawCheck = try reader.fixed64()
                case 50: record = try reader.message()
                case 56: claimedAtMs = try reader.int64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if claimedAtMs != 0 { writer.int64(claimedAtMs); writer.tag(56) }
            if let record { writer.message(record); writer.tag(50) }
            if rawCheck != 0 { writer.fixed64(rawCheck); writer.tag(41) }
            if reputation.bitPattern != 0 { writer.double(reputation); writer.tag(33) }
            if weight != 0 { writer.uint32(weight); writer.tag(24) }
            if number != 0 { writer.uint32(number); writer.tag(16) }
            if artifact != 0 { writer.uint64(artifact); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if artifact != 0 { size += 1 + ProtoSize.uint64(artifact) }
            if number != 0 { size += 1 + ProtoSize.uint32(number) }
            if weight != 0 { size += 1 + ProtoSize.uint32(weight) }
            if reputation.bitPattern != 0 { size += 1 + ProtoSize.double(reputation) }
            if rawCheck != 0 { size += 1 + ProtoSize.fixed64(rawCheck) }
            if let record { size += 1 + ProtoSize.message(record) }
            if claimedAtMs != 0 { size += 1 + ProtoSize.int64(claimedAtMs) }
            return size
        }
    }
}
