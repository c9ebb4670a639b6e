import Glibc
import Transport

/// A node started from this binary as a process of its own, and what it used.
final class NodeProcess {
    let pid: pid_t

    /// It collects from loopback only, for it has no contact.
    init(hub: SocketAddress, directory: String, capacity: Int) throws(LoadFailure) {
        let words = [
            "rookery", "node", "--name", "bench", "--hub", "\(hub)", "--data", directory, "--capacity", "\(capacity)",
            "--allow-private", "127.0.0.0/8", "--log-level", "warning",
        ]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, "/proc/self/exe", nil, nil, &arguments, environ)
        guard code == 0 else { throw LoadFailure(description: "the node could not be started: errno \(code)") }
        self.pid = pid
    }

    var cpuSeconds: Double { ProcFile.cpuSeconds(of: pid) }
    var peakResidentBytes: Int { ProcFile.statusBytes("VmHWM:", of: pid) }

    /// Asks it to stop and waits for its end.
    func stop() {
        kill(pid, SIGTERM)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) == -1, errno == EINTR {}
    }
}
