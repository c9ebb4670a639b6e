import Model
package import Storage
package import Wire

/// Adds up, for each artifact, who sent it again: the first sources are kept apart, the sightings of others are counted
/// together. It makes the sightings of one artifact readable without reading the log.
package final class SightingConsumer: DerivedConsumer {
    package let name = "sightings"
    package let needsArtifacts = false

    package init() {}

    /// It keeps nothing in memory.
    package func load(from database: Database) throws(StorageError) {}

    package func apply(_ commit: ChangeCommit, in database: Database) throws(StorageError) {
        for sighting in commit.sightings {
            try count(sighting, of: commit, in: database)
            if database.changes == 0 { try countTogether(sighting, of: commit, in: database) }
        }
    }

    /// One statement a sighting: it changes nothing when this source is not among those kept apart.
    private func count(
        _ sighting: SightingChange, of commit: ChangeCommit, in database: Database
    ) throws(StorageError) {
        try database.run(
            """
            INSERT INTO witness SELECT ?1, ?2, ?3, 1, ?4, ?5, ?4, ?5, ?6, ?7, ?8, ?9
            WHERE (SELECT count(*) FROM witness WHERE artifact = ?1 AND kind > 0) < ?10
                OR EXISTS(SELECT 1 FROM witness WHERE artifact = ?1 AND kind = ?2 AND node = ?3)
            ON CONFLICT(artifact, kind, node) DO UPDATE SET count = count + 1, last_version = excluded.last_version,
                last_ms = excluded.last_ms, target = coalesce(excluded.target, target),
                confidence = coalesce(max(confidence, excluded.confidence), confidence, excluded.confidence),
                variant = coalesce(excluded.variant, variant), brought = max(brought, excluded.brought)
            """, .int(sighting.artifact), .int(StoredKind(sighting.kind).rawValue), .text(sighting.node),
            .int(commit.version), .int(commit.at.milliseconds), .blob(orNull: sighting.target?.bytes),
            sighting.confidence.map { .double($0) } ?? .null, .int(orNull: sighting.rawCheck),
            .int(sighting.version ?? 0), .int(Limits.sightingSources))
    }

    private func countTogether(
        _ sighting: SightingChange, of commit: ChangeCommit, in database: Database
    ) throws(StorageError) {
        try database.run(
            """
            INSERT INTO witness VALUES(?1, ?2, '', 1, ?3, ?4, ?3, ?4, NULL, NULL, NULL, 0)
            ON CONFLICT(artifact, kind, node) DO UPDATE SET count = count + 1, last_version = excluded.last_version,
                last_ms = excluded.last_ms
            """, .int(sighting.artifact), .int(-StoredKind(sighting.kind).rawValue), .int(commit.version),
            .int(commit.at.milliseconds))
    }

    // MARK: Questions

    /// Nil: never sighted.
    package func totals(of artifact: UInt64, in database: Database) throws(StorageError) -> Proto.SightingTotals? {
        var totals = Proto.SightingTotals(firstVersion: .max)
        try database.query(
            "SELECT kind, count, first_version, last_version FROM witness WHERE artifact = ?", .int(artifact)
        ) { row in
            let kind = row.int(0)
            totals.count(StoredKind(rawValue: abs(kind)) ?? .exact, row.uint(1))
            if kind > 0 { totals.sources += 1 } else { totals.others += row.uint(1) }
            totals.firstVersion = min(totals.firstVersion, row.uint(2))
            totals.lastVersion = max(totals.lastVersion, row.uint(3))
        }
        return totals.lastVersion == 0 ? nil : totals
    }

    /// The sources that are kept apart, the earliest first; of one node alone, or of all.
    package func witnesses(
        of artifact: UInt64, node: String, in database: Database
    ) throws(StorageError) -> [Proto.SightingInfo] {
        try database.all(
            """
            SELECT node, kind, count, first_version, first_ms, last_version, last_ms, target, confidence,
                variant, brought FROM witness WHERE artifact = ? AND kind > 0 AND (? = '' OR node = ?)
            ORDER BY first_version, node, kind
            """, .int(artifact), .text(node), .text(node)
        ) { row in
            let kind = StoredKind(rawValue: row.int(1)) ?? .exact
            return Proto.SightingInfo(
                node: row.text(0), kind: kind.wire, unchanged: kind == .unchanged, count: row.uint(2),
                firstVersion: row.uint(3), firstAtMs: row.int(4), lastVersion: row.uint(5), lastAtMs: row.int(6),
                target: row.blob(7)[...], confidence: row.doubleOrNil(8), variant: row.uintOrNil(9),
                version: UInt32(truncatingIfNeeded: row.int(10)))
        }
    }
}

extension StoredKind {
    fileprivate var wire: Proto.DuplicateKind {
        switch self {
        case .exact, .unchanged: .exact
        case .normalised: .normalised
        case .sameContent: .sameContent
        }
    }
}

extension Proto.SightingTotals {
    fileprivate mutating func count(_ kind: StoredKind, _ number: UInt64) {
        switch kind {
        case .exact: exact += number
        case .normalised: normalised += number
        case .sameContent: sameContent += number
        case .unchanged: unchanged += number
        }
    }
}
