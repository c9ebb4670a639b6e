import Model
import Storage
import Wire

/// What one commit did, as one row of `log`: the change feed is these rows in order.
struct LogRow {
    var version: UInt64
    var at: WallTime
    /// Where its new artifacts begin, and how many there are.
    var firstArtifact: UInt64 = 0
    var artifacts = 0
    var receipts: [Receipt] = []
    var sightings: [LedgerFormat.StoredSighting] = []
    var tallies: [LedgerFormat.StoredTally] = []

    init(version: UInt64, at: WallTime) {
        self.version = version
        self.at = at
    }

    func write(to database: Database, compressor: any ByteCompressor) throws(StorageError) {
        let receipts = receipts.isEmpty ? [] : LedgerFormat.StoredReceipts(receipts).encoded()
        let tallies = tallies.isEmpty ? [] : LedgerFormat.StoredTallies(tallies: tallies).encoded()
        var packed: [UInt8] = []
        if !sightings.isEmpty {
            compressor.compress(LedgerFormat.StoredSightings(sightings: sightings).encoded()[...], into: &packed)
        }
        try database.run(
            "INSERT INTO log VALUES(?, ?, ?, ?, ?, ?, ?, ?)", .int(version), .int(at.milliseconds), .int(firstArtifact),
            .int(artifacts), LogRow.blob(receipts), LogRow.blob(packed), LogRow.blob(tallies),
            .int(LogRow.checksum(version: version, receipts, packed, tallies)))
    }

    private static func blob(_ bytes: [UInt8]) -> SQLValue { bytes.isEmpty ? .null : .blob(bytes) }

    static func checksum(version: UInt64, _ receipts: [UInt8], _ sightings: [UInt8], _ tallies: [UInt8]) -> UInt64 {
        Checksum.of(tallies[...], seed: Checksum.of(sightings[...], seed: Checksum.of(receipts[...], seed: version)))
    }
}
