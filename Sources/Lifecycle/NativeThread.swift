import Glibc

/// Why a thread could not be made.
package struct ThreadError: Error, Equatable, CustomStringConvertible {
    package let name: String
    package let code: Int32

    package init(name: String, code: Int32) {
        self.name = name
        self.code = code
    }

    package var description: String {
        "cannot start the thread \(name): \(String(cString: strerror(code))); "
            + "allow this user more threads (ulimit -u) or free memory"
    }
}

/// A thread of the operating system with a name that `ps` and /proc show.
package struct NativeThread: Sendable {
    // Linux's pthread_t is a number; only join or detach use it, and one of them is called once.
    private let handle: pthread_t

    /// Runs `body` on a new thread. `nice` above 0 lowers its priority below that of the process's other threads.
    package init(
        name: String, nice: Int32 = 0, _ body: @escaping @Sendable () -> Void
    ) throws(ThreadError) {
        let start = Unmanaged.passRetained(Start(name: name, nice: nice, body: body))
        var handle = pthread_t()
        let code = pthread_create(&handle, nil, { runStart($0) }, start.toOpaque())
        guard code == 0 else {
            start.release()
            throw ThreadError(name: name, code: code)
        }
        self.handle = handle
    }

    /// Returns when the thread has ended.
    package func join() { pthread_join(handle, nil) }

    /// Instead of `join`: nobody waits for the end.
    package func detach() { pthread_detach(handle) }
}

private final class Start: Sendable {
    let name: String
    let nice: Int32
    let body: @Sendable () -> Void

    init(name: String, nice: Int32, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.nice = nice
        self.body = body
    }
}

private func runStart(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    let start = Unmanaged<Start>.fromOpaque(context).takeRetainedValue()
    nameThread(start.name)
    // On Linux a "process" number of 0 means the calling thread here.
    if start.nice > 0 { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, start.nice) }
    start.body()
    return nil
}

/// Glibc's call for this is a GNU extension that Swift does not import; the file does the same. The kernel keeps 15
/// bytes.
private func nameThread(_ name: String) {
    let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    defer { close(file) }
    let bytes = Array(name.utf8.prefix(15))
    write(file, bytes, bytes.count)
}
