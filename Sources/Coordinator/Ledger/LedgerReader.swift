import Model
import Sealing
import Storage
package import Wire

/// Queries over committed artifacts, through a connection that can write nothing. No read lasts longer than a page.
package final class LedgerReader {
    private let database: Database
    private let compressor: any ByteCompressor

    package init(_ place: LedgerPlace) throws(LedgerError) {
        compressor = place.compressor
        do throws(StorageError) {
            database = try Database.open(path: place.path, access: .reader, options: place.options)
        } catch {
            throw .storage(error)
        }
    }

    package func close() { database.close() }

    /// The newest artifacts below `before` (0: from the newest on), newest first.
    package func list(before: UInt64, limit: Int) throws(LedgerError) -> Proto.ListArtifactsReply {
        var reply = Proto.ListArtifactsReply(stateVersion: try stateVersion())
        var below = before == 0 ? UInt64(Int64.max) : min(before, UInt64(Int64.max))
        while reply.artifacts.count < limit, let segment = try segment(holdingAtMost: below - 1) {
            for place in segment.records.artifacts.indices.reversed() where reply.artifacts.count < limit {
                let id = segment.first + UInt64(place)
                if id < below { reply.artifacts.append(try info(place, of: segment)) }
            }
            below = segment.first
            if below <= 1 { break }
        }
        if let last = reply.artifacts.last, last.id > 1, reply.artifacts.count == limit { reply.next = last.id }
        return reply
    }

    /// One artifact, and its content if wanted; nil when there is none of this id.
    package func artifact(_ id: UInt64, withContent: Bool) throws(LedgerError) -> Proto.GetArtifactReply? {
        guard id > 0, id <= UInt64(Int64.max), let segment = try segment(holdingAtMost: id),
            id < segment.first + UInt64(segment.records.artifacts.count)
        else { return nil }
        let place = Int(id - segment.first)
        var reply = Proto.GetArtifactReply(artifact: try info(place, of: segment), stateVersion: try stateVersion())
        if withContent { reply.content = try content(place, of: segment) }
        return reply
    }

    /// Those of these ids that are kept, without contents. Each segment is read once.
    package func artifacts(_ ids: [UInt64]) throws(LedgerError) -> [UInt64: Proto.ArtifactInfo] {
        var found: [UInt64: Proto.ArtifactInfo] = [:]
        var held: Segment?
        for id in ids.sorted() where id > 0 && id <= UInt64(Int64.max) {
            if held.map({ id >= $0.first + UInt64($0.records.artifacts.count) }) ?? true {
                held = try segment(holdingAtMost: id)
            }
            guard let segment = held, id < segment.first + UInt64(segment.records.artifacts.count) else { continue }
            found[id] = try info(Int(id - segment.first), of: segment)
        }
        return found
    }

    /// Checks the segments of the next ids above `position`; returns how far it came, or nil when all are checked.
    package func verify(after position: UInt64, count: UInt64) throws(LedgerError) -> UInt64? {
        let stored = try read { database throws(StorageError) in
            try database.first("SELECT stored FROM head") { $0.uint(0) } ?? 0
        }
        guard position < stored else { return nil }
        let end = min(stored, position + count)
        try LedgerCheck.segments(database, after: position, upTo: end)
        return end
    }

    private func stateVersion() throws(LedgerError) -> UInt64 {
        try read { database throws(StorageError) in
            try database.first("SELECT state_version FROM head") { $0.uint(0) } ?? 0
        }
    }

    // MARK: Segments

    private struct Segment {
        var first: UInt64
        var version: UInt64
        var atMs: Int64
        var packed: [UInt8]
        var records: LedgerFormat.StoredRecords
        var contentsLength: Int
    }

    private func segment(holdingAtMost id: UInt64) throws(LedgerError) -> Segment? {
        var compressed: [UInt8] = []
        var length = 0
        let found = try read { database throws(StorageError) in
            try database.first(
                """
                SELECT s.first, s.version, s.at_ms, i.packed, s.records, s.records_length, s.contents_length
                FROM segment s JOIN identity i ON i.first = s.first WHERE s.first <= ? ORDER BY s.first DESC LIMIT 1
                """, .int(id)
            ) { row in
                compressed = row.blob(4)
                length = Int(row.int(5))
                return Segment(
                    first: row.uint(0), version: row.uint(1), atMs: row.int(2), packed: row.blob(3),
                    records: LedgerFormat.StoredRecords(), contentsLength: Int(row.int(6)))
            }
        }
        guard var segment = found else { return nil }
        guard let plain = compressor.decompress(compressed[...], limit: length),
            let records = try? LedgerFormat.StoredRecords(decoding: plain),
            records.artifacts.count * PackedIdentity.size == segment.packed.count
        else { throw .damaged(what: "the records from artifact \(segment.first) on cannot be read") }
        segment.records = records
        return segment
    }

    private func info(_ place: Int, of segment: Segment) throws(LedgerError) -> Proto.ArtifactInfo {
        let stored = segment.records.artifacts[place]
        let digests = segment.packed.withUnsafeBytes {
            (PackedIdentity.digest($0, place), PackedIdentity.content($0, place))
        }
        let late = try read { database throws(StorageError) in
            try database.first("SELECT 1 FROM late_lease WHERE lease = ?", .int(stored.lease)) { _ in true } ?? false
        }
        return Proto.ArtifactInfo(
            id: segment.first + UInt64(place), digest: digests.0.bytes[...], contentDigest: digests.1.bytes[...],
            version: 1, node: stored.node, target: stored.target, lease: stored.lease, receivedAtMs: segment.atMs,
            collectedAtMs: stored.collectedAtMs, contentType: stored.contentType, contentLength: stored.contentLength,
            rawSource: stored.rawSource, metadata: stored.metadata, confidence: stored.confidence,
            threatLevel: stored.threatLevel, opportunityValue: stored.opportunityValue,
            late: late && stored.lease != 0, stateVersion: segment.version)
    }

    private func content(_ place: Int, of segment: Segment) throws(LedgerError) -> ArraySlice<UInt8> {
        let stored = segment.records.artifacts[place]
        if stored.contentHome != 0 {
            guard stored.contentHome < segment.first + UInt64(place),
                let home = try artifact(stored.contentHome, withContent: true)
            else { throw .damaged(what: "the content of artifact \(segment.first + UInt64(place)) is missing") }
            return home.content
        }
        let compressed = try read { database throws(StorageError) in
            try database.first("SELECT contents FROM segment WHERE first = ?", .int(segment.first)) { $0.blob(0) } ?? []
        }
        guard let plain = compressor.decompress(compressed[...], limit: segment.contentsLength) else {
            throw .damaged(what: "the contents from artifact \(segment.first) on cannot be read")
        }
        let before = segment.records.artifacts[..<place].reduce(0) { $0 + ($1.contentHome == 0 ? $1.contentLength : 0) }
        guard before + stored.contentLength <= plain.count else {
            throw .damaged(what: "the contents from artifact \(segment.first) on are too short")
        }
        return plain[Int(before)..<Int(before + stored.contentLength)]
    }

    private func read<T>(_ body: (Database) throws(StorageError) -> T) throws(LedgerError) -> T {
        try storing { () throws(StorageError) in try body(database) }
    }
}
