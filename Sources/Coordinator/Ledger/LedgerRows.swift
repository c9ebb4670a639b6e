import Model
import Storage
import Wire

// The head row.
extension LedgerHead {
    init(from database: Database) throws(LedgerError) {
        self.init()
        let row = try storing { () throws(StorageError) in
            try database.first("SELECT * FROM head WHERE id = 1") { row in
                LedgerHead(
                    stateVersion: row.uint(1), stored: row.uint(2), received: row.uint(3), duplicates: row.uint(4),
                    refused: row.uint(5), unchanged: row.uint(6), unknownDigests: row.uint(7), bookmarks: row.uint(8),
                    contents: row.uint(9), contentBytes: row.uint(10), late: row.uint(11),
                    wall: WallTime(milliseconds: row.int(12)), wallJumps: row.uint(13), versions: row.uint(14),
                    variants: row.uint(15))
            }
        }
        guard let row else { throw .damaged(what: "its head row is missing") }
        self = row
    }

    func write(to database: Database) throws(StorageError) {
        try database.run(
            """
            UPDATE head SET state_version = ?, stored = ?, received = ?, duplicates = ?, refused = ?, unchanged = ?,
                unknown_digests = ?, bookmarks = ?, contents = ?, content_bytes = ?, late = ?, wall_ms = ?,
                wall_jumps = ?, versions = ?, variants = ? WHERE id = 1
            """,
            .int(stateVersion), .int(stored), .int(received), .int(duplicates), .int(refused), .int(unchanged),
            .int(unknownDigests), .int(bookmarks), .int(contents), .int(contentBytes), .int(late),
            .int(wall.milliseconds), .int(wallJumps), .int(versions), .int(variants))
    }
}

// Receipts.
extension LedgerFormat.StoredReceipts {
    init(_ receipts: [Receipt]) {
        self.init(
            receipts: receipts.map {
                LedgerFormat.StoredReceipt(
                    lease: $0.lease.lease, target: $0.lease.target.bytes[...], incarnation: $0.lease.fence.incarnation,
                    counter: $0.lease.fence.counter, node: $0.node, stream: $0.stream, lastSequence: $0.lastSequence,
                    stored: $0.stored, duplicates: $0.duplicates, refused: $0.refused, unchanged: $0.unchanged,
                    bookmark: $0.bookmark.map { $0[...] }, corroborating: $0.corroborating)
            })
    }
}

extension Receipt {
    init?(_ stored: LedgerFormat.StoredReceipt) {
        guard let target = TargetID(stored.target) else { return nil }
        let fence = Fence(incarnation: stored.incarnation, counter: stored.counter)
        self.init(
            lease: LeaseRef(lease: stored.lease, target: target, fence: fence), node: stored.node,
            stream: stored.stream,
            lastSequence: stored.lastSequence)
        self.stored = stored.stored
        duplicates = stored.duplicates
        corroborating = stored.corroborating
        refused = stored.refused
        unchanged = stored.unchanged
        bookmark = stored.bookmark.map { Array($0) }
    }
}
