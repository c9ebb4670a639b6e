package import Model
package import Storage

enum RankingSchema {
    /// `ranking_chunk` holds a node's candidates, 16 bytes each, as they came; those that were fed are listed apart.
    static let migration = Migration(
        3, "ranking",
        sql: """
            CREATE TABLE ranking_chunk(
                node TEXT NOT NULL, number INTEGER NOT NULL, cold INTEGER NOT NULL, entries BLOB NOT NULL,
                PRIMARY KEY(node, cold, number)
            ) WITHOUT ROWID;
            CREATE TABLE ranking_fed(artifact INTEGER PRIMARY KEY) WITHOUT ROWID
            """)

    /// What the ranking was made with.
    static let weights = Migration(
        9, "ranking by weights",
        sql: """
            CREATE TABLE ranking_weights(
                one INTEGER PRIMARY KEY CHECK(one = 1), threat REAL NOT NULL, opportunity REAL NOT NULL,
                confidence REAL NOT NULL)
            """)
}

/// Ranks what the ledger keeps, and stores enough to go on after a restart: warm chunks hold what may be in memory,
/// cold ones what did not fit there.
package final class RankingConsumer: DerivedConsumer {
    package let name = "ranking"
    package private(set) var ranking: Ranking
    private let reputation: ReputationConsumer
    private let weights: PriorityWeights
    private let limit: Int
    private var warm: [String: Warm] = [:]
    private var nextNumber: Int64 = 1
    /// The highest id in the outbox: only while the log is read again do older ones come.
    private var lastFed: UInt64 = 0

    /// What a node's warm chunks hold.
    private struct Warm {
        var entries = 0
        var chunks = 0
    }

    package init(
        reputation: ReputationConsumer, weights: PriorityWeights = PriorityWeights(),
        limit: Int = Limits.candidatesPerNode
    ) {
        self.reputation = reputation
        self.weights = weights
        self.limit = limit
        ranking = Ranking(weights: weights, limit: limit)
    }

    // MARK: Following

    package func load(from database: Database) throws(StorageError) {
        try weigh(in: database)
        ranking = Ranking(weights: weights, limit: limit)
        warm = [:]
        nextNumber = try database.first("SELECT max(number) FROM ranking_chunk") { $0.int(0) + 1 } ?? 1
        let fed = Set(try database.all("SELECT artifact FROM ranking_fed") { $0.uint(0) })
        let stale = Set(
            try database.all("SELECT artifact, key FROM ranking_stale") {
                Candidate(key: $0.double(1), artifact: $0.uint(0))
            })
        let chunks = try database.all(
            "SELECT node, entries FROM ranking_chunk WHERE cold = 0 ORDER BY node, number"
        ) { ($0.text(0), Candidate.unpack($0.blob(1))) }
        for (node, candidates) in chunks {
            warm[node, default: Warm()].entries += candidates.count
            warm[node, default: Warm()].chunks += 1
            for candidate in candidates where !fed.contains(candidate.artifact) && !stale.contains(candidate) {
                ranking.insert(candidate, of: node, isNew: false)
            }
        }
        let cold = try database.all("SELECT DISTINCT node FROM ranking_chunk WHERE cold = 1") { $0.text(0) }
        for node in cold { ranking.refilled(node, hasMore: true) }
        lastFed = try database.first("SELECT max(artifact) FROM feed_outbox") { $0.uint(0) } ?? 0
    }

    /// What was ranked by other weights is ranked again, from the beginning.
    private func weigh(in database: Database) throws(StorageError) {
        let stored = try database.first("SELECT threat, opportunity, confidence FROM ranking_weights") { row in
            var weights = PriorityWeights()
            weights.threat = row.double(0)
            weights.opportunity = row.double(1)
            weights.confidence = row.double(2)
            return weights
        }
        guard stored != weights else { return }
        try database.transaction { () throws(StorageError) in
            if stored != nil {
                try database.run("DELETE FROM ranking_chunk")
                try database.run("DELETE FROM ranking_stale")
                try database.run("DELETE FROM consumer WHERE name = ?", .text(name))
            }
            try database.run(
                "INSERT OR REPLACE INTO ranking_weights VALUES(1, ?, ?, ?)", .double(weights.threat),
                .double(weights.opportunity), .double(weights.confidence))
        }
    }

    package func apply(_ commit: ChangeCommit, in database: Database) throws(StorageError) {
        for stored in commit.stored {
            if stored.id <= lastFed, try FeedTables.isFed(stored.id, in: database) {
                try fed(stored.id, node: stored.node, in: database)
            } else {
                ranking.stored(stored)
            }
        }
        for version in commit.versions where version.claims {
            if try !isFed(version.artifact, in: database) { ranking.raised(version) }
        }
    }

    package func settle(in database: Database) throws(StorageError) {
        for (node, candidates) in ranking.takeArrived().sorted(by: { $0.key < $1.key }) {
            try write(candidates, of: node, cold: false, in: database)
            guard ranking.lists[node] != nil else { continue }
            warm[node, default: Warm()].entries += candidates.count
            warm[node, default: Warm()].chunks += 1
            if let held = warm[node], held.entries >= 2 * limit || held.chunks >= RankingConsumer.chunksAtMost {
                try tidy(node, in: database)
            }
        }
    }

    private static let chunksAtMost = 1_024  // small ones, before they are written as one

    private func write(
        _ candidates: [Candidate], of node: String, cold: Bool, in database: Database
    ) throws(StorageError) {
        try database.run(
            "INSERT INTO ranking_chunk VALUES(?, ?, ?, ?)", .text(node), .int(nextNumber), .int(cold ? 1 : 0),
            .blob(Candidate.pack(candidates)))
        nextNumber += 1
    }

    private func chunks(
        of node: String, cold: Bool, in database: Database
    ) throws(StorageError) -> [(number: Int64, candidates: [Candidate])] {
        try database.all(
            "SELECT number, entries FROM ranking_chunk WHERE node = ? AND cold = ? ORDER BY number", .text(node),
            .int(cold ? 1 : 0)
        ) { ($0.int(0), Candidate.unpack($0.blob(1))) }
    }

    private func delete(_ number: Int64, of node: String, cold: Bool, in database: Database) throws(StorageError) {
        try database.run(
            "DELETE FROM ranking_chunk WHERE node = ? AND cold = ? AND number = ?", .text(node), .int(cold ? 1 : 0),
            .int(number))
    }

    func isFed(_ artifact: UInt64, in database: Database) throws(StorageError) -> Bool {
        try database.first("SELECT 1 FROM ranking_fed WHERE artifact = ?", .int(artifact)) { _ in true } ?? false
    }

    /// Writes what is in memory as one warm chunk, and the rest as a cold one.
    private func tidy(_ node: String, in database: Database) throws(StorageError) {
        let held = Set(ranking.lists[node]?.heap ?? [])
        var rest: [Candidate] = []
        for (number, candidates) in try chunks(of: node, cold: false, in: database) {
            for candidate in candidates where !held.contains(candidate) {
                if try !isGone(candidate, in: database) { rest.append(candidate) }
                try database.run(
                    "DELETE FROM ranking_stale WHERE artifact = ? AND key = ?", .int(candidate.artifact),
                    .double(candidate.key))
            }
            try delete(number, of: node, cold: false, in: database)
        }
        if !rest.isEmpty { try write(rest, of: node, cold: true, in: database) }
        let kept = (ranking.lists[node]?.heap ?? []).sorted()
        try write(kept, of: node, cold: false, in: database)
        warm[node] = Warm(entries: kept.count, chunks: 1)
    }

    // MARK: Feeding

    /// Whether this entry tells of the artifact as it is now.
    func isCurrent(_ candidate: RankedCandidate, _ now: FeedCandidate) -> Bool {
        !now.isShared && candidate.node == now.node
            && candidate.key
                == ranking.key(
                    threat: now.threatLevel, opportunity: now.opportunityValue, confidence: now.confidence,
                    at: now.receivedAt)
    }

    /// An entry of what was fed, or has another version by now. Its chunk has it until it is written anew.
    func drop(_ candidate: RankedCandidate, in database: Database) throws(StorageError) {
        try database.run(
            "INSERT OR IGNORE INTO ranking_stale VALUES(?, ?)", .int(candidate.artifact), .double(candidate.key))
        ranking.drop(candidate)
    }

    private func isGone(_ candidate: Candidate, in database: Database) throws(StorageError) -> Bool {
        if try isFed(candidate.artifact, in: database) { return true }
        return try database.first(
            "SELECT 1 FROM ranking_stale WHERE artifact = ? AND key = ?", .int(candidate.artifact),
            .double(candidate.key)
        ) { _ in true } ?? false
    }

    func setAside(_ artifact: UInt64, node: String) { ranking.setAside(artifact, node: node) }

    /// It was fed and is a candidate no more. Inside a transaction of the caller's.
    package func fed(_ artifact: UInt64, node: String, in database: Database) throws(StorageError) {
        try database.run("INSERT OR IGNORE INTO ranking_fed VALUES(?)", .int(artifact))
        _ = ranking.fed(artifact, node: node)
    }

    /// Lists that ran dry are filled again with the best of what did not fit.
    package func pass(now: Instant, wall: WallTime, in database: Database) throws(StorageError) {
        for node in ranking.dry { try refill(node, in: database) }
    }

    private func refill(_ node: String, in database: Database) throws(StorageError) {
        try tidy(node, in: database)
        var best = CandidateList(limit: limit)
        var hasMore = false
        for chunk in try chunks(of: node, cold: true, in: database) {
            for candidate in chunk.candidates where best.insert(candidate) != nil { hasMore = true }
        }
        let drawn = Set(best.heap)
        for (number, candidates) in try chunks(of: node, cold: true, in: database)
        where candidates.contains(where: drawn.contains) {
            try delete(number, of: node, cold: true, in: database)
            let left = candidates.filter { !drawn.contains($0) }
            if !left.isEmpty { try write(left, of: node, cold: true, in: database) }
        }
        for candidate in best.heap where try !isGone(candidate, in: database) {
            ranking.insert(candidate, of: node, isNew: true)
        }
        ranking.refilled(node, hasMore: hasMore)
        try settle(in: database)
    }

    // MARK: Reading

    /// The best candidates now, best first, each node's weighed with what the node is believed.
    package func top(_ limit: Int, at now: WallTime) -> [RankedCandidate] {
        let reputation = reputation.reputation
        return ranking.top(limit, at: now) { reputation.effective($0, at: now) }
    }
}

extension Candidate {
    static func pack(_ candidates: [Candidate]) -> [UInt8] {
        var state = StateWriter()
        for candidate in candidates {
            state.put(candidate.key)
            state.put(candidate.artifact)
        }
        return state.bytes
    }

    /// What is not whole is left out; SQLite's own checks find a damaged page.
    static func unpack(_ bytes: [UInt8]) -> [Candidate] {
        var state = StateReader(bytes)
        var candidates: [Candidate] = []
        candidates.reserveCapacity(bytes.count / 16)
        while let key = try? state.double(), let artifact = try? state.uint() {
            candidates.append(Candidate(key: key, artifact: artifact))
        }
        return candidates
    }
}
