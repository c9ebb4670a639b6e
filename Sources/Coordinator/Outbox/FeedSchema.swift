import Storage

/// The feed's tables. `feed_outbox` and `feed_shard` say what was decided and delivered: they cannot be computed again,
/// and are never dropped. The windows are not stored, they are a fold of the outbox's last rows.
enum FeedSchema {
    static let migration = Migration(
        6, "feed",
        sql: """
            CREATE TABLE feed_outbox(
                sequence INTEGER PRIMARY KEY, incarnation INTEGER NOT NULL, kind INTEGER NOT NULL,
                artifact INTEGER NOT NULL, source TEXT NOT NULL, elapsed_ms INTEGER NOT NULL, at_ms INTEGER NOT NULL,
                domain TEXT NOT NULL, node TEXT NOT NULL, content_type TEXT NOT NULL, newcomer INTEGER NOT NULL,
                scenario_key BLOB NOT NULL, objectives INTEGER NOT NULL, novelty REAL NOT NULL, line BLOB NOT NULL,
                state INTEGER NOT NULL DEFAULT 0, refusals INTEGER NOT NULL DEFAULT 0, reason TEXT, quality REAL);
            CREATE INDEX feed_outbox_artifact ON feed_outbox(artifact);
            CREATE INDEX feed_outbox_source ON feed_outbox(source);
            CREATE INDEX feed_outbox_waiting ON feed_outbox(sequence) WHERE state = 0;
            CREATE TABLE feed_shard(
                kind INTEGER NOT NULL, number INTEGER NOT NULL, incarnation INTEGER NOT NULL,
                records INTEGER NOT NULL, length INTEGER NOT NULL, first_sequence INTEGER NOT NULL,
                last_sequence INTEGER NOT NULL, opened_ms INTEGER NOT NULL, closed INTEGER NOT NULL,
                PRIMARY KEY(kind, number)) WITHOUT ROWID;
            CREATE TABLE feed_value(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE feed_skip(
                artifact INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, rests_until INTEGER NOT NULL,
                walk INTEGER NOT NULL, reason TEXT NOT NULL);
            CREATE INDEX feed_skip_walk ON feed_skip(walk);
            CREATE TABLE feed_withdrawn(
                source TEXT PRIMARY KEY, artifact INTEGER NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE feed_candidate(
                artifact INTEGER PRIMARY KEY, rank REAL NOT NULL, node TEXT NOT NULL, domain TEXT NOT NULL,
                content_type TEXT NOT NULL, raw_source TEXT NOT NULL, received_ms INTEGER NOT NULL, confidence REAL,
                threat REAL, opportunity REAL);
            CREATE INDEX feed_candidate_rank ON feed_candidate(rank DESC, artifact)
            """)
}
