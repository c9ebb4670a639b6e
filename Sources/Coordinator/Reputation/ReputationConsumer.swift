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

/// Leads the reputation machine along the ledger and stores what it changes. Tells the ledger, after each epoch, how
/// far each node is believed, and the orchestrator, once a second, how what nodes brought was rated.
package final class ReputationConsumer: DerivedConsumer {
    package let name = "reputation"
    package private(set) var reputation = Reputation()
    private let board: ReputationBoard?
    private let ratings: RatingBoard?
    /// Those that something was said of since ratings were published last.
    private var newlyRated: Set<String> = []
    private var position: UInt64 { reputation.version }
    /// The last rating that is in the fold, and the last there is.
    private var taken: UInt64 = 0
    private var lastRating: (number: UInt64, position: UInt64) = (0, 0)
    private var publishedEpoch: Int64?

    package init(board: ReputationBoard? = nil, ratings: RatingBoard? = nil) {
        self.board = board
        self.ratings = ratings
    }

    package func load(from database: Database) throws(StorageError) {
        reputation = try Reputation(from: database)
        reputation.version = try DerivedCore.position(of: name, in: database)
        taken = position == 0 ? 0 : try FeedRatings.taken(in: database)
        lastRating = try FeedRatings.last(in: database).map { ($0.number, $0.position) } ?? (0, 0)
        publishedEpoch = nil
        if position > 0 { publish() }
        newlyRated = []
        var last = ""
        while let node = try FeedRatings.node(after: last, in: database) {
            newlyRated.insert(node)
            last = node
        }
        try publishRatings(in: database)
    }

    package func apply(_ commit: ChangeCommit, in database: Database) throws(StorageError) {
        try hear(upTo: position, in: database)
        reputation.apply(commit)
    }

    package func settle(in database: Database) throws(StorageError) {
        try hear(upTo: position, in: database)
        try reputation.store(in: database)
        publish()
    }

    private func publish() {
        guard let board, publishedEpoch != reputation.epoch else { return }
        publishedEpoch = reputation.epoch
        board.publish(reputation.figures)
    }

    package func pass(now: Instant, wall: WallTime, in database: Database) throws(StorageError) {
        try publishRatings(in: database)
    }

    // MARK: Ratings

    /// Other than reputation they follow no place in the log: what holds is what was said last.
    private func publishRatings(in database: Database) throws(StorageError) {
        guard let ratings, !newlyRated.isEmpty else { return }
        var found: [NodeRating] = []
        for node in newlyRated.sorted() {
            guard let mean = try FeedRatings.mean(of: node, in: database) else { continue }
            found.append(NodeRating(node: node, rating: mean))
        }
        newlyRated = []
        ratings.publish(found)
    }

    /// What a sink thinks of something of this node's. Inside a transaction of the caller's.
    package func rated(
        sink: String, node: String, artifact: UInt64, quality: Double, at: WallTime, in database: Database
    ) throws(StorageError) {
        let rating = FeedRatings.Rating(
            number: lastRating.number + 1, position: max(position, lastRating.position), sink: sink, node: node,
            artifact: artifact, quality: quality, at: at)
        try FeedRatings.insert(rating, in: database)
        lastRating = (rating.number, rating.position)
        newlyRated.insert(node)
        try hear(upTo: position, in: database)
        try reputation.store(in: database)
    }

    /// Takes the ratings that were given when the log had been taken up to here, each once. Those of a later position
    /// wait: the log is being read again.
    private func hear(upTo position: UInt64, in database: Database) throws(StorageError) {
        while taken < lastRating.number {
            let next = try FeedRatings.next(after: taken, upTo: position, in: database)
            guard let last = next.last else { return }
            for rating in next {
                reputation.rated(
                    sink: rating.sink, node: rating.node, artifact: rating.artifact, quality: rating.quality,
                    at: rating.at)
            }
            taken = last.number
            try FeedRatings.take(taken, in: database)
        }
    }

    // MARK: Questions

    /// A node's standing with its newest decisions; nil when no commit named it.
    package func standing(
        of node: String, decisions: Int, at now: WallTime, in database: Database
    ) throws(StorageError) -> Proto.GetNodeReputationReply? {
        guard var reply = reputation.standing(of: node, at: now), let serial = reputation.serials[node] else {
            return nil
        }
        reply.decisions = try self.decisions(of: serial, upTo: UInt64(Int64.max), limit: decisions, in: database)
        reply.stateVersion = position
        return reply
    }

    /// What is known of a node's standing at a state version.
    package enum Past {
        case standing(Proto.GetNodeReputationReply)
        /// No commit named it.
        case unknown
        /// The oldest decision that is kept is of this version.
        case forgotten(oldest: UInt64)
        /// The version was not taken yet; this is the last that was.
        case ahead(UInt64)
    }

    /// As the decisions up to a state version left it, of which the last 1,000 are kept.
    package func standing(
        of node: String, decisions: Int, atVersion version: UInt64, in database: Database
    ) throws(StorageError) -> Past {
        guard version <= position else { return .ahead(position) }
        guard let serial = reputation.serials[node] else { return .unknown }
        let past = try self.decisions(of: serial, upTo: version, limit: max(1, decisions), in: database)
        guard let last = past.first else {
            let oldest =
                try database.first(
                    "SELECT entry FROM reputation_decision WHERE serial = ? ORDER BY number LIMIT 1", .int(serial)
                ) { try? Proto.ReputationDecision(decoding: $0.blob(0)) } ?? nil
            if let oldest, oldest.number > 1 { return .forgotten(oldest: oldest.stateVersion) }
            // Before the first decision about it a node counts as one of which nothing is known.
            return .standing(
                Proto.GetNodeReputationReply(
                    name: node, score: Limits.startScore, calibration: Calibration.unknown,
                    effective: Reputation.unknown, stateVersion: version))
        }
        return .standing(
            Proto.GetNodeReputationReply(
                name: node, score: last.scoreAfter, calibration: last.calibration, effective: last.effective,
                lastActiveMs: last.atMs, stateVersion: version, decisions: Array(past.prefix(decisions))))
    }

    /// Those up to a state version, newest first. They were taken in the order of the log.
    private func decisions(
        of serial: Int64, upTo version: UInt64, limit: Int, in database: Database
    ) throws(StorageError) -> [Proto.ReputationDecision] {
        var found: [Proto.ReputationDecision] = []
        let entries = try database.all(
            "SELECT entry FROM reputation_decision WHERE serial = ? ORDER BY number DESC", .int(serial)
        ) { $0.blob(0) }
        for entry in entries where found.count < limit {
            guard let decision = try? Proto.ReputationDecision(decoding: entry) else { continue }
            if decision.stateVersion <= version { found.append(decision) }
        }
        return found
    }
}
