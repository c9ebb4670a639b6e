// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    package enum DuplicateKind: ProtoEnum {
        case none
        case exact
        case normalised
        /// stored, and its content was known from elsewhere
        case sameContent
        /// A number that this version does not know.
        case unrecognized(Int32)

        /// The value of a field that was not sent.
        package init() { self = .none }

        package init(rawValue: Int32) {
            switch rawValue {
            case 0: self = .none
            case 1: self = .exact
            case 2: self = .normalised
            case 3: self = .sameContent
            default: self = .unrecognized(rawValue)
            }
        }

        package var rawValue: Int32 {
            switch self {
            case .none: 0
            case .exact: 1
            case .normalised: 2
            case .sameContent: 3
            case .unrecognized(let number): number
            }
        }
    }

}

extension Proto {
    package struct Verdict: ProtoMessage {
        package var code: Proto.VerdictCode = Proto.VerdictCode()
        package var digest: ArraySlice<UInt8> = []
        /// its id
        package var artifact: UInt64 = 0
        package var version: UInt32 = 0
        package var duplicate: Proto.DuplicateKind = Proto.DuplicateKind()
        /// refused: what was wrong, and what would be accepted
        package var field: String = ""
        package var message: String = ""

        package init() {}

        package init(
            code: Proto.VerdictCode = Proto.VerdictCode(),
            digest: ArraySlice<UInt8> = [],
            artifact: UInt64 = 0,
            version: UInt32 = 0,
            duplicate: Proto.DuplicateKind = Proto.DuplicateKind(),
            field: String = "",
            message: String = ""
        ) {
            self.code = code
            self.digest = digest
            self.artifact = artifact
            self.version = version
            self.duplicate = duplicate
            self.field = field
            self.message = message
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: code = Proto.VerdictCode(rawValue: try reader.int32())
                case 18: digest = try reader.bytes()
                case 24: artifact = try reader.uint64()
                case 32: version = try reader.uint32()
                case 40: duplicate = Proto.DuplicateKind(rawValue: try reader.int32())
                case 50: field = try reader.string()
                case 58: message = try reader.string()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !message.isEmpty { writer.string(message); writer.tag(58) }
            if !field.isEmpty { writer.string(field); writer.tag(50) }
            if duplicate.rawValue != 0 { writer.int32(duplicate.rawValue); writer.tag(40) }
            if version != 0 { writer.uint32(version); writer.tag(32) }
            if artifact != 0 { writer.uint64(artifact); writer.tag(24) }
            if !digest.isEmpty { writer.bytes(digest); writer.tag(18) }
            if code.rawValue != 0 { writer.int32(code.rawValue); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if code.rawValue != 0 { size += 1 + ProtoSize.int32(code.rawValue) }
            if !digest.isEmpty { size += 1 + ProtoSize.bytes(digest) }
            if artifact != 0 { size += 1 + ProtoSize.uint64(artifact) }
            if version != 0 { size += 1 + ProtoSize.uint32(version) }
            if duplicate.rawValue != 0 { size += 1 + ProtoSize.int32(duplicate.rawValue) }
            if !field.isEmpty { size += 1 + ProtoSize.string(field) }
            if !message.isEmpty { size += 1 + ProtoSize.string(message) }
            return size
        }
    }
}

extension Proto {
    package enum Durability: ProtoEnum {
        case none
        case fsync
        /// A number that this version does not know.
        case unrecognized(Int32)

        /// The value of a field that was not sent.
        package init() { self = .none }

        package init(rawValue: Int32) {
            switch rawValue {
            case 0: self = .none
            case 1: self = .fsync
            default: self = .unrecognized(rawValue)
            }
        }

        package var rawValue: Int32 {
            switch self {
            case .none: 0
            case .fsync: 1
            case .unrecognized(let number): number
            }
        }
    }

}

extension Proto {
    package enum IngestRefusal: ProtoEnum {
        case accepted
        case noCredit
        case gap
        case streamForked
        case unavailable
        /// A number that this version does not know.
        case unrecognized(Int32)

        /// The value of a field that was not sent.
        package init() { self = .accepted }

        package init(rawValue: Int32) {
            switch rawValue {
            case 0: self = .accepted
            case 1: self = .noCredit
            case 2: self = .gap
            case 3: self = .streamForked
            case 4: self = .unavailable
            default: self = .unrecognized(rawValue)
            }
        }

        package var rawValue: Int32 {
            switch self {
            case .accepted: 0
            case .noCredit: 1
            case .gap: 2
            case .streamForked: 3
            case .unavailable: 4
            case .unrecognized(let number): number
            }
        }
    }

}

extension Proto {
    package struct IngestAck: ProtoMessage {
        package var stream: UInt64 = 0
        package var firstSequence: UInt64 = 0
        /// anything but accepted leaves the sequence where it is
        package var refusal: Proto.IngestRefusal = Proto.IngestRefusal()
        package var durability: Proto.Durability = Proto.Durability()
        package var lastApplied: UInt64 = 0
        /// one an item, in order; empty when refused
        package var verdicts: [Proto.Verdict] = []
        /// how many of them, from the first on, had been applied before
        package var replayed: UInt32 = 0
        package var credit: UInt32 = 0
        package var retryAfterMs: UInt32 = 0
        package var suggestions: [String] = []
        package var message: String = ""

        package init() {}

        package init(
            stream: UInt64 = 0,
            firstSequence: UInt64 = 0,
            refusal: Proto.IngestRefusal = Proto.IngestRefusal(),
            durability: Proto.Durability = Proto.Durability(),
            lastApplied: UInt64 = 0,
            verdicts: [Proto.Verdict] = [],
            replayed: UInt32 = 0,
            credit: UInt32 = 0,
            retryAfterMs: UInt32 = 0,
            suggestions: [String] = [],
            message: String = ""
        ) {
            self.stream = stream
            self.firstSequence = firstSequence
            self.refusal = refusal
            self.durability = durability
            self.lastApplied = lastApplied
            self.verdicts = verdicts
            self.replayed = replayed
            self.credit = credit
            self.retryAfterMs = retryAfterMs
            self.suggestions = suggestions
            self.message = message
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: stream = try reader.uint64()
                case 16: firstSequence = try reader.uint64()
                case 24: refusal = Proto.IngestRefusal(rawValue: try reader.int32())
                case 32: durability = Proto.Durability(rawValue: try reader.int32())
                case 40: lastApplied = try reader.uint64()
                case 50: try reader.message(into: &verdicts)
                case 56: replayed = try reader.uint32()
                case 64: credit = try reader.uint32()
                case 72: retryAfterMs = try reader.uint32()
                case 82:
                    try reader.charge(MemoryLayout<String>.stride)
                    suggestions.append(try reader.string())
                case 90: message = try reader.string()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !message.isEmpty { writer.string(message); writer.tag(90) }
            for value in suggestions.reversed() { writer.string(value); writer.tag(82) }
            if retryAfterMs != 0 { writer.uint32(retryAfterMs); writer.tag(72) }
            if credit != 0 { writer.uint32(credit); writer.tag(64) }
            if replayed != 0 { writer.uint32(replayed); writer.tag(56) }
            writer.messages(verdicts, tag: 50)
            if lastApplied != 0 { writer.uint64(lastApplied); writer.tag(40) }
            if durability.rawValue != 0 { writer.int32(durability.rawValue); writer.tag(32) }
            if refusal.rawValue != 0 { writer.int32(refusal.rawValue); writer.tag(24) }
            if firstSequence != 0 { writer.uint64(firstSequence); writer.tag(16) }
            if stream != 0 { writer.uint64(stream); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if stream != 0 { size += 1 + ProtoSize.uint64(stream) }
            if firstSequence != 0 { size += 1 + ProtoSize.uint64(firstSequence) }
            if refusal.rawValue != 0 { size += 1 + ProtoSize.int32(refusal.rawValue) }
            if durability.rawValue != 0 { size += 1 + ProtoSize.int32(durability.rawValue) }
            if lastApplied != 0 { size += 1 + ProtoSize.uint64(lastApplied) }
            size += ProtoSize.messages(verdicts, tag: 1)
            if replayed != 0 { size += 1 + ProtoSize.uint32(replayed) }
            if credit != 0 { size += 1 + ProtoSize.uint32(credit) }
            if retryAfterMs != 0 { size += 1 + ProtoSize.uint32(retryAfterMs) }
            for value in suggestions { size += 1 + ProtoSize.string(value) }
            if !message.isEmpty { size += 1 + ProtoSize.string(message) }
            return size
        }
    }
}
