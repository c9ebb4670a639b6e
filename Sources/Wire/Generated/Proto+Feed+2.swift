// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    package struct SkippedInfo: ProtoMessage {
        package var artifact: UInt64 = 0
        package var reason: String = ""
        package var sinceAtMs: Int64 = 0

        package init() {}

        package init(
            artifact: UInt64 = 0,
            reason: String = "",
            sinceAtMs: Int64 = 0
        ) {
            self.artifact = artifact
            self.reason = reason
            self.sinceAtMs = sinceAtMs
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: artifact = try reader.uint64()
                case 18: reason = try reader.string()
                case 24: sinceAtMs = try reader.int64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if sinceAtMs != 0 { writer.int64(sinceAtMs); writer.tag(24) }
            if !reason.isEmpty { writer.string(reason); writer.tag(18) }
            if artifact != 0 { writer.uint64(artifact); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if artifact != 0 { size += 1 + ProtoSize.uint64(artifact) }
            if !reason.isEmpty { size += 1 + ProtoSize.string(reason) }
            if sinceAtMs != 0 { size += 1 + ProtoSize.int64(sinceAtMs) }
            return size
        }
    }
}

extension Proto {
    package struct ListSkippedReply: ProtoMessage {
        package var skipped: [Proto.SkippedInfo] = []

        package init() {}

        package init(
            skipped: [Proto.SkippedInfo] = []
        ) {
            self.skipped = skipped
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: try reader.message(into: &skipped)
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            writer.messages(skipped, tag: 10)
        }

        package var encodedSize: Int {
            var size = 0
            size += ProtoSize.messages(skipped, tag: 1)
            return size
        }
    }
}

extension Proto {
    package struct FeedControl: ProtoMessage {
        package var paused: Bool = false

        package init() {}

        package init(
            paused: Bool = false
        ) {
            self.paused = paused
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: paused = try reader.bool()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if paused { writer.bool(paused); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if paused { size += 1 + ProtoSize.bool(paused) }
            return size
        }
    }
}

extension Proto {
    package struct RateScenario: ProtoMessage {
        package var id: String = ""
        /// 0 to 1
        package var quality: Double = 0

        package init() {}

        package init(
            id: String = "",
            quality: Double = 0
        ) {
            self.id = id
            self.quality = quality
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: id = try reader.string()
                case 17: quality = try reader.double()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if quality.bitPattern != 0 { writer.double(quality); writer.tag(17) }
            if !id.isEmpty { writer.string(id); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !id.isEmpty { size += 1 + ProtoSize.string(id) }
            if quality.bitPattern != 0 { size += 1 + ProtoSize.double(quality) }
            return size
        }
    }
}

extension Proto {
    package struct RateScenarioReply: ProtoMessage {
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
