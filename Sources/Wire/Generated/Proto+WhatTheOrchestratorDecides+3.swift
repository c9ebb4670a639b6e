// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    package struct Explain: ProtoMessage {
        package var target: ArraySlice<UInt8> = []
        package var node: String = ""

        package init() {}

        package init(
            target: ArraySlice<UInt8> = [],
            node: String = ""
        ) {
            self.target = target
            self.node = node
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: target = try reader.bytes()
                case 18: node = try reader.string()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !node.isEmpty { writer.string(node); writer.tag(18) }
            if !target.isEmpty { writer.bytes(target); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !target.isEmpty { size += 1 + ProtoSize.bytes(target) }
            if !node.isEmpty { size += 1 + ProtoSize.string(node) }
            return size
        }
    }
}

extension Proto {
    package struct Gate: ProtoMessage {
        /// paused, not_due, backing_off, host_politeness, no_capable_node, …
        package var name: String = ""
        package var reason: String = ""
        /// 0: not by time alone
        package var opensInMs: UInt64 = 0

        package init() {}

        package init(
            name: String = "",
            reason: String = "",
            opensInMs: UInt64 = 0
        ) {
            self.name = name
            self.reason = reason
            self.opensInMs = opensInMs
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: name = try reader.string()
                case 18: reason = try reader.string()
                case 24: opensInMs = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if opensInMs != 0 { writer.uint64(opensInMs); writer.tag(24) }
            if !reason.isEmpty { writer.string(reason); writer.tag(18) }
            if !name.isEmpty { writer.string(name); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !name.isEmpty { size += 1 + ProtoSize.string(name) }
            if !reason.isEmpty { size += 1 + ProtoSize.string(reason) }
            if opensInMs != 0 { size += 1 + ProtoSize.uint64(opensInMs) }
            return size
        }
    }
}

extension Proto {
    package struct ExplainReply: ProtoMessage {
        /// empty: nothing stands in the way
        package var gates: [Proto.Gate] = []
        package var target: Proto.TargetInfo? = nil
        package var node: Proto.NodeInfo? = nil
        /// what comes next, in a sentence
        package var next: String = ""

        package init() {}

        package init(
            gates: [Proto.Gate] = [],
            target: Proto.TargetInfo? = nil,
            node: Proto.NodeInfo? = nil,
            next: String = ""
        ) {
            self.gates = gates
            self.target = target
            self.node = node
            self.next = next
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: try reader.message(into: &gates)
                case 18: target = try reader.message()
                case 26: node = try reader.message()
                case 34: next = try reader.string()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !next.isEmpty { writer.string(next); writer.tag(34) }
            if let node { writer.message(node); writer.tag(26) }
            if let target { writer.message(target); writer.tag(18) }
            writer.messages(gates, tag: 10)
        }

        package var encodedSize: Int {
            var size = 0
            size += ProtoSize.messages(gates, tag: 1)
            if let target { size += 1 + ProtoSize.message(target) }
            if let node { size += 1 + ProtoSize.message(node) }
            if !next.isEmpty { size += 1 + ProtoSize.string(next) }
            return size
        }
    }
}

extension Proto {
    package struct Plan: ProtoMessage {
        package var limit: UInt32 = 0

        package init() {}

        package init(
            limit: UInt32 = 0
        ) {
            self.limit = limit
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: limit = try reader.uint32()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if limit != 0 { writer.uint32(limit); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if limit != 0 { size += 1 + ProtoSize.uint32(limit) }
            return size
        }
    }
}

extension Proto {
    package struct PlannedTarget: ProtoMessage {
        package var target: Proto.TargetInfo? = nil
        /// who would get it now; empty: nobody
        package var node: String = ""
        /// the first that stands in the way
        package var gate: String = ""

        package init() {}

        package init(
            target: Proto.TargetInfo? = nil,
            node: String = "",
            gate: String = ""
        ) {
            self.target = target
            self.node = node
            self.gate = gate
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: target = try reader.message()
                case 18: node = try reader.string()
                case 26: gate = try reader.string()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !gate.isEmpty { writer.string(gate); writer.tag(26) }
            if !node.isEmpty { writer.string(node); writer.tag(18) }
            if let target { writer.message(target); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if let target { size += 1 + ProtoSize.message(target) }
            if !node.isEmpty { size += 1 + ProtoSize.string(node) }
            if !gate.isEmpty { size += 1 + ProtoSize.string(gate) }
            return size
        }
    }
}

extension Proto {
    package struct PlanReply: ProtoMessage {
        package var targets: [Proto.PlannedTarget] = []
        package var nodes: [Proto.NodeInfo] = []
        package var risks: [String] = []
        package var due: UInt64 = 0

        package init() {}

        package init(
            targets: [Proto.PlannedTarget] = [],
            nodes: [Proto.NodeInfo] = [],
            risks: [String] = [],
            due: UInt64 = 0
        ) {
            self.targets = targets
            self.nodes = nodes
            self.risks = risks
            self.due = due
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: try reader.message(into: &targets)
                case 18: try reader.message(into: &nodes)
                case 26:
                    try reader.charge(MemoryLayout<String>.stride)
                    risks.append(try reader.string())
                case 32: due = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if due != 0 { writer.uint64(due); writer.tag(32) }
            for value in risks.reversed() { writer.string(value); writer.tag(26) }
            writer.messages(nodes, tag: 18)
            writer.messages(targets, tag: 10)
        }

        package var encodedSize: Int {
            var size = 0
            size += ProtoSize.messages(targets, tag: 1)
            size += ProtoSize.messages(nodes, tag: 1)
            for value in risks { size += 1 + ProtoSize.string(value) }
            if due != 0 { size += 1 + ProtoSize.uint64(due) }
            return size
        }
    }
}
