/// What follows the ledger in a running coordinator.
package enum Consumers {
    package static func make() -> [any DerivedConsumer] { [SightingConsumer()] }
}
