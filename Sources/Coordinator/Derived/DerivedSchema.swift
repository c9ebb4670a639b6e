package import Storage

/// The steps of derived.db's schema. All of it but the feed's outbox can be deleted and is computed again.
package enum DerivedSchema {
    package static let current = Schema(
        applicationID: 0x526B_4431,
        migrations: [
            first, ReputationSchema.migration, RankingSchema.migration, sketches, patterns, FeedSchema.migration,
            SightingTables.migration, FeedRatings.migration, RankingSchema.weights, FeedRatings.byNode,
        ])

    private static let first = Migration(
        1, "consumers",
        sql: "CREATE TABLE consumer(name TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID")
}
