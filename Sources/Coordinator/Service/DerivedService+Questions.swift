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
    package func top(_ limit: Int, at now: WallTime) async throws(LedgerError) -> [RankedCandidate]? {
        try await ask(RankingConsumer.self) { consumer, _ throws(StorageError) in consumer.top(limit, at: now) }
    }
}
