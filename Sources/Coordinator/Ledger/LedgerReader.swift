import Model
import Sealing
import Storage
package import Wire

/// Queries over committed artifacts, through a connection that can write nothing. No read lasts longer than a page, and
/// none holds a transaction: what holds at a state version is found by its number alone.
package final class LedgerReader {
    let database: Database
    let compressor: any ByteCompressor

    package init(_ place: LedgerPlace) throws(LedgerError) {
        compressor = place.compressor
        do throws(StorageError) {
            database = try Database.open(path: place.path, access: .reader, options: place.options)
        } catch {
            throw .storage(error)
        }
    }

    package func close() { database.close() }

    /// The newest artifacts below `before` (0: from the newest on) that were there at a state version, newest first.
    package func list(
        before: UInt64, limit: Int, at version: UInt64? = nil
    ) throws(LedgerError) -> Proto.ListArtifactsReply {
        let version = try snapshot(version)
        var reply = Proto.ListArtifactsReply(stateVersion: version)
        var below = try newestArtifact(at: version) + 1
        if before > 0 { below = min(below, before) }
        while below > 1, reply.artifacts.count < limit, let segment = try segment(holdingAtMost: below - 1) {
            for place in segment.records.artifacts.indices.reversed() where reply.artifacts.count < limit {
                let id = segment.first + UInt64(place)
                if id < below { reply.artifacts.append(try info(place, of: segment, at: version)) }
            }
            below = segment.first
        }
        if let last = reply.artifacts.last, last.id > 1, reply.artifacts.count == limit { reply.next = last.id }
        return reply
    }

    /// What held of one artifact at a state version; nil when there was none of this id.
    package func artifact(
        _ id: UInt64, withContent: Bool, at version: UInt64? = nil
    ) throws(LedgerError) -> Proto.GetArtifactReply? {
        let version = try snapshot(version)
        guard let (segment, place) = try find(id), segment.version <= version else { return nil }
        var reply = Proto.GetArtifactReply(
            artifact: try info(place, of: segment, at: version), stateVersion: version)
        if withContent { reply.content = try content(place, of: segment) }
        return reply
    }

    /// Those of these ids that are kept, without contents. Each segment is read once.
    package func artifacts(_ ids: [UInt64]) throws(LedgerError) -> [UInt64: Proto.ArtifactInfo] {
        var found: [UInt64: Proto.ArtifactInfo] = [:]
        var held: Segment?
        let version = try snapshot(nil)
        for id in ids.sorted() where id > 0 && id <= UInt64(Int64.max) {
            if held.map({ id >= $0.first + UInt64($0.records.artifacts.count) }) ?? true {
                held = try segment(holdingAtMost: id)
            }
            guard let segment = held, id < segment.first + UInt64(segment.records.artifacts.count) else { continue }
            found[id] = try info(Int(id - segment.first), of: segment, at: version)
        }
        return found
    }

    /// Checks the segments of the next ids above `position`; returns how far it came, or nil when all are checked.
    package func verify(after position: UInt64, count: UInt64) throws(LedgerError) -> UInt64? {
        let stored = try read { database throws(StorageError) in
            try database.first("SELECT stored FROM head") { $0.uint(0) } ?? 0
        }
        guard position < stored else { return nil }
        let end = min(stored, try LedgerCheck.slice(database, after: position, count: count))
        try LedgerCheck.segments(database, after: position, upTo: end)
        return end
    }

    // MARK: State versions

    /// The state version to read at: the newest, or the one asked for if it is there.
    func snapshot(_ asked: UInt64?) throws(LedgerError) -> UInt64 {
        let newest = try read { database throws(StorageError) in
            try database.first("SELECT state_version FROM head") { $0.uint(0) } ?? 0
        }
        guard let asked else { return newest }
        guard asked <= newest else { throw .noSuchVersion(asked: asked, newest: newest) }
        let oldest = try read { database throws(StorageError) in
            try database.first("SELECT floor FROM compaction") { $0.uint(0) } ?? 0
        }
        guard asked >= oldest else { throw .snapshotExpired(asked: asked, oldest: oldest) }
        return asked
    }

    private func newestArtifact(at version: UInt64) throws(LedgerError) -> UInt64 {
        try read { database throws(StorageError) in
            try database.first(
                "SELECT first_artifact + artifacts - 1 FROM log WHERE version <= ? ORDER BY version DESC LIMIT 1",
                .int(version)
            ) { $0.uint(0) } ?? 0
        }
    }

    // MARK: Segments

    struct Segment {
        var first: UInt64
        var version: UInt64
        var atMs: Int64
        var packed: [UInt8]
        var records: LedgerFormat.StoredRecords
        /// Compressed, all of them together.
        var contents: [UInt8]
        var contentsLength: Int
        var identityVersion: Int64

        func stored(_ place: Int) -> StoredIdentity {
            packed.withUnsafeBytes { PackedIdentity.stored($0, place, id: first + UInt64(place)) }
        }
    }

    func find(_ id: UInt64) throws(LedgerError) -> (segment: Segment, place: Int)? {
        guard id > 0, id <= UInt64(Int64.max), let segment = try segment(holdingAtMost: id),
            id < segment.first + UInt64(segment.records.artifacts.count)
        else { return nil }
        return (segment, Int(id - segment.first))
    }

    private func segment(holdingAtMost id: UInt64) throws(LedgerError) -> Segment? {
        var compressed: [UInt8] = []
        var length = 0
        var checksum: UInt64 = 0
        let found = try read { database throws(StorageError) in
            try database.first(
                """
                SELECT s.first, s.version, s.at_ms, i.packed, s.records, s.records_length, s.contents_length,
                    s.identity_version, s.contents, s.checksum
                FROM segment s JOIN identity i ON i.first = s.first WHERE s.first <= ? ORDER BY s.first DESC LIMIT 1
                """, .int(id)
            ) { row in
                compressed = row.blob(4)
                length = Int(row.int(5))
                checksum = row.uint(9)
                return Segment(
                    first: row.uint(0), version: row.uint(1), atMs: row.int(2), packed: row.blob(3),
                    records: LedgerFormat.StoredRecords(), contents: row.blob(8), contentsLength: Int(row.int(6)),
                    identityVersion: row.int(7))
            }
        }
        guard var segment = found else { return nil }
        guard
            SegmentWriter.checksum(first: segment.first, segment.packed, compressed, segment.contents) == checksum
        else { throw .damaged(what: "the segment of artifact \(segment.first) does not match its checksum") }
        guard let plain = compressor.decompress(compressed[...], limit: length),
            let records = try? LedgerFormat.StoredRecords(decoding: plain),
            records.artifacts.count * PackedIdentity.size == segment.packed.count
        else { throw .damaged(what: "the records from artifact \(segment.first) on cannot be read") }
        segment.records = records
        return segment
    }

    // MARK: Contents

    private func content(_ place: Int, of segment: Segment) throws(LedgerError) -> ArraySlice<UInt8> {
        let stored = segment.records.artifacts[place]
        guard stored.contentHome != 0 else { return try ownContent(place, of: segment) }
        guard stored.contentHome < segment.first + UInt64(place), let (other, home) = try find(stored.contentHome)
        else { throw .damaged(what: "the content of artifact \(segment.first + UInt64(place)) is missing") }
        let check = segment.stored(place).rawCheck
        if other.stored(home).rawCheck != check, let bytes = try variant(check, of: stored.contentHome) { return bytes }
        return try ownContent(home, of: other)
    }

    private func ownContent(_ place: Int, of segment: Segment) throws(LedgerError) -> ArraySlice<UInt8> {
        let stored = segment.records.artifacts[place]
        guard let plain = compressor.decompress(segment.contents[...], limit: segment.contentsLength) else {
            throw .damaged(what: "the contents from artifact \(segment.first) on cannot be read")
        }
        let before = segment.records.artifacts[..<place].reduce(0) { $0 + ($1.contentHome == 0 ? $1.contentLength : 0) }
        guard before + stored.contentLength <= plain.count else {
            throw .damaged(what: "the contents from artifact \(segment.first) on are too short")
        }
        return plain[Int(before)..<Int(before + stored.contentLength)]
    }

    func read<T>(_ body: (Database) throws(StorageError) -> T) throws(LedgerError) -> T {
        try storing { () throws(StorageError) in try body(database) }
    }
}
