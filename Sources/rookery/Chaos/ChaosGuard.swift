import Glibc
import Lifecycle
import Model
import Telemetry
import Wire

/// Hurts this very process when the hub says so. Each fault ends by itself: what ends it is another process, started
/// before the fault, which needs neither hub nor injector.
struct ChaosGuard: Sendable {
    let log: Logger

    func obey(_ directive: Proto.ChaosDirective) {
        let span = "\(min(UInt64(directive.durationMs), Limits.maxFault.milliseconds))ms"
        switch directive.fault {
        case .pauseNode:
            log.warning("fault: pausing this process", ["for": .text(span)])
            // The one that pauses also resumes; should it be killed meanwhile, the other does. It is there first: once
            // paused, this process could start it no more, and would do so after the pause.
            start(["chaos-guard", "resume", "--pid", "\(getpid())", "--after", span], apart: true)
            start(["chaos-guard", "pause", "--pid", "\(getpid())", "--after", span], apart: true)
        case .killNode:
            log.warning("fault: killing this process", ["for": .text(span)])
            start(
                ["chaos-guard", "restart", "--pid", "\(getpid())", "--after", span, "--"]
                    + CommandLine.arguments.dropFirst(), apart: false)
        case .cutConnection, .delay, .unspecified, .unrecognized:
            log.warning("fault is not one for a node", ["fault": .number(directive.fault.rawValue)])
        }
    }

    /// Starts this binary again, as a child that outlives its parent. One `apart` from the terminal is not ended by its
    /// Ctrl-C: who lets a paused process go on must survive what the paused process cannot hear.
    private func start(_ words: [String], apart: Bool) {
        let program = "/proc/self/exe"
        var arguments: [UnsafeMutablePointer<CChar>?] = (["rookery"] + words).map { strdup($0) }
        arguments.append(nil)
        defer { arguments.forEach { free($0) } }
        var pid: pid_t = 0
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        if apart { posix_spawnattr_setflags(&attributes, ChaosGuard.newSession) }
        let code = posix_spawn(&pid, program, nil, &attributes, arguments, environ)
        guard code == 0 else {
            return log.error("fault could not be started", ["error": .text(String(cString: strerror(code)))])
        }
        reap(pid)
    }

    /// POSIX_SPAWN_SETSID, which the C library shows only to those who ask for its extensions.
    private static let newSession: Int16 = 0x80

    /// A child that ends stays in the process table until somebody asks how.
    private func reap(_ pid: pid_t) {
        let thread = try? NativeThread(name: "reaper") { waitpid(pid, nil, 0) }
        thread?.detach()
    }
}
