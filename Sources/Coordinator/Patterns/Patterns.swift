import Model
package import Storage
import Wire

/// Follows the ledger with the sample of texts, and keeps the runs that were made of it.
package final class Patterns: DerivedConsumer {
    package let name = "patterns"
    private var sample = TextSample()
    private var version: UInt64 = 0
    /// Counts the runs that were stored in this process: another number, another newest run.
    private(set) var runs: UInt64 = 0

    package init() {}

    // MARK: Following

    package func load(from database: Database) throws(StorageError) {
        var bounds: [Int64: UInt64] = [:]
        try database.query("SELECT hour, bound FROM pattern_hour") { bounds[$0.int(0)] = $0.uint(1) }
        let stored = try database.all("SELECT artifact, at_ms FROM pattern_sample ORDER BY artifact") {
            (artifact: $0.uint(0), at: WallTime(milliseconds: $0.int(1)))
        }
        sample = TextSample(stored: stored, bounds: bounds)
        version =
            try database.first("SELECT position FROM consumer WHERE name = ?", .text(name)) { $0.uint(0) } ?? 0
    }

    package func apply(_ commit: ChangeCommit, in database: Database) throws(StorageError) {
        for stored in commit.stored where stored.contentType == "text" && stored.contentHome == nil {
            try keep(sample.offer(stored.id, at: commit.at), in: database)
        }
        version = commit.version
    }

    private func keep(_ changes: TextSample.Changes, in database: Database) throws(StorageError) {
        if let entry = changes.added {
            try database.run(
                "INSERT INTO pattern_sample VALUES(?, ?)", .int(entry.artifact), .int(entry.at.milliseconds))
        }
        for artifact in changes.removed {
            try database.run("DELETE FROM pattern_sample WHERE artifact = ?", .int(artifact))
        }
        guard changes.hasNewBounds else { return }
        try database.run("DELETE FROM pattern_hour")
        for (hour, bound) in sample.bounds.sorted(by: { $0.key < $1.key }) {
            try database.run("INSERT INTO pattern_hour VALUES(?, ?)", .int(hour), .int(bound))
        }
    }

    // MARK: Runs

    /// The texts to look at, and the state version they are of.
    struct Snapshot: Sendable {
        var version: UInt64
        var artifacts: [UInt64]
    }

    func snapshot(at now: WallTime) -> Snapshot {
        Snapshot(version: version, artifacts: sample.current(at: now))
    }

    /// Stores a run, in one transaction, and lets go of the oldest. One of a version that has a run replaces it.
    func store(_ found: PatternFinder.Found, in database: Database) throws(StorageError) {
        let run = found.run
        try database.transaction { () throws(StorageError) in
            try database.run(
                "INSERT OR REPLACE INTO pattern_run VALUES(?, ?, ?)", .int(run.stateVersion), .int(run.atMs),
                .blob(run.encoded()))
            try database.run("DELETE FROM pattern_members")
            try database.run(
                "INSERT INTO pattern_members VALUES(?, ?)", .int(run.stateVersion), .blob(found.members.encoded()))
            try database.run(
                """
                DELETE FROM pattern_run WHERE version NOT IN
                (SELECT version FROM pattern_run ORDER BY version DESC LIMIT ?)
                """, .int(Limits.patternRunsKept))
        }
        runs += 1
    }

    /// The newest run of this version or before; 0: of any. Nil when there is none, or it cannot be read.
    func run(upTo version: UInt64, in database: Database) throws(StorageError) -> LedgerFormat.StoredPatternRun? {
        let limit = version == 0 ? Int64.max : Int64(clamping: version)
        return try database.first(
            "SELECT run FROM pattern_run WHERE version <= ? ORDER BY version DESC LIMIT 1", .int(limit)
        ) { try? LedgerFormat.StoredPatternRun(decoding: $0.blob(0)) } ?? nil
    }

    /// The texts of the newest run.
    func members(in database: Database) throws(StorageError) -> LedgerFormat.StoredMembers? {
        try database.first("SELECT members FROM pattern_members ORDER BY version DESC LIMIT 1") {
            try? LedgerFormat.StoredMembers(decoding: $0.blob(0))
        } ?? nil
    }

    /// Says of any text which pattern of the newest run it is nearest to; nil before the first run. It stays good until
    /// `stateVersion` is no longer that of the newest run, so keep it rather than ask for it with each text.
    package func judge(
        in database: Database, stopWords: [String] = PatternOptions().stopWords
    ) throws(StorageError) -> PatternJudge? {
        try run(upTo: 0, in: database).map { PatternJudge($0, stopWords: stopWords) }
    }
}
