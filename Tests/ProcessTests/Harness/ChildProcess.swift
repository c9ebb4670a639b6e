import Glibc
import Synchronization
import TestKit

/// One process of the binary under test. It is ended and reaped when the value goes, however its test ended.
final class ChildProcess: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// How a process ended: with its exit status, or by a signal.
    enum End: Equatable {
        case exited(Int32)
        case killed(Int32)

        init(_ status: Int32) {
            let signal = status & 0x7F
            self = signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal)
        }
    }

    static let binary = BuildProducts.directory + "/rookery"
    /// For what a process does at once; long, because the machine may be busy.
    private static let patience: Int32 = 30_000  // ms

    let pid: pid_t
    private let output: Int32
    private let errors: String
    private let end = Mutex<End?>(nil)

    /// Starts the binary with its standard error in a file of `directory`. `through` goes before it on the line.
    init(_ words: [String], in directory: TemporaryDirectory, through wrapper: [String] = []) throws {
        let number = ChildProcess.count.withLock { count in
            count += 1
            return count
        }
        errors = directory.file("stderr-\(number)")
        let line = wrapper + [ChildProcess.binary] + words
        // One start at a time, so that no other child inherits this one's pipe.
        (pid, output) = try ChildProcess.count.withLock { [errors] _ in try ChildProcess.spawn(line, errors) }
    }

    private static let count = Mutex(0)

    private static func spawn(_ line: [String], _ errors: String) throws -> (pid_t, output: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failure(description: "no pipe: errno \(errno)") }
        // What other threads start meanwhile must hold neither end, or this output would not end with its process.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        // Sockets of other tests in this process are none of the child's business.
        for open in ProcFile.entries("/proc/self/fd").compactMap({ Int32($0) }) where open > STDERR_FILENO {
            posix_spawn_file_actions_addclose(&actions, open)
        }
        var arguments: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, line[0], &actions, nil, &arguments, environ)
        guard code == 0 else {
            close(ends[0])
            throw Failure(description: "\(line[0]) could not be started: errno \(code)")
        }
        return (pid, ends[0])
    }

    deinit {
        signal(SIGKILL)
        reap()
        close(output)
    }

    // MARK: What it says

    /// The next line of standard output; nil at its end.
    func nextLine() throws -> String? {
        var bytes: [UInt8] = []
        while let byte = try nextByte() {
            if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// Whether it says something within this time.
    func waitForOutput(milliseconds: Int32) -> Bool {
        var wanted = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        return poll(&wanted, 1, milliseconds) == 1
    }

    /// All that is left of standard output, until the process and those it gave it to have ended.
    func rest() throws -> String {
        var bytes: [UInt8] = []
        while let byte = try nextByte() { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func nextByte() throws -> UInt8? {
        guard waitForOutput(milliseconds: ChildProcess.patience) else {
            throw Failure(description: "process \(pid) said nothing for \(ChildProcess.patience) ms: \(errorText)")
        }
        var byte: UInt8 = 0
        return read(output, &byte, 1) == 1 ? byte : nil
    }

    /// What it has said on standard error so far.
    var errorText: String { ProcFile.read(errors) ?? "" }

    // MARK: Its end

    func signal(_ number: Int32) {
        end.withLock { end in
            if end == nil { kill(pid, number) }
        }
    }

    /// Waits for the end; for a process whose standard output closes with it.
    func wait() throws -> End {
        _ = try rest()
        return reap()
    }

    /// Asks it to stop, and waits until it has.
    @discardableResult
    func terminate() throws -> End {
        signal(SIGTERM)
        return try wait()
    }

    /// Ends it as a power cut would, and waits until it is gone.
    func killNow() {
        signal(SIGKILL)
        reap()
    }

    /// Waits for a process that is sure to end.
    @discardableResult
    func reap() -> End {
        if let known = end.withLock({ $0 }) { return known }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) == -1, errno == EINTR {}
        let result = End(status)
        end.withLock { $0 = result }
        return result
    }
}
