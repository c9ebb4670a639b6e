// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    package struct Counter: ProtoMessage {
        package var name: String = ""
        package var value: UInt64 = 0

        package init() {}

        package init(
            name: String = "",
            value: UInt64 = 0
        ) {
            self.name = name
            self.value = value
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: name = try reader.string()
                case 16: value = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if value != 0 { writer.uint64(value); writer.tag(16) }
            if !name.isEmpty { writer.string(name); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !name.isEmpty { size += 1 + ProtoSize.string(name) }
            if value != 0 { size += 1 + ProtoSize.uint64(value) }
            return size
        }
    }
}

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
        /// settled leases that health is computed from, at most 100
        package var outcomes: UInt32 = 0
        /// 0.5 while there are fewer than 5 outcomes
        package var successRate: Double = 0
        /// likewise
        package var quality: Double = 0
        package var meanTimeMs: UInt32? = nil
        package var usefulness: Double = 0
        /// healthy, or why it is degraded
        package var health: String = ""
        /// artifacts in an hour; absent: no quota is set
        package var quota: UInt64? = nil
        /// silence, as a share of the silence that makes a suspect
        package var suspicion: Double = 0
        /// of sinks, in quality; absent: none has rated what it brought, which counts 0.5
        package var rating: Double? = nil

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
            labels: StringMap = StringMap(),
            outcomes: UInt32 = 0,
            successRate: Double = 0,
            quality: Double = 0,
            meanTimeMs: UInt32? = nil,
            usefulness: Double = 0,
            health: String = "",
            quota: UInt64? = nil,
            suspicion: Double = 0,
            rating: Double? = nil
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
            self.outcomes = outcomes
            self.successRate = successRate
            self.quality = quality
            self.meanTimeMs = meanTimeMs
            self.usefulness = usefulness
            self.health = health
            self.quota = quota
            self.suspicion = suspicion
            self.rating = rating
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
                case 96: outcomes = try reader.uint32()
                case 105: successRate = try reader.double()
                case 113: quality = try reader.double()
                case 120: meanTimeMs = try reader.uint32()
                case 129: usefulness = try reader.double()
                case 138: health = try reader.string()
                case 144: quota = try reader.uint64()
                case 153: suspicion = try reader.double()
                case 161: rating = try reader.double()
                default: try reader.skip(tag)
                }
            }
            labels.finish()
        }

        package func encode(_ writer: inout ProtoWriter) {
            if let rating { writer.double(rating); writer.tag(161) }
            if suspicion.bitPattern != 0 { writer.double(suspicion); writer.tag(153) }
            if let quota { writer.uint64(quota); writer.tag(144) }
            if !health.isEmpty { writer.string(health); writer.tag(138) }
            if usefulness.bitPattern != 0 { writer.double(usefulness); writer.tag(129) }
            if let meanTimeMs { writer.uint32(meanTimeMs); writer.tag(120) }
            if quality.bitPattern != 0 { writer.double(quality); writer.tag(113) }
            if successRate.bitPattern != 0 { writer.double(successRate); writer.tag(105) }
            if outcomes != 0 { writer.uint32(outcomes); writer.tag(96) }
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
            if outcomes != 0 { size += 1 + ProtoSize.uint32(outcomes) }
            if successRate.bitPattern != 0 { size += 1 + ProtoSize.double(successRate) }
            if quality.bitPattern != 0 { size += 1 + ProtoSize.double(quality) }
            if let meanTimeMs { size += 1 + ProtoSize.uint32(meanTimeMs) }
            if usefulness.bitPattern != 0 { size += 2 + ProtoSize.double(usefulness) }
            if !health.isEmpty { size += 2 + ProtoSize.string(health) }
            if let quota { size += 2 + ProtoSize.uint64(quota) }
            if suspicion.bitPattern != 0 { size += 2 + ProtoSize.double(suspicion) }
            if let rating { size += 2 + ProtoSize.double(rating) }
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
