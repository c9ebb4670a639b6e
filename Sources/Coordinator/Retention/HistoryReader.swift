import Model
import Storage
import Wire

/// Reads old commits and says what is to be left of them: where their artifacts are, and the versions that still hold.
/// Receipts, sightings, tallies and versions that have ended go.
final class HistoryReader {
    private let reader: LedgerReader

    /// How far compaction may go.
    struct Bounds {
        var base: UInt64
        /// Commits from before this time are old.
        var olderThan: WallTime
        /// Whatever their age: what is asked for, or is not read yet, lies above.
        var upTo: UInt64
        /// No receipt above this position is read yet.
        var receiptsRead: UInt64
    }

    private static let rows = 256  // commits in one stretch
    private static let bytes = Limits.mebibyte  // of what they hold, but for one that is larger
    private static let artifacts = 2 * Limits.groupArtifacts  // of commits that become one row

    init(_ reader: LedgerReader) { self.reader = reader }

    private struct Commit {
        var log: LogRow
        var receipts = 0
        var sightings = 0
    }

    /// Nil: nothing is old enough.
    func plan(_ bounds: Bounds) throws(LedgerError) -> CompactionPlan? {
        let rows = try stretch(bounds)
        guard let last = rows.last, last.log.version > bounds.base else { return nil }
        var plan = CompactionPlan(base: bounds.base, floor: last.log.version)
        var kept = Dictionary(uniqueKeysWithValues: rows.map { ($0.log.version, $0.log) })
        for row in rows {
            if row.log.version > bounds.base { try end(row.log.versions, &kept, &plan) }
            plan.receipts += row.receipts
            plan.sightings += row.sightings
        }
        plan.bytes = rows.count * 128
        let left = rows.compactMap { kept[$0.log.version] }
        plan.rows = HistoryReader.joined(left, bytes: try left.map(contentBytes))
        plan.commits = rows.count - plan.rows.count + plan.rewritten.values.count { $0 == nil }
        return plan
    }

    // MARK: Reading

    private func stretch(_ bounds: Bounds) throws(LedgerError) -> [Commit] {
        var rows: [Commit] = []
        var damaged: UInt64?
        var bytes = 0
        var isOver = false
        try reader.read { database throws(StorageError) in
            try database.query(
                """
                SELECT version, at_ms, first_artifact, artifacts, receipts, sightings, tallies, versions, checksum
                FROM log WHERE version >= ? AND version <= ? AND at_ms < ? ORDER BY version LIMIT ?
                """, .int(bounds.base), .int(bounds.upTo), .int(bounds.olderThan.milliseconds), .int(HistoryReader.rows)
            ) { row in
                guard !isOver else { return }
                let blobs = [row.blob(4), row.blob(5), row.blob(6), row.blob(7)]
                bytes += blobs.reduce(0) { $0 + $1.count }
                let unread = !blobs[0].isEmpty && row.uint(0) > bounds.receiptsRead
                if unread || (bytes > HistoryReader.bytes && rows.count > 1) { return isOver = true }
                guard LogRow.checksum(version: row.uint(0), blobs) == row.uint(8), let read = self.row(row, blobs)
                else {
                    damaged = damaged ?? row.uint(0)
                    return
                }
                rows.append(read)
            }
        }
        if let damaged { throw .damaged(what: "commit \(damaged) cannot be read") }
        return rows
    }

    private func row(_ row: borrowing Storage.Row, _ blobs: [[UInt8]]) -> Commit? {
        var log = LogRow(version: row.uint(0), at: WallTime(milliseconds: row.int(1)))
        log.firstArtifact = row.uint(2)
        log.artifacts = Int(row.int(3))
        guard let versions = LogRow.versions(blobs[3], reader.compressor) else { return nil }
        log.versions = versions
        var read = Commit(log: log)
        if !blobs[0].isEmpty {
            guard let stored = try? LedgerFormat.StoredReceipts(decoding: blobs[0]) else { return nil }
            read.receipts = stored.receipts.count
        }
        if !blobs[1].isEmpty {
            guard let plain = reader.compressor.decompress(blobs[1][...], limit: LogRow.maxBlob),
                let stored = try? LedgerFormat.StoredSightings(decoding: plain)
            else { return nil }
            read.sightings = stored.sightings.count
        }
        return read
    }

    // MARK: What is left

    /// A version that holds from a commit in the stretch ends the one before it, wherever that is written.
    private func end(
        _ versions: [LedgerFormat.StoredVersion], _ kept: inout [UInt64: LogRow], _ plan: inout CompactionPlan
    ) throws(LedgerError) {
        for version in versions where version.number > 2 {
            let before = version.number - 1
            let from = try reader.read { database throws(StorageError) in
                try database.first(
                    "SELECT from_version FROM version WHERE artifact = ? AND number = ?", .int(version.artifact),
                    .int(before)
                ) { $0.uint(0) }
            }
            guard let from else { continue }
            plan.ended.append(.init(artifact: version.artifact, number: before))
            let isIt = { (stored: LedgerFormat.StoredVersion) in
                stored.artifact == version.artifact && stored.number == before
            }
            if kept[from] != nil {
                kept[from]?.versions.removeAll(where: isIt)
            } else if let known = plan.rewritten[from] {
                plan.rewritten[from] = HistoryReader.rest(of: known, without: isIt)
            } else if let old = try one(from) {
                plan.rewritten[from] = HistoryReader.rest(of: old, without: isIt)
            }
        }
    }

    private static func rest(
        of row: LogRow?, without isIt: (LedgerFormat.StoredVersion) -> Bool
    ) -> LogRow? {
        guard var row else { return nil }
        row.versions.removeAll(where: isIt)
        return row.versions.isEmpty && row.artifacts == 0 ? nil : row
    }

    private func one(_ version: UInt64) throws(LedgerError) -> LogRow? {
        let bounds = Bounds(
            base: version, olderThan: WallTime(milliseconds: .max), upTo: version, receiptsRead: .max)
        return try stretch(bounds).first?.log
    }

    /// Of the contents that a commit brought.
    private func contentBytes(_ row: LogRow) throws(LedgerError) -> Int {
        guard row.artifacts > 0 else { return 0 }
        return try reader.read { database throws(StorageError) in
            try database.first(
                "SELECT sum(contents_length) FROM segment WHERE first >= ? AND first < ?", .int(row.firstArtifact),
                .int(row.firstArtifact + UInt64(row.artifacts))
            ) { Int($0.int(0)) } ?? 0
        }
    }

    /// Neighbours become one row, but for those that hold versions: these are found by their own number. Whoever reads
    /// the log from its beginning holds a row's contents at once, so they have a bound as well.
    private static func joined(_ rows: [LogRow], bytes: [Int]) -> [LogRow] {
        var result: [LogRow] = []
        var open: LogRow?
        var held = 0
        for (place, row) in rows.enumerated() {
            let isLast = place == rows.count - 1
            let isFull =
                (open?.artifacts ?? 0) + row.artifacts > artifacts || held + bytes[place] > Limits.changeBytes
            if isFull || !row.versions.isEmpty { held = 0 }
            held += bytes[place]
            if !row.versions.isEmpty || isFull, let full = open {
                if full.artifacts > 0 { result.append(full) }
                open = nil
            }
            if !row.versions.isEmpty {
                result.append(row)
            } else {
                open = join(open, row)
            }
            if isLast, let rest = open { result.append(rest) }
        }
        return result
    }

    private static func join(_ open: LogRow?, _ row: LogRow) -> LogRow {
        guard let open, open.artifacts > 0 else { return row }
        var joined = LogRow(version: row.version, at: row.at)
        joined.firstArtifact = open.firstArtifact
        joined.artifacts = open.artifacts + row.artifacts
        return joined
    }
}
