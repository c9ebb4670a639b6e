import Model
import Storage
import Wire

/// Reads the current version of an artifact whole. The ledger asks only when a source says of the use of its content
/// what this process has not compared yet.
final class CurrentRecords {
    private let database: Database
    private let compressor: any ByteCompressor
    /// What was compared and brought nothing new: artifact, version and signals, hashed.
    private var nothingNew: Set<UInt64> = []

    init(_ database: Database, _ compressor: any ByteCompressor) {
        self.database = database
        self.compressor = compressor
    }

    struct Current {
        var record: LedgerFormat.StoredArtifact
        /// When its claims came, ms.
        var claimedAt: Int64
    }

    func knows(_ signals: StringMap, of artifact: UInt64, version: UInt16) -> Bool {
        nothingNew.contains(CurrentRecords.key(signals, artifact, version))
    }

    func note(_ signals: StringMap, of artifact: UInt64, version: UInt16) {
        if nothingNew.count >= Limits.signalsCompared { nothingNew.removeAll(keepingCapacity: true) }
        nothingNew.insert(CurrentRecords.key(signals, artifact, version))
    }

    private static func key(_ signals: StringMap, _ artifact: UInt64, _ version: UInt16) -> UInt64 {
        signals.reduce(artifact << 16 | UInt64(version)) { sum, pair in
            Checksum.of(Array(pair.value.utf8)[...], seed: Checksum.of(Array(pair.key.utf8)[...], seed: sum))
        }
    }

    /// What is committed of an artifact.
    func current(_ id: UInt64) throws(LedgerError) -> Current {
        if let (version, at) = try version(of: id) {
            guard let record = version.record else { throw unreadable(id) }
            return Current(record: record, claimedAt: version.claimedAtMs == 0 ? at : version.claimedAtMs)
        }
        let row = try storing { () throws(StorageError) in
            try database.first(
                """
                SELECT first, at_ms, records, records_length FROM segment WHERE first <= ? ORDER BY first DESC LIMIT 1
                """, .int(id)
            ) { (first: $0.uint(0), at: $0.int(1), records: $0.blob(2), length: Int($0.int(3))) }
        }
        guard let row, let plain = compressor.decompress(row.records[...], limit: row.length),
            let records = try? LedgerFormat.StoredRecords(decoding: plain).artifacts,
            id - row.first < UInt64(records.count)
        else { throw unreadable(id) }
        return Current(record: records[Int(id - row.first)], claimedAt: row.at)
    }

    /// The newest version above the first, and when its commit was; nil: there is none.
    func version(of id: UInt64) throws(LedgerError) -> (LedgerFormat.StoredVersion, at: Int64)? {
        let row = try storing { () throws(StorageError) in
            try database.first(
                """
                SELECT v.number, l.at_ms, l.versions FROM version v JOIN log l ON l.version = v.from_version
                WHERE v.artifact = ? ORDER BY v.number DESC LIMIT 1
                """, .int(id)
            ) { (number: $0.uint(0), at: $0.int(1), packed: $0.blob(2)) }
        }
        guard let row else { return nil }
        let version = LogRow.versions(row.packed, compressor)?.first {
            $0.artifact == id && UInt64($0.number) == row.number
        }
        guard let version else { throw unreadable(id) }
        return (version, row.at)
    }

    private func unreadable(_ id: UInt64) -> LedgerError {
        .damaged(what: "the current version of artifact \(id) cannot be read")
    }
}
