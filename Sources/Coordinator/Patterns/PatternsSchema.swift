import Storage

extension DerivedSchema {
    /// The sample as it is, and the runs. `members` stands with the newest run alone.
    static let patterns = Migration(
        5, "patterns",
        sql: """
            CREATE TABLE pattern_sample(artifact INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL);
            CREATE TABLE pattern_hour(hour INTEGER PRIMARY KEY, bound INTEGER NOT NULL);
            CREATE TABLE pattern_run(version INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, run BLOB NOT NULL);
            CREATE TABLE pattern_members(version INTEGER PRIMARY KEY, members BLOB NOT NULL)
            """)
}
