import Glibc
import Lifecycle
import Model
import Synchronization
import Testing

@Suite struct WorkerThreadTests {
    /// Collects in order, from any thread.
    private final class Log<T: Sendable>: Sendable {
        private let items = Mutex<[T]>([])
        func add(_ item: T) { items.withLock { $0.append(item) } }
        var all: [T] { items.withLock { $0 } }
    }

    private actor Pinned {
        nonisolated let worker: WorkerThread
        nonisolated var unownedExecutor: UnownedSerialExecutor { worker.asUnownedSerialExecutor() }
        private(set) var count = 0
        init(_ worker: WorkerThread) { self.worker = worker }
        func add() -> Bool {
            count += 1
            return worker.isCurrent
        }
        func assumed() { count += 1 }
    }

    @Test func `Jobs run in the order given, and all of them before stop returns`() throws {
        let worker = try WorkerThread(name: "order")
        let log = Log<Int>()
        for n in 0..<10_000 { worker.execute { log.add(n) } }
        worker.stop()
        #expect(log.all == Array(0..<10_000))
    }

    @Test func `Jobs of many threads keep each thread's order`() async throws {
        let worker = try WorkerThread(name: "many")
        let log = Log<(Int, Int)>()
        await withTaskGroup { group in
            for thread in 0..<4 {
                group.addTask { for n in 0..<1_000 { worker.execute { log.add((thread, n)) } } }
            }
        }
        worker.stop()
        for thread in 0..<4 { #expect(log.all.filter { $0.0 == thread }.map(\.1) == Array(0..<1_000)) }
    }

    @Test func `An actor pinned to the thread runs there`() async throws {
        let worker = try WorkerThread(name: "actor")
        let pinned = Pinned(worker)
        for _ in 0..<100 { #expect(await pinned.add()) }
        worker.execute { pinned.assumeIsolated { $0.assumed() } }
        #expect(await pinned.add())
        #expect(await pinned.count == 102)
        #expect(!worker.isCurrent)
        worker.stop()
    }

    @Test func `A wake-up runs once its moment has come, and not before`() async throws {
        let worker = try WorkerThread(name: "wake")
        let due = SystemTime().now() + .milliseconds(5)
        let woken = await withCheckedContinuation { continuation in
            worker.setWake(for: worker, at: due) { continuation.resume(returning: SystemTime().now()) }
        }
        #expect(woken >= due)
        worker.stop()
    }

    @Test func `An earlier wake-up replaces a later one`() async throws {
        let worker = try WorkerThread(name: "replace")
        let log = Log<String>()
        worker.setWake(for: log, at: SystemTime().now() + .hours(1)) { log.add("late") }
        await withCheckedContinuation { continuation in
            worker.setWake(for: log, at: SystemTime().now()) {
                log.add("early")
                continuation.resume()
            }
        }
        worker.setWake(for: log, at: SystemTime().now() + .hours(1)) { log.add("never") }
        worker.clearWake(for: log)
        worker.stop()
        #expect(log.all == ["early"])
    }

    @Test func `Owners that share a thread do not take each other's wake-up`() async throws {
        let worker = try WorkerThread(name: "shared")
        let (first, second) = (Log<String>(), Log<String>())
        let now = SystemTime().now()
        await withCheckedContinuation { continuation in
            worker.setWake(for: first, at: now + .milliseconds(4)) {
                first.add("first")
                continuation.resume()
            }
            worker.setWake(for: second, at: now + .milliseconds(2)) { second.add("second") }
        }
        worker.setWake(for: first, at: now + .hours(1)) { first.add("never") }
        worker.clearWake(for: first)
        await withCheckedContinuation { continuation in
            worker.setWake(for: second, at: now) { continuation.resume() }
        }
        worker.stop()
        #expect(first.all == ["first"] && second.all == ["second"])
    }

    @Test func `The thread has its name in proc, cut to 15 bytes, and gives way when nice`() throws {
        let worker = try WorkerThread(name: "background-worker", nice: 5)
        let log = Log<String>()
        worker.execute {
            let file = open("/proc/thread-self/comm", O_RDONLY)
            var bytes = [UInt8](repeating: 0, count: 64)
            let count = read(file, &bytes, 64)
            close(file)
            log.add(String(decoding: bytes[..<count], as: UTF8.self))
            log.add("\(getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0))")
        }
        worker.stop()
        #expect(log.all == ["background-work\n", "5"])
    }

    @Test func `After stop nothing is taken`() throws {
        let worker = try WorkerThread(name: "ended")
        worker.stop()
        #expect(!worker.execute {})
        worker.stop()
    }

    @Test func `A thread cannot wait for its own end`() async {
        await #expect(processExitsWith: .failure) {
            let worker = try WorkerThread(name: "self")
            await withCheckedContinuation { (_: CheckedContinuation<Void, Never>) in worker.execute { worker.stop() } }
        }
    }

    @Test func `Calling in from another thread traps`() async {
        await #expect(processExitsWith: .failure) { try WorkerThread(name: "other").checkIsolated() }
    }

    @Test func `An inbox gives everything that waits in one drain`() throws {
        let worker = try WorkerThread(name: "inbox")
        let log = Log<[Int]>()
        let inbox = Inbox<Int>(on: worker) { log.add($0) }
        let gate = Doorbell()
        worker.execute { gate.sleep(until: nil) }
        for n in 0..<100 { inbox.append(n) }
        inbox.append(contentsOf: 100..<200)
        gate.ring()
        worker.stop()
        #expect(log.all == [Array(0..<200)])
    }

    @Test func `An inbox schedules again after a drain`() async throws {
        let worker = try WorkerThread(name: "again")
        let (drained, continuation) = AsyncStream.makeStream(of: [Int].self)
        let inbox = Inbox<Int>(on: worker) { continuation.yield($0) }
        var drains = drained.makeAsyncIterator()
        for n in 0..<10 {
            inbox.append(n)
            #expect(await drains.next() == [n])
        }
        worker.stop()
    }

    @Test func `An inbox's bound refuses what would pass it, but never a lone item`() throws {
        let worker = try WorkerThread(name: "bound")
        let log = Log<[String]>()
        let inbox = Inbox<String>(on: worker, bound: 10) { log.add($0) }
        let gate = Doorbell()
        worker.execute { gate.sleep(until: nil) }
        #expect(inbox.offer("huge", weight: 11))
        #expect(!inbox.offer("more"))
        inbox.append("must")
        gate.ring()
        worker.stop()
        #expect(log.all == [["huge", "must"]])
    }
}
