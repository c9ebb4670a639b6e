import Glibc
import Synchronization

/// Turns SIGINT and SIGTERM into wishes: the first asks the process to stop, the second ends it at once. Writing to a
/// closed pipe or socket no longer kills the process.
///
/// A handler may do next to nothing, so it writes the signal's number into a pipe that a thread reads. Unlike a blocked
/// signal this does not depend on which threads exist already.
package final class Signals: Sendable {
    private static let pipeEnd = Atomic<Int32>(-1)
    private let readEnd: Int32
    private let writeEnd: Int32
    private let thread = Mutex<NativeThread?>(nil)

    /// One at a time in a process. `handler` runs on a thread of its own, with the signal's name, its number, and how
    /// often one came.
    package init(
        handler: @escaping @Sendable (_ name: String, _ number: Int32, _ count: Int) -> Void
    ) throws(ThreadError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw ThreadError(name: "signals", code: errno) }
        (readEnd, writeEnd) = (ends[0], ends[1])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let free = Signals.pipeEnd.compareExchange(expected: -1, desired: writeEnd, ordering: .releasing).exchanged
        precondition(free, "signals are handled already")
        let thread = try NativeThread(name: "signals") { [readEnd] in Signals.listen(readEnd, handler) }
        self.thread.withLock { $0 = thread }
        Signals.set(SIGINT, Signals.note)
        Signals.set(SIGTERM, Signals.note)
        signal(SIGPIPE, SIG_IGN)
    }

    /// The usual handler: the first signal makes `stop`, the second ends the process with 128 + its number, after
    /// `last`.
    package convenience init(stop: StopRequest, last: @escaping @Sendable () -> Void = {}) throws(ThreadError) {
        try self.init { name, number, count in
            if count > 1 {
                last()
                _exit(128 + number)
            }
            stop.make(.signal(name))
        }
    }

    /// Gives the signals back their default effect.
    package func cancel() {
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
        thread.withLock { thread in
            guard let running = thread else { return }
            Signals.pipeEnd.store(-1, ordering: .releasing)
            close(writeEnd)
            running.join()
            close(readEnd)
            thread = nil
        }
    }

    private static func set(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = handler
        action.sa_flags = SA_RESTART
        sigaction(number, &action, nil)
    }

    private static let note: @convention(c) (Int32) -> Void = { number in
        let saved = errno
        var byte = UInt8(truncatingIfNeeded: number)
        write(Signals.pipeEnd.load(ordering: .acquiring), &byte, 1)
        errno = saved
    }

    private static func listen(_ end: Int32, _ handler: (String, Int32, Int) -> Void) {
        var count = 0
        while true {
            var byte: UInt8 = 0
            let got = read(end, &byte, 1)
            if got < 0, errno == EINTR { continue }
            guard got == 1 else { return }
            count += 1
            handler(Int32(byte) == SIGINT ? "SIGINT" : "SIGTERM", Int32(byte), count)
        }
    }
}
