import Model
import Storage
import Wire

/// Reads the ledger's commits in order from any position, through a connection that can write nothing.
package final class ChangeReader {
    private let database: Database
    private let compressor: any ByteCompressor

    package init(_ place: LedgerPlace) throws(LedgerError) {
        compressor = place.compressor
        database = try storing { () throws(StorageError) in
            try Database.open(path: place.path, access: .reader, options: place.options)
        }
    }

    package func close() { database.close() }

    /// The commits above `position`, at most `limit`, and fewer once they hold `artifacts` new artifacts
    /// or too many bytes.
    package func commits(
        after position: UInt64, limit: Int = 64, artifacts: Int = 4_096, withArtifacts: Bool = true,
        withContent: Bool = false
    ) throws(LedgerError) -> [ChangeCommit] {
        var commits: [ChangeCommit] = []
        var held = 0
        var bytes = 0
        for row in try rows(after: position, limit: limit) {
            let commit = try self.commit(row, withArtifacts: withArtifacts, withContent: withContent)
            commits.append(commit)
            held += Int(row.artifacts)
            bytes += withContent ? commit.stored.reduce(0) { $0 + ($1.content?.count ?? 0) } : 0
            if held >= artifacts || bytes >= Limits.changeBytes { break }
        }
        return commits
    }

    private struct Row {
        var version: UInt64
        var at: WallTime
        var first: UInt64
        var artifacts: UInt64
        var receipts: [UInt8]
        var sightings: [UInt8]
        var tallies: [UInt8]
        var versions: [UInt8]
        var checksum: UInt64
    }

    private func rows(after position: UInt64, limit: Int) throws(LedgerError) -> [Row] {
        try storing { () throws(StorageError) in
            try database.all(
                """
                SELECT version, at_ms, first_artifact, artifacts, receipts, sightings, tallies, versions, checksum
                FROM log
                WHERE version > ? ORDER BY version LIMIT ?
                """, .int(position), .int(limit)
            ) { row in
                Row(
                    version: row.uint(0), at: WallTime(milliseconds: row.int(1)), first: row.uint(2),
                    artifacts: row.uint(3), receipts: row.blob(4), sightings: row.blob(5), tallies: row.blob(6),
                    versions: row.blob(7), checksum: row.uint(8))
            }
        }
    }

    private func commit(_ row: Row, withArtifacts: Bool, withContent: Bool) throws(LedgerError) -> ChangeCommit {
        let sum = LogRow.checksum(version: row.version, [row.receipts, row.sightings, row.tallies, row.versions])
        guard sum == row.checksum else { throw .damaged(what: "commit \(row.version) does not match its checksum") }
        var commit = ChangeCommit(version: row.version, at: row.at, stored: [], sightings: [], tallies: [])
        if !row.tallies.isEmpty {
            guard let tallies = try? LedgerFormat.StoredTallies(decoding: row.tallies) else { throw unreadable(row) }
            commit.tallies = tallies.tallies.map {
                ChangeCommit.Tally(node: $0.node, received: $0.received, refused: $0.refused)
            }
        }
        if !row.sightings.isEmpty {
            guard let plain = compressor.decompress(row.sightings[...], limit: LogRow.maxBlob),
                let sightings = try? LedgerFormat.StoredSightings(decoding: plain)
            else { throw unreadable(row) }
            commit.sightings = sightings.sightings.map(SightingChange.init)
        }
        guard let versions = LogRow.versions(row.versions, compressor) else { throw unreadable(row) }
        commit.versions = versions.map { VersionChange($0, at: row.at) }
        commit.lastArtifact = row.first + row.artifacts - 1
        if withArtifacts, row.artifacts > 0 {
            try SegmentReader(database, compressor).each(
                from: row.first, count: row.artifacts, withContent: withContent
            ) {
                commit.stored.append($0)
            }
        }
        return commit
    }

    private func unreadable(_ row: Row) -> LedgerError { .damaged(what: "commit \(row.version) cannot be read") }
}

extension SightingChange {
    fileprivate init(_ stored: LedgerFormat.StoredSighting) {
        let kind: Kind =
            switch stored.kind {
            case .exact, .unspecified, .unrecognized: .exact
            case .normalised: .normalised
            case .sameContent: .sameContent
            case .unchanged: .unchanged
            }
        self.init(
            artifact: stored.artifact, kind: kind, node: stored.node, target: TargetID(stored.target),
            lease: stored.lease, collectedAt: WallTime(milliseconds: stored.collectedAtMs),
            confidence: stored.confidence, rawCheck: kind == .normalised ? stored.rawCheck : nil,
            version: stored.version == 0 ? nil : stored.version)
    }
}

extension VersionChange {
    init(_ stored: LedgerFormat.StoredVersion, at: WallTime) {
        let record = stored.record ?? LedgerFormat.StoredArtifact()
        self.init(
            artifact: stored.artifact, number: stored.number, node: record.node,
            weight: Weight(steps: UInt16(truncatingIfNeeded: stored.weight)), reputation: stored.reputation,
            confidence: record.confidence, threatLevel: record.threatLevel, opportunityValue: record.opportunityValue,
            metadata: record.metadata, rawSource: record.rawSource, signals: record.signals,
            receivedAt: stored.claimedAtMs == 0 ? at : WallTime(milliseconds: stored.claimedAtMs),
            claims: stored.claimedAtMs == 0)
    }
}
