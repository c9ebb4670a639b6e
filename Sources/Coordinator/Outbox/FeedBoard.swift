import Synchronization

/// The feed's latest figures, written by the derived thread and read by anyone.
package final class FeedBoard: Sendable {
    private let latest = Mutex(FeedFigures())

    package init() {}

    func publish(_ figures: FeedFigures) { latest.withLock { $0 = figures } }

    /// Every figure by its name.
    package var counters: [(name: String, value: UInt64)] {
        let figures = latest.withLock { $0 }
        return FeedFigures.names.map { ($0.0, figures[keyPath: $0.1]) } + [("waiting", figures.waiting)]
    }
}
