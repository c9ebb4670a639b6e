// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    /// What a host said to a node, for all nodes.
    package struct HostReport: ProtoMessage {
        package var host: String = ""
        /// 429 or 503, if it answered so
        package var status: UInt32 = 0
        package var retryAfterMs: UInt32 = 0
        /// between two requests; 0: nothing is asked
        package var crawlDelayMs: UInt32 = 0
        /// what its name was resolved to
        package var address: String = ""

        package init() {}

        package init(
            host: String = "",
            status: UInt32 = 0,
            retryAfterMs: UInt32 = 0,
            crawlDelayMs: UInt32 = 0,
            address: String = ""
        ) {
            self.host = host
            self.status = status
            self.retryAfterMs = retryAfterMs
            self.crawlDelayMs = crawlDelayMs
            self.address = address
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: host = try reader.string()
                case 16: status = try reader.uint32()
                case 24: retryAfterMs = try reader.uint32()
                case 32: crawlDelayMs = try reader.uint32()
                case 42: address = try reader.string()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !address.isEmpty { writer.string(address); writer.tag(42) }
            if crawlDelayMs != 0 { writer.uint32(crawlDelayMs); writer.tag(32) }
            if retryAfterMs != 0 { writer.uint32(retryAfterMs); writer.tag(24) }
            if status != 0 { writer.uint32(status); writer.tag(16) }
            if !host.isEmpty { writer.string(host); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !host.isEmpty { size += 1 + ProtoSize.string(host) }
            if status != 0 { size += 1 + ProtoSize.uint32(status) }
            if retryAfterMs != 0 { size += 1 + ProtoSize.uint32(retryAfterMs) }
            if crawlDelayMs != 0 { size += 1 + ProtoSize.uint32(crawlDelayMs) }
            if !address.isEmpty { size += 1 + ProtoSize.string(address) }
            return size
        }
    }
}

extension Proto {
    package struct LeaseOutcomes: ProtoMessage {
        package var outcomes: [Proto.LeaseOutcome] = []
        package var freeCapacity: UInt32 = 0

        package init() {}

        package init(
            outcomes: [Proto.LeaseOutcome] = [],
            freeCapacity: UInt32 = 0
        ) {
            self.outcomes = outcomes
            self.freeCapacity = freeCapacity
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: try reader.message(into: &outcomes)
                case 16: freeCapacity = try reader.uint32()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if freeCapacity != 0 { writer.uint32(freeCapacity); writer.tag(16) }
            writer.messages(outcomes, tag: 10)
        }

        package var encodedSize: Int {
            var size = 0
            size += ProtoSize.messages(outcomes, tag: 1)
            if freeCapacity != 0 { size += 1 + ProtoSize.uint32(freeCapacity) }
            return size
        }
    }
}

extension Proto {
    package struct LeaseOutcomesAck: ProtoMessage {
        package var leases: [UInt64] = []

        package init() {}

        package init(
            leases: [UInt64] = []
        ) {
            self.leases = leases
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8:
                    try reader.charge(MemoryLayout<UInt64>.stride)
                    leases.append(try reader.uint64())
                case 10:
                    let outer = try reader.enter()
                    while !reader.isAtEnd {
                        try reader.charge(MemoryLayout<UInt64>.stride)
                        leases.append(try reader.uint64())
                    }
                    reader.leave(outer)
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !leases.isEmpty {
                let end = writer.position
                for value in leases.reversed() { writer.uint64(value) }
                writer.length(since: end)
                writer.tag(10)
            }
        }

        package var encodedSize: Int {
            var size = 0
            if !leases.isEmpty {
                let run = leases.reduce(0) { $0 + ProtoSize.uint64($1) }
                size += 1 + ProtoSize.prefixed(run)
            }
            return size
        }
    }
}

extension Proto {
    package struct LeaseRevoked: ProtoMessage {
        package var lease: UInt64 = 0
        package var reason: String = ""

        package init() {}

        package init(
            lease: UInt64 = 0,
            reason: String = ""
        ) {
            self.lease = lease
            self.reason = reason
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: lease = try reader.uint64()
                case 18: reason = try reader.string()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !reason.isEmpty { writer.string(reason); writer.tag(18) }
            if lease != 0 { writer.uint64(lease); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if lease != 0 { size += 1 + ProtoSize.uint64(lease) }
            if !reason.isEmpty { size += 1 + ProtoSize.string(reason) }
            return size
        }
    }
}

extension Proto {
    package struct RenewLease: ProtoMessage {
        package var lease: UInt64 = 0
        package var fence: Proto.Fence? = nil
        /// grows while the collector makes progress
        package var progress: UInt64 = 0

        package init() {}

        package init(
            lease: UInt64 = 0,
            fence: Proto.Fence? = nil,
            progress: UInt64 = 0
        ) {
            self.lease = lease
            self.fence = fence
            self.progress = progress
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: lease = try reader.uint64()
                case 18: fence = try reader.message()
                case 24: progress = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if progress != 0 { writer.uint64(progress); writer.tag(24) }
            if let fence { writer.message(fence); writer.tag(18) }
            if lease != 0 { writer.uint64(lease); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if lease != 0 { size += 1 + ProtoSize.uint64(lease) }
            if let fence { size += 1 + ProtoSize.message(fence) }
            if progress != 0 { size += 1 + ProtoSize.uint64(progress) }
            return size
        }
    }
}

extension Proto {
    package struct RenewLeaseReply: ProtoMessage {
        package var lease: UInt64 = 0
        package var kept: Bool = false
        package var deadlineMs: UInt32 = 0

        package init() {}

        package init(
            lease: UInt64 = 0,
            kept: Bool = false,
            deadlineMs: UInt32 = 0
        ) {
            self.lease = lease
            self.kept = kept
            self.deadlineMs = deadlineMs
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: lease = try reader.uint64()
                case 16: kept = try reader.bool()
                case 24: deadlineMs = try reader.uint32()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if deadlineMs != 0 { writer.uint32(deadlineMs); writer.tag(24) }
            if kept { writer.bool(kept); writer.tag(16) }
            if lease != 0 { writer.uint64(lease); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if lease != 0 { size += 1 + ProtoSize.uint64(lease) }
            if kept { size += 1 + ProtoSize.bool(kept) }
            if deadlineMs != 0 { size += 1 + ProtoSize.uint32(deadlineMs) }
            return size
        }
    }
}
