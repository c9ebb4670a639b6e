import Model
import Storage
import Wire

extension VersionBook {
    /// The narrow row of each version, which leads to the commit that holds it whole, and the bytes of each variant.
    func write(to database: Database, compressor: any ByteCompressor, version: UInt64) throws(StorageError) {
        for new in versions {
            try database.run(
                "INSERT INTO version VALUES(?, ?, ?, ?, ?)", .int(new.artifact), .int(Int(new.standing.version)),
                .int(version), .int(new.standing.node), .int(Int(new.standing.weight.steps)))
        }
        for new in variants {
            let check = new.prepared.identity.rawCheck
            let content = new.prepared.artifact.content
            var compressed: [UInt8] = []
            compressor.compress(content, into: &compressed)
            try database.run(
                """
                INSERT INTO variant(home, raw_check, version, node, length, content, checksum)
                VALUES(?, ?, ?, ?, ?, ?, ?)
                """, .int(new.home), .int(check), .int(version), .int(new.node), .int(content.count),
                .blob(compressed), .int(VersionBook.checksum(home: new.home, rawCheck: check, compressed)))
        }
    }

    static func checksum(home: UInt64, rawCheck: UInt64, _ compressed: [UInt8]) -> UInt64 {
        Checksum.of(compressed[...], seed: home ^ rawCheck)
    }
}

extension LedgerFormat.StoredVersion {
    init(_ new: NewVersion) {
        self.init(
            artifact: new.artifact, number: UInt32(new.standing.version), weight: UInt32(new.standing.weight.steps),
            reputation: new.reputation, rawCheck: new.rawCheck, record: new.record, claimedAtMs: new.claimedAt)
    }
}
