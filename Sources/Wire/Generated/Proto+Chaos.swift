// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    package enum FaultKind: ProtoEnum {
        case unspecified
        case pauseNode
        case cutConnection
        case delay
        case killNode
        /// A number that this version does not know.
        case unrecognized(Int32)

        /// The value of a field that was not sent.
        package init() { self = .unspecified }

        package init(rawValue: Int32) {
            switch rawValue {
            case 0: self = .unspecified
            case 1: self = .pauseNode
            case 2: self = .cutConnection
            case 3: self = .delay
            case 4: self = .killNode
            default: self = .unrecognized(rawValue)
            }
        }

        package var rawValue: Int32 {
            switch self {
            case .unspecified: 0
            case .pauseNode: 1
            case .cutConnection: 2
            case .delay: 3
            case .killNode: 4
            case .unrecognized(let number): number
            }
        }
    }

}

extension Proto {
    package struct ChaosInject: ProtoMessage {
        package var key: ArraySlice<UInt8> = []
        package var fault: Proto.FaultKind = Proto.FaultKind()
        package var node: String = ""
        package var durationMs: UInt32 = 0
        /// of FAULT_DELAY
        package var delayMs: UInt32 = 0

        package init() {}

        package init(
            key: ArraySlice<UInt8> = [],
            fault: Proto.FaultKind = Proto.FaultKind(),
            node: String = "",
            durationMs: UInt32 = 0,
            delayMs: UInt32 = 0
        ) {
            self.key = key
            self.fault = fault
            self.node = node
            self.durationMs = durationMs
            self.delayMs = delayMs
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: key = try reader.bytes()
                case 16: fault = Proto.FaultKind(rawValue: try reader.int32())
                case 26: node = try reader.string()
                case 32: durationMs = try reader.uint32()
                case 40: delayMs = try reader.uint32()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if delayMs != 0 { writer.uint32(delayMs); writer.tag(40) }
            if durationMs != 0 { writer.uint32(durationMs); writer.tag(32) }
            if !node.isEmpty { writer.string(node); writer.tag(26) }
            if fault.rawValue != 0 { writer.int32(fault.rawValue); writer.tag(16) }
            if !key.isEmpty { writer.bytes(key); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !key.isEmpty { size += 1 + ProtoSize.bytes(key) }
            if fault.rawValue != 0 { size += 1 + ProtoSize.int32(fault.rawValue) }
            if !node.isEmpty { size += 1 + ProtoSize.string(node) }
            if durationMs != 0 { size += 1 + ProtoSize.uint32(durationMs) }
            if delayMs != 0 { size += 1 + ProtoSize.uint32(delayMs) }
            return size
        }
    }
}

extension Proto {
    package struct ChaosClear: ProtoMessage {
        package var fault: UInt64 = 0

        package init() {}

        package init(
            fault: UInt64 = 0
        ) {
            self.fault = fault
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: fault = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if fault != 0 { writer.uint64(fault); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if fault != 0 { size += 1 + ProtoSize.uint64(fault) }
            return size
        }
    }
}

extension Proto {
    package struct ChaosList: ProtoMessage {
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
    package struct FaultInfo: ProtoMessage {
        package var id: UInt64 = 0
        package var fault: Proto.FaultKind = Proto.FaultKind()
        package var node: String = ""
        package var remainingMs: UInt32 = 0
        package var delayMs: UInt32 = 0
        /// active, ended
        package var state: String = ""

        package init() {}

        package init(
            id: UInt64 = 0,
            fault: Proto.FaultKind = Proto.FaultKind(),
            node: String = "",
            remainingMs: UInt32 = 0,
            delayMs: UInt32 = 0,
            state: String = ""
        ) {
            self.id = id
            self.fault = fault
            self.node = node
            self.remainingMs = remainingMs
            self.delayMs = delayMs
            self.state = state
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: id = try reader.uint64()
                case 16: fault = Proto.FaultKind(rawValue: try reader.int32())
                case 26: node = try reader.string()
                case 32: remainingMs = try reader.uint32()
                case 40: delayMs = try reader.uint32()
                case 50: state = try reader.string()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !state.isEmpty { writer.string(state); writer.tag(50) }
            if delayMs != 0 { writer.uint32(delayMs); writer.tag(40) }
            if remainingMs != 0 { writer.uint32(remainingMs); writer.tag(32) }
            if !node.isEmpty { writer.string(node); writer.tag(26) }
            if fault.rawValue != 0 { writer.int32(fault.rawValue); writer.tag(16) }
            if id != 0 { writer.uint64(id); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if id != 0 { size += 1 + ProtoSize.uint64(id) }
            if fault.rawValue != 0 { size += 1 + ProtoSize.int32(fault.rawValue) }
            if !node.isEmpty { size += 1 + ProtoSize.string(node) }
            if remainingMs != 0 { size += 1 + ProtoSize.uint32(remainingMs) }
            if delayMs != 0 { size += 1 + ProtoSize.uint32(delayMs) }
            if !state.isEmpty { size += 1 + ProtoSize.string(state) }
            return size
        }
    }
}

extension Proto {
    package struct ChaosFaults: ProtoMessage {
        package var faults: [Proto.FaultInfo] = []

        package init() {}

        package init(
            faults: [Proto.FaultInfo] = []
        ) {
            self.faults = faults
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: try reader.message(into: &faults)
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            writer.messages(faults, tag: 10)
        }

        package var encodedSize: Int {
            var size = 0
            size += ProtoSize.messages(faults, tag: 1)
            return size
        }
    }
}

extension Proto {
    /// To a node: do this to yourself; it ends by itself.
    package struct ChaosDirective: ProtoMessage {
        package var faultId: UInt64 = 0
        package var fault: Proto.FaultKind = Proto.FaultKind()
        package var durationMs: UInt32 = 0

        package init() {}

        package init(
            faultId: UInt64 = 0,
            fault: Proto.FaultKind = Proto.FaultKind(),
            durationMs: UInt32 = 0
        ) {
            self.faultId = faultId
            self.fault = fault
            self.durationMs = durationMs
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: faultId = try reader.uint64()
                case 16: fault = Proto.FaultKind(rawValue: try reader.int32())
                case 24: durationMs = try reader.uint32()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if durationMs != 0 { writer.uint32(durationMs); writer.tag(24) }
            if fault.rawValue != 0 { writer.int32(fault.rawValue); writer.tag(16) }
            if faultId != 0 { writer.uint64(faultId); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if faultId != 0 { size += 1 + ProtoSize.uint64(faultId) }
            if fault.rawValue != 0 { size += 1 + ProtoSize.int32(fault.rawValue) }
            if durationMs != 0 { size += 1 + ProtoSize.uint32(durationMs) }
            return size
        }
    }
}
