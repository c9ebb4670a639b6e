package import Storage

/// The steps of ledger.db's schema. A step that was shipped never changes.
package enum LedgerSchema {
    package static let current = Schema(applicationID: 0x526B_4C31, migrations: [first, keeping])

    private static let first = Migration(
        1, "the log",
        sql: """
            CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
            CREATE TABLE identity_version(number INTEGER PRIMARY KEY, algorithm TEXT NOT NULL, unicode TEXT NOT NULL,
                secret_id BLOB NOT NULL);
            CREATE TABLE head(id INTEGER PRIMARY KEY CHECK(id = 1), state_version INTEGER NOT NULL,
                stored INTEGER NOT NULL, received INTEGER NOT NULL, duplicates INTEGER NOT NULL,
                refused INTEGER NOT NULL, unchanged INTEGER NOT NULL, unknown_digests INTEGER NOT NULL,
                bookmarks INTEGER NOT NULL, contents INTEGER NOT NULL, content_bytes INTEGER NOT NULL,
                late INTEGER NOT NULL, wall_ms INTEGER NOT NULL, wall_jumps INTEGER NOT NULL,
                versions INTEGER NOT NULL, variants INTEGER NOT NULL);
            INSERT INTO head VALUES(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
            CREATE TABLE log(version INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, first_artifact INTEGER NOT NULL,
                artifacts INTEGER NOT NULL, receipts BLOB, sightings BLOB, tallies BLOB, versions BLOB,
                checksum INTEGER NOT NULL);
            CREATE TABLE segment(first INTEGER PRIMARY KEY, count INTEGER NOT NULL, version INTEGER NOT NULL,
                at_ms INTEGER NOT NULL, identity_version INTEGER NOT NULL, checksum INTEGER NOT NULL,
                records_length INTEGER NOT NULL, contents_length INTEGER NOT NULL,
                records BLOB NOT NULL, contents BLOB NOT NULL);
            CREATE TABLE identity(first INTEGER PRIMARY KEY, packed BLOB NOT NULL);
            CREATE TABLE version(artifact INTEGER, number INTEGER, from_version INTEGER NOT NULL, node INTEGER NOT NULL,
                weight INTEGER NOT NULL, PRIMARY KEY(artifact, number)) WITHOUT ROWID;
            CREATE TABLE variant(number INTEGER PRIMARY KEY, home INTEGER NOT NULL, raw_check INTEGER NOT NULL,
                version INTEGER NOT NULL, node INTEGER NOT NULL, length INTEGER NOT NULL, content BLOB NOT NULL,
                checksum INTEGER NOT NULL);
            CREATE UNIQUE INDEX variant_by_home ON variant(home, raw_check);
            CREATE TABLE node(number INTEGER PRIMARY KEY, name TEXT NOT NULL);
            CREATE TABLE stream(id INTEGER PRIMARY KEY, node TEXT NOT NULL, last_applied INTEGER NOT NULL,
                version INTEGER NOT NULL);
            CREATE TABLE missing(number INTEGER PRIMARY KEY, stream INTEGER NOT NULL, node TEXT NOT NULL,
                first INTEGER NOT NULL, last INTEGER NOT NULL, version INTEGER NOT NULL, at_ms INTEGER NOT NULL,
                accepted INTEGER NOT NULL);
            CREATE TABLE late_lease(lease INTEGER PRIMARY KEY, version INTEGER NOT NULL);
            """)

    private static let keeping = Migration(
        2, "replays told apart, compaction",
        sql: """
            ALTER TABLE stream ADD COLUMN recent BLOB;
            CREATE TABLE compaction(id INTEGER PRIMARY KEY CHECK(id = 1), floor INTEGER NOT NULL,
                commits INTEGER NOT NULL, receipts INTEGER NOT NULL, sightings INTEGER NOT NULL,
                versions INTEGER NOT NULL);
            INSERT INTO compaction VALUES(1, 0, 0, 0, 0, 0);
            """)
}
