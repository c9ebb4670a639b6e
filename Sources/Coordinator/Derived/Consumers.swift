/// What follows the ledger in a running coordinator.
package enum Consumers {
    package static func make(feed: FeedSetup) -> [any DerivedConsumer] {
        let reputation = ReputationConsumer()
        return [
            reputation, RankingConsumer(reputation: reputation), Sketches(), Patterns(), FeedConsumer(feed),
            SightingConsumer(),
        ]
    }
}
