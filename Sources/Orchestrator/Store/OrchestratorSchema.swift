package import Storage

/// The orchestrator's file.
package enum OrchestratorSchema {
    package static let schema = Schema(applicationID: 0x524B_4F52, migrations: [first, second, journal, undecided])

    private static let first = Migration(
        1, "targets, leases, nodes",
        sql: """
            CREATE TABLE targets (
                number INTEGER PRIMARY KEY, id BLOB NOT NULL, type TEXT NOT NULL, location TEXT NOT NULL,
                priority INTEGER NOT NULL, once INTEGER NOT NULL, interval_ms INTEGER NOT NULL,
                min_retry_ms INTEGER NOT NULL, capability TEXT, pin TEXT NOT NULL, details BLOB
            ) STRICT;
            CREATE TABLE progress (
                target INTEGER PRIMARY KEY, state INTEGER NOT NULL, due INTEGER NOT NULL, attempts INTEGER NOT NULL,
                successes INTEGER NOT NULL, target_failures INTEGER NOT NULL, content_failures INTEGER NOT NULL,
                node_failures INTEGER NOT NULL, first_blamed INTEGER, second_agrees INTEGER NOT NULL,
                avoid INTEGER, last_error TEXT NOT NULL, last_lease INTEGER NOT NULL
            ) STRICT;
            CREATE TABLE bookmarks (target INTEGER PRIMARY KEY, value BLOB NOT NULL) STRICT;
            CREATE TABLE leases (
                number INTEGER PRIMARY KEY, incarnation INTEGER NOT NULL, target INTEGER NOT NULL,
                node INTEGER NOT NULL,
                claim INTEGER, error TEXT NOT NULL, stream INTEGER NOT NULL, last_sequence INTEGER NOT NULL,
                retry_after_ms INTEGER NOT NULL, stored INTEGER NOT NULL, duplicates INTEGER NOT NULL,
                unchanged INTEGER NOT NULL, refused INTEGER NOT NULL, received_stream INTEGER NOT NULL,
                received_sequence INTEGER NOT NULL
            ) STRICT;
            CREATE TABLE nodes (
                number INTEGER PRIMARY KEY, name TEXT NOT NULL, presence INTEGER NOT NULL, profile BLOB NOT NULL
            ) STRICT;
            CREATE TABLE node_counters (
                node INTEGER PRIMARY KEY, successes INTEGER NOT NULL, failures INTEGER NOT NULL
            ) STRICT;
            CREATE TABLE late_notices (
                incarnation INTEGER NOT NULL, counter INTEGER NOT NULL, lease INTEGER NOT NULL, target BLOB NOT NULL,
                PRIMARY KEY (incarnation, counter, lease, target)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE submissions (
                number INTEGER PRIMARY KEY, key BLOB NOT NULL, chunk INTEGER NOT NULL, at INTEGER NOT NULL,
                reply BLOB NOT NULL, UNIQUE (key, chunk)
            ) STRICT;
            CREATE INDEX submissions_by_time ON submissions (at);
            CREATE TABLE totals (
                one INTEGER PRIMARY KEY CHECK (one = 1), incarnation INTEGER NOT NULL, fence_counter INTEGER NOT NULL,
                receipt_position INTEGER NOT NULL, submitted INTEGER NOT NULL, successes INTEGER NOT NULL,
                empties INTEGER NOT NULL, failures INTEGER NOT NULL, handed_back INTEGER NOT NULL,
                released INTEGER NOT NULL, fenced INTEGER NOT NULL, stored INTEGER NOT NULL,
                duplicates INTEGER NOT NULL, refused INTEGER NOT NULL, unchanged INTEGER NOT NULL
            ) STRICT;
            """)

    private static let second = Migration(
        2, "adaptive schedules, times of attempts, records",
        sql: """
            ALTER TABLE progress ADD COLUMN pace_ms INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE progress ADD COLUMN last_attempt INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE progress ADD COLUMN last_success INTEGER NOT NULL DEFAULT 0;
            CREATE TABLE records (
                kind INTEGER NOT NULL, number INTEGER NOT NULL, value BLOB NOT NULL, PRIMARY KEY (kind, number)
            ) STRICT, WITHOUT ROWID;
            """)

    private static let journal = Migration(
        3, "journal",
        sql: "CREATE TABLE journal (number INTEGER PRIMARY KEY, entries BLOB NOT NULL) STRICT;")

    private static let undecided = Migration(
        4, "targets without decisions",
        sql: "ALTER TABLE progress ADD COLUMN undecided INTEGER NOT NULL DEFAULT 0;")
}
