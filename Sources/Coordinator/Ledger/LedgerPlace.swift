package import Model
package import Storage

/// Where a ledger lies and what it is opened with.
package struct LedgerPlace {
    /// Larger pages than usual: a segment of 20 KiB then takes three instead of six, each written one by one.
    package static func options(on vfs: String? = nil) -> DatabaseOptions {
        DatabaseOptions(pageSize: 8_192, cacheBytes: 16 << 20, vfs: vfs)
    }

    package var path: String
    package var options: DatabaseOptions
    package var secretID: [UInt8]
    /// Of the secret that is to take the place of that one.
    package var nextSecretID: [UInt8]?
    /// Nil: whatever the cluster was made with.
    package var scope: DedupScope?
    package var compressor: any ByteCompressor

    package init(
        path: String, options: DatabaseOptions = LedgerPlace.options(), secretID: [UInt8],
        compressor: any ByteCompressor
    ) {
        self.path = path
        self.options = options
        self.secretID = secretID
        self.compressor = compressor
    }
}

/// What a cluster is, fixed when it is made; the incarnation alone grows, when a copy is restored.
package struct ClusterIdentity: Equatable, Sendable {
    package var clusterID: [UInt8]
    package var incarnation: UInt64
    package var salt: [UInt8]
    package var scope = DedupScope.cluster

    static func loadOrCreate(
        in database: Database, _ place: LedgerPlace, random: inout some RandomSource
    ) throws(LedgerError) -> ClusterIdentity {
        if let known = try storing({ () throws(StorageError) in try load(from: database) }) {
            if let asked = place.scope, asked != known.scope { throw .scopeIsAnother(asked: asked, known: known.scope) }
            return known
        }
        let new = ClusterIdentity(
            clusterID: random.bytes(16), incarnation: 1, salt: random.bytes(16), scope: place.scope ?? .cluster)
        try storing { () throws(StorageError) in
            try database.transaction { () throws(StorageError) in
                try new.write(to: database)
                try KeyState.write(secretID: place.secretID, version: 1, to: database)
            }
        }
        return new
    }

    private static func load(from database: Database) throws(StorageError) -> ClusterIdentity? {
        var values: [String: [UInt8]] = [:]
        var incarnation: UInt64 = 0
        try database.query("SELECT key, value FROM meta") { row in
            if row.text(0) == "incarnation" { incarnation = row.uint(1) } else { values[row.text(0)] = row.blob(1) }
        }
        guard let cluster = values["cluster_id"], let salt = values["salt"] else { return nil }
        let scope = values["scope"].flatMap { DedupScope(rawValue: String(decoding: $0, as: UTF8.self)) }
        return ClusterIdentity(clusterID: cluster, incarnation: incarnation, salt: salt, scope: scope ?? .cluster)
    }

    private func write(to database: Database) throws(StorageError) {
        let rows: [(String, SQLValue)] = [
            ("cluster_id", .blob(clusterID)), ("salt", .blob(salt)), ("scope", .text(scope.rawValue)),
            ("incarnation", .int(incarnation)),
        ]
        for (key, value) in rows { try database.run("INSERT INTO meta VALUES(?, ?)", .text(key), value) }
    }
}
