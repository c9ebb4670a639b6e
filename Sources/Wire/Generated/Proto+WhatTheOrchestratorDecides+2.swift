// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    /// Artifacts in any hour. Absent: as it is; 0: none is set.
    package struct SetQuota: ProtoMessage {
        /// 16 bytes
        package var key: ArraySlice<UInt8> = []
        /// of a node, before its success rate counts
        package var base: UInt64? = nil
        package var cluster: UInt64? = nil

        package init() {}

        package init(
            key: ArraySlice<UInt8> = [],
            base: UInt64? = nil,
            cluster: UInt64? = nil
        ) {
            self.key = key
            self.base = base
            self.cluster = cluster
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: key = try reader.bytes()
                case 16: base = try reader.uint64()
                case 24: cluster = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if let cluster { writer.uint64(cluster); writer.tag(24) }
            if let base { writer.uint64(base); writer.tag(16) }
            if !key.isEmpty { writer.bytes(key); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !key.isEmpty { size += 1 + ProtoSize.bytes(key) }
            if let base { size += 1 + ProtoSize.uint64(base) }
            if let cluster { size += 1 + ProtoSize.uint64(cluster) }
            return size
        }
    }
}

extension Proto {
    package struct GetQuota: ProtoMessage {
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
    package struct NodeQuota: ProtoMessage {
        package var name: String = ""
        package var quota: UInt64 = 0
        /// numbers the decision
        package var revision: UInt64 = 0
        package var exhausted: Bool = false

        package init() {}

        package init(
            name: String = "",
            quota: UInt64 = 0,
            revision: UInt64 = 0,
            exhausted: Bool = false
        ) {
            self.name = name
            self.quota = quota
            self.revision = revision
            self.exhausted = exhausted
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: name = try reader.string()
                case 16: quota = try reader.uint64()
                case 24: revision = try reader.uint64()
                case 32: exhausted = try reader.bool()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if exhausted { writer.bool(exhausted); writer.tag(32) }
            if revision != 0 { writer.uint64(revision); writer.tag(24) }
            if quota != 0 { writer.uint64(quota); writer.tag(16) }
            if !name.isEmpty { writer.string(name); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !name.isEmpty { size += 1 + ProtoSize.string(name) }
            if quota != 0 { size += 1 + ProtoSize.uint64(quota) }
            if revision != 0 { size += 1 + ProtoSize.uint64(revision) }
            if exhausted { size += 1 + ProtoSize.bool(exhausted) }
            return size
        }
    }
}

extension Proto {
    package struct QuotaReply: ProtoMessage {
        /// 0: none
        package var base: UInt64 = 0
        /// 0: none
        package var cluster: UInt64 = 0
        package var revision: UInt64 = 0
        package var nodes: [Proto.NodeQuota] = []

        package init() {}

        package init(
            base: UInt64 = 0,
            cluster: UInt64 = 0,
            revision: UInt64 = 0,
            nodes: [Proto.NodeQuota] = []
        ) {
            self.base = base
            self.cluster = cluster
            self.revision = revision
            self.nodes = nodes
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: base = try reader.uint64()
                case 16: cluster = try reader.uint64()
                case 24: revision = try reader.uint64()
                case 34: try reader.message(into: &nodes)
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            writer.messages(nodes, tag: 34)
            if revision != 0 { writer.uint64(revision); writer.tag(24) }
            if cluster != 0 { writer.uint64(cluster); writer.tag(16) }
            if base != 0 { writer.uint64(base); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if base != 0 { size += 1 + ProtoSize.uint64(base) }
            if cluster != 0 { size += 1 + ProtoSize.uint64(cluster) }
            if revision != 0 { size += 1 + ProtoSize.uint64(revision) }
            size += ProtoSize.messages(nodes, tag: 1)
            return size
        }
    }
}

extension Proto {
    package struct ListDecisions: ProtoMessage {
        package var target: ArraySlice<UInt8> = []
        package var node: String = ""
        /// who decided: orchestrator, or an operator's name
        package var actor: String = ""
        /// 0: as far back as is kept
        package var sinceMsAgo: UInt64 = 0
        package var limit: UInt32 = 0

        package init() {}

        package init(
            target: ArraySlice<UInt8> = [],
            node: String = "",
            actor: String = "",
            sinceMsAgo: UInt64 = 0,
            limit: UInt32 = 0
        ) {
            self.target = target
            self.node = node
            self.actor = actor
            self.sinceMsAgo = sinceMsAgo
            self.limit = limit
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: target = try reader.bytes()
                case 18: node = try reader.string()
                case 26: actor = try reader.string()
                case 32: sinceMsAgo = try reader.uint64()
                case 40: limit = try reader.uint32()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if limit != 0 { writer.uint32(limit); writer.tag(40) }
            if sinceMsAgo != 0 { writer.uint64(sinceMsAgo); writer.tag(32) }
            if !actor.isEmpty { writer.string(actor); writer.tag(26) }
            if !node.isEmpty { writer.string(node); writer.tag(18) }
            if !target.isEmpty { writer.bytes(target); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !target.isEmpty { size += 1 + ProtoSize.bytes(target) }
            if !node.isEmpty { size += 1 + ProtoSize.string(node) }
            if !actor.isEmpty { size += 1 + ProtoSize.string(actor) }
            if sinceMsAgo != 0 { size += 1 + ProtoSize.uint64(sinceMsAgo) }
            if limit != 0 { size += 1 + ProtoSize.uint32(limit) }
            return size
        }
    }
}

extension Proto {
    package struct DecisionInfo: ProtoMessage {
        /// grows with each decision
        package var number: UInt64 = 0
        package var atMs: Int64 = 0
        package var who: String = ""
        package var what: String = ""
        package var target: ArraySlice<UInt8> = []
        package var location: String = ""
        package var node: String = ""
        /// the host that is collected from
        package var `where`: String = ""
        package var why: String = ""
        package var how: String = ""

        package init() {}

        package init(
            number: UInt64 = 0,
            atMs: Int64 = 0,
            who: String = "",
            what: String = "",
            target: ArraySlice<UInt8> = [],
            location: String = "",
            node: String = "",
            `where`: String = "",
            why: String = "",
            how: String = ""
        ) {
            self.number = number
            self.atMs = atMs
            self.who = who
            self.what = what
            self.target = target
            self.location = location
            self.node = node
            self.`where` = `where`
            self.why = why
            self.how = how
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: number = try reader.uint64()
                case 16: atMs = try reader.int64()
                case 26: who = try reader.string()
                case 34: what = try reader.string()
                case 42: target = try reader.bytes()
                case 50: location = try reader.string()
                case 58: node = try reader.string()
                case 66: `where` = try reader.string()
                case 74: why = try reader.string()
                case 82: how = try reader.string()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !how.isEmpty { writer.string(how); writer.tag(82) }
            if !why.isEmpty { writer.string(why); writer.tag(74) }
            if !`where`.isEmpty { writer.string(`where`); writer.tag(66) }
            if !node.isEmpty { writer.string(node); writer.tag(58) }
            if !location.isEmpty { writer.string(location); writer.tag(50) }
            if !target.isEmpty { writer.bytes(target); writer.tag(42) }
            if !what.isEmpty { writer.string(what); writer.tag(34) }
            if !who.isEmpty { writer.string(who); writer.tag(26) }
            if atMs != 0 { writer.int64(atMs); writer.tag(16) }
            if number != 0 { writer.uint64(number); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if number != 0 { size += 1 + ProtoSize.uint64(number) }
            if atMs != 0 { size += 1 + ProtoSize.int64(atMs) }
            if !who.isEmpty { size += 1 + ProtoSize.string(who) }
            if !what.isEmpty { size += 1 + ProtoSize.string(what) }
            if !target.isEmpty { size += 1 + ProtoSize.bytes(target) }
            if !location.isEmpty { size += 1 + ProtoSize.string(location) }
            if !node.isEmpty { size += 1 + ProtoSize.string(node) }
            if !`where`.isEmpty { size += 1 + ProtoSize.string(`where`) }
            if !why.isEmpty { size += 1 + ProtoSize.string(why) }
            if !how.isEmpty { size += 1 + ProtoSize.string(how) }
            return size
        }
    }
}

extension Proto {
    package struct ListDecisionsReply: ProtoMessage {
        /// newest first
        package var decisions: [Proto.DecisionInfo] = []
        /// by reason: those that are not kept in full any more
        package var older: [Proto.Counter] = []

        package init() {}

        package init(
            decisions: [Proto.DecisionInfo] = [],
            older: [Proto.Counter] = []
        ) {
            self.decisions = decisions
            self.older = older
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: try reader.message(into: &decisions)
                case 18: try reader.message(into: &older)
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            writer.messages(older, tag: 18)
            writer.messages(decisions, tag: 10)
        }

        package var encodedSize: Int {
            var size = 0
            size += ProtoSize.messages(decisions, tag: 1)
            size += ProtoSize.messages(older, tag: 1)
            return size
        }
    }
}
