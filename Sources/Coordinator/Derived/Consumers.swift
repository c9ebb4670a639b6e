/// What follows the ledger in a running coordinator.
package enum Consumers {
    package static func make() -> [any DerivedConsumer] {
        let reputation = ReputationConsumer()
        return [
            reputation, RankingConsumer(reputation: reputation), Sketches(), Patterns(),
            SightingConsumer(),
        ]
    }
}
