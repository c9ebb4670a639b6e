import Model
import Storage

/// What must agree in a ledger before it is used, and behind that, everything.
enum LedgerCheck {
    static let artifactsBeforeReady = 10_000

    /// Row count, last state version, and the checksums of the newest artifacts agree with the head row.
    static func beforeReady(
        _ database: Database, head: LedgerHead, counts: IdentityTable.Counts, compacted: Compaction
    ) throws(LedgerError) {
        guard head.isConserved else {
            throw .damaged(
                what:
                    "it counts \(head.received) received but \(head.stored) stored, \(head.duplicates) duplicates and "
                    + "\(head.refused) refused")
        }
        guard counts.artifacts == head.stored else {
            throw .damaged(what: "it counts \(head.stored) artifacts but identifies \(counts.artifacts)")
        }
        guard counts.versions + compacted.versions == head.versions else {
            throw .damaged(
                what: "it counts \(head.versions) later versions but holds \(counts.versions) and compacted "
                    + "\(compacted.versions)")
        }
        guard counts.variants == head.variants else {
            throw .damaged(what: "it counts \(head.variants) variants but holds \(counts.variants)")
        }
        let last = try read(database) { database throws(StorageError) in
            try database.first("SELECT max(version) FROM log") { $0.uint(0) } ?? 0
        }
        guard last == head.stateVersion else {
            throw .damaged(what: "its state version is \(head.stateVersion) but its log ends at \(last)")
        }
        let newest = head.stored > UInt64(artifactsBeforeReady) ? head.stored - UInt64(artifactsBeforeReady) : 0
        try segments(database, after: newest, upTo: head.stored)
    }

    private static let sliceBytes = 16 * Limits.mebibyte  // read in one go, but for a segment that is larger

    /// The end of the next ids to be checked: so many, or fewer where they hold much. No read lasts long then.
    static func slice(_ database: Database, after: UInt64, count: UInt64) throws(LedgerError) -> UInt64 {
        let (end, limit) = (after &+ count, Int64(count))
        var bytes = 0
        var last: UInt64?
        try read(database) { database throws(StorageError) in
            try database.query(
                """
                SELECT first + count - 1, length(records) + length(contents) FROM segment
                WHERE first > ? AND first <= ? ORDER BY first LIMIT ?
                """, .int(after), .int(end), .int(limit)
            ) { row in
                bytes += Int(row.int(1))
                if last == nil || bytes <= sliceBytes { last = row.uint(0) }
            }
        }
        return last ?? end
    }

    /// Recomputes the checksum of every segment that holds ids from `after` + 1 to `upTo`, and sees that none is
    /// missing between them.
    static func segments(_ database: Database, after: UInt64, upTo: UInt64) throws(LedgerError) {
        var wrong: UInt64?
        var held: UInt64?
        var missing: UInt64?
        try read(database) { database throws(StorageError) in
            try database.query(
                """
                SELECT s.first, s.count, s.checksum, i.packed, s.records, s.contents FROM segment s
                JOIN identity i ON i.first = s.first WHERE s.first + s.count - 1 > ? AND s.first <= ? AND s.first >
                    coalesce((SELECT max(first) FROM segment WHERE first <= ?), 0) - 1 ORDER BY s.first
                """, .int(after), .int(upTo), .int(after)
            ) { row in
                let first = row.uint(0)
                let sum = SegmentWriter.checksum(first: first, row.blob(3), row.blob(4), row.blob(5))
                if sum != row.uint(2) { wrong = wrong ?? first }
                let count = row.uint(1)
                let follows = held.map { first == $0 + 1 } ?? (first <= after + 1)
                if !follows || row.blob(3).count != Int(clamping: count) * PackedIdentity.size {
                    missing = missing ?? held.map { $0 + 1 } ?? after + 1
                }
                held = first &+ count &- 1
            }
        }
        if let wrong { throw .damaged(what: "the segment of artifact \(wrong) does not match its checksum") }
        if missing == nil, upTo > after, (held ?? 0) < upTo { missing = upTo }
        if let missing { throw .damaged(what: "the segment of artifact \(missing) is missing") }
    }

    private static func read<T>(
        _ database: Database, _ body: (Database) throws(StorageError) -> T
    ) throws(LedgerError) -> T {
        try storing { () throws(StorageError) in try body(database) }
    }
}
