import Model
import Sealing
import Storage
package import Wire

/// What an artifact was at a state version, and which versions it has had.
extension LedgerReader {
    /// A version above the first, as its narrow row and its commit tell.
    private struct Later {
        var number: Int64
        var from: UInt64
        var weight: Weight
        var atMs: Int64
        var stored: LedgerFormat.StoredVersion
    }

    func info(_ place: Int, of segment: Segment, at version: UInt64) throws(LedgerError) -> Proto.ArtifactInfo {
        let id = segment.first + UInt64(place)
        var info = try first(place, of: segment, at: version)
        let number = try read { database throws(StorageError) in
            try database.first(
                """
                SELECT number FROM version WHERE artifact = ? AND from_version <= ? ORDER BY number DESC LIMIT 1
                """, .int(id), .int(version)
            ) { $0.int(0) }
        }
        if let number, let later = try later(id, number) { put(later, on: &info) }
        info.heldTo = try end(of: info.version, of: id) ?? 0
        return info
    }

    /// The versions above `number`, oldest first, with the state versions from and to which each holds.
    package func versions(
        of id: UInt64, after number: UInt32, limit: Int
    ) throws(LedgerError) -> Proto.ArtifactHistoryReply? {
        let newest = try snapshot(nil)
        guard let (segment, place) = try find(id) else { return nil }
        var reply = Proto.ArtifactHistoryReply(stateVersion: newest)
        let first = try first(place, of: segment, at: newest)
        let numbers = try read { database throws(StorageError) in
            try database.all(
                "SELECT number FROM version WHERE artifact = ? AND number > ? ORDER BY number LIMIT ?", .int(id),
                .int(max(number, 1)), .int(limit)
            ) { $0.int(0) }
        }
        // Versions that ended long ago may be compacted; the first is shown only where its end is still known.
        if number == 0, let oldest = numbers.first, oldest > 2 {
            reply.compacted = UInt32(oldest - 1)
        } else if number == 0 {
            reply.versions.append(first)
        }
        for number in numbers where reply.versions.count < limit {
            guard let later = try later(id, number) else { continue }
            var info = first
            put(later, on: &info)
            reply.versions.append(info)
        }
        for place in reply.versions.indices {
            reply.versions[place].heldTo = try end(of: reply.versions[place].version, of: id) ?? 0
        }
        if let last = reply.versions.last, last.heldTo != 0 { reply.next = last.version }
        return reply
    }

    /// The first version: what the artifact was when it was stored.
    private func first(_ place: Int, of segment: Segment, at version: UInt64) throws(LedgerError) -> Proto.ArtifactInfo
    {
        let stored = segment.records.artifacts[place]
        let digests = segment.packed.withUnsafeBytes {
            (PackedIdentity.digest($0, place), PackedIdentity.content($0, place))
        }
        var info = Proto.ArtifactInfo(
            id: segment.first + UInt64(place), digest: digests.0.bytes[...], contentDigest: digests.1.bytes[...],
            version: 1, receivedAtMs: segment.atMs, contentType: stored.contentType,
            contentLength: stored.contentLength, rawSource: stored.rawSource,
            late: try isLate(stored.lease, at: version), stateVersion: segment.version,
            weight: segment.stored(place).weight.value)
        put(stored, on: &info)
        return info
    }

    private func put(_ stored: LedgerFormat.StoredArtifact, on info: inout Proto.ArtifactInfo) {
        info.node = stored.node
        info.target = stored.target
        info.lease = stored.lease
        info.collectedAtMs = stored.collectedAtMs
        info.metadata = stored.metadata
        info.confidence = stored.confidence
        info.threatLevel = stored.threatLevel
        info.opportunityValue = stored.opportunityValue
    }

    private func put(_ later: Later, on info: inout Proto.ArtifactInfo) {
        if let record = later.stored.record { put(record, on: &info) }
        info.version = UInt32(later.number)
        info.stateVersion = later.from
        info.receivedAtMs = later.stored.claimedAtMs == 0 ? later.atMs : later.stored.claimedAtMs
        info.weight = later.weight.value
        info.reputation = later.stored.reputation
    }

    private func later(_ id: UInt64, _ number: Int64) throws(LedgerError) -> Later? {
        var packed: [UInt8] = []
        let found = try read { database throws(StorageError) in
            try database.first(
                """
                SELECT v.from_version, v.weight, l.at_ms, l.versions FROM version v
                JOIN log l ON l.version = v.from_version WHERE v.artifact = ? AND v.number = ?
                """, .int(id), .int(number)
            ) { row in
                packed = row.blob(3)
                return Later(
                    number: number, from: row.uint(0), weight: Weight(steps: UInt16(truncatingIfNeeded: row.int(1))),
                    atMs: row.int(2), stored: LedgerFormat.StoredVersion())
            }
        }
        guard var later = found else { return nil }
        let versions = LogRow.versions(packed, compressor) ?? []
        guard let stored = versions.first(where: { $0.artifact == id && Int64($0.number) == number }) else {
            throw .damaged(what: "version \(number) of artifact \(id) is not in commit \(later.from)")
        }
        later.stored = stored
        return later
    }

    /// The state version at which the next version took the place of this one.
    private func end(of number: UInt32, of id: UInt64) throws(LedgerError) -> UInt64? {
        try read { database throws(StorageError) in
            try database.first(
                "SELECT from_version FROM version WHERE artifact = ? AND number = ?", .int(id), .int(number + 1)
            ) { $0.uint(0) }
        }
    }

    private func isLate(_ lease: UInt64, at version: UInt64) throws(LedgerError) -> Bool {
        guard lease != 0 else { return false }
        return try read { database throws(StorageError) in
            try database.first(
                "SELECT 1 FROM late_lease WHERE lease = ? AND version <= ?", .int(lease), .int(version)
            ) { _ in true } ?? false
        }
    }

    // MARK: Variants

    /// The other bytes that are kept of an artifact's content; at most a page of them.
    package func variants(of id: UInt64) throws(LedgerError) -> [Proto.VariantInfo] {
        guard let home = try home(of: id) else { return [] }
        return try read { database throws(StorageError) in
            try database.all(
                """
                SELECT v.raw_check, v.length, n.name, v.version FROM variant v LEFT JOIN node n ON n.number = v.node
                WHERE v.home = ? ORDER BY v.number LIMIT ?
                """, .int(home), .int(Limits.listLimit)
            ) { row in
                Proto.VariantInfo(
                    variant: row.uint(0), contentLength: row.uint(1), node: row.text(2), stateVersion: row.uint(3))
            }
        }
    }

    /// The bytes of one variant of an artifact's content; nil when there is none of this name.
    package func variant(_ check: UInt64, ofArtifact id: UInt64) throws(LedgerError) -> ArraySlice<UInt8>? {
        guard let home = try home(of: id) else { return nil }
        return try variant(check, of: home)
    }

    /// The artifact that owns the content of this one.
    package func home(of id: UInt64) throws(LedgerError) -> UInt64? {
        guard let (segment, place) = try find(id) else { return nil }
        let home = segment.records.artifacts[place].contentHome
        return home == 0 ? id : home
    }

    func variant(_ check: UInt64, of home: UInt64) throws(LedgerError) -> ArraySlice<UInt8>? {
        var compressed: [UInt8] = []
        let found = try read { database throws(StorageError) in
            try database.first(
                "SELECT length, content, checksum FROM variant WHERE home = ? AND raw_check = ?", .int(home),
                .int(check)
            ) { row in
                compressed = row.blob(1)
                return (length: Int(row.int(0)), checksum: row.uint(2))
            }
        }
        guard let found else { return nil }
        guard VersionBook.checksum(home: home, rawCheck: check, compressed) == found.checksum,
            let plain = compressor.decompress(compressed[...], limit: found.length), plain.count == found.length
        else { throw .damaged(what: "a variant of artifact \(home)'s content cannot be read") }
        return plain[...]
    }

    /// How the digests of an artifact were made.
    package func key(of id: UInt64) throws(LedgerError) -> (algorithm: String, unicode: String, secret: [UInt8])? {
        guard let (segment, _) = try find(id) else { return nil }
        return try read { database throws(StorageError) in
            try database.first(
                "SELECT algorithm, unicode, secret_id FROM identity_version WHERE number = ?",
                .int(segment.identityVersion)
            ) { (algorithm: $0.text(0), unicode: $0.text(1), secret: $0.blob(2)) }
        }
    }
}
