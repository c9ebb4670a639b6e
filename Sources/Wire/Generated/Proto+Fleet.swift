// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    /// The number that grows with every lease of a target, ordered by incarnation, then counter.
    package struct Fence: ProtoMessage {
        package var incarnation: UInt64 = 0
        package var counter: UInt64 = 0

        package init() {}

        package init(
            incarnation: UInt64 = 0,
            counter: UInt64 = 0
        ) {
            self.incarnation = incarnation
            self.counter = counter
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: incarnation = try reader.uint64()
                case 16: counter = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if counter != 0 { writer.uint64(counter); writer.tag(16) }
            if incarnation != 0 { writer.uint64(incarnation); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if incarnation != 0 { size += 1 + ProtoSize.uint64(incarnation) }
            if counter != 0 { size += 1 + ProtoSize.uint64(counter) }
            return size
        }
    }
}

extension Proto {
    package enum LeasePhase: ProtoEnum {
        case unspecified
        case collecting
        case delivering
        /// A number that this version does not know.
        case unrecognized(Int32)

        /// The value of a field that was not sent.
        package init() { self = .unspecified }

        package init(rawValue: Int32) {
            switch rawValue {
            case 0: self = .unspecified
            case 1: self = .collecting
            case 2: self = .delivering
            default: self = .unrecognized(rawValue)
            }
        }

        package var rawValue: Int32 {
            switch self {
            case .unspecified: 0
            case .collecting: 1
            case .delivering: 2
            case .unrecognized(let number): number
            }
        }
    }

}

extension Proto {
    package struct HeldLease: ProtoMessage {
        package var lease: UInt64 = 0
        package var target: ArraySlice<UInt8> = []
        package var fence: Proto.Fence? = nil
        package var phase: Proto.LeasePhase = Proto.LeasePhase()
        package var stream: UInt64 = 0
        /// delivering: the last sequence spooled for it
        package var lastSequence: UInt64 = 0
        /// delivering: how the collection ended
        package var outcome: Proto.OutcomeKind = Proto.OutcomeKind()
        package var error: String = ""

        package init() {}

        package init(
            lease: UInt64 = 0,
            target: ArraySlice<UInt8> = [],
            fence: Proto.Fence? = nil,
            phase: Proto.LeasePhase = Proto.LeasePhase(),
            stream: UInt64 = 0,
            lastSequence: UInt64 = 0,
            outcome: Proto.OutcomeKind = Proto.OutcomeKind(),
            error: String = ""
        ) {
            self.lease = lease
            self.target = target
            self.fence = fence
            self.phase = phase
            self.stream = stream
            self.lastSequence = lastSequence
            self.outcome = outcome
            self.error = error
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: lease = try reader.uint64()
                case 18: target = try reader.bytes()
                case 26: fence = try reader.message()
                case 32: phase = Proto.LeasePhase(rawValue: try reader.int32())
                case 40: stream = try reader.uint64()
                case 48: lastSequence = try reader.uint64()
                case 56: outcome = Proto.OutcomeKind(rawValue: try reader.int32())
                case 66: error = try reader.string()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !error.isEmpty { writer.string(error); writer.tag(66) }
            if outcome.rawValue != 0 { writer.int32(outcome.rawValue); writer.tag(56) }
            if lastSequence != 0 { writer.uint64(lastSequence); writer.tag(48) }
            if stream != 0 { writer.uint64(stream); writer.tag(40) }
            if phase.rawValue != 0 { writer.int32(phase.rawValue); writer.tag(32) }
            if let fence { writer.message(fence); writer.tag(26) }
            if !target.isEmpty { writer.bytes(target); writer.tag(18) }
            if lease != 0 { writer.uint64(lease); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if lease != 0 { size += 1 + ProtoSize.uint64(lease) }
            if !target.isEmpty { size += 1 + ProtoSize.bytes(target) }
            if let fence { size += 1 + ProtoSize.message(fence) }
            if phase.rawValue != 0 { size += 1 + ProtoSize.int32(phase.rawValue) }
            if stream != 0 { size += 1 + ProtoSize.uint64(stream) }
            if lastSequence != 0 { size += 1 + ProtoSize.uint64(lastSequence) }
            if outcome.rawValue != 0 { size += 1 + ProtoSize.int32(outcome.rawValue) }
            if !error.isEmpty { size += 1 + ProtoSize.string(error) }
            return size
        }
    }
}

extension Proto {
    package struct StreamPosition: ProtoMessage {
        package var stream: UInt64 = 0
        /// next sequence to be acked
        package var firstUnacked: UInt64 = 0
        /// next sequence to be written
        package var next: UInt64 = 0

        package init() {}

        package init(
            stream: UInt64 = 0,
            firstUnacked: UInt64 = 0,
            next: UInt64 = 0
        ) {
            self.stream = stream
            self.firstUnacked = firstUnacked
            self.next = next
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: stream = try reader.uint64()
                case 16: firstUnacked = try reader.uint64()
                case 24: next = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if next != 0 { writer.uint64(next); writer.tag(24) }
            if firstUnacked != 0 { writer.uint64(firstUnacked); writer.tag(16) }
            if stream != 0 { writer.uint64(stream); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if stream != 0 { size += 1 + ProtoSize.uint64(stream) }
            if firstUnacked != 0 { size += 1 + ProtoSize.uint64(firstUnacked) }
            if next != 0 { size += 1 + ProtoSize.uint64(next) }
            return size
        }
    }
}

extension Proto {
    package struct RegisterNode: ProtoMessage {
        /// 16 random bytes from the node's data directory
        package var instance: ArraySlice<UInt8> = []
        package var capabilities: [String] = []
        package var capacity: UInt32 = 0
        package var labels: StringMap = StringMap()
        package var leases: [Proto.HeldLease] = []
        package var streams: [Proto.StreamPosition] = []
        package var draining: Bool = false

        package init() {}

        package init(
            instance: ArraySlice<UInt8> = [],
            capabilities: [String] = [],
            capacity: UInt32 = 0,
            labels: StringMap = StringMap(),
            leases: [Proto.HeldLease] = [],
            streams: [Proto.StreamPosition] = [],
            draining: Bool = false
        ) {
            self.instance = instance
            self.capabilities = capabilities
            self.capacity = capacity
            self.labels = labels
            self.leases = leases
            self.streams = streams
            self.draining = draining
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: instance = try reader.bytes()
                case 18:
                    try reader.charge(MemoryLayout<String>.stride)
                    capabilities.append(try reader.string())
                case 24: capacity = try reader.uint32()
                case 34: try labels.decodeEntry(&reader)
                case 42: try reader.message(into: &leases)
                case 50: try reader.message(into: &streams)
                case 56: draining = try reader.bool()
                default: try reader.skip(tag)
                }
            }
            labels.finish()
        }

        package func encode(_ writer: inout ProtoWriter) {
            if draining { writer.bool(draining); writer.tag(56) }
            writer.messages(streams, tag: 50)
            writer.messages(leases, tag: 42)
            labels.encode(&writer, tag: 34)
            if capacity != 0 { writer.uint32(capacity); writer.tag(24) }
            for value in capabilities.reversed() { writer.string(value); writer.tag(18) }
            if !instance.isEmpty { writer.bytes(instance); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !instance.isEmpty { size += 1 + ProtoSize.bytes(instance) }
            for value in capabilities { size += 1 + ProtoSize.string(value) }
            if capacity != 0 { size += 1 + ProtoSize.uint32(capacity) }
            size += labels.encodedSize(tag: 1)
            size += ProtoSize.messages(leases, tag: 1)
            size += ProtoSize.messages(streams, tag: 1)
            if draining { size += 1 + ProtoSize.bool(draining) }
            return size
        }
    }
}

extension Proto {
    package struct LeaseDisposition: ProtoMessage {
        package var lease: UInt64 = 0
        package var keep: Bool = false
        /// collecting and kept: its time, counted anew
        package var remainingMs: UInt32 = 0
        /// dropped: why
        package var reason: String = ""

        package init() {}

        package init(
            lease: UInt64 = 0,
            keep: Bool = false,
            remainingMs: UInt32 = 0,
            reason: String = ""
        ) {
            self.lease = lease
            self.keep = keep
            self.remainingMs = remainingMs
            self.reason = reason
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: lease = try reader.uint64()
                case 16: keep = try reader.bool()
                case 24: remainingMs = try reader.uint32()
                case 34: reason = try reader.string()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !reason.isEmpty { writer.string(reason); writer.tag(34) }
            if remainingMs != 0 { writer.uint32(remainingMs); writer.tag(24) }
            if keep { writer.bool(keep); writer.tag(16) }
            if lease != 0 { writer.uint64(lease); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if lease != 0 { size += 1 + ProtoSize.uint64(lease) }
            if keep { size += 1 + ProtoSize.bool(keep) }
            if remainingMs != 0 { size += 1 + ProtoSize.uint32(remainingMs) }
            if !reason.isEmpty { size += 1 + ProtoSize.string(reason) }
            return size
        }
    }
}

extension Proto {
    package struct Registered: ProtoMessage {
        package var leases: [Proto.LeaseDisposition] = []
        /// first_unacked = last applied + 1, as the ledger has it
        package var streams: [Proto.StreamPosition] = []

        package init() {}

        package init(
            leases: [Proto.LeaseDisposition] = [],
            streams: [Proto.StreamPosition] = []
        ) {
            self.leases = leases
            self.streams = streams
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: try reader.message(into: &leases)
                case 18: try reader.message(into: &streams)
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            writer.messages(streams, tag: 18)
            writer.messages(leases, tag: 10)
        }

        package var encodedSize: Int {
            var size = 0
            size += ProtoSize.messages(leases, tag: 1)
            size += ProtoSize.messages(streams, tag: 1)
            return size
        }
    }
}
