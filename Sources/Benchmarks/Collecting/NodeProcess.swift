import Glibc
import Transport

/// A node started from this binary as a process of its own, and what it used.
final class NodeProcess {
    let pid: pid_t
    private let directory: String

    /// It collects from loopback only, for it has no contact.
    init(hub: SocketAddress, directory: String, capacity: Int, flags: [String] = []) throws(LoadFailure) {
        self.directory = directory
        let words =
            [
                "rookery", "node", "--name", "bench", "--hub", "\(hub)", "--data", directory, "--capacity",
                "\(capacity)", "--allow-private", "127.0.0.0/8", "--log-level", "warning",
            ] + flags
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, "/proc/self/exe", nil, nil, &arguments, environ)
        guard code == 0 else { throw LoadFailure(description: "the node could not be started: errno \(code)") }
        self.pid = pid
    }

    var cpuSeconds: Double { ProcFile.cpuSeconds(of: pid) }
    var peakResidentBytes: Int { ProcFile.statusBytes("VmHWM:", of: pid) }

    /// What it says of itself when it is asked, by name.
    func status() throws(LoadFailure) -> [String: UInt64] {
        guard let output = popen("/proc/\(getpid())/exe node --status --data \(directory)", "re") else {
            throw LoadFailure(description: "the node could not be asked: errno \(errno)")
        }
        defer { pclose(output) }
        var figures: [String: UInt64] = [:]
        var line = [CChar](repeating: 0, count: 4_096)
        while fgets(&line, Int32(line.count), output) != nil {
            let parts = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                .split { ": \",\n".contains($0) }
            if parts.count == 2, let figure = UInt64(parts[1]) { figures[String(parts[0])] = figure }
        }
        return figures
    }

    /// Asks it to stop and waits for its end.
    func stop() {
        kill(pid, SIGTERM)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) == -1, errno == EINTR {}
    }
}
