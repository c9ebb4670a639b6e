// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    package struct FeedStatus: ProtoMessage {
        package init() {}

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                try reader.skip(tag)
            }
        }

        package func encode(_ writer: inout ProtoWriter) {}

        package var encodedSize: Int { 0 }
    }
}

extension Proto {
    package struct FeedStatusReply: ProtoMessage {
        package var paused: Bool = false
        /// scenarios in any 60 minutes
        package var rate: UInt32 = 0
        /// of them free now
        package var slots: UInt32 = 0
        package var counters: [Proto.Counter] = []
        package var sink: String = ""
        /// closed, open or half-open: the circuit to the sink
        package var delivery: String = ""
        /// what the sink did last, if it did not answer
        package var trouble: String = ""

        package init() {}

        package init(
            paused: Bool = false,
            rate: UInt32 = 0,
            slots: UInt32 = 0,
            counters: [Proto.Counter] = [],
            sink: String = "",
            delivery: String = "",
            trouble: String = ""
        ) {
            self.paused = paused
            self.rate = rate
            self.slots = slots
            self.counters = counters
            self.sink = sink
            self.delivery = delivery
            self.trouble = trouble
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: paused = try reader.bool()
                case 16: rate = try reader.uint32()
                case 24: slots = try reader.uint32()
                case 34: try reader.message(into: &counters)
                case 42: sink = try reader.string()
                case 50: delivery = try reader.string()
                case 58: trouble = try reader.string()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !trouble.isEmpty { writer.string(trouble); writer.tag(58) }
            if !delivery.isEmpty { writer.string(delivery); writer.tag(50) }
            if !sink.isEmpty { writer.string(sink); writer.tag(42) }
            writer.messages(counters, tag: 34)
            if slots != 0 { writer.uint32(slots); writer.tag(24) }
            if rate != 0 { writer.uint32(rate); writer.tag(16) }
            if paused { writer.bool(paused); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if paused { size += 1 + ProtoSize.bool(paused) }
            if rate != 0 { size += 1 + ProtoSize.uint32(rate) }
            if slots != 0 { size += 1 + ProtoSize.uint32(slots) }
            size += ProtoSize.messages(counters, tag: 1)
            if !sink.isEmpty { size += 1 + ProtoSize.string(sink) }
            if !delivery.isEmpty { size += 1 + ProtoSize.string(delivery) }
            if !trouble.isEmpty { size += 1 + ProtoSize.string(trouble) }
            return size
        }
    }
}

extension Proto {
    package struct ListScenarios: ProtoMessage {
        /// cursor: sequences below this one; 0: from the newest on
        package var before: UInt64 = 0
        package var limit: UInt32 = 0
        /// those decided at this state version or before; 0: all
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
    package struct ScenarioInfo: ProtoMessage {
        package var id: String = ""
        package var sequence: UInt64 = 0
        /// scenario, tombstone
        package var kind: String = ""
        package var artifact: UInt64 = 0
        package var fedAtMs: Int64 = 0
        package var contentType: String = ""
        package var domain: String = ""
        package var node: String = ""
        package var novelty: Double = 0
        package var objectives: [String] = []
        /// waiting, delivered, quarantined
        package var state: String = ""
        package var refusals: UInt32 = 0
        /// of the last refusal
        package var reason: String = ""
        package var quality: Double? = nil
        /// the ledger's, when it was decided
        package var stateVersion: UInt64 = 0

        package init() {}

        package init(
            id: String = "",
            sequence: UInt64 = 0,
            kind: String = "",
            artifact: UInt64 = 0,
            fedAtMs: Int64 = 0,
            contentType: String = "",
            domain: String = "",
            node: String = "",
            novelty: Double = 0,
            objectives: [String] = [],
            state: String = "",
            refusals: UInt32 = 0,
            reason: String = "",
            quality: Double? = nil,
            stateVersion: UInt64 = 0
        ) {
            self.id = id
            self.sequence = sequence
            self.kind = kind
            self.artifact = artifact
            self.fedAtMs = fedAtMs
            self.contentType = contentType
            self.domain = domain
            self.node = node
            self.novelty = novelty
            self.objectives = objectives
            self.state = state
            self.refusals = refusals
            self.reason = reason
            self.quality = quality
            self.stateVersion = stateVersion
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: id = try reader.string()
                case 16: sequence = try reader.uint64()
                case 26: kind = try reader.string()
                case 32: artifact = try reader.uint64()
                case 40: fedAtMs = try reader.int64()
                case 50: contentType = try reader.string()
                case 58: domain = try reader.string()
                case 66: node = try reader.string()
                case 73: novelty = try reader.double()
                case 82:
                    try reader.charge(MemoryLayout<String>.stride)
                    objectives.append(try reader.string())
                case 90: state = try reader.string()
                case 96: refusals = try reader.uint32()
                case 106: reason = try reader.string()
                case 113: quality = try reader.double()
                case 120: stateVersion = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if stateVersion != 0 { writer.uint64(stateVersion); writer.tag(120) }
            if let quality { writer.double(quality); writer.tag(113) }
            if !reason.isEmpty { writer.string(reason); writer.tag(106) }
            if refusals != 0 { writer.uint32(refusals); writer.tag(96) }
            if !state.isEmpty { writer.string(state); writer.tag(90) }
            for value in objectives.reversed() { writer.string(value); writer.tag(82) }
            if novelty.bitPattern != 0 { writer.double(novelty); writer.tag(73) }
            if !node.isEmpty { writer.string(node); writer.tag(66) }
            if !domain.isEmpty { writer.string(domain); writer.tag(58) }
            if !contentType.isEmpty { writer.string(contentType); writer.tag(50) }
            if fedAtMs != 0 { writer.int64(fedAtMs); writer.tag(40) }
            if artifact != 0 { writer.uint64(artifact); writer.tag(32) }
            if !kind.isEmpty { writer.string(kind); writer.tag(26) }
            if sequence != 0 { writer.uint64(sequence); writer.tag(16) }
            if !id.isEmpty { writer.string(id); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !id.isEmpty { size += 1 + ProtoSize.string(id) }
            if sequence != 0 { size += 1 + ProtoSize.uint64(sequence) }
            if !kind.isEmpty { size += 1 + ProtoSize.string(kind) }
            if artifact != 0 { size += 1 + ProtoSize.uint64(artifact) }
            if fedAtMs != 0 { size += 1 + ProtoSize.int64(fedAtMs) }
            if !contentType.isEmpty { size += 1 + ProtoSize.string(contentType) }
            if !domain.isEmpty { size += 1 + ProtoSize.string(domain) }
            if !node.isEmpty { size += 1 + ProtoSize.string(node) }
            if novelty.bitPattern != 0 { size += 1 + ProtoSize.double(novelty) }
            for value in objectives { size += 1 + ProtoSize.string(value) }
            if !state.isEmpty { size += 1 + ProtoSize.string(state) }
            if refusals != 0 { size += 1 + ProtoSize.uint32(refusals) }
            if !reason.isEmpty { size += 1 + ProtoSize.string(reason) }
            if let quality { size += 1 + ProtoSize.double(quality) }
            if stateVersion != 0 { size += 1 + ProtoSize.uint64(stateVersion) }
            return size
        }
    }
}

extension Proto {
    package struct ListScenariosReply: ProtoMessage {
        package var scenarios: [Proto.ScenarioInfo] = []
        /// 0: no more
        package var next: UInt64 = 0

        package init() {}

        package init(
            scenarios: [Proto.ScenarioInfo] = [],
            next: UInt64 = 0
        ) {
            self.scenarios = scenarios
            self.next = next
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: try reader.message(into: &scenarios)
                case 16: next = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if next != 0 { writer.uint64(next); writer.tag(16) }
            writer.messages(scenarios, tag: 10)
        }

        package var encodedSize: Int {
            var size = 0
            size += ProtoSize.messages(scenarios, tag: 1)
            if next != 0 { size += 1 + ProtoSize.uint64(next) }
            return size
        }
    }
}

extension Proto {
    package struct ListSkipped: ProtoMessage {
        package var limit: UInt32 = 0

        package init() {}

        package init(
            limit: UInt32 = 0
        ) {
            self.limit = limit
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: limit = try reader.uint32()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if limit != 0 { writer.uint32(limit); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if limit != 0 { size += 1 + ProtoSize.uint32(limit) }
            return size
        }
    }
}
