import Storage

extension DerivedSchema {
    /// One row of sketches a commit, and one row for each text that is like an earlier one.
    static let sketches = Migration(
        4, "sketches",
        sql: """
            CREATE TABLE sketch(version INTEGER PRIMARY KEY, entries INTEGER NOT NULL, packed BLOB NOT NULL);
            CREATE TABLE near_text(artifact INTEGER PRIMARY KEY, other INTEGER NOT NULL, similarity REAL NOT NULL)
            """)
}
