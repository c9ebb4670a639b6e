// swift-format-ignore-file
// Generated from orchestrator.proto by scripts/generate; edit that instead.

package import Wire

/// The messages of orchestrator.proto.
package enum StoredFormat {}

extension StoredFormat {
    /// What one turn changed, each thing as it was when the turn ended: a row of the journal.
    package struct Group: ProtoMessage {
        package var progress: [StoredFormat.Progress] = []
        package var leases: [StoredFormat.Lease] = []
        /// numbers of leases that are over
        package var ended: [UInt64] = []
        package var counters: [StoredFormat.Counter] = []
        package var bookmarks: [StoredFormat.Bookmark] = []
        package var records: [StoredFormat.Record] = []

        package init() {}

        package init(
            progress: [StoredFormat.Progress] = [],
            leases: [StoredFormat.Lease] = [],
            ended: [UInt64] = [],
            counters: [StoredFormat.Counter] = [],
            bookmarks: [StoredFormat.Bookmark] = [],
            records: [StoredFormat.Record] = []
        ) {
            self.progress = progress
            self.leases = leases
            self.ended = ended
            self.counters = counters
            self.bookmarks = bookmarks
            self.records = records
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: try reader.message(into: &progress)
                case 18: try reader.message(into: &leases)
                case 24:
                    try reader.charge(MemoryLayout<UInt64>.stride)
                    ended.append(try reader.uint64())
                case 26:
                    let outer = try reader.enter()
                    while !reader.isAtEnd {
                        try reader.charge(MemoryLayout<UInt64>.stride)
                        ended.append(try reader.uint64())
                    }
                    reader.leave(outer)
                case 34: try reader.message(into: &counters)
                case 42: try reader.message(into: &bookmarks)
                case 50: try reader.message(into: &records)
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            writer.messages(records, tag: 50)
            writer.messages(bookmarks, tag: 42)
            writer.messages(counters, tag: 34)
            if !ended.isEmpty {
                let end = writer.position
                for value in ended.reversed() { writer.uint64(value) }
                writer.length(since: end)
                writer.tag(26)
            }
            writer.messages(leases, tag: 18)
            writer.messages(progress, tag: 10)
        }

        package var encodedSize: Int {
            var size = 0
            size += ProtoSize.messages(progress, tag: 1)
            size += ProtoSize.messages(leases, tag: 1)
            if !ended.isEmpty {
                let run = ended.reduce(0) { $0 + ProtoSize.uint64($1) }
                size += 1 + ProtoSize.prefixed(run)
            }
            size += ProtoSize.messages(counters, tag: 1)
            size += ProtoSize.messages(bookmarks, tag: 1)
            size += ProtoSize.messages(records, tag: 1)
            return size
        }
    }
}

extension StoredFormat {
    package struct Progress: ProtoMessage {
        package var target: UInt64 = 0
        package var state: UInt32 = 0
        /// ms of the schedule's clock
        package var due: Int64 = 0
        package var attempts: UInt64 = 0
        package var successes: UInt64 = 0
        package var targetFailures: UInt32 = 0
        package var contentFailures: UInt32 = 0
        package var nodeFailures: UInt32 = 0
        package var firstBlamed: UInt64? = nil
        package var secondAgrees: Bool = false
        package var avoid: UInt64? = nil
        package var lastError: String = ""
        package var lastLease: UInt64 = 0
        package var paceMs: UInt64 = 0
        /// ms of the schedule's clock
        package var lastAttempt: Int64 = 0
        package var lastSuccess: Int64 = 0
        /// nothing was decided about it yet
        package var undecided: Bool = false

        package init() {}

        package init(
            target: UInt64 = 0,
            state: UInt32 = 0,
            due: Int64 = 0,
            attempts: UInt64 = 0,
            successes: UInt64 = 0,
            targetFailures: UInt32 = 0,
            contentFailures: UInt32 = 0,
            nodeFailures: UInt32 = 0,
            firstBlamed: UInt64? = nil,
            secondAgrees: Bool = false,
            avoid: UInt64? = nil,
            lastError: String = "",
            lastLease: UInt64 = 0,
            paceMs: UInt64 = 0,
            lastAttempt: Int64 = 0,
            lastSuccess: Int64 = 0,
            undecided: Bool = false
        ) {
            self.target = target
            self.state = state
            self.due = due
            self.attempts = attempts
            self.successes = successes
            self.targetFailures = targetFailures
            self.contentFailures = contentFailures
            self.nodeFailures = nodeFailures
            self.firstBlamed = firstBlamed
            self.secondAgrees = secondAgrees
            self.avoid = avoid
            self.lastError = lastError
            self.lastLease = lastLease
            self.paceMs = paceMs
            self.lastAttempt = lastAttempt
            self.lastSuccess = lastSuccess
            self.undecided = undecided
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: target = try reader.uint64()
                case 16: state = try reader.uint32()
                case 24: due = try reader.int64()
                case 32: attempts = try reader.uint64()
                case 40: successes = try reader.uint64()
                case 48: targetFailures = try reader.uint32()
                case 56: contentFailures = try reader.uint32()
                case 64: nodeFailures = try reader.uint32()
                case 72: firstBlamed = try reader.uint64()
                case 80: secondAgrees = try reader.bool()
                case 88: avoid = try reader.uint64()
                case 98: lastError = try reader.string()
                case 104: lastLease = try reader.uint64()
                case 112: paceMs = try reader.uint64()
                case 120: lastAttempt = try reader.int64()
                case 128: lastSuccess = try reader.int64()
                case 136: undecided = try reader.bool()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if undecided { writer.bool(undecided); writer.tag(136) }
            if lastSuccess != 0 { writer.int64(lastSuccess); writer.tag(128) }
            if lastAttempt != 0 { writer.int64(lastAttempt); writer.tag(120) }
            if paceMs != 0 { writer.uint64(paceMs); writer.tag(112) }
            if lastLease != 0 { writer.uint64(lastLease); writer.tag(104) }
            if !lastError.isEmpty { writer.string(lastError); writer.tag(98) }
            if let avoid { writer.uint64(avoid); writer.tag(88) }
            if secondAgrees { writer.bool(secondAgrees); writer.tag(80) }
            if let firstBlamed { writer.uint64(firstBlamed); writer.tag(72) }
            if nodeFailures != 0 { writer.uint32(nodeFailures); writer.tag(64) }
            if contentFailures != 0 { writer.uint32(contentFailures); writer.tag(56) }
            if targetFailures != 0 { writer.uint32(targetFailures); writer.tag(48) }
            if successes != 0 { writer.uint64(successes); writer.tag(40) }
            if attempts != 0 { writer.uint64(attempts); writer.tag(32) }
            if due != 0 { writer.int64(due); writer.tag(24) }
            if state != 0 { writer.uint32(state); writer.tag(16) }
            if target != 0 { writer.uint64(target); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if target != 0 { size += 1 + ProtoSize.uint64(target) }
            if state != 0 { size += 1 + ProtoSize.uint32(state) }
            if due != 0 { size += 1 + ProtoSize.int64(due) }
            if attempts != 0 { size += 1 + ProtoSize.uint64(attempts) }
            if successes != 0 { size += 1 + ProtoSize.uint64(successes) }
            if targetFailures != 0 { size += 1 + ProtoSize.uint32(targetFailures) }
            if contentFailures != 0 { size += 1 + ProtoSize.uint32(contentFailures) }
            if nodeFailures != 0 { size += 1 + ProtoSize.uint32(nodeFailures) }
            if let firstBlamed { size += 1 + ProtoSize.uint64(firstBlamed) }
            if secondAgrees { size += 1 + ProtoSize.bool(secondAgrees) }
            if let avoid { size += 1 + ProtoSize.uint64(avoid) }
            if !lastError.isEmpty { size += 1 + ProtoSize.string(lastError) }
            if lastLease != 0 { size += 1 + ProtoSize.uint64(lastLease) }
            if paceMs != 0 { size += 1 + ProtoSize.uint64(paceMs) }
            if lastAttempt != 0 { size += 1 + ProtoSize.int64(lastAttempt) }
            if lastSuccess != 0 { size += 2 + ProtoSize.int64(lastSuccess) }
            if undecided { size += 2 + ProtoSize.bool(undecided) }
            return size
        }
    }
}

extension StoredFormat {
    package struct Lease: ProtoMessage {
        package var number: UInt64 = 0
        package var incarnation: UInt64 = 0
        package var target: UInt64 = 0
        package var node: UInt64 = 0
        /// 0: it collects
        package var claim: UInt32 = 0
        package var error: String = ""
        package var stream: UInt64 = 0
        package var lastSequence: UInt64 = 0
        package var retryAfterMs: UInt64 = 0
        package var stored: UInt64 = 0
        package var duplicates: UInt64 = 0
        package var unchanged: UInt64 = 0
        package var refused: UInt64 = 0
        package var receivedStream: UInt64 = 0
        package var receivedSequence: UInt64 = 0
        /// of the duplicates
        package var corroborating: UInt64 = 0

        package init() {}

        package init(
            number: UInt64 = 0,
            incarnation: UInt64 = 0,
            target: UInt64 = 0,
            node: UInt64 = 0,
            claim: UInt32 = 0,
            error: String = "",
            stream: UInt64 = 0,
            lastSequence: UInt64 = 0,
            retryAfterMs: UInt64 = 0,
            stored: UInt64 = 0,
            duplicates: UInt64 = 0,
            unchanged: UInt64 = 0,
            refused: UInt64 = 0,
            receivedStream: UInt64 = 0,
            receivedSequence: UInt64 = 0,
            corroborating: UInt64 = 0
        ) {
            self.number = number
            self.incarnation = incarnation
            self.target = target
            self.node = node
            self.claim = claim
            self.error = error
            self.stream = stream
            self.lastSequence = lastSequence
            self.retryAfterMs = retryAfterMs
            self.stored = stored
            self.duplicates = duplicates
            self.unchanged = unchanged
            self.refused = refused
            self.receivedStream = receivedStream
            self.receivedSequence = receivedSequence
            self.corroborating = corroborating
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: number = try reader.uint64()
                case 16: incarnation = try reader.uint64()
                case 24: target = try reader.uint64()
                case 32: node = try reader.uint64()
                case 40: claim = try reader.uint32()
                case 50: error = try reader.string()
                case 56: stream = try reader.uint64()
                case 64: lastSequence = try reader.uint64()
                case 72: retryAfterMs = try reader.uint64()
                case 80: stored = try reader.uint64()
                case 88: duplicates = try reader.uint64()
                case 96: unchanged = try reader.uint64()
                case 104: refused = try reader.uint64()
                case 112: receivedStream = try reader.uint64()
                case 120: receivedSequence = try reader.uint64()
                case 128: corroborating = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if corroborating != 0 { writer.uint64(corroborating); writer.tag(128) }
            if receivedSequence != 0 { writer.uint64(receivedSequence); writer.tag(120) }
            if receivedStream != 0 { writer.uint64(receivedStream); writer.tag(112) }
            if refused != 0 { writer.uint64(refused); writer.tag(104) }
            if unchanged != 0 { writer.uint64(unchanged); writer.tag(96) }
            if duplicates != 0 { writer.uint64(duplicates); writer.tag(88) }
            if stored != 0 { writer.uint64(stored); writer.tag(80) }
            if retryAfterMs != 0 { writer.uint64(retryAfterMs); writer.tag(72) }
            if lastSequence != 0 { writer.uint64(lastSequence); writer.tag(64) }
            if stream != 0 { writer.uint64(stream); writer.tag(56) }
            if !error.isEmpty { writer.string(error); writer.tag(50) }
            if claim != 0 { writer.uint32(claim); writer.tag(40) }
            if node != 0 { writer.uint64(node); writer.tag(32) }
            if target != 0 { writer.uint64(target); writer.tag(24) }
            if incarnation != 0 { writer.uint64(incarnation); writer.tag(16) }
            if number != 0 { writer.uint64(number); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if number != 0 { size += 1 + ProtoSize.uint64(number) }
            if incarnation != 0 { size += 1 + ProtoSize.uint64(incarnation) }
            if target != 0 { size += 1 + ProtoSize.uint64(target) }
            if node != 0 { size += 1 + ProtoSize.uint64(node) }
            if claim != 0 { size += 1 + ProtoSize.uint32(claim) }
            if !error.isEmpty { size += 1 + ProtoSize.string(error) }
            if stream != 0 { size += 1 + ProtoSize.uint64(stream) }
            if lastSequence != 0 { size += 1 + ProtoSize.uint64(lastSequence) }
            if retryAfterMs != 0 { size += 1 + ProtoSize.uint64(retryAfterMs) }
            if stored != 0 { size += 1 + ProtoSize.uint64(stored) }
            if duplicates != 0 { size += 1 + ProtoSize.uint64(duplicates) }
            if unchanged != 0 { size += 1 + ProtoSize.uint64(unchanged) }
            if refused != 0 { size += 1 + ProtoSize.uint64(refused) }
            if receivedStream != 0 { size += 1 + ProtoSize.uint64(receivedStream) }
            if receivedSequence != 0 { size += 1 + ProtoSize.uint64(receivedSequence) }
            if corroborating != 0 { size += 2 + ProtoSize.uint64(corroborating) }
            return size
        }
    }
}
