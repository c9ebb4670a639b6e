/// One step of a file's schema. Once shipped it never changes, and it uses no types of the application.
package struct Migration: Sendable {
    package let number: Int64
    package let name: String
    let script: String
    let body: (@Sendable (Database) throws(StorageError) -> Void)?

    /// A step that is SQL alone. Numbers start at 1 and have no gaps.
    package init(_ number: Int64, _ name: String, sql: String) {
        self.number = number
        self.name = name
        script = sql
        body = nil
    }

    /// A step that needs code. `revision` stands for the code in the checksum.
    package init(
        _ number: Int64, _ name: String, revision: String,
        body: @escaping @Sendable (Database) throws(StorageError) -> Void
    ) {
        self.number = number
        self.name = name
        script = revision
        self.body = body
    }

    /// FNV-1a over name and text: it finds an edited migration, not a forged one.
    package var checksum: UInt64 {
        (name + "\n" + script).utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}

/// The schema of one kind of file: how it is recognised, and the steps that lead to it.
package struct Schema: Sendable {
    package let applicationID: Int32
    package let migrations: [Migration]

    package init(applicationID: Int32, migrations: [Migration]) {
        precondition(applicationID != 0, "0 is what every SQLite file has")
        precondition(
            migrations.enumerated().allSatisfy { $0.element.number == Int64($0.offset + 1) },
            "migrations are numbered 1, 2, 3, …")
        self.applicationID = applicationID
        self.migrations = migrations
    }

    package var version: Int64 { Int64(migrations.count) }
}

extension Database {
    package func userVersion() throws(StorageError) -> Int64 { try number("PRAGMA user_version") }
    package func applicationID() throws(StorageError) -> Int32 {
        Int32(truncatingIfNeeded: try number("PRAGMA application_id"))
    }

    /// Brings the file up to the schema, one transaction a step. A file of another application, of a later version, or
    /// with a step that has changed since, is refused and left as it is.
    package func migrate(to schema: Schema) throws(StorageError) {
        let applied = try verifyHistory(of: schema)
        if applied == 0, try applicationID() == 0 {
            try transaction { () throws(StorageError) in
                try execute(
                    """
                    CREATE TABLE migration(number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum INTEGER NOT NULL);
                    PRAGMA application_id=\(schema.applicationID)
                    """)
            }
        }
        for migration in schema.migrations.dropFirst(applied) {
            try transaction { () throws(StorageError) in
                if let body = migration.body { try body(self) } else { try execute(migration.script) }
                try run(
                    "INSERT INTO migration(number, name, checksum) VALUES(?, ?, ?)", .int(migration.number),
                    .text(migration.name), .int(migration.checksum))
                try execute("PRAGMA user_version=\(migration.number)")
            }
        }
    }

    /// For readers: the file is of this schema, neither older nor newer.
    package func verify(schema: Schema) throws(StorageError) {
        let applied = try verifyHistory(of: schema)
        if applied < schema.migrations.count {
            throw StorageError(
                .olderSchema,
                "could not read \(path): it has schema version \(applied) and \(schema.version) is needed; "
                    + "start the service once, so that it migrates the file")
        }
    }

    /// How many of the schema's steps the file has.
    private func verifyHistory(of schema: Schema) throws(StorageError) -> Int {
        let id = try applicationID()
        let version = try userVersion()
        if id == 0, try number("SELECT count(*) FROM sqlite_schema") == 0 { return 0 }
        guard id == schema.applicationID else {
            throw StorageError(
                .foreignFile,
                "could not use \(path): its application id is \(id) and not \(schema.applicationID), so it belongs to "
                    + "something else; check the path")
        }
        if version > schema.version {
            throw StorageError(
                .newerSchema,
                "could not use \(path): it has schema version \(version) and this program knows up to "
                    + "\(schema.version); "
                    + "start the newer program that wrote it, or restore a backup from before the upgrade")
        }
        let applied = try all("SELECT number, name, checksum FROM migration ORDER BY number") {
            (number: $0.int(0), name: $0.text(1), checksum: $0.uint(2))
        }
        for (step, known) in zip(applied, schema.migrations) where step.checksum != known.checksum {
            throw StorageError(
                .changedMigration,
                "could not use \(path): migration \(step.number) '\(step.name)' was applied to it in another form than "
                    + "this program has; start the program that wrote it, and undo the change to the migration")
        }
        guard applied.count == Int(version) else {
            throw StorageError(
                .corrupt,
                "could not use \(path): it has schema version \(version) and records \(applied.count) migrations; "
                    + "stop and restore a backup")
        }
        return applied.count
    }
}
