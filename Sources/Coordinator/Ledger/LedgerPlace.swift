package import Model
import Normalisation
package import Storage

/// Where a ledger lies and what it is opened with.
package struct LedgerPlace {
    /// Larger pages than usual: a segment of 20 KiB then takes three instead of six, each written one by one.
    package static let options = DatabaseOptions(pageSize: 8_192, cacheBytes: 16 << 20)

    package var path: String
    package var options: DatabaseOptions
    package var secretID: [UInt8]
    package var compressor: any ByteCompressor

    package init(
        path: String, options: DatabaseOptions = LedgerPlace.options, secretID: [UInt8],
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

    /// Which row of `identity_version` says how the digests of new segments were made.
    static let currentIdentityVersion: Int64 = 1

    static func loadOrCreate(
        in database: Database, secretID: [UInt8], random: inout some RandomSource
    ) throws(LedgerError) -> ClusterIdentity {
        if let known = try storing({ () throws(StorageError) in try load(from: database) }) {
            guard known.secretID == secretID else {
                throw .secretIsAnother(path: DedupSecret.path(beside: database.path))
            }
            return known.identity
        }
        let new = ClusterIdentity(clusterID: random.bytes(16), incarnation: 1, salt: random.bytes(16))
        try storing { () throws(StorageError) in
            try database.transaction { () throws(StorageError) in
                try new.write(to: database, secretID: secretID)
                try database.run(
                    "INSERT INTO identity_version VALUES(?, 'blake2b-256', ?, ?)", .int(currentIdentityVersion),
                    .text(unicodeVersion), .blob(secretID))
            }
        }
        return new
    }

    private static func load(
        from database: Database
    ) throws(StorageError) -> (identity: ClusterIdentity, secretID: [UInt8])? {
        var values: [String: [UInt8]] = [:]
        var incarnation: UInt64 = 0
        try database.query("SELECT key, value FROM meta") { row in
            if row.text(0) == "incarnation" { incarnation = row.uint(1) } else { values[row.text(0)] = row.blob(1) }
        }
        guard let cluster = values["cluster_id"], let salt = values["salt"], let secret = values["secret_id"] else {
            return nil
        }
        return (ClusterIdentity(clusterID: cluster, incarnation: incarnation, salt: salt), secret)
    }

    private func write(to database: Database, secretID: [UInt8]) throws(StorageError) {
        let rows: [(String, SQLValue)] = [
            ("cluster_id", .blob(clusterID)), ("salt", .blob(salt)), ("secret_id", .blob(secretID)),
            ("scope", .text("cluster")), ("incarnation", .int(incarnation)),
        ]
        for (key, value) in rows { try database.run("INSERT INTO meta VALUES(?, ?)", .text(key), value) }
    }
}
