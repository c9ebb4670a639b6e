import Model
import Sealing
import Storage

/// A row of the outbox when it is made.
struct OutboxRow {
    var id: ScenarioID
    var kind: OutboxRecord.Kind
    var artifact: UInt64
    var source: String
    /// The state version that the decision was made at.
    var version: UInt64
    var wall: WallTime
    var line: [UInt8]
    var entry: FedEntry?
    var novelty = 0.0
}

/// The feed's own rows.
enum FeedTables {
    // MARK: Figures and time

    static func figures(in database: Database) throws(StorageError) -> FeedFigures {
        let values = try values(in: database)
        var figures = FeedFigures()
        for (name, path) in FeedFigures.names { figures[keyPath: path] = UInt64(bitPattern: values[name] ?? 0) }
        figures.isPaused = values["paused"] == 1
        return figures
    }

    static func clock(in database: Database) throws(StorageError) -> FeedClock {
        let values = try values(in: database)
        return FeedClock(
            elapsed: values["elapsed_ms"] ?? 0, wall: values["wall_ms"].map { WallTime(milliseconds: $0) })
    }

    private static func values(in database: Database) throws(StorageError) -> [String: Int64] {
        var values: [String: Int64] = [:]
        try database.query("SELECT name, value FROM feed_value") { values[$0.text(0)] = $0.int(1) }
        return values
    }

    static func store(_ figures: FeedFigures, _ clock: FeedClock, in database: Database) throws(StorageError) {
        for (name, path) in FeedFigures.names {
            try store(name, Int64(bitPattern: figures[keyPath: path]), database)
        }
        try store("paused", figures.isPaused ? 1 : 0, database)
        try store("elapsed_ms", clock.elapsed, database)
        if let wall = clock.wall { try store("wall_ms", wall.milliseconds, database) }
    }

    private static func store(_ name: String, _ value: Int64, _ database: Database) throws(StorageError) {
        try database.run("INSERT OR REPLACE INTO feed_value VALUES(?, ?)", .text(name), .int(value))
    }

    // MARK: Outbox

    /// The last scenarios, oldest first.
    static func history(_ count: Int, in database: Database) throws(StorageError) -> [FedEntry] {
        let entries = try database.all(
            """
            SELECT elapsed_ms, domain, node, content_type, newcomer, scenario_key, objectives FROM feed_outbox
            WHERE kind = 0 ORDER BY sequence DESC LIMIT ?
            """, .int(count)
        ) { row throws(StorageError) in
            guard let key = Digest(row.blob(5)) else {
                throw StorageError(.corrupt, "could not read the feed's outbox: a scenario key has not 32 bytes")
            }
            return FedEntry(
                at: row.int(0), domain: row.text(1), node: row.text(2), contentType: row.text(3),
                isNewcomer: row.bool(4), key: key, objectives: Objectives(rawValue: row.int(6)))
        }
        return entries.reversed()
    }

    static func insert(_ row: OutboxRow, in database: Database) throws(StorageError) {
        let entry = row.entry
        try database.run(
            """
            INSERT INTO feed_outbox(sequence, incarnation, kind, artifact, source, elapsed_ms, at_ms, domain, node,
                content_type, newcomer, scenario_key, objectives, novelty, line, version)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, .int(row.id.sequence), .int(row.id.incarnation), .int(row.kind.rawValue), .int(row.artifact),
            .text(row.source), .int(entry?.at ?? 0), .int(row.wall.milliseconds), .text(entry?.domain ?? ""),
            .text(entry?.node ?? ""), .text(entry?.contentType ?? ""), .int(entry?.isNewcomer == true ? 1 : 0),
            .blob(entry?.key.bytes ?? []), .int(entry?.objectives.rawValue ?? 0), .double(row.novelty),
            .blob(row.line), .int(row.version))
    }

    static func isFed(_ artifact: UInt64, in database: Database) throws(StorageError) -> Bool {
        try database.first("SELECT 1 FROM feed_outbox WHERE artifact = ? AND kind = 0", .int(artifact)) { _ in true }
            ?? false
    }

    /// Scenarios from this source, made from artifacts older than `artifact`, that no tombstone names yet.
    static func fed(
        from source: String, before artifact: UInt64, in database: Database
    ) throws(StorageError) -> [(id: ScenarioID, artifact: UInt64)] {
        try database.all(
            """
            SELECT incarnation, sequence, artifact FROM feed_outbox fed
            WHERE source = ? AND kind = 0 AND artifact < ? AND NOT EXISTS
            (SELECT 1 FROM feed_outbox t WHERE t.artifact = fed.artifact AND t.kind = 1)
            """, .text(source), .int(artifact)
        ) { (ScenarioID(incarnation: $0.uint(0), sequence: $0.uint(1)), $0.uint(2)) }
    }

    /// From this artifact on its source forbids training; what it gave before is withdrawn.
    static func withdraw(
        _ source: String, from artifact: UInt64, _ reason: String, in database: Database
    ) throws(StorageError) {
        try database.run(
            "INSERT OR REPLACE INTO feed_withdrawn VALUES(?, ?, ?)", .text(source), .int(artifact), .text(reason))
    }

    /// Why an artifact of this source may no longer be used, if a later one said so.
    static func withdrawal(
        _ source: String, after artifact: UInt64, in database: Database
    ) throws(StorageError) -> String? {
        try database.first(
            "SELECT reason FROM feed_withdrawn WHERE source = ? AND artifact > ?", .text(source), .int(artifact)
        ) { $0.text(0) }
    }

    // MARK: What was passed over

    static func resting(at now: Int64, in database: Database) throws(StorageError) -> Set<UInt64> {
        Set(
            try database.all("SELECT artifact FROM feed_skip WHERE rests_until > ?", .int(now)) { $0.uint(0) })
    }

    /// A row whose reason has not changed keeps the time since when it holds.
    static func skip(
        _ artifact: UInt64, _ reason: String, until rest: Int64, walk: UInt64, at wall: WallTime,
        in database: Database
    ) throws(StorageError) {
        try database.run(
            """
            INSERT INTO feed_skip VALUES(?, ?, ?, ?, ?) ON CONFLICT(artifact) DO UPDATE SET
            at_ms = iif(reason = excluded.reason, at_ms, excluded.at_ms), rests_until = excluded.rests_until,
            walk = excluded.walk, reason = excluded.reason
            """, .int(artifact), .int(wall.milliseconds), .int(rest), .int(walk), .text(reason))
    }

    static func forgetSkip(_ artifact: UInt64, in database: Database) throws(StorageError) {
        try database.run("DELETE FROM feed_skip WHERE artifact = ?", .int(artifact))
    }

    static func trimSkips(in database: Database) throws(StorageError) {
        try database.run(
            """
            DELETE FROM feed_skip WHERE artifact IN
            (SELECT artifact FROM feed_skip ORDER BY walk DESC, artifact LIMIT -1 OFFSET ?)
            """, .int(Limits.feedSkips))
    }
}
