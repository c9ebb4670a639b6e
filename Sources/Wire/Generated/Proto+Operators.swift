// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    package enum ScheduleKind: ProtoEnum {
        case unspecified
        case interval
        case once
        case cron
        /// an interval that shrinks when something has changed and grows when not
        case adaptive
        /// A number that this version does not know.
        case unrecognized(Int32)

        /// The value of a field that was not sent.
        package init() { self = .unspecified }

        package init(rawValue: Int32) {
            switch rawValue {
            case 0: self = .unspecified
            case 1: self = .interval
            case 2: self = .once
            case 3: self = .cron
            case 4: self = .adaptive
            default: self = .unrecognized(rawValue)
            }
        }

        package var rawValue: Int32 {
            switch self {
            case .unspecified: 0
            case .interval: 1
            case .once: 2
            case .cron: 3
            case .adaptive: 4
            case .unrecognized(let number): number
            }
        }
    }

}

extension Proto {
    package struct TargetSpec: ProtoMessage {
        package var type: String = ""
        package var location: String = ""
        package var priority: UInt32? = nil
        package var schedule: Proto.ScheduleKind = Proto.ScheduleKind()
        package var intervalS: UInt32? = nil
        package var minRetryIntervalS: UInt32? = nil
        package var capability: String = ""
        package var labels: StringMap = StringMap()
        package var metadata: StringMap = StringMap()
        package var confidence: Double? = nil
        package var threatLevel: Double? = nil
        package var opportunityValue: Double? = nil
        package var maxBytes: UInt64? = nil
        /// five fields, UTC
        package var cron: String = ""

        package init() {}

        package init(
            type: String = "",
            location: String = "",
            priority: UInt32? = nil,
            schedule: Proto.ScheduleKind = Proto.ScheduleKind(),
            intervalS: UInt32? = nil,
            minRetryIntervalS: UInt32? = nil,
            capability: String = "",
            labels: StringMap = StringMap(),
            metadata: StringMap = StringMap(),
            confidence: Double? = nil,
            threatLevel: Double? = nil,
            opportunityValue: Double? = nil,
            maxBytes: UInt64? = nil,
            cron: String = ""
        ) {
            self.type = type
            self.location = location
            self.priority = priority
            self.schedule = schedule
            self.intervalS = intervalS
            self.minRetryIntervalS = minRetryIntervalS
            self.capability = capability
            self.labels = labels
            self.metadata = metadata
            self.confidence = confidence
            self.threatLevel = threatLevel
            self.opportunityValue = opportunityValue
            self.maxBytes = maxBytes
            self.cron = cron
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: type = try reader.string()
                case 18: location = try reader.string()
                case 24: priority = try reader.uint32()
                case 32: schedule = Proto.ScheduleKind(rawValue: try reader.int32())
                case 40: intervalS = try reader.uint32()
                case 48: minRetryIntervalS = try reader.uint32()
                case 58: capability = try reader.string()
                case 66: try labels.decodeEntry(&reader)
                case 74: try metadata.decodeEntry(&reader)
                case 81: confidence = try reader.double()
                case 89: threatLevel = try reader.double()
                case 97: opportunityValue = try reader.double()
                case 104: maxBytes = try reader.uint64()
                case 114: cron = try reader.string()
                default: try reader.skip(tag)
                }
            }
            labels.finish()
            metadata.finish()
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !cron.isEmpty { writer.string(cron); writer.tag(114) }
            if let maxBytes { writer.uint64(maxBytes); writer.tag(104) }
            if let opportunityValue { writer.double(opportunityValue); writer.tag(97) }
            if let threatLevel { writer.double(threatLevel); writer.tag(89) }
            if let confidence { writer.double(confidence); writer.tag(81) }
            metadata.encode(&writer, tag: 74)
            labels.encode(&writer, tag: 66)
            if !capability.isEmpty { writer.string(capability); writer.tag(58) }
            if let minRetryIntervalS { writer.uint32(minRetryIntervalS); writer.tag(48) }
            if let intervalS { writer.uint32(intervalS); writer.tag(40) }
            if schedule.rawValue != 0 { writer.int32(schedule.rawValue); writer.tag(32) }
            if let priority { writer.uint32(priority); writer.tag(24) }
            if !location.isEmpty { writer.string(location); writer.tag(18) }
            if !type.isEmpty { writer.string(type); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !type.isEmpty { size += 1 + ProtoSize.string(type) }
            if !location.isEmpty { size += 1 + ProtoSize.string(location) }
            if let priority { size += 1 + ProtoSize.uint32(priority) }
            if schedule.rawValue != 0 { size += 1 + ProtoSize.int32(schedule.rawValue) }
            if let intervalS { size += 1 + ProtoSize.uint32(intervalS) }
            if let minRetryIntervalS { size += 1 + ProtoSize.uint32(minRetryIntervalS) }
            if !capability.isEmpty { size += 1 + ProtoSize.string(capability) }
            size += labels.encodedSize(tag: 1)
            size += metadata.encodedSize(tag: 1)
            if let confidence { size += 1 + ProtoSize.double(confidence) }
            if let threatLevel { size += 1 + ProtoSize.double(threatLevel) }
            if let opportunityValue { size += 1 + ProtoSize.double(opportunityValue) }
            if let maxBytes { size += 1 + ProtoSize.uint64(maxBytes) }
            if !cron.isEmpty { size += 1 + ProtoSize.string(cron) }
            return size
        }
    }
}

extension Proto {
    /// A chunk of a submission. Asking again with the same key and chunk number changes nothing.
    package struct SubmitTargets: ProtoMessage {
        /// 16 bytes
        package var key: ArraySlice<UInt8> = []
        package var chunk: UInt64 = 0
        package var targets: [Proto.TargetSpec] = []

        package init() {}

        package init(
            key: ArraySlice<UInt8> = [],
            chunk: UInt64 = 0,
            targets: [Proto.TargetSpec] = []
        ) {
            self.key = key
            self.chunk = chunk
            self.targets = targets
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: key = try reader.bytes()
                case 16: chunk = try reader.uint64()
                case 26: try reader.message(into: &targets)
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            writer.messages(targets, tag: 26)
            if chunk != 0 { writer.uint64(chunk); writer.tag(16) }
            if !key.isEmpty { writer.bytes(key); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !key.isEmpty { size += 1 + ProtoSize.bytes(key) }
            if chunk != 0 { size += 1 + ProtoSize.uint64(chunk) }
            size += ProtoSize.messages(targets, tag: 1)
            return size
        }
    }
}

extension Proto {
    package enum SubmitResult: ProtoEnum {
        case unspecified
        case created
        case updated
        case refused
        /// A number that this version does not know.
        case unrecognized(Int32)

        /// The value of a field that was not sent.
        package init() { self = .unspecified }

        package init(rawValue: Int32) {
            switch rawValue {
            case 0: self = .unspecified
            case 1: self = .created
            case 2: self = .updated
            case 3: self = .refused
            default: self = .unrecognized(rawValue)
            }
        }

        package var rawValue: Int32 {
            switch self {
            case .unspecified: 0
            case .created: 1
            case .updated: 2
            case .refused: 3
            case .unrecognized(let number): number
            }
        }
    }

}

extension Proto {
    package struct TargetVerdict: ProtoMessage {
        package var result: Proto.SubmitResult = Proto.SubmitResult()
        package var target: ArraySlice<UInt8> = []
        package var field: String = ""
        package var message: String = ""

        package init() {}

        package init(
            result: Proto.SubmitResult = Proto.SubmitResult(),
            target: ArraySlice<UInt8> = [],
            field: String = "",
            message: String = ""
        ) {
            self.result = result
            self.target = target
            self.field = field
            self.message = message
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: result = Proto.SubmitResult(rawValue: try reader.int32())
                case 18: target = try reader.bytes()
                case 26: field = try reader.string()
                case 34: message = try reader.string()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !message.isEmpty { writer.string(message); writer.tag(34) }
            if !field.isEmpty { writer.string(field); writer.tag(26) }
            if !target.isEmpty { writer.bytes(target); writer.tag(18) }
            if result.rawValue != 0 { writer.int32(result.rawValue); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if result.rawValue != 0 { size += 1 + ProtoSize.int32(result.rawValue) }
            if !target.isEmpty { size += 1 + ProtoSize.bytes(target) }
            if !field.isEmpty { size += 1 + ProtoSize.string(field) }
            if !message.isEmpty { size += 1 + ProtoSize.string(message) }
            return size
        }
    }
}

extension Proto {
    package struct SubmitTargetsReply: ProtoMessage {
        package var chunk: UInt64 = 0
        package var verdicts: [Proto.TargetVerdict] = []

        package init() {}

        package init(
            chunk: UInt64 = 0,
            verdicts: [Proto.TargetVerdict] = []
        ) {
            self.chunk = chunk
            self.verdicts = verdicts
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: chunk = try reader.uint64()
                case 18: try reader.message(into: &verdicts)
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            writer.messages(verdicts, tag: 18)
            if chunk != 0 { writer.uint64(chunk); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if chunk != 0 { size += 1 + ProtoSize.uint64(chunk) }
            size += ProtoSize.messages(verdicts, tag: 1)
            return size
        }
    }
}

extension Proto {
    package struct ClusterStatus: ProtoMessage {
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
