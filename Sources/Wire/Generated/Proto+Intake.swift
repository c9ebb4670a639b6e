// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    package struct LeaseRef: ProtoMessage {
        package var lease: UInt64 = 0
        package var target: ArraySlice<UInt8> = []
        package var fence: Proto.Fence? = nil

        package init() {}

        package init(
            lease: UInt64 = 0,
            target: ArraySlice<UInt8> = [],
            fence: Proto.Fence? = nil
        ) {
            self.lease = lease
            self.target = target
            self.fence = fence
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: lease = try reader.uint64()
                case 18: target = try reader.bytes()
                case 26: fence = try reader.message()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if let fence { writer.message(fence); writer.tag(26) }
            if !target.isEmpty { writer.bytes(target); writer.tag(18) }
            if lease != 0 { writer.uint64(lease); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if lease != 0 { size += 1 + ProtoSize.uint64(lease) }
            if !target.isEmpty { size += 1 + ProtoSize.bytes(target) }
            if let fence { size += 1 + ProtoSize.message(fence) }
            return size
        }
    }
}

extension Proto {
    package struct Artifact: ProtoMessage {
        package var contentType: String = ""
        package var content: ArraySlice<UInt8> = []
        package var rawSource: String = ""
        package var metadata: StringMap = StringMap()
        package var confidence: Double? = nil
        package var threatLevel: Double? = nil
        package var opportunityValue: Double? = nil
        package var collectedAtMs: Int64 = 0
        package var scoreReasons: [String] = []
        /// opt-out signals, raw
        package var signals: StringMap = StringMap()

        package init() {}

        package init(
            contentType: String = "",
            content: ArraySlice<UInt8> = [],
            rawSource: String = "",
            metadata: StringMap = StringMap(),
            confidence: Double? = nil,
            threatLevel: Double? = nil,
            opportunityValue: Double? = nil,
            collectedAtMs: Int64 = 0,
            scoreReasons: [String] = [],
            signals: StringMap = StringMap()
        ) {
            self.contentType = contentType
            self.content = content
            self.rawSource = rawSource
            self.metadata = metadata
            self.confidence = confidence
            self.threatLevel = threatLevel
            self.opportunityValue = opportunityValue
            self.collectedAtMs = collectedAtMs
            self.scoreReasons = scoreReasons
            self.signals = signals
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: contentType = try reader.string()
                case 18: content = try reader.bytes()
                case 26: rawSource = try reader.string()
                case 34: try metadata.decodeEntry(&reader)
                case 41: confidence = try reader.double()
                case 49: threatLevel = try reader.double()
                case 57: opportunityValue = try reader.double()
                case 64: collectedAtMs = try reader.int64()
                case 74:
                    try reader.charge(MemoryLayout<String>.stride)
                    scoreReasons.append(try reader.string())
                case 82: try signals.decodeEntry(&reader)
                default: try reader.skip(tag)
                }
            }
            metadata.finish()
            signals.finish()
        }

        package func encode(_ writer: inout ProtoWriter) {
            signals.encode(&writer, tag: 82)
            for value in scoreReasons.reversed() { writer.string(value); writer.tag(74) }
            if collectedAtMs != 0 { writer.int64(collectedAtMs); writer.tag(64) }
            if let opportunityValue { writer.double(opportunityValue); writer.tag(57) }
            if let threatLevel { writer.double(threatLevel); writer.tag(49) }
            if let confidence { writer.double(confidence); writer.tag(41) }
            metadata.encode(&writer, tag: 34)
            if !rawSource.isEmpty { writer.string(rawSource); writer.tag(26) }
            if !content.isEmpty { writer.bytes(content); writer.tag(18) }
            if !contentType.isEmpty { writer.string(contentType); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !contentType.isEmpty { size += 1 + ProtoSize.string(contentType) }
            if !content.isEmpty { size += 1 + ProtoSize.bytes(content) }
            if !rawSource.isEmpty { size += 1 + ProtoSize.string(rawSource) }
            size += metadata.encodedSize(tag: 1)
            if let confidence { size += 1 + ProtoSize.double(confidence) }
            if let threatLevel { size += 1 + ProtoSize.double(threatLevel) }
            if let opportunityValue { size += 1 + ProtoSize.double(opportunityValue) }
            if collectedAtMs != 0 { size += 1 + ProtoSize.int64(collectedAtMs) }
            for value in scoreReasons { size += 1 + ProtoSize.string(value) }
            size += signals.encodedSize(tag: 1)
            return size
        }
    }
}

extension Proto {
    /// Nothing new: the collector holds this digest already.
    package struct Unchanged: ProtoMessage {
        package var digest: ArraySlice<UInt8> = []
        package var rawSource: String = ""
        /// opt-out signals, raw, where the source said any
        package var signals: StringMap = StringMap()

        package init() {}

        package init(
            digest: ArraySlice<UInt8> = [],
            rawSource: String = "",
            signals: StringMap = StringMap()
        ) {
            self.digest = digest
            self.rawSource = rawSource
            self.signals = signals
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: digest = try reader.bytes()
                case 18: rawSource = try reader.string()
                case 26: try signals.decodeEntry(&reader)
                default: try reader.skip(tag)
                }
            }
            signals.finish()
        }

        package func encode(_ writer: inout ProtoWriter) {
            signals.encode(&writer, tag: 26)
            if !rawSource.isEmpty { writer.string(rawSource); writer.tag(18) }
            if !digest.isEmpty { writer.bytes(digest); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !digest.isEmpty { size += 1 + ProtoSize.bytes(digest) }
            if !rawSource.isEmpty { size += 1 + ProtoSize.string(rawSource) }
            size += signals.encodedSize(tag: 1)
            return size
        }
    }
}

extension Proto {
    package struct Bookmark: ProtoMessage {
        package var value: ArraySlice<UInt8> = []

        package init() {}

        package init(
            value: ArraySlice<UInt8> = []
        ) {
            self.value = value
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: value = try reader.bytes()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !value.isEmpty { writer.bytes(value); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !value.isEmpty { size += 1 + ProtoSize.bytes(value) }
            return size
        }
    }
}

extension Proto {
    package struct Item: ProtoMessage {
        package enum Kind: Sendable, Equatable {
            case artifact(Proto.Artifact)
            case unchanged(Proto.Unchanged)
            case bookmark(Proto.Bookmark)
        }

        /// place in IngestBatch.leases, counted from 1; 0: no lease
        package var lease: UInt32 = 0
        package var kind: Kind? = nil

        package init() {}

        package init(
            lease: UInt32 = 0,
            kind: Kind? = nil
        ) {
            self.lease = lease
            self.kind = kind
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: lease = try reader.uint32()
                case 18: kind = .artifact(try reader.message())
                case 26: kind = .unchanged(try reader.message())
                case 34: kind = .bookmark(try reader.message())
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            switch kind {
            case .artifact(let value): writer.message(value); writer.tag(18)
            case .unchanged(let value): writer.message(value); writer.tag(26)
            case .bookmark(let value): writer.message(value); writer.tag(34)
            case nil: break
            }
            if lease != 0 { writer.uint32(lease); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if lease != 0 { size += 1 + ProtoSize.uint32(lease) }
            switch kind {
            case .artifact(let value): size += 1 + ProtoSize.message(value)
            case .unchanged(let value): size += 1 + ProtoSize.message(value)
            case .bookmark(let value): size += 1 + ProtoSize.message(value)
            case nil: break
            }
            return size
        }
    }
}

extension Proto {
    package struct IngestBatch: ProtoMessage {
        package var stream: UInt64 = 0
        /// the first item's; the others follow without a gap
        package var firstSequence: UInt64 = 0
        package var items: [Proto.Item] = []
        package var leases: [Proto.LeaseRef] = []

        package init() {}

        package init(
            stream: UInt64 = 0,
            firstSequence: UInt64 = 0,
            items: [Proto.Item] = [],
            leases: [Proto.LeaseRef] = []
        ) {
            self.stream = stream
            self.firstSequence = firstSequence
            self.items = items
            self.leases = leases
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: stream = try reader.uint64()
                case 16: firstSequence = try reader.uint64()
                case 26: try reader.message(into: &items)
                case 34: try reader.message(into: &leases)
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            writer.messages(leases, tag: 34)
            writer.messages(items, tag: 26)
            if firstSequence != 0 { writer.uint64(firstSequence); writer.tag(16) }
            if stream != 0 { writer.uint64(stream); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if stream != 0 { size += 1 + ProtoSize.uint64(stream) }
            if firstSequence != 0 { size += 1 + ProtoSize.uint64(firstSequence) }
            size += ProtoSize.messages(items, tag: 1)
            size += ProtoSize.messages(leases, tag: 1)
            return size
        }
    }
}

extension Proto {
    package enum VerdictCode: ProtoEnum {
        case unspecified
        case stored
        case duplicate
        case refused
        /// confirmed: the digest is known
        case unchanged
        /// unchanged names a digest that is not known
        case unknownDigest
        case bookmark
        /// A number that this version does not know.
        case unrecognized(Int32)

        /// The value of a field that was not sent.
        package init() { self = .unspecified }

        package init(rawValue: Int32) {
            switch rawValue {
            case 0: self = .unspecified
            case 1: self = .stored
            case 2: self = .duplicate
            case 3: self = .refused
            case 4: self = .unchanged
            case 5: self = .unknownDigest
            case 6: self = .bookmark
            default: self = .unrecognized(rawValue)
            }
        }

        package var rawValue: Int32 {
            switch self {
            case .unspecified: 0
            case .stored: 1
            case .duplicate: 2
            case .refused: 3
            case .unchanged: 4
            case .unknownDigest: 5
            case .bookmark: 6
            case .unrecognized(let number): number
            }
        }
    }

}
