// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    package enum Role: ProtoEnum {
        case unspecified
        case node
        case `operator`
        case orchestrator
        case coordinator
        /// A number that this version does not know.
        case unrecognized(Int32)

        /// The value of a field that was not sent.
        package init() { self = .unspecified }

        package init(rawValue: Int32) {
            switch rawValue {
            case 0: self = .unspecified
            case 1: self = .node
            case 2: self = .`operator`
            case 3: self = .orchestrator
            case 4: self = .coordinator
            default: self = .unrecognized(rawValue)
            }
        }

        package var rawValue: Int32 {
            switch self {
            case .unspecified: 0
            case .node: 1
            case .`operator`: 2
            case .orchestrator: 3
            case .coordinator: 4
            case .unrecognized(let number): number
            }
        }
    }

}

extension Proto {
    package struct Hello: ProtoMessage {
        package var versionMin: UInt32 = 0
        package var versionMax: UInt32 = 0
        package var role: Proto.Role = Proto.Role()
        package var name: String = ""
        package var software: String = ""
        package var credentials: ArraySlice<UInt8> = []
        /// of an orchestrator: who it is
        package var seat: Proto.Seat? = nil

        package init() {}

        package init(
            versionMin: UInt32 = 0,
            versionMax: UInt32 = 0,
            role: Proto.Role = Proto.Role(),
            name: String = "",
            software: String = "",
            credentials: ArraySlice<UInt8> = [],
            seat: Proto.Seat? = nil
        ) {
            self.versionMin = versionMin
            self.versionMax = versionMax
            self.role = role
            self.name = name
            self.software = software
            self.credentials = credentials
            self.seat = seat
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: versionMin = try reader.uint32()
                case 16: versionMax = try reader.uint32()
                case 24: role = Proto.Role(rawValue: try reader.int32())
                case 34: name = try reader.string()
                case 42: software = try reader.string()
                case 50: credentials = try reader.bytes()
                case 162: seat = try reader.message()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if let seat { writer.message(seat); writer.tag(162) }
            if !credentials.isEmpty { writer.bytes(credentials); writer.tag(50) }
            if !software.isEmpty { writer.string(software); writer.tag(42) }
            if !name.isEmpty { writer.string(name); writer.tag(34) }
            if role.rawValue != 0 { writer.int32(role.rawValue); writer.tag(24) }
            if versionMax != 0 { writer.uint32(versionMax); writer.tag(16) }
            if versionMin != 0 { writer.uint32(versionMin); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if versionMin != 0 { size += 1 + ProtoSize.uint32(versionMin) }
            if versionMax != 0 { size += 1 + ProtoSize.uint32(versionMax) }
            if role.rawValue != 0 { size += 1 + ProtoSize.int32(role.rawValue) }
            if !name.isEmpty { size += 1 + ProtoSize.string(name) }
            if !software.isEmpty { size += 1 + ProtoSize.string(software) }
            if !credentials.isEmpty { size += 1 + ProtoSize.bytes(credentials) }
            if let seat { size += 2 + ProtoSize.message(seat) }
            return size
        }
    }
}

extension Proto {
    /// An orchestrator that runs as a process of its own. The coordinator keeps it, and serves nobody else.
    package struct Seat: ProtoMessage {
        /// 16 random bytes from its data directory
        package var id: ArraySlice<UInt8> = []
        /// grows with each start; of two processes with one id the later one has the seat
        package var incarnation: UInt64 = 0
        /// where nodes and operators reach it
        package var address: String = ""
        /// whose receipts it has read; empty: none yet
        package var clusterId: ArraySlice<UInt8> = []
        /// an operator wants it to have the seat, whoever had it
        package var takeOver: Bool = false

        package init() {}

        package init(
            id: ArraySlice<UInt8> = [],
            incarnation: UInt64 = 0,
            address: String = "",
            clusterId: ArraySlice<UInt8> = [],
            takeOver: Bool = false
        ) {
            self.id = id
            self.incarnation = incarnation
            self.address = address
            self.clusterId = clusterId
            self.takeOver = takeOver
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: id = try reader.bytes()
                case 16: incarnation = try reader.uint64()
                case 26: address = try reader.string()
                case 34: clusterId = try reader.bytes()
                case 40: takeOver = try reader.bool()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if takeOver { writer.bool(takeOver); writer.tag(40) }
            if !clusterId.isEmpty { writer.bytes(clusterId); writer.tag(34) }
            if !address.isEmpty { writer.string(address); writer.tag(26) }
            if incarnation != 0 { writer.uint64(incarnation); writer.tag(16) }
            if !id.isEmpty { writer.bytes(id); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !id.isEmpty { size += 1 + ProtoSize.bytes(id) }
            if incarnation != 0 { size += 1 + ProtoSize.uint64(incarnation) }
            if !address.isEmpty { size += 1 + ProtoSize.string(address) }
            if !clusterId.isEmpty { size += 1 + ProtoSize.bytes(clusterId) }
            if takeOver { size += 1 + ProtoSize.bool(takeOver) }
            return size
        }
    }
}

extension Proto {
    package struct Welcome: ProtoMessage {
        package var version: UInt32 = 0
        package var clusterId: ArraySlice<UInt8> = []
        package var incarnation: UInt64 = 0
        package var session: UInt64 = 0
        package var serverTimeMs: Int64 = 0
        package var heartbeatIntervalMs: UInt32 = 0
        package var maxFrame: UInt32 = 0
        package var maxBatch: UInt32 = 0
        package var maxInFlight: UInt32 = 0
        /// artifacts the node may have unacked
        package var credit: UInt32 = 0
        /// empty: this connection
        package var coordinatorAddress: String = ""
        package var orchestratorAddress: String = ""
        package var software: String = ""
        /// coordinator or orchestrator alone; unspecified: both
        package var serves: Proto.Role = Proto.Role()

        package init() {}

        package init(
            version: UInt32 = 0,
            clusterId: ArraySlice<UInt8> = [],
            incarnation: UInt64 = 0,
            session: UInt64 = 0,
            serverTimeMs: Int64 = 0,
            heartbeatIntervalMs: UInt32 = 0,
            maxFrame: UInt32 = 0,
            maxBatch: UInt32 = 0,
            maxInFlight: UInt32 = 0,
            credit: UInt32 = 0,
            coordinatorAddress: String = "",
            orchestratorAddress: String = "",
            software: String = "",
            serves: Proto.Role = Proto.Role()
        ) {
            self.version = version
            self.clusterId = clusterId
            self.incarnation = incarnation
            self.session = session
            self.serverTimeMs = serverTimeMs
            self.heartbeatIntervalMs = heartbeatIntervalMs
            self.maxFrame = maxFrame
            self.maxBatch = maxBatch
            self.maxInFlight = maxInFlight
            self.credit = credit
            self.coordinatorAddress = coordinatorAddress
            self.orchestratorAddress = orchestratorAddress
            self.software = software
            self.serves = serves
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: version = try reader.uint32()
                case 18: clusterId = try reader.bytes()
                case 24: incarnation = try reader.uint64()
                case 32: session = try reader.uint64()
                case 40: serverTimeMs = try reader.int64()
                case 48: heartbeatIntervalMs = try reader.uint32()
                case 56: maxFrame = try reader.uint32()
                case 64: maxBatch = try reader.uint32()
                case 72: maxInFlight = try reader.uint32()
                case 80: credit = try reader.uint32()
                case 90: coordinatorAddress = try reader.string()
                case 98: orchestratorAddress = try reader.string()
                case 106: software = try reader.string()
                case 160: serves = Proto.Role(rawValue: try reader.int32())
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if serves.rawValue != 0 { writer.int32(serves.rawValue); writer.tag(160) }
            if !software.isEmpty { writer.string(software); writer.tag(106) }
            if !orchestratorAddress.isEmpty { writer.string(orchestratorAddress); writer.tag(98) }
            if !coordinatorAddress.isEmpty { writer.string(coordinatorAddress); writer.tag(90) }
            if credit != 0 { writer.uint32(credit); writer.tag(80) }
            if maxInFlight != 0 { writer.uint32(maxInFlight); writer.tag(72) }
            if maxBatch != 0 { writer.uint32(maxBatch); writer.tag(64) }
            if maxFrame != 0 { writer.uint32(maxFrame); writer.tag(56) }
            if heartbeatIntervalMs != 0 { writer.uint32(heartbeatIntervalMs); writer.tag(48) }
            if serverTimeMs != 0 { writer.int64(serverTimeMs); writer.tag(40) }
            if session != 0 { writer.uint64(session); writer.tag(32) }
            if incarnation != 0 { writer.uint64(incarnation); writer.tag(24) }
            if !clusterId.isEmpty { writer.bytes(clusterId); writer.tag(18) }
            if version != 0 { writer.uint32(version); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if version != 0 { size += 1 + ProtoSize.uint32(version) }
            if !clusterId.isEmpty { size += 1 + ProtoSize.bytes(clusterId) }
            if incarnation != 0 { size += 1 + ProtoSize.uint64(incarnation) }
            if session != 0 { size += 1 + ProtoSize.uint64(session) }
            if serverTimeMs != 0 { size += 1 + ProtoSize.int64(serverTimeMs) }
            if heartbeatIntervalMs != 0 { size += 1 + ProtoSize.uint32(heartbeatIntervalMs) }
            if maxFrame != 0 { size += 1 + ProtoSize.uint32(maxFrame) }
            if maxBatch != 0 { size += 1 + ProtoSize.uint32(maxBatch) }
            if maxInFlight != 0 { size += 1 + ProtoSize.uint32(maxInFlight) }
            if credit != 0 { size += 1 + ProtoSize.uint32(credit) }
            if !coordinatorAddress.isEmpty { size += 1 + ProtoSize.string(coordinatorAddress) }
            if !orchestratorAddress.isEmpty { size += 1 + ProtoSize.string(orchestratorAddress) }
            if !software.isEmpty { size += 1 + ProtoSize.string(software) }
            if serves.rawValue != 0 { size += 2 + ProtoSize.int32(serves.rawValue) }
            return size
        }
    }
}

extension Proto {
    package enum ErrorCode: ProtoEnum {
        case unspecified
        /// no protocol version in common
        case version
        case helloExpected
        case helloTimeout
        case roleNotAllowed
        case roleTaken
        case nameTaken
        case frameLength
        case frameFlags
        case frameCompression
        /// not a protobuf envelope
        case malformed
        case unknownBody
        case outOfOrder
        case invalidField
        case notFound
        case unavailable
        case tooBusy
        case chaosNotAllowed
        case shuttingDown
        case idleTimeout
        case slowReader
        case notRegistered
        case tooManyConnections
        /// what held at the state version asked for is compacted
        case snapshotExpired
        /// the other role runs as a process of its own; Welcome has its address
        case servedElsewhere
        /// A number that this version does not know.
        case unrecognized(Int32)

        /// The value of a field that was not sent.
        package init() { self = .unspecified }

        package init(rawValue: Int32) {
            switch rawValue {
            case 0: self = .unspecified
            case 1: self = .version
            case 2: self = .helloExpected
            case 3: self = .helloTimeout
            case 4: self = .roleNotAllowed
            case 5: self = .roleTaken
            case 6: self = .nameTaken
            case 7: self = .frameLength
            case 8: self = .frameFlags
            case 9: self = .frameCompression
            case 10: self = .malformed
            case 11: self = .unknownBody
            case 12: self = .outOfOrder
            case 13: self = .invalidField
            case 14: self = .notFound
            case 15: self = .unavailable
            case 16: self = .tooBusy
            case 17: self = .chaosNotAllowed
            case 18: self = .shuttingDown
            case 19: self = .idleTimeout
            case 20: self = .slowReader
            case 21: self = .notRegistered
            case 22: self = .tooManyConnections
            case 23: self = .snapshotExpired
            case 40: self = .servedElsewhere
            default: self = .unrecognized(rawValue)
            }
        }

        package var rawValue: Int32 {
            switch self {
            case .unspecified: 0
            case .version: 1
            case .helloExpected: 2
            case .helloTimeout: 3
            case .roleNotAllowed: 4
            case .roleTaken: 5
            case .nameTaken: 6
            case .frameLength: 7
            case .frameFlags: 8
            case .frameCompression: 9
            case .malformed: 10
            case .unknownBody: 11
            case .outOfOrder: 12
            case .invalidField: 13
            case .notFound: 14
            case .unavailable: 15
            case .tooBusy: 16
            case .chaosNotAllowed: 17
            case .shuttingDown: 18
            case .idleTimeout: 19
            case .slowReader: 20
            case .notRegistered: 21
            case .tooManyConnections: 22
            case .snapshotExpired: 23
            case .servedElsewhere: 40
            case .unrecognized(let number): number
            }
        }
    }

}
