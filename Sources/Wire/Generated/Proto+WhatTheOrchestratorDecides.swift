// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    package enum TargetAction: ProtoEnum {
        case unspecified
        /// a dead target, or one that backs off, is tried again at once
        case retry
        case cancel
        case pause
        case resume
        /// A number that this version does not know.
        case unrecognized(Int32)

        /// The value of a field that was not sent.
        package init() { self = .unspecified }

        package init(rawValue: Int32) {
            switch rawValue {
            case 0: self = .unspecified
            case 1: self = .retry
            case 2: self = .cancel
            case 3: self = .pause
            case 4: self = .resume
            default: self = .unrecognized(rawValue)
            }
        }

        package var rawValue: Int32 {
            switch self {
            case .unspecified: 0
            case .retry: 1
            case .cancel: 2
            case .pause: 3
            case .resume: 4
            case .unrecognized(let number): number
            }
        }
    }

}

extension Proto {
    /// A chunk of targets by id, or one page of those that a filter names. Repeating key and chunk changes nothing.
    package struct OperateTargets: ProtoMessage {
        /// 16 bytes
        package var key: ArraySlice<UInt8> = []
        package var chunk: UInt64 = 0
        package var action: Proto.TargetAction = Proto.TargetAction()
        package var targets: [ArraySlice<UInt8>] = []
        package var filter: Proto.TargetFilter? = nil
        /// of a filter: the last id of the page before
        package var after: ArraySlice<UInt8> = []

        package init() {}

        package init(
            key: ArraySlice<UInt8> = [],
            chunk: UInt64 = 0,
            action: Proto.TargetAction = Proto.TargetAction(),
            targets: [ArraySlice<UInt8>] = [],
            filter: Proto.TargetFilter? = nil,
            after: ArraySlice<UInt8> = []
        ) {
            self.key = key
            self.chunk = chunk
            self.action = action
            self.targets = targets
            self.filter = filter
            self.after = after
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: key = try reader.bytes()
                case 16: chunk = try reader.uint64()
                case 24: action = Proto.TargetAction(rawValue: try reader.int32())
                case 34:
                    try reader.charge(MemoryLayout<ArraySlice<UInt8>>.stride)
                    targets.append(try reader.bytes())
                case 42: filter = try reader.message()
                case 50: after = try reader.bytes()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !after.isEmpty { writer.bytes(after); writer.tag(50) }
            if let filter { writer.message(filter); writer.tag(42) }
            for value in targets.reversed() { writer.bytes(value); writer.tag(34) }
            if action.rawValue != 0 { writer.int32(action.rawValue); writer.tag(24) }
            if chunk != 0 { writer.uint64(chunk); writer.tag(16) }
            if !key.isEmpty { writer.bytes(key); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !key.isEmpty { size += 1 + ProtoSize.bytes(key) }
            if chunk != 0 { size += 1 + ProtoSize.uint64(chunk) }
            if action.rawValue != 0 { size += 1 + ProtoSize.int32(action.rawValue) }
            for value in targets { size += 1 + ProtoSize.bytes(value) }
            if let filter { size += 1 + ProtoSize.message(filter) }
            if !after.isEmpty { size += 1 + ProtoSize.bytes(after) }
            return size
        }
    }
}

extension Proto {
    package struct OperateTargetsReply: ProtoMessage {
        package var changed: UInt64 = 0
        /// they were so already, or their state does not allow it
        package var unchanged: UInt64 = 0
        package var unknown: [ArraySlice<UInt8>] = []
        /// of a filter; empty: no more
        package var next: ArraySlice<UInt8> = []
        /// why the first of the unchanged was not changed
        package var message: String = ""

        package init() {}

        package init(
            changed: UInt64 = 0,
            unchanged: UInt64 = 0,
            unknown: [ArraySlice<UInt8>] = [],
            next: ArraySlice<UInt8> = [],
            message: String = ""
        ) {
            self.changed = changed
            self.unchanged = unchanged
            self.unknown = unknown
            self.next = next
            self.message = message
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: changed = try reader.uint64()
                case 16: unchanged = try reader.uint64()
                case 26:
                    try reader.charge(MemoryLayout<ArraySlice<UInt8>>.stride)
                    unknown.append(try reader.bytes())
                case 34: next = try reader.bytes()
                case 42: message = try reader.string()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !message.isEmpty { writer.string(message); writer.tag(42) }
            if !next.isEmpty { writer.bytes(next); writer.tag(34) }
            for value in unknown.reversed() { writer.bytes(value); writer.tag(26) }
            if unchanged != 0 { writer.uint64(unchanged); writer.tag(16) }
            if changed != 0 { writer.uint64(changed); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if changed != 0 { size += 1 + ProtoSize.uint64(changed) }
            if unchanged != 0 { size += 1 + ProtoSize.uint64(unchanged) }
            for value in unknown { size += 1 + ProtoSize.bytes(value) }
            if !next.isEmpty { size += 1 + ProtoSize.bytes(next) }
            if !message.isEmpty { size += 1 + ProtoSize.string(message) }
            return size
        }
    }
}

extension Proto {
    package struct GetTarget: ProtoMessage {
        package var id: ArraySlice<UInt8> = []

        package init() {}

        package init(
            id: ArraySlice<UInt8> = []
        ) {
            self.id = id
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: id = try reader.bytes()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !id.isEmpty { writer.bytes(id); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !id.isEmpty { size += 1 + ProtoSize.bytes(id) }
            return size
        }
    }
}

extension Proto {
    package struct GetTargetReply: ProtoMessage {
        package var target: Proto.TargetInfo? = nil
        /// newest first
        package var decisions: [Proto.DecisionInfo] = []

        package init() {}

        package init(
            target: Proto.TargetInfo? = nil,
            decisions: [Proto.DecisionInfo] = []
        ) {
            self.target = target
            self.decisions = decisions
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: target = try reader.message()
                case 18: try reader.message(into: &decisions)
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            writer.messages(decisions, tag: 18)
            if let target { writer.message(target); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if let target { size += 1 + ProtoSize.message(target) }
            size += ProtoSize.messages(decisions, tag: 1)
            return size
        }
    }
}

extension Proto {
    package enum NodeAction: ProtoEnum {
        case unspecified
        /// no new leases; what it has it finishes
        case drain
        case undrain
        /// one that is not live; it comes back by registering
        case remove
        /// A number that this version does not know.
        case unrecognized(Int32)

        /// The value of a field that was not sent.
        package init() { self = .unspecified }

        package init(rawValue: Int32) {
            switch rawValue {
            case 0: self = .unspecified
            case 1: self = .drain
            case 2: self = .undrain
            case 3: self = .remove
            default: self = .unrecognized(rawValue)
            }
        }

        package var rawValue: Int32 {
            switch self {
            case .unspecified: 0
            case .drain: 1
            case .undrain: 2
            case .remove: 3
            case .unrecognized(let number): number
            }
        }
    }

}

extension Proto {
    package struct OperateNode: ProtoMessage {
        /// 16 bytes
        package var key: ArraySlice<UInt8> = []
        package var name: String = ""
        package var action: Proto.NodeAction = Proto.NodeAction()

        package init() {}

        package init(
            key: ArraySlice<UInt8> = [],
            name: String = "",
            action: Proto.NodeAction = Proto.NodeAction()
        ) {
            self.key = key
            self.name = name
            self.action = action
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: key = try reader.bytes()
                case 18: name = try reader.string()
                case 24: action = Proto.NodeAction(rawValue: try reader.int32())
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if action.rawValue != 0 { writer.int32(action.rawValue); writer.tag(24) }
            if !name.isEmpty { writer.string(name); writer.tag(18) }
            if !key.isEmpty { writer.bytes(key); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !key.isEmpty { size += 1 + ProtoSize.bytes(key) }
            if !name.isEmpty { size += 1 + ProtoSize.string(name) }
            if action.rawValue != 0 { size += 1 + ProtoSize.int32(action.rawValue) }
            return size
        }
    }
}

extension Proto {
    package struct OperateNodeReply: ProtoMessage {
        package var node: Proto.NodeInfo? = nil
        package var changed: Bool = false

        package init() {}

        package init(
            node: Proto.NodeInfo? = nil,
            changed: Bool = false
        ) {
            self.node = node
            self.changed = changed
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: node = try reader.message()
                case 16: changed = try reader.bool()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if changed { writer.bool(changed); writer.tag(16) }
            if let node { writer.message(node); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if let node { size += 1 + ProtoSize.message(node) }
            if changed { size += 1 + ProtoSize.bool(changed) }
            return size
        }
    }
}
