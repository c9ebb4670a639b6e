// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    /// What the ledger really did with the items of one lease in one commit.
    package struct LeaseReceipt: ProtoMessage {
        package var lease: Proto.LeaseRef? = nil
        package var node: String = ""
        package var stream: UInt64 = 0
        /// of the stream, that this commit applied under the lease
        package var lastSequence: UInt64 = 0
        package var stored: UInt32 = 0
        package var duplicates: UInt32 = 0
        package var refused: UInt32 = 0
        package var unchanged: UInt32 = 0
        /// the last bookmark item among them
        package var bookmark: ArraySlice<UInt8>? = nil
        /// of the duplicates, those of what another node had brought
        package var corroborating: UInt32 = 0

        package init() {}

        package init(
            lease: Proto.LeaseRef? = nil,
            node: String = "",
            stream: UInt64 = 0,
            lastSequence: UInt64 = 0,
            stored: UInt32 = 0,
            duplicates: UInt32 = 0,
            refused: UInt32 = 0,
            unchanged: UInt32 = 0,
            bookmark: ArraySlice<UInt8>? = nil,
            corroborating: UInt32 = 0
        ) {
            self.lease = lease
            self.node = node
            self.stream = stream
            self.lastSequence = lastSequence
            self.stored = stored
            self.duplicates = duplicates
            self.refused = refused
            self.unchanged = unchanged
            self.bookmark = bookmark
            self.corroborating = corroborating
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: lease = try reader.message()
                case 18: node = try reader.string()
                case 24: stream = try reader.uint64()
                case 32: lastSequence = try reader.uint64()
                case 40: stored = try reader.uint32()
                case 48: duplicates = try reader.uint32()
                case 56: refused = try reader.uint32()
                case 64: unchanged = try reader.uint32()
                case 74: bookmark = try reader.bytes()
                case 80: corroborating = try reader.uint32()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if corroborating != 0 { writer.uint32(corroborating); writer.tag(80) }
            if let bookmark { writer.bytes(bookmark); writer.tag(74) }
            if unchanged != 0 { writer.uint32(unchanged); writer.tag(64) }
            if refused != 0 { writer.uint32(refused); writer.tag(56) }
            if duplicates != 0 { writer.uint32(duplicates); writer.tag(48) }
            if stored != 0 { writer.uint32(stored); writer.tag(40) }
            if lastSequence != 0 { writer.uint64(lastSequence); writer.tag(32) }
            if stream != 0 { writer.uint64(stream); writer.tag(24) }
            if !node.isEmpty { writer.string(node); writer.tag(18) }
            if let lease { writer.message(lease); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if let lease { size += 1 + ProtoSize.message(lease) }
            if !node.isEmpty { size += 1 + ProtoSize.string(node) }
            if stream != 0 { size += 1 + ProtoSize.uint64(stream) }
            if lastSequence != 0 { size += 1 + ProtoSize.uint64(lastSequence) }
            if stored != 0 { size += 1 + ProtoSize.uint32(stored) }
            if duplicates != 0 { size += 1 + ProtoSize.uint32(duplicates) }
            if refused != 0 { size += 1 + ProtoSize.uint32(refused) }
            if unchanged != 0 { size += 1 + ProtoSize.uint32(unchanged) }
            if let bookmark { size += 1 + ProtoSize.bytes(bookmark) }
            if corroborating != 0 { size += 1 + ProtoSize.uint32(corroborating) }
            return size
        }
    }
}

extension Proto {
    /// Of one commit, or of commits in a row that have no receipts.
    package struct ReceiptPage: ProtoMessage {
        /// no receipt lies between this state version and the page
        package var after: UInt64 = 0
        /// every receipt up to this state version has been given
        package var position: UInt64 = 0
        package var receipts: [Proto.LeaseReceipt] = []

        package init() {}

        package init(
            after: UInt64 = 0,
            position: UInt64 = 0,
            receipts: [Proto.LeaseReceipt] = []
        ) {
            self.after = after
            self.position = position
            self.receipts = receipts
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: after = try reader.uint64()
                case 16: position = try reader.uint64()
                case 26: try reader.message(into: &receipts)
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            writer.messages(receipts, tag: 26)
            if position != 0 { writer.uint64(position); writer.tag(16) }
            if after != 0 { writer.uint64(after); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if after != 0 { size += 1 + ProtoSize.uint64(after) }
            if position != 0 { size += 1 + ProtoSize.uint64(position) }
            size += ProtoSize.messages(receipts, tag: 1)
            return size
        }
    }
}

extension Proto {
    /// Asks for what comes after a position that is on the asker's disk. One at a time: a new one takes the old one's place.
    package struct ReadReceipts: ProtoMessage {
        package var after: UInt64 = 0
        /// for the answer to wait for, while there is nothing; 0: answer at once
        package var waitMs: UInt32 = 0
        /// of those that came on this connection; 0: none has
        package var ratingsAfter: UInt64 = 0

        package init() {}

        package init(
            after: UInt64 = 0,
            waitMs: UInt32 = 0,
            ratingsAfter: UInt64 = 0
        ) {
            self.after = after
            self.waitMs = waitMs
            self.ratingsAfter = ratingsAfter
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: after = try reader.uint64()
                case 16: waitMs = try reader.uint32()
                case 24: ratingsAfter = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if ratingsAfter != 0 { writer.uint64(ratingsAfter); writer.tag(24) }
            if waitMs != 0 { writer.uint32(waitMs); writer.tag(16) }
            if after != 0 { writer.uint64(after); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if after != 0 { size += 1 + ProtoSize.uint64(after) }
            if waitMs != 0 { size += 1 + ProtoSize.uint32(waitMs) }
            if ratingsAfter != 0 { size += 1 + ProtoSize.uint64(ratingsAfter) }
            return size
        }
    }
}

extension Proto {
    /// What sinks say of what a node brought, from 0 to 1.
    package struct NodeRating: ProtoMessage {
        package var node: String = ""
        package var rating: Double = 0

        package init() {}

        package init(
            node: String = "",
            rating: Double = 0
        ) {
            self.node = node
            self.rating = rating
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: node = try reader.string()
                case 17: rating = try reader.double()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if rating.bitPattern != 0 { writer.double(rating); writer.tag(17) }
            if !node.isEmpty { writer.string(node); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !node.isEmpty { size += 1 + ProtoSize.string(node) }
            if rating.bitPattern != 0 { size += 1 + ProtoSize.double(rating) }
            return size
        }
    }
}

extension Proto {
    package struct ReceiptPages: ProtoMessage {
        /// in order; empty: nothing came in time
        package var pages: [Proto.ReceiptPage] = []
        /// the ledger's
        package var stateVersion: UInt64 = 0
        /// that are new or others since; there may be more
        package var ratings: [Proto.NodeRating] = []
        /// to be asked after next; it says nothing without ratings
        package var ratingsVersion: UInt64 = 0

        package init() {}

        package init(
            pages: [Proto.ReceiptPage] = [],
            stateVersion: UInt64 = 0,
            ratings: [Proto.NodeRating] = [],
            ratingsVersion: UInt64 = 0
        ) {
            self.pages = pages
            self.stateVersion = stateVersion
            self.ratings = ratings
            self.ratingsVersion = ratingsVersion
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: try reader.message(into: &pages)
                case 16: stateVersion = try reader.uint64()
                case 26: try reader.message(into: &ratings)
                case 32: ratingsVersion = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if ratingsVersion != 0 { writer.uint64(ratingsVersion); writer.tag(32) }
            writer.messages(ratings, tag: 26)
            if stateVersion != 0 { writer.uint64(stateVersion); writer.tag(16) }
            writer.messages(pages, tag: 10)
        }

        package var encodedSize: Int {
            var size = 0
            size += ProtoSize.messages(pages, tag: 1)
            if stateVersion != 0 { size += 1 + ProtoSize.uint64(stateVersion) }
            size += ProtoSize.messages(ratings, tag: 1)
            if ratingsVersion != 0 { size += 1 + ProtoSize.uint64(ratingsVersion) }
            return size
        }
    }
}

extension Proto {
    package struct EnforcedQuota: ProtoMessage {
        package var node: String = ""
        package var quota: UInt64 = 0
        package var revision: UInt64 = 0

        package init() {}

        package init(
            node: String = "",
            quota: UInt64 = 0,
            revision: UInt64 = 0
        ) {
            self.node = node
            self.quota = quota
            self.revision = revision
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: node = try reader.string()
                case 16: quota = try reader.uint64()
                case 24: revision = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if revision != 0 { writer.uint64(revision); writer.tag(24) }
            if quota != 0 { writer.uint64(quota); writer.tag(16) }
            if !node.isEmpty { writer.string(node); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !node.isEmpty { size += 1 + ProtoSize.string(node) }
            if quota != 0 { size += 1 + ProtoSize.uint64(quota) }
            if revision != 0 { size += 1 + ProtoSize.uint64(revision) }
            return size
        }
    }
}

extension Proto {
    /// Artifacts in any hour, decided by the orchestrator. An older revision changes nothing.
    package struct EnforceQuotas: ProtoMessage {
        /// of a node that none was decided for; 0: none
        package var base: UInt64 = 0
        /// 0: none
        package var cluster: UInt64 = 0
        package var revision: UInt64 = 0
        package var nodes: [Proto.EnforcedQuota] = []

        package init() {}

        package init(
            base: UInt64 = 0,
            cluster: UInt64 = 0,
            revision: UInt64 = 0,
            nodes: [Proto.EnforcedQuota] = []
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
