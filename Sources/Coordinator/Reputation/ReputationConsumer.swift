package import Model
package import Storage
package import Wire

enum ReputationSchema {
    static let migration = Migration(
        2, "reputation",
        sql: """
            CREATE TABLE reputation(one INTEGER PRIMARY KEY CHECK(one = 1), state BLOB NOT NULL);
            CREATE TABLE reputation_node(serial INTEGER PRIMARY KEY, state BLOB NOT NULL);
            CREATE TABLE reputation_window(
                serial INTEGER NOT NULL, chunk INTEGER NOT NULL, entries BLOB NOT NULL, PRIMARY KEY(serial, chunk)
            ) WITHOUT ROWID;
            CREATE TABLE reputation_observation(chunk INTEGER PRIMARY KEY, entries BLOB NOT NULL);
            CREATE TABLE reputation_decision(
                serial INTEGER NOT NULL, number INTEGER NOT NULL, entry BLOB NOT NULL, PRIMARY KEY(serial, number)
            ) WITHOUT ROWID
            """)
}

/// Leads the reputation machine along the ledger and stores what it changes.
package final class ReputationConsumer: DerivedConsumer {
    package let name = "reputation"
    package private(set) var reputation = Reputation()

    package init() {}

    package func load(from database: Database) throws(StorageError) {
        reputation = try Reputation(from: database)
    }

    package func apply(_ commit: ChangeCommit, in database: Database) throws(StorageError) {
        reputation.apply(commit)
    }

    package func settle(in database: Database) throws(StorageError) { try reputation.store(in: database) }

    /// For what follows the sinks, inside a transaction of its own.
    package func rated(
        sink: String, node: String, artifact: UInt64, quality: Double, at: WallTime, in database: Database
    ) throws(StorageError) {
        reputation.rated(sink: sink, node: node, artifact: artifact, quality: quality, at: at)
        try reputation.store(in: database)
    }

    /// A node's standing with its newest decisions; nil when no commit named it.
    package func standing(
        of node: String, decisions: Int, at now: WallTime, in database: Database
    ) throws(StorageError) -> Proto.GetNodeReputationReply? {
        guard var reply = reputation.standing(of: node, at: now), let serial = reputation.serials[node] else {
            return nil
        }
        reply.decisions = try database.all(
            "SELECT entry FROM reputation_decision WHERE serial = ? ORDER BY number DESC LIMIT ?", .int(serial),
            .int(decisions)
        ) { $0.blob(0) }.compactMap { try? Proto.ReputationDecision(decoding: $0) }
        reply.stateVersion =
            try database.first("SELECT position FROM consumer WHERE name = ?", .text(name)) { $0.uint(0) } ?? 0
        return reply
    }
}
