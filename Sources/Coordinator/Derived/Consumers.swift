/// What follows the ledger in a running coordinator.
package enum Consumers {
    package static func make(feed: FeedSetup) -> [any DerivedConsumer] {
        [FeedConsumer(feed)]
    }
}
