import CEvent
import Glibc
package import Lifecycle
package import Model
import Synchronization

/// One thread that waits for sockets, timers and jobs. Actors pinned to it (connections) run on the same thread, so
/// that what a frame causes needs no hop.
///
/// A turn is: the callbacks of ready sockets and timers, then the jobs that came meanwhile, then one flush of what both
/// wrote. Waking the thread costs a system call only while it waits.
package final class EventLoop: SerialWorker {
    private struct Queue {
        var jobs: [Job] = []
        var sleeps = false
        var phase = Phase.running
    }

    private enum Phase {
        case running  // to stopping, by stop()
        case stopping  // connections are closed and queued jobs run, then ended
        case ended
    }

    /// What belongs to the loop's thread.
    private final class Local {
        let base = EventBase()
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: EventLoop.scratchSize, alignment: 16)
        var flushable: [any Flushable] = []
        var atEnd: [ObjectIdentifier: any Flushable] = [:]
        var wake: FileWatch?
        var spentJobs: [Job] = []

        deinit { scratch.deallocate() }
    }

    /// One read of this size empties a full socket buffer, and still lies in the second-level cache.
    static let scratchSize = 256 << 10

    package let name: String
    private let queue = Mutex(Queue())
    private let identity = Atomic<UInt>(0)
    private let wakeDescriptor: Int32
    private let thread = Mutex<NativeThread?>(nil)
    // Made before the thread starts and then touched by it alone; every way in checks `isCurrent`.
    private nonisolated(unsafe) let local: Local

    package init(name: String) throws(ThreadError) {
        self.name = name
        local = Local()
        wakeDescriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        guard wakeDescriptor >= 0 else { throw ThreadError(name: name, code: errno) }
        let thread = try NativeThread(name: name) { [self] in run() }
        self.thread.withLock { $0 = thread }
    }

    deinit { close(wakeDescriptor) }

    // MARK: giving work

    @discardableResult
    package func execute(_ job: @escaping @Sendable () -> Void) -> Bool { add(.closure(job)) }

    package func enqueue(_ job: consuming ExecutorJob) {
        // A job that comes after stop() is never run: its task hangs, as it would on any executor that is gone.
        add(.actor(UnownedJob(job)))
    }

    @discardableResult
    private func add(_ job: Job) -> Bool {
        let (taken, ring) = queue.withLock { queue in
            guard queue.phase != .ended else { return (false, false) }
            queue.jobs.append(job)
            defer { queue.sleeps = false }
            return (true, queue.sleeps)
        }
        if ring { ringBell() }
        return taken
    }

    private func ringBell() { eventfd_write(wakeDescriptor, 1) }

    /// Closes the loop's connections, runs what was given so far, ends the thread, and returns when it has ended.
    package func stop() {
        precondition(!isCurrent, "the loop \(name) cannot wait for its own end")
        queue.withLock { if $0.phase == .running { $0.phase = .stopping } }
        ringBell()
        thread.withLock { thread in
            thread?.join()
            thread = nil
        }
    }

    // MARK: on the loop

    /// A timer, not yet armed.
    package func timer(_ handler: @escaping () -> Void) -> LoopTimer {
        checkIsolated()
        return LoopTimer(base: local.base, handler: handler)
    }

    /// Runs `handler` once after `span`, unless the timer is dropped before.
    package func schedule(after span: Span, _ handler: @escaping () -> Void) -> LoopTimer {
        let timer = timer(handler)
        timer.arm(after: span)
        return timer
    }

    /// Watches any descriptor that epoll can wait for; `handler` gets what it is ready for.
    package func watch(
        _ descriptor: Int32, _ interest: Interest, _ handler: @escaping (Interest) -> Void
    ) -> FileWatch {
        checkIsolated()
        let watch = FileWatch(base: local.base, descriptor: descriptor, handler: handler)
        watch.update(interest)
        return watch
    }

    /// An event, not yet armed, whose `context` must outlive it.
    func event(
        _ descriptor: Int32, _ kind: Int32, _ context: UnsafeMutableRawPointer,
        _ callback: @escaping event_callback_fn
    ) -> LoopEvent {
        checkIsolated()
        return LoopEvent(base: local.base, descriptor: descriptor, kind: kind, context: context, callback: callback)
    }

    /// Asks for `flush()` at the end of this turn.
    func flushAtTurnEnd(_ item: any Flushable) {
        checkIsolated()
        local.flushable.append(item)
    }

    /// Has `stopped()` called when the loop ends, unless removed before.
    func add(_ item: any Flushable) {
        checkIsolated()
        local.atEnd[ObjectIdentifier(item)] = item
    }

    func remove(_ item: any Flushable) {
        checkIsolated()
        local.atEnd[ObjectIdentifier(item)] = nil
    }

    /// Memory for one read; its content is the caller's only until it returns.
    var scratch: UnsafeMutableRawBufferPointer {
        checkIsolated()
        return local.scratch
    }

    // MARK: isolation

    package var isCurrent: Bool { identity.load(ordering: .relaxed) == pthread_self() }

    package func checkIsolated() {
        precondition(isCurrent, "called outside the loop \(name)")
    }

    package func isIsolatingCurrentContext() -> Bool? { isCurrent }

    // MARK: the thread

    private func run() {
        identity.store(pthread_self(), ordering: .relaxed)
        local.wake = watch(wakeDescriptor, .read) { [wakeDescriptor] _ in
            var count: eventfd_t = 0
            eventfd_read(wakeDescriptor, &count)
        }
        while runJobs() {
            local.base.turn(polling: !mayWait())
        }
        closeAll()
        local.wake = nil
    }

    /// Runs everything given so far, then flushes. False once the loop shall stop.
    private func runJobs() -> Bool {
        var jobs: [Job] = []
        swap(&jobs, &local.spentJobs)
        let phase = queue.withLock { queue in
            queue.sleeps = false
            swap(&jobs, &queue.jobs)
            return queue.phase
        }
        let executor = asUnownedSerialExecutor()
        for job in jobs { job.run(on: executor) }
        jobs.removeAll(keepingCapacity: true)
        swap(&jobs, &local.spentJobs)
        flush()
        return phase == .running
    }

    private func flush() {
        var index = 0
        while index < local.flushable.count {
            local.flushable[index].flush()
            index += 1
        }
        local.flushable.removeAll(keepingCapacity: true)
    }

    private func mayWait() -> Bool {
        queue.withLock { queue in
            queue.sleeps = queue.jobs.isEmpty && queue.phase == .running
            return queue.sleeps
        }
    }

    private func closeAll() {
        let items = local.atEnd.values
        local.atEnd = [:]
        for item in items { item.stopped() }
        while true {
            flush()
            let jobs = queue.withLock { queue in
                defer { queue.jobs = [] }
                if queue.jobs.isEmpty { queue.phase = .ended }
                return queue.jobs
            }
            if jobs.isEmpty { return }
            let executor = asUnownedSerialExecutor()
            for job in jobs { job.run(on: executor) }
        }
    }
}

/// What takes part in a loop's turns. Called on the loop only.
protocol Flushable: AnyObject, Sendable {
    nonisolated func flush()
    nonisolated func stopped()
}
