// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    /// Makes a copy of what the process has, on its host. Asking again with the same key tells how far it is.
    package struct Backup: ProtoMessage {
        /// 16 bytes
        package var key: ArraySlice<UInt8> = []
        /// absolute; made, and must not be there yet
        package var directory: String = ""
        package var withSecret: Bool = false

        package init() {}

        package init(
            key: ArraySlice<UInt8> = [],
            directory: String = "",
            withSecret: Bool = false
        ) {
            self.key = key
            self.directory = directory
            self.withSecret = withSecret
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: key = try reader.bytes()
                case 18: directory = try reader.string()
                case 24: withSecret = try reader.bool()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if withSecret { writer.bool(withSecret); writer.tag(24) }
            if !directory.isEmpty { writer.string(directory); writer.tag(18) }
            if !key.isEmpty { writer.bytes(key); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !key.isEmpty { size += 1 + ProtoSize.bytes(key) }
            if !directory.isEmpty { size += 1 + ProtoSize.string(directory) }
            if withSecret { size += 1 + ProtoSize.bool(withSecret) }
            return size
        }
    }
}

extension Proto {
    package enum BackupState: ProtoEnum {
        case unspecified
        case running
        case done
        case failed
        /// A number that this version does not know.
        case unrecognized(Int32)

        /// The value of a field that was not sent.
        package init() { self = .unspecified }

        package init(rawValue: Int32) {
            switch rawValue {
            case 0: self = .unspecified
            case 1: self = .running
            case 2: self = .done
            case 3: self = .failed
            default: self = .unrecognized(rawValue)
            }
        }

        package var rawValue: Int32 {
            switch self {
            case .unspecified: 0
            case .running: 1
            case .done: 2
            case .failed: 3
            case .unrecognized(let number): number
            }
        }
    }

}

extension Proto {
    package struct BackupReply: ProtoMessage {
        package var state: Proto.BackupState = Proto.BackupState()
        package var message: String = ""
        package var copiedBytes: UInt64 = 0
        package var stateVersion: UInt64 = 0
        package var receiptPosition: UInt64 = 0

        package init() {}

        package init(
            state: Proto.BackupState = Proto.BackupState(),
            message: String = "",
            copiedBytes: UInt64 = 0,
            stateVersion: UInt64 = 0,
            receiptPosition: UInt64 = 0
        ) {
            self.state = state
            self.message = message
            self.copiedBytes = copiedBytes
            self.stateVersion = stateVersion
            self.receiptPosition = receiptPosition
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: state = Proto.BackupState(rawValue: try reader.int32())
                case 18: message = try reader.string()
                case 24: copiedBytes = try reader.uint64()
                case 32: stateVersion = try reader.uint64()
                case 40: receiptPosition = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if receiptPosition != 0 { writer.uint64(receiptPosition); writer.tag(40) }
            if stateVersion != 0 { writer.uint64(stateVersion); writer.tag(32) }
            if copiedBytes != 0 { writer.uint64(copiedBytes); writer.tag(24) }
            if !message.isEmpty { writer.string(message); writer.tag(18) }
            if state.rawValue != 0 { writer.int32(state.rawValue); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if state.rawValue != 0 { size += 1 + ProtoSize.int32(state.rawValue) }
            if !message.isEmpty { size += 1 + ProtoSize.string(message) }
            if copiedBytes != 0 { size += 1 + ProtoSize.uint64(copiedBytes) }
            if stateVersion != 0 { size += 1 + ProtoSize.uint64(stateVersion) }
            if receiptPosition != 0 { size += 1 + ProtoSize.uint64(receiptPosition) }
            return size
        }
    }
}

extension Proto {
    package struct ListMissing: ProtoMessage {
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
    /// Items that a node had been told were stored, and that this data directory does not hold.
    package struct MissingRange: ProtoMessage {
        package var stream: UInt64 = 0
        package var node: String = ""
        package var first: UInt64 = 0
        package var last: UInt64 = 0
        package var foundAtMs: Int64 = 0
        package var accepted: Bool = false

        package init() {}

        package init(
            stream: UInt64 = 0,
            node: String = "",
            first: UInt64 = 0,
            last: UInt64 = 0,
            foundAtMs: Int64 = 0,
            accepted: Bool = false
        ) {
            self.stream = stream
            self.node = node
            self.first = first
            self.last = last
            self.foundAtMs = foundAtMs
            self.accepted = accepted
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: stream = try reader.uint64()
                case 18: node = try reader.string()
                case 24: first = try reader.uint64()
                case 32: last = try reader.uint64()
                case 40: foundAtMs = try reader.int64()
                case 48: accepted = try reader.bool()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if accepted { writer.bool(accepted); writer.tag(48) }
            if foundAtMs != 0 { writer.int64(foundAtMs); writer.tag(40) }
            if last != 0 { writer.uint64(last); writer.tag(32) }
            if first != 0 { writer.uint64(first); writer.tag(24) }
            if !node.isEmpty { writer.string(node); writer.tag(18) }
            if stream != 0 { writer.uint64(stream); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if stream != 0 { size += 1 + ProtoSize.uint64(stream) }
            if !node.isEmpty { size += 1 + ProtoSize.string(node) }
            if first != 0 { size += 1 + ProtoSize.uint64(first) }
            if last != 0 { size += 1 + ProtoSize.uint64(last) }
            if foundAtMs != 0 { size += 1 + ProtoSize.int64(foundAtMs) }
            if accepted { size += 1 + ProtoSize.bool(accepted) }
            return size
        }
    }
}

extension Proto {
    package struct ListMissingReply: ProtoMessage {
        package var ranges: [Proto.MissingRange] = []

        package init() {}

        package init(
            ranges: [Proto.MissingRange] = []
        ) {
            self.ranges = ranges
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: try reader.message(into: &ranges)
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            writer.messages(ranges, tag: 10)
        }

        package var encodedSize: Int {
            var size = 0
            size += ProtoSize.messages(ranges, tag: 1)
            return size
        }
    }
}
