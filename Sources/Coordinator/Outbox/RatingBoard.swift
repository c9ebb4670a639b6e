package import Model
import Synchronization

/// The latest rating of each node that has one, written by the derived thread and read by whoever serves the
/// orchestrator. Each change has a number of its own, so that who has read up to one is given what came after it alone.
package final class RatingBoard: Sendable {
    private struct State {
        var entries: [String: Entry] = [:]
        /// The number of the last change.
        var version: UInt64 = 0
        var follower: (@Sendable ([NodeRating]) -> Void)?
    }

    private struct Entry {
        var rating: Double
        var version: UInt64
    }

    private let state = Mutex(State())

    package init() {}

    /// Nil: nothing that it brought was rated.
    package func rating(of node: String) -> Double? { state.withLock { $0.entries[node]?.rating } }

    package func publish(_ ratings: [NodeRating]) {
        state.withLock { state in
            let news = ratings.filter { state.entries[$0.node]?.rating != $0.rating }
            for new in news {
                state.version += 1
                state.entries[new.node] = Entry(rating: new.rating, version: state.version)
            }
            // Still under the lock, so that what is given last is what holds.
            if !news.isEmpty { state.follower?(news) }
        }
    }

    /// Gives every rating there is, then those that change. There is one follower: the next one takes its place. It is
    /// called under a lock, and must not call back.
    package func follow(_ give: @escaping @Sendable ([NodeRating]) -> Void) {
        state.withLock { state in
            state.follower = give
            let all = state.entries.map { NodeRating(node: $0.key, rating: $0.value.rating) }
            if !all.isEmpty { give(all.sorted { $0.node < $1.node }) }
        }
    }

    /// The first changes after one, and the number of the last of them. Costs nothing where there are none.
    package func changes(
        after version: UInt64, limit: Int = Limits.ratingsAnswered
    ) -> (ratings: [NodeRating], version: UInt64) {
        state.withLock { state in
            guard version < state.version else { return ([], version) }
            let news = state.entries.filter { $0.value.version > version }
            let given = news.sorted { $0.value.version < $1.value.version }.prefix(limit)
            return (
                given.map { NodeRating(node: $0.key, rating: $0.value.rating) }, given.last?.value.version ?? version
            )
        }
    }
}
