import Model
import Storage
import Wire

/// Takes segments apart again.
struct SegmentReader {
    private let database: Database
    private let compressor: any ByteCompressor

    init(_ database: Database, _ compressor: any ByteCompressor) {
        self.database = database
        self.compressor = compressor
    }

    private struct Row {
        var first: UInt64
        var at: WallTime
        var packed: [UInt8]
        var records: [UInt8]
        var recordsLength: Int
        var contents: [UInt8]
        var contentsLength: Int
    }

    /// Gives every artifact of these ids, in order. The ids begin with a segment, as those of a commit do.
    func each(
        from first: UInt64, count: UInt64, withContent: Bool, _ body: (StoredChange) -> Void
    ) throws(LedgerError) {
        let rows = try storing { () throws(StorageError) in
            try database.all(
                """
                SELECT s.first, s.at_ms, i.packed, s.records, s.records_length, s.contents, s.contents_length
                FROM segment s JOIN identity i ON i.first = s.first WHERE s.first >= ? AND s.first < ? ORDER BY s.first
                """, .int(first), .int(first + count)
            ) { row in
                Row(
                    first: row.uint(0), at: WallTime(milliseconds: row.int(1)), packed: row.blob(2),
                    records: row.blob(3), recordsLength: Int(row.int(4)), contents: withContent ? row.blob(5) : [],
                    contentsLength: Int(row.int(6)))
            }
        }
        for row in rows { try each(of: row, withContent: withContent, body) }
    }

    private func each(of row: Row, withContent: Bool, _ body: (StoredChange) -> Void) throws(LedgerError) {
        guard let plain = compressor.decompress(row.records[...], limit: row.recordsLength),
            let records = try? LedgerFormat.StoredRecords(decoding: plain),
            records.artifacts.count * PackedIdentity.size == row.packed.count
        else { throw .damaged(what: "the records from artifact \(row.first) on cannot be read") }
        var contents: [UInt8] = []
        if withContent, row.contentsLength > 0 {
            guard let inflated = compressor.decompress(row.contents[...], limit: row.contentsLength),
                inflated.count == row.contentsLength
            else { throw .damaged(what: "the contents from artifact \(row.first) on cannot be read") }
            contents = inflated
        }
        var offset = 0
        for (place, stored) in records.artifacts.enumerated() {
            var change = StoredChange(stored, row.packed, place, first: row.first, at: row.at)
            if change.contentHome == nil {
                let end = offset + Int(stored.contentLength)
                if withContent, end <= contents.count { change.content = contents[offset..<end] }
                offset = end
            }
            body(change)
        }
    }
}

extension StoredChange {
    fileprivate init(
        _ stored: LedgerFormat.StoredArtifact, _ packed: [UInt8], _ place: Int, first: UInt64, at: WallTime
    ) {
        let digests = packed.withUnsafeBytes { (PackedIdentity.digest($0, place), PackedIdentity.content($0, place)) }
        self.init(
            id: first + UInt64(place), digest: digests.0, contentDigest: digests.1,
            contentHome: stored.contentHome == 0 ? nil : stored.contentHome, node: stored.node,
            target: TargetID(stored.target), lease: stored.lease, receivedAt: at,
            collectedAt: WallTime(milliseconds: stored.collectedAtMs), contentType: stored.contentType,
            contentLength: stored.contentLength, rawSource: stored.rawSource, metadata: stored.metadata,
            confidence: stored.confidence, threatLevel: stored.threatLevel, opportunityValue: stored.opportunityValue,
            signals: stored.signals, content: nil)
    }
}
