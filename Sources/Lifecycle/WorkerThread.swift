import Glibc
package import Model
import Synchronization

/// A thread of its own for blocking work, such as one database connection: jobs and actor turns run one at a time, in
/// the order given, and each owner's settable wake-up runs when its moment comes.
///
///     actor Ledger {
///         nonisolated let thread: WorkerThread
///         nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
///     }
package final class WorkerThread: SerialWorker {
    private struct State {
        var jobs: [Job] = []
        /// At most one of each owner, and few of those: they are searched.
        var wakes: [Wake] = []
        var phase = Phase.running
        var sleeps = false

        /// Whether the caller must ring: only when the thread sleeps and nobody has rung before.
        mutating func rouse() -> Bool {
            defer { sleeps = false }
            return sleeps
        }

        var nextWake: Wake? { wakes.min { $0.at < $1.at } }

        mutating func clearWake(of owner: ObjectIdentifier) { wakes.removeAll { $0.owner == owner } }
    }

    private struct Wake {
        var owner: ObjectIdentifier
        var at: Instant
        var handler: @Sendable () -> Void
    }

    private enum Phase {
        case running  // to stopping, by stop()
        case stopping  // runs what is queued, then ended
        case ended
    }

    private enum Turn {
        case run([Job])
        case wake(@Sendable () -> Void)
        case sleep(until: Instant?)
        case end
    }

    package let name: String
    private let state = Mutex(State())
    private let bell = Doorbell()
    private let identity = Atomic<UInt>(0)
    private let thread = Mutex<NativeThread?>(nil)

    /// Starts the thread. `nice` above 0 makes it give way to the process's other threads.
    package init(name: String, nice: Int32 = 0) throws(ThreadError) {
        self.name = name
        let thread = try NativeThread(name: name, nice: nice) { [self] in run() }
        self.thread.withLock { $0 = thread }
    }

    // MARK: giving work

    @discardableResult
    package func execute(_ job: @escaping @Sendable () -> Void) -> Bool { add(.closure(job)) }

    package func enqueue(_ job: consuming ExecutorJob) {
        // A job that comes after stop() is never run: its task hangs, as it would on any executor that is gone.
        add(.actor(UnownedJob(job)))
    }

    /// Runs `handler` on the thread once `at` has come; replaces any wake-up that this owner set before.
    package func setWake(for owner: AnyObject, at: Instant, _ handler: @escaping @Sendable () -> Void) {
        let owner = ObjectIdentifier(owner)
        let ring = state.withLock { state in
            let earlier = state.nextWake.map { at < $0.at } ?? true
            state.clearWake(of: owner)
            state.wakes.append(Wake(owner: owner, at: at, handler: handler))
            return earlier && state.rouse()
        }
        if ring { bell.ring() }
    }

    package func clearWake(for owner: AnyObject) {
        let owner = ObjectIdentifier(owner)
        state.withLock { $0.clearWake(of: owner) }
    }

    /// Runs everything given so far, then ends the thread, and returns when it has ended. Wake-ups are dropped.
    package func stop() {
        precondition(!isCurrent, "the thread \(name) cannot wait for its own end")
        let ring = state.withLock { state in
            if state.phase == .running { state.phase = .stopping }
            return state.rouse()
        }
        if ring { bell.ring() }
        thread.withLock { thread in
            thread?.join()
            thread = nil
        }
    }

    @discardableResult
    private func add(_ job: Job) -> Bool {
        let (taken, ring) = state.withLock { state in
            guard state.phase != .ended else { return (false, false) }
            state.jobs.append(job)
            return (true, state.rouse())
        }
        if ring { bell.ring() }
        return taken
    }

    // MARK: isolation

    package var isCurrent: Bool { identity.load(ordering: .relaxed) == pthread_self() }

    package func checkIsolated() {
        precondition(isCurrent, "called outside the thread \(name)")
    }

    package func isIsolatingCurrentContext() -> Bool? { isCurrent }

    // MARK: the thread

    private func run() {
        identity.store(pthread_self(), ordering: .relaxed)
        let executor = asUnownedSerialExecutor()
        var spent: [Job] = []
        while true {
            switch next(reusing: &spent) {
            case .run(let jobs):
                for job in jobs { job.run(on: executor) }
                spent = jobs
            case .wake(let handler): handler()
            case .sleep(let deadline): bell.sleep(until: deadline)
            case .end: return
            }
        }
    }

    /// Swaps the queue for the array of the turn before, so that a busy thread does not allocate.
    private func next(reusing spent: inout [Job]) -> Turn {
        spent.removeAll(keepingCapacity: true)
        var queue = spent
        spent = []
        return state.withLock { state in
            state.sleeps = false
            let wake = state.nextWake
            if let wake, wake.at <= SystemTime().now(), state.phase == .running {
                state.clearWake(of: wake.owner)
                return .wake(wake.handler)
            }
            if !state.jobs.isEmpty {
                swap(&queue, &state.jobs)
                return .run(queue)
            }
            if state.phase == .stopping {
                state.phase = .ended
                return .end
            }
            state.sleeps = true
            return .sleep(until: wake?.at)
        }
    }
}

extension Job {
    package func run(on executor: UnownedSerialExecutor) {
        switch self {
        case .closure(let body): body()
        case .actor(let job): job.runSynchronously(on: executor)
        }
    }
}
