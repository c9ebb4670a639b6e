// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    package struct HostBudget: ProtoMessage {
        package var host: String = ""
        package var concurrency: UInt32 = 0
        package var delayMs: UInt32 = 0

        package init() {}

        package init(
            host: String = "",
            concurrency: UInt32 = 0,
            delayMs: UInt32 = 0
        ) {
            self.host = host
            self.concurrency = concurrency
            self.delayMs = delayMs
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: host = try reader.string()
                case 16: concurrency = try reader.uint32()
                case 24: delayMs = try reader.uint32()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if delayMs != 0 { writer.uint32(delayMs); writer.tag(24) }
            if concurrency != 0 { writer.uint32(concurrency); writer.tag(16) }
            if !host.isEmpty { writer.string(host); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !host.isEmpty { size += 1 + ProtoSize.string(host) }
            if concurrency != 0 { size += 1 + ProtoSize.uint32(concurrency) }
            if delayMs != 0 { size += 1 + ProtoSize.uint32(delayMs) }
            return size
        }
    }
}

extension Proto {
    package struct HostBudgetRequest: ProtoMessage {
        package var host: String = ""

        package init() {}

        package init(
            host: String = ""
        ) {
            self.host = host
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: host = try reader.string()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !host.isEmpty { writer.string(host); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !host.isEmpty { size += 1 + ProtoSize.string(host) }
            return size
        }
    }
}

extension Proto {
    package struct Assignment: ProtoMessage {
        package var lease: UInt64 = 0
        package var target: ArraySlice<UInt8> = []
        package var fence: Proto.Fence? = nil
        package var type: String = ""
        package var location: String = ""
        package var priority: UInt32 = 0
        /// a duration: the node counts it on its own clock from receipt
        package var deadlineMs: UInt32 = 0
        package var budget: Proto.HostBudget? = nil
        package var bookmark: ArraySlice<UInt8>? = nil
        package var metadata: StringMap = StringMap()
        /// the target's default scores
        package var confidence: Double? = nil
        package var threatLevel: Double? = nil
        package var opportunityValue: Double? = nil
        /// 0: the node's own limit
        package var maxBytes: UInt64 = 0

        package init() {}

        package init(
            lease: UInt64 = 0,
            target: ArraySlice<UInt8> = [],
            fence: Proto.Fence? = nil,
            type: String = "",
            location: String = "",
            priority: UInt32 = 0,
            deadlineMs: UInt32 = 0,
            budget: Proto.HostBudget? = nil,
            bookmark: ArraySlice<UInt8>? = nil,
            metadata: StringMap = StringMap(),
            confidence: Double? = nil,
            threatLevel: Double? = nil,
            opportunityValue: Double? = nil,
            maxBytes: UInt64 = 0
        ) {
            self.lease = lease
            self.target = target
            self.fence = fence
            self.type = type
            self.location = location
            self.priority = priority
            self.deadlineMs = deadlineMs
            self.budget = budget
            self.bookmark = bookmark
            self.metadata = metadata
            self.confidence = confidence
            self.threatLevel = threatLevel
            self.opportunityValue = opportunityValue
            self.maxBytes = maxBytes
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: lease = try reader.uint64()
                case 18: target = try reader.bytes()
                case 26: fence = try reader.message()
                case 34: type = try reader.string()
                case 42: location = try reader.string()
                case 48: priority = try reader.uint32()
                case 56: deadlineMs = try reader.uint32()
                case 66: budget = try reader.message()
                case 74: bookmark = try reader.bytes()
                case 82: try metadata.decodeEntry(&reader)
                case 89: confidence = try reader.double()
                case 97: threatLevel = try reader.double()
                case 105: opportunityValue = try reader.double()
                case 112: maxBytes = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
            metadata.finish()
        }

        package func encode(_ writer: inout ProtoWriter) {
            if maxBytes != 0 { writer.uint64(maxBytes); writer.tag(112) }
            if let opportunityValue { writer.double(opportunityValue); writer.tag(105) }
            if let threatLevel { writer.double(threatLevel); writer.tag(97) }
            if let confidence { writer.double(confidence); writer.tag(89) }
            metadata.encode(&writer, tag: 82)
            if let bookmark { writer.bytes(bookmark); writer.tag(74) }
            if let budget { writer.message(budget); writer.tag(66) }
            if deadlineMs != 0 { writer.uint32(deadlineMs); writer.tag(56) }
            if priority != 0 { writer.uint32(priority); writer.tag(48) }
            if !location.isEmpty { writer.string(location); writer.tag(42) }
            if !type.isEmpty { writer.string(type); writer.tag(34) }
            if let fence { writer.message(fence); writer.tag(26) }
            if !target.isEmpty { writer.bytes(target); writer.tag(18) }
            if lease != 0 { writer.uint64(lease); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if lease != 0 { size += 1 + ProtoSize.uint64(lease) }
            if !target.isEmpty { size += 1 + ProtoSize.bytes(target) }
            if let fence { size += 1 + ProtoSize.message(fence) }
            if !type.isEmpty { size += 1 + ProtoSize.string(type) }
            if !location.isEmpty { size += 1 + ProtoSize.string(location) }
            if priority != 0 { size += 1 + ProtoSize.uint32(priority) }
            if deadlineMs != 0 { size += 1 + ProtoSize.uint32(deadlineMs) }
            if let budget { size += 1 + ProtoSize.message(budget) }
            if let bookmark { size += 1 + ProtoSize.bytes(bookmark) }
            size += metadata.encodedSize(tag: 1)
            if let confidence { size += 1 + ProtoSize.double(confidence) }
            if let threatLevel { size += 1 + ProtoSize.double(threatLevel) }
            if let opportunityValue { size += 1 + ProtoSize.double(opportunityValue) }
            if maxBytes != 0 { size += 1 + ProtoSize.uint64(maxBytes) }
            return size
        }
    }
}

extension Proto {
    package enum OutcomeKind: ProtoEnum {
        case unspecified
        /// the collector ended well; what it found is in the stream
        case collected
        /// the target's fault: 4xx, 5xx, time-out
        case failedTarget
        /// our fault: node shutting down, tool missing
        case failedNode
        /// the content could not be used
        case failedContent
        /// A number that this version does not know.
        case unrecognized(Int32)

        /// The value of a field that was not sent.
        package init() { self = .unspecified }

        package init(rawValue: Int32) {
            switch rawValue {
            case 0: self = .unspecified
            case 1: self = .collected
            case 2: self = .failedTarget
            case 3: self = .failedNode
            case 4: self = .failedContent
            default: self = .unrecognized(rawValue)
            }
        }

        package var rawValue: Int32 {
            switch self {
            case .unspecified: 0
            case .collected: 1
            case .failedTarget: 2
            case .failedNode: 3
            case .failedContent: 4
            case .unrecognized(let number): number
            }
        }
    }

}

extension Proto {
    package struct LeaseOutcome: ProtoMessage {
        package var lease: UInt64 = 0
        package var target: ArraySlice<UInt8> = []
        package var fence: Proto.Fence? = nil
        package var kind: Proto.OutcomeKind = Proto.OutcomeKind()
        package var error: String = ""
        package var stream: UInt64 = 0
        /// 0: nothing was spooled
        package var lastSequence: UInt64 = 0
        package var items: UInt32 = 0
        package var durationMs: UInt32 = 0
        /// the HTTP status, where there is one
        package var status: UInt32 = 0
        package var retryAfterMs: UInt32 = 0
        /// what the host asks for between two requests; 0: nothing
        package var crawlDelayMs: UInt32 = 0
        /// what the host's name was resolved to
        package var address: String = ""
        /// each host that was visited; 16 are heeded
        package var hosts: [Proto.HostReport] = []

        package init() {}

        package init(
            lease: UInt64 = 0,
            target: ArraySlice<UInt8> = [],
            fence: Proto.Fence? = nil,
            kind: Proto.OutcomeKind = Proto.OutcomeKind(),
            error: String = "",
            stream: UInt64 = 0,
            lastSequence: UInt64 = 0,
            items: UInt32 = 0,
            durationMs: UInt32 = 0,
            status: UInt32 = 0,
            retryAfterMs: UInt32 = 0,
            crawlDelayMs: UInt32 = 0,
            address: String = "",
            hosts: [Proto.HostReport] = []
        ) {
            self.lease = lease
            self.target = target
            self.fence = fence
            self.kind = kind
            self.error = error
            self.stream = stream
            self.lastSequence = lastSequence
            self.items = items
            self.durationMs = durationMs
            self.status = status
            self.retryAfterMs = retryAfterMs
            self.crawlDelayMs = crawlDelayMs
            self.address = address
            self.hosts = hosts
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: lease = try reader.uint64()
                case 18: target = try reader.bytes()
                case 26: fence = try reader.message()
                case 32: kind = Proto.OutcomeKind(rawValue: try reader.int32())
                case 42: error = try reader.string()
                case 48: stream = try reader.uint64()
                case 56: lastSequence = try reader.uint64()
                case 64: items = try reader.uint32()
                case 72: durationMs = try reader.uint32()
                case 80: status = try reader.uint32()
                case 88: retryAfterMs = try reader.uint32()
                case 160: crawlDelayMs = try reader.uint32()
                case 170: address = try reader.string()
                case 178: try reader.message(into: &hosts)
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            writer.messages(hosts, tag: 178)
            if !address.isEmpty { writer.string(address); writer.tag(170) }
            if crawlDelayMs != 0 { writer.uint32(crawlDelayMs); writer.tag(160) }
            if retryAfterMs != 0 { writer.uint32(retryAfterMs); writer.tag(88) }
            if status != 0 { writer.uint32(status); writer.tag(80) }
            if durationMs != 0 { writer.uint32(durationMs); writer.tag(72) }
            if items != 0 { writer.uint32(items); writer.tag(64) }
            if lastSequence != 0 { writer.uint64(lastSequence); writer.tag(56) }
            if stream != 0 { writer.uint64(stream); writer.tag(48) }
            if !error.isEmpty { writer.string(error); writer.tag(42) }
            if kind.rawValue != 0 { writer.int32(kind.rawValue); writer.tag(32) }
            if let fence { writer.message(fence); writer.tag(26) }
            if !target.isEmpty { writer.bytes(target); writer.tag(18) }
            if lease != 0 { writer.uint64(lease); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if lease != 0 { size += 1 + ProtoSize.uint64(lease) }
            if !target.isEmpty { size += 1 + ProtoSize.bytes(target) }
            if let fence { size += 1 + ProtoSize.message(fence) }
            if kind.rawValue != 0 { size += 1 + ProtoSize.int32(kind.rawValue) }
            if !error.isEmpty { size += 1 + ProtoSize.string(error) }
            if stream != 0 { size += 1 + ProtoSize.uint64(stream) }
            if lastSequence != 0 { size += 1 + ProtoSize.uint64(lastSequence) }
            if items != 0 { size += 1 + ProtoSize.uint32(items) }
            if durationMs != 0 { size += 1 + ProtoSize.uint32(durationMs) }
            if status != 0 { size += 1 + ProtoSize.uint32(status) }
            if retryAfterMs != 0 { size += 1 + ProtoSize.uint32(retryAfterMs) }
            if crawlDelayMs != 0 { size += 2 + ProtoSize.uint32(crawlDelayMs) }
            if !address.isEmpty { size += 2 + ProtoSize.string(address) }
            size += ProtoSize.messages(hosts, tag: 2)
            return size
        }
    }
}
