import Storage

/// How far history is compacted, and what went with it.
package struct Compaction: Equatable, Sendable {
    /// The oldest state version that can be asked for; 0: every one can.
    package var floor: UInt64 = 0
    /// Commits that have no row of their own in the log any more.
    package var commits: UInt64 = 0
    package var receipts: UInt64 = 0
    package var sightings: UInt64 = 0
    package var versions: UInt64 = 0

    init() {}

    init(from database: Database) throws(LedgerError) {
        self =
            try storing { () throws(StorageError) in
                try database.first(
                    "SELECT floor, commits, receipts, sightings, versions FROM compaction WHERE id = 1"
                ) { row in
                    var found = Compaction()
                    found.floor = row.uint(0)
                    found.commits = row.uint(1)
                    found.receipts = row.uint(2)
                    found.sightings = row.uint(3)
                    found.versions = row.uint(4)
                    return found
                }
            } ?? Compaction()
    }

    func write(to database: Database) throws(StorageError) {
        try database.run(
            """
            UPDATE compaction SET floor = ?, commits = ?, receipts = ?, sightings = ?, versions = ? WHERE id = 1
            """, .int(floor), .int(commits), .int(receipts), .int(sightings), .int(versions))
    }
}
