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

    /// The commits above `position`, at most `limit`, and fewer once they hold `artifacts` new artifacts.
    package func commits(
        after position: UInt64, limit: Int = 64, artifacts: Int = 4_096, withContent: Bool = false
    ) throws(LedgerError) -> [ChangeCommit] {
        var commits: [ChangeCommit] = []
        var held = 0
        for row in try rows(after: position, limit: limit) {
            let commit = try self.commit(row, withContent: withContent)
            commits.append(commit)
            held += commit.stored.count
            if held >= artifacts { break }
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
        var checksum: UInt64
    }

    private func rows(after position: UInt64, limit: Int) throws(LedgerError) -> [Row] {
        try storing { () throws(StorageError) in
            try database.all(
                """
                SELECT version, at_ms, first_artifact, artifacts, receipts, sightings, tallies, checksum FROM log
                WHERE version > ? ORDER BY version LIMIT ?
                """, .int(position), .int(limit)
            ) { row in
                Row(
                    version: row.uint(0), at: WallTime(milliseconds: row.int(1)), first: row.uint(2),
                    artifacts: row.uint(3), receipts: row.blob(4), sightings: row.blob(5), tallies: row.blob(6),
                    checksum: row.uint(7))
            }
        }
    }

    private func commit(_ row: Row, withContent: Bool) throws(LedgerError) -> ChangeCommit {
        let sum = LogRow.checksum(version: row.version, row.receipts, row.sightings, row.tallies)
        guard sum == row.checksum else { throw .damaged(what: "commit \(row.version) does not match its checksum") }
        var commit = ChangeCommit(version: row.version, at: row.at, stored: [], sightings: [], tallies: [])
        if !row.tallies.isEmpty {
            guard let tallies = try? LedgerFormat.StoredTallies(decoding: row.tallies) else { throw unreadable(row) }
            commit.tallies = tallies.tallies.map {
                ChangeCommit.Tally(node: $0.node, received: $0.received, refused: $0.refused)
            }
        }
        if !row.sightings.isEmpty {
            guard let plain = compressor.decompress(row.sightings[...], limit: ChangeReader.maxSightings),
                let sightings = try? LedgerFormat.StoredSightings(decoding: plain)
            else { throw unreadable(row) }
            commit.sightings = sightings.sightings.map(SightingChange.init)
        }
        if row.artifacts > 0 {
            try SegmentReader(database, compressor).each(
                from: row.first, count: row.artifacts, withContent: withContent
            ) {
                commit.stored.append($0)
            }
        }
        return commit
    }

    /// One commit has at most as many sightings as artifacts and unchanged items fit a group.
    private static let maxSightings = 64 * Limits.mebibyte

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
            confidence: stored.confidence)
    }
}
