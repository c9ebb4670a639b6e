import Model
import Storage

/// The ranking as the feed walks it: its best candidates with what the ledger says of them. What an artifact was before
/// its current version, and what was fed, may still be listed; it is found out here and drops out.
final class FeedLine {
    private let ranking: RankingConsumer
    private let reputation: ReputationConsumer
    /// Of the last walk, so that who is passed over again and again is read once.
    private var described: [UInt64: FeedCandidate] = [:]

    init(ranking: RankingConsumer, reputation: ReputationConsumer) {
        self.ranking = ranking
        self.reputation = reputation
    }

    func isNewcomer(_ node: String) -> Bool { reputation.reputation.isHeldBack(node) }

    /// At most `depth` candidates that do not rest, best first.
    func best(
        _ depth: Int, resting: Set<UInt64>, at wall: WallTime, reader: FeedReader, in database: Database
    ) throws(StorageError) -> [FeedCandidate] {
        let ranked = ranking.top(depth + resting.count, at: wall).filter { !resting.contains($0.artifact) }
            .prefix(depth)
        let unread = ranked.map(\.artifact).filter { described[$0] == nil }
        var known: [UInt64: FeedCandidate] = [:]
        for change in try reader.describe(Set(unread).sorted()) { known[change.id] = FeedCandidate(change) }
        var line: [FeedCandidate] = []
        for candidate in ranked {
            let found = known[candidate.artifact] ?? described[candidate.artifact]
            guard let found, ranking.isCurrent(candidate, found),
                try !ranking.isFed(candidate.artifact, in: database)
            else {
                try ranking.drop(candidate, in: database)
                continue
            }
            known[candidate.artifact] = found
            line.append(found)
        }
        described = known
        return line
    }

    /// It has a new version.
    func forget(_ artifact: UInt64) { described[artifact] = nil }

    /// It was fed, or never may be.
    func leave(_ candidate: FeedCandidate, in database: Database) throws(StorageError) {
        try ranking.fed(candidate.artifact, node: candidate.node, in: database)
    }

    /// It is looked at again when its node has nothing else left.
    func setAside(_ candidate: FeedCandidate) { ranking.setAside(candidate.artifact, node: candidate.node) }
}
