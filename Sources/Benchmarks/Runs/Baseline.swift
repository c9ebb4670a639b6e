import CSQLite
import Model
import Sealing
import Wire

/// What SQLite does with the same artifacts by itself, in this process: one table, a UNIQUE index on the digest, one
/// transaction a batch. SQLite's own calls, as what is compared with must not pay for our face of them.
final class Baseline {
    private var database: OpaquePointer?
    private var insert: OpaquePointer?
    private var begin: OpaquePointer?
    private var commit: OpaquePointer?

    /// Artifacts a second.
    static func rate(_ workload: IngestWorkload, _ plan: [[Int]]) throws -> Double {
        let scratch = try ScratchDirectory()
        let store = try Baseline(scratch.path + "/baseline.db")
        let hash = try KeyedHash(key: [UInt8](repeating: 1, count: 32), personalisation: "rookery.baseline".utf8)
        let batches = interleaved(plan, workload.batch).map { $0.map { workload.artifact(workload.first + $0) } }
        let started = SystemTime().now()
        for batch in batches {
            try store.run(store.begin)
            for artifact in batch { try store.add(artifact, hash.digest(of: artifact.content)) }
            try store.run(store.commit)
        }
        return Double(workload.artifacts) / SystemTime().now().since(started).seconds
    }

    private init(_ path: String) throws(LoadFailure) {
        try check(
            sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nil))
        let script = """
            PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;
            PRAGMA wal_autocheckpoint=4000;
            CREATE TABLE artifact(id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, source TEXT, content BLOB)
            """
        try check(sqlite3_exec(database, script, nil, nil, nil))
        insert = try prepare("INSERT OR IGNORE INTO artifact(digest, source, content) VALUES(?, ?, ?)")
        begin = try prepare("BEGIN IMMEDIATE")
        commit = try prepare("COMMIT")
    }

    deinit {
        for statement in [insert, begin, commit] { sqlite3_finalize(statement) }
        sqlite3_close(database)
    }

    private func prepare(_ sql: String) throws(LoadFailure) -> OpaquePointer? {
        var statement: OpaquePointer?
        try check(sqlite3_prepare_v3(database, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil))
        return statement
    }

    private func add(_ artifact: Proto.Artifact, _ digest: Digest) throws(LoadFailure) {
        let code = digest.withBytes { digest in
            artifact.content.withUnsafeBytes { content in
                var source = artifact.rawSource
                return source.withUTF8 { source in
                    source.withMemoryRebound(to: CChar.self) { source in
                        _ = rookery_sqlite3_bind_blob_static(insert, 1, digest.baseAddress, UInt64(digest.count))
                        _ = rookery_sqlite3_bind_text_static(insert, 2, source.baseAddress, UInt64(source.count))
                        _ = rookery_sqlite3_bind_blob_static(insert, 3, content.baseAddress, UInt64(content.count))
                        return sqlite3_step(insert)
                    }
                }
            }
        }
        sqlite3_reset(insert)
        try check(code)
    }

    private func run(_ statement: OpaquePointer?) throws(LoadFailure) {
        let code = sqlite3_step(statement)
        sqlite3_reset(statement)
        try check(code)
    }

    private func check(_ code: Int32) throws(LoadFailure) {
        guard code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW else {
            throw LoadFailure(description: "the baseline's SQLite failed: \(String(cString: sqlite3_errstr(code)))")
        }
    }

    /// The connections' batches in turn, as a server would see them.
    private static func interleaved(_ plan: [[Int]], _ size: Int) -> [ArraySlice<Int>] {
        let longest = plan.map(\.count).max() ?? 0
        return stride(from: 0, to: longest, by: size).flatMap { start in
            plan.compactMap { start < $0.count ? $0[start..<min(start + size, $0.count)] : nil }
        }
    }
}
