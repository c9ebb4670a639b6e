import Synchronization

/// Where many threads leave items for one worker, which takes all of them at once: one job for any number of items,
/// and so one transaction, one reply write, one wake-up.
///
///     let inbox = Inbox<Command>(on: thread) { commands in ledger.assumeIsolated { $0.take(commands) } }
package final class Inbox<Element: Sendable>: Sendable {
    private struct State {
        var items: [Element] = []
        var weight = 0
        var scheduled = false

        mutating func mustSchedule() -> Bool {
            defer { scheduled = true }
            return !scheduled
        }
    }

    private let state = Mutex(State())
    private let worker: any SerialWorker
    private let bound: Int
    private let drain: @Sendable ([Element]) -> Void

    /// `bound` limits what `offer` lets wait, in whatever unit its weights have. `drain` runs on `worker`.
    package init(
        on worker: any SerialWorker, bound: Int = .max, drain: @escaping @Sendable ([Element]) -> Void
    ) {
        self.worker = worker
        self.bound = bound
        self.drain = drain
    }

    /// Always taken: for what must not be lost and is bounded elsewhere.
    package func append(_ item: Element, weight: Int = 1) {
        schedule(
            state.withLock { state in
                state.items.append(item)
                state.weight += weight
                return state.mustSchedule()
            })
    }

    package func append(contentsOf items: some Collection<Element>, weight: Int? = nil) {
        guard !items.isEmpty else { return }
        schedule(
            state.withLock { state in
                state.items.append(contentsOf: items)
                state.weight += weight ?? items.count
                return state.mustSchedule()
            })
    }

    /// Taken unless the bound would be passed; one item alone is always taken. False: refused, nothing has changed.
    package func offer(_ item: Element, weight: Int = 1) -> Bool {
        let (taken, schedule) = state.withLock { state in
            guard state.items.isEmpty || state.weight + weight <= bound else { return (false, false) }
            state.items.append(item)
            state.weight += weight
            return (true, state.mustSchedule())
        }
        self.schedule(schedule)
        return taken
    }

    private func schedule(_ wanted: Bool) {
        guard wanted else { return }
        worker.execute { [self] in
            let items = state.withLock { state in
                defer { state = State() }
                return state.items
            }
            drain(items)
        }
    }
}
