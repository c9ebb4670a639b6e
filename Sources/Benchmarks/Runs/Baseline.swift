import Model
import Sealing
import Storage
import Wire

/// What SQLite does with the same artifacts by itself: one table, a UNIQUE index on the digest, one transaction a
/// batch.
enum Baseline {
    static func rate(_ workload: IngestWorkload, _ plan: [[Int]]) throws -> Double {
        let scratch = try ScratchDirectory()
        let database = try Database.open(
            path: scratch.path + "/baseline.db", access: .writer,
            options: DatabaseOptions(pageSize: 4_096, cacheBytes: 64 << 20))
        defer { database.close() }
        try database.execute(
            """
            PRAGMA wal_autocheckpoint=4000;
            CREATE TABLE artifact(id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, source TEXT, content BLOB)
            """)
        let hash = try KeyedHash(key: [UInt8](repeating: 1, count: 32), personalisation: "rookery.baseline".utf8)
        let batches = interleaved(plan, workload.batch).map { $0.map(workload.artifact) }
        let started = SystemTime().now()
        for batch in batches {
            try database.transaction { () throws(StorageError) in
                for artifact in batch {
                    try database.run(
                        "INSERT OR IGNORE INTO artifact(digest, source, content) VALUES(?, ?, ?)",
                        .blob(hash.digest(of: artifact.content).bytes), .text(artifact.rawSource),
                        .blob(artifact.content))
                }
            }
        }
        return Double(workload.artifacts) / SystemTime().now().since(started).seconds
    }

    /// The connections' batches in turn, as a server would see them.
    private static func interleaved(_ plan: [[Int]], _ size: Int) -> [ArraySlice<Int>] {
        let longest = plan.map(\.count).max() ?? 0
        return stride(from: 0, to: longest, by: size).flatMap { start in
            plan.compactMap { start < $0.count ? $0[start..<min(start + size, $0.count)] : nil }
        }
    }
}
