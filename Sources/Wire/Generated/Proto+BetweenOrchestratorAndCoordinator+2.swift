// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    package struct EnforceQuotasReply: ProtoMessage {
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
    package struct MarkLate: ProtoMessage {
        package var leases: [Proto.LeaseRef] = []

        package init() {}

        package init(
            leases: [Proto.LeaseRef] = []
        ) {
            self.leases = leases
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: try reader.message(into: &leases)
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            writer.messages(leases, tag: 10)
        }

        package var encodedSize: Int {
            var size = 0
            size += ProtoSize.messages(leases, tag: 1)
            return size
        }
    }
}

extension Proto {
    package struct MarkLateReply: ProtoMessage {
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
    /// To the orchestrator: this node has used up its quota.
    package struct NodeOutOfCredit: ProtoMessage {
        package var node: String = ""
        package var retryAfterMs: UInt32 = 0

        package init() {}

        package init(
            node: String = "",
            retryAfterMs: UInt32 = 0
        ) {
            self.node = node
            self.retryAfterMs = retryAfterMs
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: node = try reader.string()
                case 16: retryAfterMs = try reader.uint32()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if retryAfterMs != 0 { writer.uint32(retryAfterMs); writer.tag(16) }
            if !node.isEmpty { writer.string(node); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !node.isEmpty { size += 1 + ProtoSize.string(node) }
            if retryAfterMs != 0 { size += 1 + ProtoSize.uint32(retryAfterMs) }
            return size
        }
    }
}
