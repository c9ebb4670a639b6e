import Model
import Sealing
import Storage
import Wire

/// A segment whose artifacts have new names.
struct RenamedSegment: Sendable {
    var first: UInt64
    var packed: [UInt8]
    var checksum: UInt64
    /// Of the segment that was read.
    var formerChecksum: UInt64
}

/// Computes what stored artifacts are called under another secret, from what is stored. Only reads.
final class Renamer {
    static let segments = 16  // in one transaction: about a thousand artifacts

    private let reader: LedgerReader
    private let hasher: IdentityHasher

    init(_ reader: LedgerReader, _ hasher: IdentityHasher) {
        self.reader = reader
        self.hasher = hasher
    }

    private struct Stored {
        var first: UInt64
        var packed: [UInt8]
        var records: [UInt8]
        var recordsLength: Int
        var contents: [UInt8]
        var contentsLength: Int
        var checksum: UInt64
    }

    /// The next segments above `position` that begin at or below `end`, and up to which artifact all is done then.
    func slice(after position: UInt64, end: UInt64) throws(LedgerError) -> (segments: [RenamedSegment], done: UInt64) {
        var renamed: [RenamedSegment] = []
        var done = end
        for segment in try stored(after: position, end: end) {
            let new = try rename(segment, after: renamed)
            renamed.append(new)
            done = segment.first + UInt64(new.packed.count / PackedIdentity.size) - 1
        }
        return (renamed, done)
    }

    private func stored(after position: UInt64, end: UInt64) throws(LedgerError) -> [Stored] {
        try reader.read { database throws(StorageError) in
            try database.all(
                """
                SELECT s.first, i.packed, s.records, s.records_length, s.contents, s.contents_length, s.checksum
                FROM segment s JOIN identity i ON i.first = s.first WHERE s.first > ? AND s.first <= ?
                ORDER BY s.first LIMIT ?
                """, .int(position), .int(end), .int(Renamer.segments)
            ) { row in
                Stored(
                    first: row.uint(0), packed: row.blob(1), records: row.blob(2), recordsLength: Int(row.int(3)),
                    contents: row.blob(4), contentsLength: Int(row.int(5)), checksum: row.uint(6))
            }
        }
    }

    private func rename(_ segment: Stored, after before: [RenamedSegment]) throws(LedgerError) -> RenamedSegment {
        let sum = SegmentWriter.checksum(
            first: segment.first, segment.packed, segment.records, segment.contents)
        guard sum == segment.checksum,
            let plain = reader.compressor.decompress(segment.records[...], limit: segment.recordsLength),
            let records = try? LedgerFormat.StoredRecords(decoding: plain).artifacts,
            records.count * PackedIdentity.size == segment.packed.count, let contents = contents(of: segment)
        else { throw .damaged(what: "the segment of artifact \(segment.first) does not match its checksum") }
        var packed: [UInt8] = []
        packed.reserveCapacity(segment.packed.count)
        var offset = 0
        for (place, record) in records.enumerated() {
            var item = Proto.Artifact(
                contentType: record.contentType, rawSource: record.rawSource, metadata: record.metadata)
            var known: Digest?
            if record.contentHome == 0 {
                let end = min(contents.count, offset + Int(record.contentLength))
                item.content = contents[offset..<end]
                offset = end
            } else if record.contentHome >= segment.first {
                // A home has a lower id than what shares its content: it has its new name already.
                known = packed.withUnsafeBytes { PackedIdentity.content($0, Int(record.contentHome - segment.first)) }
            } else {
                known = try home(record.contentHome, before)
            }
            let names = hasher.names(of: item, content: known, from: record.node)
            PackedIdentity.rename(segment.packed, place, names.digest, names.content, into: &packed)
        }
        return RenamedSegment(
            first: segment.first, packed: packed,
            checksum: SegmentWriter.checksum(first: segment.first, packed, segment.records, segment.contents),
            formerChecksum: segment.checksum)
    }

    private func contents(of segment: Stored) -> [UInt8]? {
        guard segment.contentsLength > 0 else { return [] }
        let plain = reader.compressor.decompress(segment.contents[...], limit: segment.contentsLength)
        return plain?.count == segment.contentsLength ? plain : nil
    }

    /// The new name of a content that an earlier segment owns.
    private func home(_ id: UInt64, _ before: [RenamedSegment]) throws(LedgerError) -> Digest {
        if let segment = before.last(where: { $0.first <= id }) {
            return segment.packed.withUnsafeBytes { PackedIdentity.content($0, Int(id - segment.first)) }
        }
        let found = try reader.read { database throws(StorageError) in
            try database.first(
                "SELECT first, packed FROM identity WHERE first <= ? ORDER BY first DESC LIMIT 1", .int(id)
            ) { row in (first: row.uint(0), packed: row.blob(1)) }
        }
        guard let found, Int(id - found.first) < found.packed.count / PackedIdentity.size else {
            throw .damaged(what: "artifact \(id) has no identity")
        }
        return found.packed.withUnsafeBytes { PackedIdentity.content($0, Int(id - found.first)) }
    }
}
