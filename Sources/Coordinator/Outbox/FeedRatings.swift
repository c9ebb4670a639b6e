import Model
import Storage

/// What was ever said of a scenario, in order. Like the outbox it cannot be computed again, and so reputation that is
/// computed again hears it at the same place in the log as the first time.
enum FeedRatings {
    struct Rating: Equatable {
        var number: UInt64
        /// Reputation had taken the log up to this state version.
        var position: UInt64
        var sink: String
        var node: String
        var artifact: UInt64
        var quality: Double
        var at: WallTime
    }

    static let migration = Migration(
        8, "the feed follows ranking, reputation, sketches and patterns",
        sql: """
            DROP TABLE feed_candidate;
            ALTER TABLE feed_outbox ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
            CREATE TABLE feed_sketch(sequence INTEGER PRIMARY KEY, artifact INTEGER NOT NULL, sketch BLOB NOT NULL);
            CREATE TABLE feed_rating(
                number INTEGER PRIMARY KEY, position INTEGER NOT NULL, sink TEXT NOT NULL, node TEXT NOT NULL,
                artifact INTEGER NOT NULL, quality REAL NOT NULL, at_ms INTEGER NOT NULL);
            CREATE TABLE reputation_rating(one INTEGER PRIMARY KEY CHECK(one = 1), taken INTEGER NOT NULL);
            CREATE TABLE ranking_stale(artifact INTEGER, key REAL, PRIMARY KEY(artifact, key)) WITHOUT ROWID;
            DELETE FROM ranking_chunk;
            DELETE FROM ranking_fed;
            DELETE FROM consumer WHERE name = 'ranking'
            """)

    /// So that what was said of one node's is found without looking at the others'.
    static let byNode = Migration(
        10, "ratings by node",
        sql: "CREATE INDEX feed_rating_node ON feed_rating(node, number, artifact, quality)")

    static func insert(_ rating: Rating, in database: Database) throws(StorageError) {
        try database.run(
            "INSERT INTO feed_rating VALUES(?, ?, ?, ?, ?, ?, ?)", .int(rating.number), .int(rating.position),
            .text(rating.sink), .text(rating.node), .int(rating.artifact), .double(rating.quality),
            .int(rating.at.milliseconds))
    }

    static func last(in database: Database) throws(StorageError) -> Rating? {
        try database.first(
            """
            SELECT number, position, sink, node, artifact, quality, at_ms
            FROM feed_rating ORDER BY number DESC LIMIT 1
            """
        ) { Rating($0) }
    }

    /// The next after `number` that were given before the log had come further than `position`.
    static func next(
        after number: UInt64, upTo position: UInt64, in database: Database
    ) throws(StorageError) -> [Rating] {
        try database.all(
            """
            SELECT number, position, sink, node, artifact, quality, at_ms FROM feed_rating
            WHERE number > ? AND position <= ? ORDER BY number LIMIT ?
            """, .int(number), .int(position), .int(ratingsAtOnce)
        ) { Rating($0) }
    }

    private static let ratingsAtOnce = 1_000

    // MARK: By node

    /// The first node after `name`, in the order of names, of which something was said.
    static func node(after name: String, in database: Database) throws(StorageError) -> String? {
        try database.first("SELECT min(node) FROM feed_rating WHERE node > ?", .text(name)) { $0.textOrNil(0) } ?? nil
    }

    /// The mean of what was said last of each artifact that a node's last ratings are about; nil when there are none.
    static func mean(of node: String, in database: Database) throws(StorageError) -> Double? {
        try database.first(
            """
            SELECT avg(quality) FROM (
                SELECT quality, max(number) FROM (
                    SELECT number, artifact, quality FROM feed_rating WHERE node = ? ORDER BY number DESC LIMIT ?
                ) GROUP BY artifact)
            """, .text(node), .int(Limits.ratingsCounted)
        ) { $0.doubleOrNil(0) } ?? nil
    }

    static func taken(in database: Database) throws(StorageError) -> UInt64 {
        try database.first("SELECT taken FROM reputation_rating") { $0.uint(0) } ?? 0
    }

    static func take(_ number: UInt64, in database: Database) throws(StorageError) {
        try database.run("INSERT OR REPLACE INTO reputation_rating VALUES(1, ?)", .int(number))
    }
}

extension FeedRatings.Rating {
    fileprivate init(_ row: borrowing Row) {
        self.init(
            number: row.uint(0), position: row.uint(1), sink: row.text(2), node: row.text(3), artifact: row.uint(4),
            quality: row.double(5), at: WallTime(milliseconds: row.int(6)))
    }
}
