/// What follows the ledger in a running coordinator.
package enum Consumers {
    package static func make(
        feed: FeedSetup, weights: PriorityWeights = PriorityWeights(), reputations: ReputationBoard? = nil,
        ratings: RatingBoard? = nil
    ) -> [any DerivedConsumer] {
        let reputation = ReputationConsumer(board: reputations, ratings: ratings)
        let ranking = RankingConsumer(reputation: reputation, weights: weights)
        let patterns = Patterns()
        return [
            reputation, ranking, Sketches(), patterns,
            FeedConsumer(feed, reputation: reputation, ranking: ranking, patterns: patterns), SightingConsumer(),
        ]
    }
}
