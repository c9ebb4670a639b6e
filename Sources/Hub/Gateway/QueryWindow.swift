import Model
import Synchronization

/// How many answers one connection has under way that take a task each. To ask costs a few bytes, an answer up to a
/// megabyte: without a bound, a peer that asks and never reads would fill the memory.
final class QueryWindow: Sendable {
    private let open = Atomic<Int>(0)

    /// False when as many are under way as may be.
    func enter() -> Bool {
        if open.add(1, ordering: .relaxed).oldValue < Limits.queriesInProgress { return true }
        leave()
        return false
    }

    func leave() { open.subtract(1, ordering: .relaxed) }
}
