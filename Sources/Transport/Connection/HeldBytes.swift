import Model
import Synchronization

/// What all connections together hold in unfinished frames and unsent replies. When it passes the limit, the largest
/// holder is closed: many small hostile connections cannot push out an honest one, and a large one goes first.
package final class HeldBytes: Sendable {
    private let limit: Int
    private let total = Atomic<Int>(0)
    private let accounts = Mutex<[ConnectionID: HeldAccount]>([:])

    package init(limit: Int = Limits.maxBytesHeld) { self.limit = limit }

    package var value: Int { total.load(ordering: .relaxed) }

    /// `evict` may be called from any thread, once.
    func open(_ id: ConnectionID, evict: @escaping @Sendable () -> Void) -> HeldAccount {
        let account = HeldAccount(evict: evict)
        accounts.withLock { $0[id] = account }
        return account
    }

    func close(_ id: ConnectionID) {
        let account = accounts.withLock { $0.removeValue(forKey: id) }
        if let account { total.subtract(account.condemn(), ordering: .relaxed) }
    }

    func set(_ account: HeldAccount, to bytes: Int) {
        let change = account.change(to: bytes)
        guard change != 0 else { return }
        let sum = total.add(change, ordering: .relaxed).newValue
        if sum > limit, change > 0 { evictLargest() }
    }

    private func evictLargest() {
        let largest = accounts.withLock { accounts -> HeldAccount? in
            guard value > limit, let largest = accounts.values.max(by: { $0.bytes < $1.bytes }) else { return nil }
            // Counted as gone at once, so that the next over the limit does not choose it again.
            total.subtract(largest.condemn(), ordering: .relaxed)
            return largest
        }
        largest?.evict()
    }
}

/// One connection's part.
final class HeldAccount: Sendable {
    private struct State {
        var bytes = 0
        var condemned = false
    }

    private let state = Mutex(State())
    let evict: @Sendable () -> Void

    fileprivate init(evict: @escaping @Sendable () -> Void) { self.evict = evict }

    fileprivate var bytes: Int { state.withLock { $0.bytes } }

    fileprivate func change(to bytes: Int) -> Int {
        state.withLock { state in
            guard !state.condemned else { return 0 }
            defer { state.bytes = bytes }
            return bytes - state.bytes
        }
    }

    /// Returns what it held; it holds nothing from now on.
    fileprivate func condemn() -> Int {
        state.withLock { state in
            defer { state = State(bytes: 0, condemned: true) }
            return state.bytes
        }
    }
}
