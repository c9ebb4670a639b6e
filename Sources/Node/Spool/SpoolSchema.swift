import Storage

enum SpoolSchema {
    static let schema = Schema(
        applicationID: 0x524B_5350,  // "RKSP"
        migrations: [
            Migration(1, "spool", sql: first), Migration(2, "what hosts ask for", sql: second),
            Migration(3, "what each host said", sql: third),
        ])

    /// The sizes stand before the body, so that reading them touches no overflow page.
    private static let first = """
        CREATE TABLE node(
            id INTEGER PRIMARY KEY CHECK(id = 1), instance BLOB NOT NULL, stream INTEGER NOT NULL,
            base INTEGER NOT NULL, next INTEGER NOT NULL, items INTEGER NOT NULL, bytes INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE item(
            position INTEGER PRIMARY KEY, lease INTEGER NOT NULL, target BLOB NOT NULL, incarnation INTEGER NOT NULL,
            counter INTEGER NOT NULL, mark INTEGER, stored INTEGER NOT NULL, size INTEGER NOT NULL,
            form INTEGER NOT NULL, body BLOB NOT NULL
        ) STRICT;
        CREATE TABLE outcome(
            lease INTEGER PRIMARY KEY, target BLOB NOT NULL, incarnation INTEGER NOT NULL, counter INTEGER NOT NULL,
            kind INTEGER NOT NULL, error TEXT NOT NULL, status INTEGER NOT NULL, retry_after INTEGER NOT NULL,
            items INTEGER NOT NULL, duration INTEGER NOT NULL, stream INTEGER NOT NULL,
            last_sequence INTEGER NOT NULL, last_position INTEGER NOT NULL, acknowledged INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE digest(id INTEGER PRIMARY KEY, mark INTEGER NOT NULL UNIQUE, digest BLOB NOT NULL) STRICT;
        """

    private static let second = """
        ALTER TABLE outcome ADD COLUMN crawl_delay INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE outcome ADD COLUMN address TEXT NOT NULL DEFAULT '';
        """

    private static let third = "ALTER TABLE outcome ADD COLUMN hosts BLOB NOT NULL DEFAULT x'';"
}
