import Glibc
import Lifecycle
import Synchronization
import Testing

/// Threads for tests that block: they wait for processes, which must not keep the cooperative pool from the tests of
/// other targets. Few, because each has one or more processes at work.
final class BlockingThreads: TaskExecutor {
    static let shared = BlockingThreads(count: 6)

    private let jobs = Mutex<[UnownedJob]>([])
    // A semaphore is made to be used from many threads; it is never moved or destroyed.
    private nonisolated(unsafe) let waiting = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    private init(count: Int) {
        sem_init(waiting, 0, 0)
        for number in 0..<count {
            // They live as long as the process, so nobody joins them.
            _ = try? NativeThread(name: "blocking-\(number)") { [self] in run() }
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
        sem_post(waiting)
    }

    private func run() {
        while true {
            while sem_wait(waiting) != 0 {}
            let job = jobs.withLock { $0.removeFirst() }
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}

/// Runs the tests of a suite on threads that may block.
struct BlockingTests: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(BlockingThreads.shared) { try await function() }
    }
}

extension Trait where Self == BlockingTests {
    static var processes: BlockingTests { BlockingTests() }
}
