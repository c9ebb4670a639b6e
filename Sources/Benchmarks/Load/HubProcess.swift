import Glibc
import Transport

/// A hub started from this binary as a process of its own, in a directory of its own, and what it used.
final class HubProcess {
    let pid: pid_t
    let address: SocketAddress
    let directory: String

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Returns once the hub serves.
    init(directory: String, port: UInt16 = 0, flags: [String] = []) throws(Failure) {
        self.directory = directory
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failure(description: "no pipe for the hub: errno \(errno)") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        let words =
            ["rookery", "hub", "--data", directory, "--listen", "127.0.0.1:\(port)", "--log-level", "warning"] + flags
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { arguments.forEach { free($0) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        var pid: pid_t = 0
        let code = posix_spawn(&pid, "/proc/self/exe", &actions, nil, arguments, environ)
        close(ends[1])
        guard code == 0 else { throw Failure(description: "the hub could not be started: errno \(code)") }
        self.pid = pid
        guard let line = HubProcess.line(from: ends[0]), let address = HubProcess.address(in: line) else {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
            throw Failure(description: "the hub ended before it served; its message stands above")
        }
        self.address = address
    }

    private static func line(from descriptor: Int32) -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while read(descriptor, &byte, 1) == 1 {
            if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        return nil
    }

    private static func address(in line: String) -> SocketAddress? {
        let prefix = "listening on "
        guard line.hasPrefix(prefix) else { return nil }
        return try? SocketAddress(String(line.dropFirst(prefix.count)))
    }

    /// Asks the hub to stop and waits for its end; returns its exit status.
    @discardableResult
    func stop() -> Int32 {
        kill(pid, SIGTERM)
        return wait()
    }

    func killNow() {
        kill(pid, SIGKILL)
        wait()
    }

    @discardableResult
    private func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) == -1, errno == EINTR {}
        return status
    }

    // MARK: What it used

    /// Processor seconds so far, its own and the kernel's for it.
    var cpuSeconds: Double { ProcFile.cpuSeconds(of: pid) }
    var peakResidentBytes: Int { ProcFile.statusBytes("VmHWM:", of: pid) }
    var residentBytes: Int { ProcFile.statusBytes("VmRSS:", of: pid) }
}

enum ProcFile {
    static func cpuSeconds(of pid: pid_t) -> Double {
        guard let text = read("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return 0 }
        let fields = text[end...].split(separator: " ")
        guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    static func statusBytes(_ name: String, of pid: pid_t) -> Int {
        guard let text = read("/proc/\(pid)/status") else { return 0 }
        for line in text.split(separator: "\n") where line.hasPrefix(name) {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            return (Int(words[1]) ?? 0) << 10
        }
        return 0
    }

    static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 16 << 10)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
