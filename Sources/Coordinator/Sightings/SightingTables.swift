import Storage

/// What the sightings of each artifact add up to: a row a source. Those of sources that are not kept apart are counted
/// under the kind's negative number and no name.
enum SightingTables {
    static let migration = Migration(
        7, "sightings",
        sql: """
            CREATE TABLE witness(artifact INTEGER, kind INTEGER, node TEXT, count INTEGER NOT NULL,
                first_version INTEGER NOT NULL, first_ms INTEGER NOT NULL, last_version INTEGER NOT NULL,
                last_ms INTEGER NOT NULL, target BLOB, confidence REAL, variant INTEGER, brought INTEGER NOT NULL,
                PRIMARY KEY(artifact, kind, node)) WITHOUT ROWID;
            """)
}

/// How a kind of sighting is stored; the numbers never change.
enum StoredKind: Int64 {
    case exact = 1
    case normalised = 2
    case sameContent = 3
    case unchanged = 4

    init(_ kind: SightingChange.Kind) {
        switch kind {
        case .exact: self = .exact
        case .normalised: self = .normalised
        case .sameContent: self = .sameContent
        case .unchanged: self = .unchanged
        }
    }
}
