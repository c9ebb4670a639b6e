// swift-format-ignore-file
// Generated from ledger.proto by scripts/generate; edit that instead.

package import Wire

extension LedgerFormat {
    package struct StoredVersions: ProtoMessage {
        package var versions: [LedgerFormat.StoredVersion] = []

        package init() {}

        package init(
            versions: [LedgerFormat.StoredVersion] = []
        ) {
            self.versions = versions
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: try reader.message(into: &versions)
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            writer.messages(versions, tag: 10)
        }

        package var encodedSize: Int {
            var size = 0
            size += ProtoSize.messages(versions, tag: 1)
            return size
        }
    }
}

extension LedgerFormat {
    /// What one commit did with what one node sent, for judging the node.
    package struct StoredTally: ProtoMessage {
        package var node: String = ""
        package var received: UInt32 = 0
        package var refused: UInt32 = 0

        package init() {}

        package init(
            node: String = "",
            received: UInt32 = 0,
            refused: UInt32 = 0
        ) {
            self.node = node
            self.received = received
            self.refused = refused
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: node = try reader.string()
                case 16: received = try reader.uint32()
                case 24: refused = try reader.uint32()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if refused != 0 { writer.uint32(refused); writer.tag(24) }
            if received != 0 { writer.uint32(received); writer.tag(16) }
            if !node.isEmpty { writer.string(node); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !node.isEmpty { size += 1 + ProtoSize.string(node) }
            if received != 0 { size += 1 + ProtoSize.uint32(received) }
            if refused != 0 { size += 1 + ProtoSize.uint32(refused) }
            return size
        }
    }
}

extension LedgerFormat {
    package struct StoredTallies: ProtoMessage {
        package var tallies: [LedgerFormat.StoredTally] = []

        package init() {}

        package init(
            tallies: [LedgerFormat.StoredTally] = []
        ) {
            self.tallies = tallies
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: try reader.message(into: &tallies)
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            writer.messages(tallies, tag: 10)
        }

        package var encodedSize: Int {
            var size = 0
            size += ProtoSize.messages(tallies, tag: 1)
            return size
        }
    }
}

extension LedgerFormat {
    package struct StoredReceipt: ProtoMessage {
        package var lease: UInt64 = 0
        package var target: ArraySlice<UInt8> = []
        package var incarnation: UInt64 = 0
        package var counter: UInt64 = 0
        package var node: String = ""
        package var stream: UInt64 = 0
        package var lastSequence: UInt64 = 0
        package var stored: UInt32 = 0
        package var duplicates: UInt32 = 0
        package var refused: UInt32 = 0
        package var unchanged: UInt32 = 0
        package var bookmark: ArraySlice<UInt8>? = nil
        /// of the duplicates
        package var corroborating: UInt32 = 0

        package init() {}

        package init(
            lease: UInt64 = 0,
            target: ArraySlice<UInt8> = [],
            incarnation: UInt64 = 0,
            counter: UInt64 = 0,
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
            self.target = target
            self.incarnation = incarnation
            self.counter = counter
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
                case 8: lease = try reader.uint64()
                case 18: target = try reader.bytes()
                case 24: incarnation = try reader.uint64()
                case 32: counter = try reader.uint64()
                case 42: node = try reader.string()
                case 48: stream = try reader.uint64()
                case 56: lastSequence = try reader.uint64()
                case 64: stored = try reader.uint32()
                case 72: duplicates = try reader.uint32()
                case 80: refused = try reader.uint32()
                case 88: unchanged = try reader.uint32()
                case 98: bookmark = try reader.bytes()
                case 104: corroborating = try reader.uint32()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if corroborating != 0 { writer.uint32(corroborating); writer.tag(104) }
            if let bookmark { writer.bytes(bookmark); writer.tag(98) }
            if unchanged != 0 { writer.uint32(unchanged); writer.tag(88) }
            if refused != 0 { writer.uint32(refused); writer.tag(80) }
            if duplicates != 0 { writer.uint32(duplicates); writer.tag(72) }
            if stored != 0 { writer.uint32(stored); writer.tag(64) }
            if lastSequence != 0 { writer.uint64(lastSequence); writer.tag(56) }
            if stream != 0 { writer.uint64(stream); writer.tag(48) }
            if !node.isEmpty { writer.string(node); writer.tag(42) }
            if counter != 0 { writer.uint64(counter); writer.tag(32) }
            if incarnation != 0 { writer.uint64(incarnation); writer.tag(24) }
            if !target.isEmpty { writer.bytes(target); writer.tag(18) }
            if lease != 0 { writer.uint64(lease); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if lease != 0 { size += 1 + ProtoSize.uint64(lease) }
            if !target.isEmpty { size += 1 + ProtoSize.bytes(target) }
            if incarnation != 0 { size += 1 + ProtoSize.uint64(incarnation) }
            if counter != 0 { size += 1 + ProtoSize.uint64(counter) }
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

extension LedgerFormat {
    package struct StoredReceipts: ProtoMessage {
        package var receipts: [LedgerFormat.StoredReceipt] = []

        package init() {}

        package init(
            receipts: [LedgerFormat.StoredReceipt] = []
        ) {
            self.receipts = receipts
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: try reader.message(into: &receipts)
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            writer.messages(receipts, tag: 10)
        }

        package var encodedSize: Int {
            var size = 0
            size += ProtoSize.messages(receipts, tag: 1)
            return size
        }
    }
}

extension LedgerFormat {
    /// What stands inside the blobs of derived.db's patterns.
    package struct StoredTerm: ProtoMessage {
        package var text: String = ""
        /// occurrences in all texts
        package var count: UInt64 = 0
        /// texts that have it
        package var texts: UInt32 = 0

        package init() {}

        package init(
            text: String = "",
            count: UInt64 = 0,
            texts: UInt32 = 0
        ) {
            self.text = text
            self.count = count
            self.texts = texts
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: text = try reader.string()
                case 16: count = try reader.uint64()
                case 24: texts = try reader.uint32()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if texts != 0 { writer.uint32(texts); writer.tag(24) }
            if count != 0 { writer.uint64(count); writer.tag(16) }
            if !text.isEmpty { writer.string(text); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !text.isEmpty { size += 1 + ProtoSize.string(text) }
            if count != 0 { size += 1 + ProtoSize.uint64(count) }
            if texts != 0 { size += 1 + ProtoSize.uint32(texts) }
            return size
        }
    }
}

extension LedgerFormat {
    package struct StoredShare: ProtoMessage {
        package var name: String = ""
        package var count: UInt64 = 0

        package init() {}

        package init(
            name: String = "",
            count: UInt64 = 0
        ) {
            self.name = name
            self.count = count
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: name = try reader.string()
                case 16: count = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if count != 0 { writer.uint64(count); writer.tag(16) }
            if !name.isEmpty { writer.string(name); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !name.isEmpty { size += 1 + ProtoSize.string(name) }
            if count != 0 { size += 1 + ProtoSize.uint64(count) }
            return size
        }
    }
}
