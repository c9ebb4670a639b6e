// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    package struct ClusterStatusReply: ProtoMessage {
        package var clusterId: ArraySlice<UInt8> = []
        package var incarnation: UInt64 = 0
        package var stateVersion: UInt64 = 0
        package var uptimeMs: UInt64 = 0
        package var software: String = ""
        /// open, or why it is closed
        package var intake: String = ""
        /// the full check behind the start has ended well
        package var verified: Bool = false
        package var counters: [Proto.Counter] = []
        package var nodes: [Proto.NodeInfo] = []
        package var alerts: [String] = []

        package init() {}

        package init(
            clusterId: ArraySlice<UInt8> = [],
            incarnation: UInt64 = 0,
            stateVersion: UInt64 = 0,
            uptimeMs: UInt64 = 0,
            software: String = "",
            intake: String = "",
            verified: Bool = false,
            counters: [Proto.Counter] = [],
            nodes: [Proto.NodeInfo] = [],
            alerts: [String] = []
        ) {
            self.clusterId = clusterId
            self.incarnation = incarnation
            self.stateVersion = stateVersion
            self.uptimeMs = uptimeMs
            self.software = software
            self.intake = intake
            self.verified = verified
            self.counters = counters
            self.nodes = nodes
            self.alerts = alerts
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: clusterId = try reader.bytes()
                case 16: incarnation = try reader.uint64()
                case 24: stateVersion = try reader.uint64()
                case 32: uptimeMs = try reader.uint64()
                case 42: software = try reader.string()
                case 50: intake = try reader.string()
                case 56: verified = try reader.bool()
                case 66: try reader.message(into: &counters)
                case 74: try reader.message(into: &nodes)
                case 82:
                    try reader.charge(MemoryLayout<String>.stride)
                    alerts.append(try reader.string())
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            for value in alerts.reversed() { writer.string(value); writer.tag(82) }
            writer.messages(nodes, tag: 74)
            writer.messages(counters, tag: 66)
            if verified { writer.bool(verified); writer.tag(56) }
            if !intake.isEmpty { writer.string(intake); writer.tag(50) }
            if !software.isEmpty { writer.string(software); writer.tag(42) }
            if uptimeMs != 0 { writer.uint64(uptimeMs); writer.tag(32) }
            if stateVersion != 0 { writer.uint64(stateVersion); writer.tag(24) }
            if incarnation != 0 { writer.uint64(incarnation); writer.tag(16) }
            if !clusterId.isEmpty { writer.bytes(clusterId); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !clusterId.isEmpty { size += 1 + ProtoSize.bytes(clusterId) }
            if incarnation != 0 { size += 1 + ProtoSize.uint64(incarnation) }
            if stateVersion != 0 { size += 1 + ProtoSize.uint64(stateVersion) }
            if uptimeMs != 0 { size += 1 + ProtoSize.uint64(uptimeMs) }
            if !software.isEmpty { size += 1 + ProtoSize.string(software) }
            if !intake.isEmpty { size += 1 + ProtoSize.string(intake) }
            if verified { size += 1 + ProtoSize.bool(verified) }
            size += ProtoSize.messages(counters, tag: 1)
            size += ProtoSize.messages(nodes, tag: 1)
            for value in alerts { size += 1 + ProtoSize.string(value) }
            return size
        }
    }
}

extension Proto {
    package struct NodeInfo: ProtoMessage {
        package var name: String = ""
        package var state: String = ""
        package var capabilities: [String] = []
        package var capacity: UInt32 = 0
        package var collecting: UInt32 = 0
        package var delivering: UInt32 = 0
        package var spooledItems: UInt64 = 0
        package var lastSeenMsAgo: UInt64 = 0
        package var successes: UInt64 = 0
        package var failures: UInt64 = 0
        package var labels: StringMap = StringMap()

        package init() {}

        package init(
            name: String = "",
            state: String = "",
            capabilities: [String] = [],
            capacity: UInt32 = 0,
            collecting: UInt32 = 0,
            delivering: UInt32 = 0,
            spooledItems: UInt64 = 0,
            lastSeenMsAgo: UInt64 = 0,
            successes: UInt64 = 0,
            failures: UInt64 = 0,
            labels: StringMap = StringMap()
        ) {
            self.name = name
            self.state = state
            self.capabilities = capabilities
            self.capacity = capacity
            self.collecting = collecting
            self.delivering = delivering
            self.spooledItems = spooledItems
            self.lastSeenMsAgo = lastSeenMsAgo
            self.successes = successes
            self.failures = failures
            self.labels = labels
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: name = try reader.string()
                case 18: state = try reader.string()
                case 26:
                    try reader.charge(MemoryLayout<String>.stride)
                    capabilities.append(try reader.string())
                case 32: capacity = try reader.uint32()
                case 40: collecting = try reader.uint32()
                case 48: delivering = try reader.uint32()
                case 56: spooledItems = try reader.uint64()
                case 64: lastSeenMsAgo = try reader.uint64()
                case 72: successes = try reader.uint64()
                case 80: failures = try reader.uint64()
                case 90: try labels.decodeEntry(&reader)
                default: try reader.skip(tag)
                }
            }
            labels.finish()
        }

        package func encode(_ writer: inout ProtoWriter) {
            labels.encode(&writer, tag: 90)
            if failures != 0 { writer.uint64(failures); writer.tag(80) }
            if successes != 0 { writer.uint64(successes); writer.tag(72) }
            if lastSeenMsAgo != 0 { writer.uint64(lastSeenMsAgo); writer.tag(64) }
            if spooledItems != 0 { writer.uint64(spooledItems); writer.tag(56) }
            if delivering != 0 { writer.uint32(delivering); writer.tag(48) }
            if collecting != 0 { writer.uint32(collecting); writer.tag(40) }
            if capacity != 0 { writer.uint32(capacity); writer.tag(32) }
            for value in capabilities.reversed() { writer.string(value); writer.tag(26) }
            if !state.isEmpty { writer.string(state); writer.tag(18) }
            if !name.isEmpty { writer.string(name); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !name.isEmpty { size += 1 + ProtoSize.string(name) }
            if !state.isEmpty { size += 1 + ProtoSize.string(state) }
            for value in capabilities { size += 1 + ProtoSize.string(value) }
            if capacity != 0 { size += 1 + ProtoSize.uint32(capacity) }
            if collecting != 0 { size += 1 + ProtoSize.uint32(collecting) }
            if delivering != 0 { size += 1 + ProtoSize.uint32(delivering) }
            if spooledItems != 0 { size += 1 + ProtoSize.uint64(spooledItems) }
            if lastSeenMsAgo != 0 { size += 1 + ProtoSize.uint64(lastSeenMsAgo) }
            if successes != 0 { size += 1 + ProtoSize.uint64(successes) }
            if failures != 0 { size += 1 + ProtoSize.uint64(failures) }
            size += labels.encodedSize(tag: 1)
            return size
        }
    }
}

extension Proto {
    package struct ListNodes: ProtoMessage {
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
    package struct ListNodesReply: ProtoMessage {
        package var nodes: [Proto.NodeInfo] = []

        package init() {}

        package init(
            nodes: [Proto.NodeInfo] = []
        ) {
            self.nodes = nodes
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: try reader.message(into: &nodes)
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            writer.messages(nodes, tag: 10)
        }

        package var encodedSize: Int {
            var size = 0
            size += ProtoSize.messages(nodes, tag: 1)
            return size
        }
    }
}

extension Proto {
    package struct ListTargets: ProtoMessage {
        /// empty: all
        package var state: String = ""
        /// cursor: the last id of the page before
        package var after: ArraySlice<UInt8> = []
        package var limit: UInt32 = 0

        package init() {}

        package init(
            state: String = "",
            after: ArraySlice<UInt8> = [],
            limit: UInt32 = 0
        ) {
            self.state = state
            self.after = after
            self.limit = limit
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: state = try reader.string()
                case 18: after = try reader.bytes()
                case 24: limit = try reader.uint32()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if limit != 0 { writer.uint32(limit); writer.tag(24) }
            if !after.isEmpty { writer.bytes(after); writer.tag(18) }
            if !state.isEmpty { writer.string(state); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !state.isEmpty { size += 1 + ProtoSize.string(state) }
            if !after.isEmpty { size += 1 + ProtoSize.bytes(after) }
            if limit != 0 { size += 1 + ProtoSize.uint32(limit) }
            return size
        }
    }
}

extension Proto {
    package struct TargetInfo: ProtoMessage {
        package var id: ArraySlice<UInt8> = []
        package var type: String = ""
        package var location: String = ""
        package var state: String = ""
        package var priority: UInt32 = 0
        package var attempts: UInt64 = 0
        package var successes: UInt64 = 0
        package var lastError: String = ""
        package var dueInMs: UInt64 = 0
        package var node: String = ""

        package init() {}

        package init(
            id: ArraySlice<UInt8> = [],
            type: String = "",
            location: String = "",
            state: String = "",
            priority: UInt32 = 0,
            attempts: UInt64 = 0,
            successes: UInt64 = 0,
            lastError: String = "",
            dueInMs: UInt64 = 0,
            node: String = ""
        ) {
            self.id = id
            self.type = type
            self.location = location
            self.state = state
            self.priority = priority
            self.attempts = attempts
            self.successes = successes
            self.lastError = lastError
            self.dueInMs = dueInMs
            self.node = node
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: id = try reader.bytes()
                case 18: type = try reader.string()
                case 26: location = try reader.string()
                case 34: state = try reader.string()
                case 40: priority = try reader.uint32()
                case 48: attempts = try reader.uint64()
                case 56: successes = try reader.uint64()
                case 66: lastError = try reader.string()
                case 72: dueInMs = try reader.uint64()
                case 82: node = try reader.string()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !node.isEmpty { writer.string(node); writer.tag(82) }
            if dueInMs != 0 { writer.uint64(dueInMs); writer.tag(72) }
            if !lastError.isEmpty { writer.string(lastError); writer.tag(66) }
            if successes != 0 { writer.uint64(successes); writer.tag(56) }
            if attempts != 0 { writer.uint64(attempts); writer.tag(48) }
            if priority != 0 { writer.uint32(priority); writer.tag(40) }
            if !state.isEmpty { writer.string(state); writer.tag(34) }
            if !location.isEmpty { writer.string(location); writer.tag(26) }
            if !type.isEmpty { writer.string(type); writer.tag(18) }
            if !id.isEmpty { writer.bytes(id); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !id.isEmpty { size += 1 + ProtoSize.bytes(id) }
            if !type.isEmpty { size += 1 + ProtoSize.string(type) }
            if !location.isEmpty { size += 1 + ProtoSize.string(location) }
            if !state.isEmpty { size += 1 + ProtoSize.string(state) }
            if priority != 0 { size += 1 + ProtoSize.uint32(priority) }
            if attempts != 0 { size += 1 + ProtoSize.uint64(attempts) }
            if successes != 0 { size += 1 + ProtoSize.uint64(successes) }
            if !lastError.isEmpty { size += 1 + ProtoSize.string(lastError) }
            if dueInMs != 0 { size += 1 + ProtoSize.uint64(dueInMs) }
            if !node.isEmpty { size += 1 + ProtoSize.string(node) }
            return size
        }
    }
}
