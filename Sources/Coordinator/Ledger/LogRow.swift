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
    var versions: [LedgerFormat.StoredVersion] = []

    init(version: UInt64, at: WallTime) {
        self.version = version
        self.at = at
    }

    func write(to database: Database, compressor: any ByteCompressor) throws(StorageError) {
        let receipts = receipts.isEmpty ? [] : LedgerFormat.StoredReceipts(receipts).encoded()
        let tallies = tallies.isEmpty ? [] : LedgerFormat.StoredTallies(tallies: tallies).encoded()
        var sighted: [UInt8] = []
        if !sightings.isEmpty {
            compressor.compress(LedgerFormat.StoredSightings(sightings: sightings).encoded()[...], into: &sighted)
        }
        var raised: [UInt8] = []
        if !versions.isEmpty {
            compressor.compress(LedgerFormat.StoredVersions(versions: versions).encoded()[...], into: &raised)
        }
        try database.run(
            "INSERT INTO log VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)", .int(version), .int(at.milliseconds),
            .int(firstArtifact), .int(artifacts), LogRow.blob(receipts), LogRow.blob(sighted), LogRow.blob(tallies),
            LogRow.blob(raised), .int(LogRow.checksum(version: version, [receipts, sighted, tallies, raised])))
    }

    private static func blob(_ bytes: [UInt8]) -> SQLValue { bytes.isEmpty ? .null : .blob(bytes) }

    static func checksum(version: UInt64, _ blobs: [[UInt8]]) -> UInt64 {
        blobs.reduce(version) { Checksum.of($1[...], seed: $0) }
    }

    /// Versions and the like of one commit hold at most what a group's limits allow, inflated.
    static let maxBlob = 64 * Limits.mebibyte

    static func versions(_ packed: [UInt8], _ compressor: any ByteCompressor) -> [LedgerFormat.StoredVersion]? {
        guard !packed.isEmpty else { return [] }
        return compressor.decompress(packed[...], limit: maxBlob).flatMap {
            try? LedgerFormat.StoredVersions(decoding: $0).versions
        }
    }
}
