package import Model
import Storage
package import Wire

/// What is asked of reputation and ranking from other threads.
extension DerivedService {
    /// Outer nil: ask again later; inner nil: no commit named the node.
    package func standing(
        of node: String, decisions: Int, at now: WallTime
    ) async throws(LedgerError) -> Proto.GetNodeReputationReply?? {
        try await ask(ReputationConsumer.self) { consumer, database throws(StorageError) in
            try consumer.standing(of: node, decisions: decisions, at: now, in: database)
        }
    }

    /// Nil: ask again later.
    package func standing(
        of node: String, decisions: Int, atVersion version: UInt64
    ) async throws(LedgerError) -> ReputationConsumer.Past? {
        try await ask(ReputationConsumer.self) { consumer, database throws(StorageError) in
            try consumer.standing(of: node, decisions: decisions, atVersion: version, in: database)
        }
    }

    /// Nil: ask again later.
    package func top(_ limit: Int, at now: WallTime) async throws(LedgerError) -> [RankedCandidate]? {
        try await ask(RankingConsumer.self) { consumer, _ throws(StorageError) in consumer.top(limit, at: now) }
    }

    /// Those that tell of the artifact as it is now, each once; nil: ask again later.
    package func current(
        _ ranked: [RankedCandidate], of artifacts: [UInt64: Proto.ArtifactInfo]
    ) async throws(LedgerError) -> [RankedCandidate]? {
        try await ask(RankingConsumer.self) { consumer, _ throws(StorageError) in
            ranked.filter { candidate in
                artifacts[candidate.artifact].map { consumer.isCurrent(candidate, FeedCandidate($0)) } ?? false
            }
        }
    }
}

extension FeedCandidate {
    init(_ info: Proto.ArtifactInfo) {
        self.init(
            artifact: info.id, node: info.node, domain: info.metadata["domain"] ?? "", contentType: info.contentType,
            rawSource: info.rawSource, receivedAt: WallTime(milliseconds: info.receivedAtMs),
            confidence: info.confidence, threatLevel: info.threatLevel, opportunityValue: info.opportunityValue)
    }
}
