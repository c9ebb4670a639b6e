import Synchronization

/// The wish that the process ends, and why. Anyone may make it; the first reason stands.
package final class StopRequest: Sendable {
    package enum Reason: Equatable, Sendable {
        case signal(String)
        case failure(service: String, message: String)
        case finished
    }

    private struct State {
        var reason: Reason?
        var waiting: [CheckedContinuation<Reason, Never>] = []
    }

    private let state = Mutex(State())

    package init() {}

    package var reason: Reason? { state.withLock { $0.reason } }

    package func make(_ reason: Reason) {
        let waiting = state.withLock { state in
            guard state.reason == nil else { return [CheckedContinuation<Reason, Never>]() }
            state.reason = reason
            defer { state.waiting = [] }
            return state.waiting
        }
        waiting.forEach { $0.resume(returning: reason) }
    }

    /// Returns once the wish is made.
    @discardableResult
    package func made() async -> Reason {
        await withCheckedContinuation { continuation in
            let reason = state.withLock { state in
                if state.reason == nil { state.waiting.append(continuation) }
                return state.reason
            }
            if let reason { continuation.resume(returning: reason) }
        }
    }
}
