// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    package struct Heartbeat: ProtoMessage {
        package var collecting: UInt32 = 0
        package var delivering: UInt32 = 0
        package var spooledItems: UInt64 = 0
        package var spooledBytes: UInt64 = 0
        package var freeCapacity: UInt32 = 0
        package var spoolNearlyFull: Bool = false

        package init() {}

        package init(
            collecting: UInt32 = 0,
            delivering: UInt32 = 0,
            spooledItems: UInt64 = 0,
            spooledBytes: UInt64 = 0,
            freeCapacity: UInt32 = 0,
            spoolNearlyFull: Bool = false
        ) {
            self.collecting = collecting
            self.delivering = delivering
            self.spooledItems = spooledItems
            self.spooledBytes = spooledBytes
            self.freeCapacity = freeCapacity
            self.spoolNearlyFull = spoolNearlyFull
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: collecting = try reader.uint32()
                case 16: delivering = try reader.uint32()
                case 24: spooledItems = try reader.uint64()
                case 32: spooledBytes = try reader.uint64()
                case 40: freeCapacity = try reader.uint32()
                case 48: spoolNearlyFull = try reader.bool()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if spoolNearlyFull { writer.bool(spoolNearlyFull); writer.tag(48) }
            if freeCapacity != 0 { writer.uint32(freeCapacity); writer.tag(40) }
            if spooledBytes != 0 { writer.uint64(spooledBytes); writer.tag(32) }
            if spooledItems != 0 { writer.uint64(spooledItems); writer.tag(24) }
            if delivering != 0 { writer.uint32(delivering); writer.tag(16) }
            if collecting != 0 { writer.uint32(collecting); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if collecting != 0 { size += 1 + ProtoSize.uint32(collecting) }
            if delivering != 0 { size += 1 + ProtoSize.uint32(delivering) }
            if spooledItems != 0 { size += 1 + ProtoSize.uint64(spooledItems) }
            if spooledBytes != 0 { size += 1 + ProtoSize.uint64(spooledBytes) }
            if freeCapacity != 0 { size += 1 + ProtoSize.uint32(freeCapacity) }
            if spoolNearlyFull { size += 1 + ProtoSize.bool(spoolNearlyFull) }
            return size
        }
    }
}

extension Proto {
    package enum Directive: ProtoEnum {
        case unspecified
        case drain
        case pause
        case throttle
        /// A number that this version does not know.
        case unrecognized(Int32)

        /// The value of a field that was not sent.
        package init() { self = .unspecified }

        package init(rawValue: Int32) {
            switch rawValue {
            case 0: self = .unspecified
            case 1: self = .drain
            case 2: self = .pause
            case 3: self = .throttle
            default: self = .unrecognized(rawValue)
            }
        }

        package var rawValue: Int32 {
            switch self {
            case .unspecified: 0
            case .drain: 1
            case .pause: 2
            case .throttle: 3
            case .unrecognized(let number): number
            }
        }
    }

}

extension Proto {
    package struct HeartbeatAck: ProtoMessage {
        package var quota: UInt64? = nil
        package var directives: [Proto.Directive] = []

        package init() {}

        package init(
            quota: UInt64? = nil,
            directives: [Proto.Directive] = []
        ) {
            self.quota = quota
            self.directives = directives
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: quota = try reader.uint64()
                case 16:
                    try reader.charge(MemoryLayout<Proto.Directive>.stride)
                    directives.append(Proto.Directive(rawValue: try reader.int32()))
                case 18:
                    let outer = try reader.enter()
                    while !reader.isAtEnd {
                        try reader.charge(MemoryLayout<Proto.Directive>.stride)
                        directives.append(Proto.Directive(rawValue: try reader.int32()))
                    }
                    reader.leave(outer)
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !directives.isEmpty {
                let end = writer.position
                for value in directives.reversed() { writer.int32(value.rawValue) }
                writer.length(since: end)
                writer.tag(18)
            }
            if let quota { writer.uint64(quota); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if let quota { size += 1 + ProtoSize.uint64(quota) }
            if !directives.isEmpty {
                let run = directives.reduce(0) { $0 + ProtoSize.int32($1.rawValue) }
                size += 1 + ProtoSize.prefixed(run)
            }
            return size
        }
    }
}
