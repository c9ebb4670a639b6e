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
        guard !commit.sightings.isEmpty else { return }
        for (artifact, sources) in SightingFold(commit.sightings).artifacts.sorted(by: { $0.key < $1.key }) {
            try add(sources, to: artifact, of: commit, in: database)
        }
    }

    private func add(
        _ sources: [SightingFold.Source: SightingFold.Witness], to artifact: UInt64, of commit: ChangeCommit,
        in database: Database
    ) throws(StorageError) {
        let before = try totals(of: artifact, in: database)
        var totals = before ?? Proto.SightingTotals(firstVersion: commit.version)
        // In a fixed order, so that the same log gives the same rows.
        let ordered = sources.sorted { ($0.key.node, $0.key.stored) < ($1.key.node, $1.key.stored) }
        for (source, witness) in ordered {
            totals.count(source.kind, witness.count)
            if before != nil, try renew(source, witness, of: artifact, commit, in: database) { continue }
            if totals.sources < Limits.sightingSources {
                totals.sources += 1
                try insert(source, witness, of: artifact, commit, in: database)
            } else {
                totals.others += witness.count
            }
        }
        try database.run(
            "INSERT OR REPLACE INTO sighted VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)", .int(artifact), .int(totals.exact),
            .int(totals.normalised), .int(totals.sameContent), .int(totals.unchanged), .int(totals.sources),
            .int(totals.others), .int(totals.firstVersion), .int(commit.version))
    }

    /// False when this source is not among those kept apart.
    private func renew(
        _ source: SightingFold.Source, _ witness: SightingFold.Witness, of artifact: UInt64, _ commit: ChangeCommit,
        in database: Database
    ) throws(StorageError) -> Bool {
        try database.run(
            """
            UPDATE witness SET count = count + ?, last_version = ?, last_ms = ?, target = coalesce(?, target),
                confidence = coalesce(max(confidence, ?), confidence, ?), variant = coalesce(?, variant),
                brought = max(brought, ?)
            WHERE artifact = ? AND kind = ? AND node = ?
            """, .int(witness.count), .int(commit.version), .int(commit.at.milliseconds),
            .blob(orNull: witness.target?.bytes), SightingConsumer.number(witness.confidence),
            SightingConsumer.number(witness.confidence), .int(orNull: witness.variant), .int(witness.brought),
            .int(artifact), .int(source.stored), .text(source.node))
        return database.changes > 0
    }

    private func insert(
        _ source: SightingFold.Source, _ witness: SightingFold.Witness, of artifact: UInt64, _ commit: ChangeCommit,
        in database: Database
    ) throws(StorageError) {
        try database.run(
            "INSERT INTO witness VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", .int(artifact), .int(source.stored),
            .text(source.node), .int(witness.count), .int(commit.version), .int(commit.at.milliseconds),
            .int(commit.version), .int(commit.at.milliseconds), .blob(orNull: witness.target?.bytes),
            SightingConsumer.number(witness.confidence), .int(orNull: witness.variant), .int(witness.brought))
    }

    private static func number(_ value: Double?) -> SQLValue { value.map { .double($0) } ?? .null }

    // MARK: Questions

    /// Nil: never sighted.
    package func totals(of artifact: UInt64, in database: Database) throws(StorageError) -> Proto.SightingTotals? {
        try database.first("SELECT * FROM sighted WHERE artifact = ?", .int(artifact)) { row in
            Proto.SightingTotals(
                exact: row.uint(1), normalised: row.uint(2), sameContent: row.uint(3), unchanged: row.uint(4),
                sources: row.uint(5), others: row.uint(6), firstVersion: row.uint(7), lastVersion: row.uint(8))
        }
    }

    /// The sources that are kept apart, the earliest first; of one node alone, or of all.
    package func witnesses(
        of artifact: UInt64, node: String, in database: Database
    ) throws(StorageError) -> [Proto.SightingInfo] {
        try database.all(
            """
            SELECT node, kind, count, first_version, first_ms, last_version, last_ms, target, confidence,
                variant, brought FROM witness WHERE artifact = ? AND (? = '' OR node = ?) ORDER BY first_version, node, kind
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

extension SightingFold.Source {
    fileprivate var stored: Int64 { StoredKind(kind).rawValue }
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
    fileprivate mutating func count(_ kind: SightingChange.Kind, _ number: UInt64) {
        switch kind {
        case .exact: exact += number
        case .normalised: normalised += number
        case .sameContent: sameContent += number
        case .unchanged: unchanged += number
        }
    }
}
