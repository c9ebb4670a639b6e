import Glibc
import Model

extension Command {
    /// Not for people: started by a node, for one fault on itself.
    static let chaosGuard = Command(
        name: "chaos-guard", summary: "begin and end one fault of a process",
        operands: "pause|resume|restart [-- ARGUMENTS]", operandCount: 1...1_000,
        flags: [
            Flag(name: "pid", value: "PID", help: "the process to hurt"),
            Flag(name: "after", value: "SPAN", help: "how long the fault lasts"),
        ],
        run: { arguments in
            guard let pid = try arguments.integer("pid", in: 2...Int(Int32.max)),
                let span = try arguments.span("after"), span <= Limits.maxFault
            else { throw UsageError("chaos-guard needs --pid and --after") }
            switch arguments.operands[0] {
            case "pause": return pause(pid_t(pid), for: span)
            case "resume": return resume(pid_t(pid), after: span + backstop)
            case "restart": return restart(pid_t(pid), after: span, Array(arguments.operands.dropFirst()))
            case let other: throw UsageError("chaos-guard knows pause, resume and restart, not \(other)")
            }
        })

    /// The one that only resumes leaves it to the other for this long.
    private static let backstop = Span.seconds(1)

    private static func pause(_ pid: pid_t, for span: Span) -> Int32 {
        guard getppid() == pid else { return ExitStatus.failed }
        kill(pid, SIGSTOP)
        return resume(pid, after: span)
    }

    /// A parent that is another by then has died, and its number may be somebody else's.
    private static func resume(_ pid: pid_t, after span: Span) -> Int32 {
        wait(span)
        guard getppid() == pid else { return ExitStatus.failed }
        kill(pid, SIGCONT)
        return ExitStatus.done
    }

    /// The dead process's number may have been given away meanwhile, so it is not looked at again.
    private static func restart(_ pid: pid_t, after span: Span, _ words: [String]) -> Int32 {
        guard getppid() == pid else { return ExitStatus.failed }
        kill(pid, SIGKILL)
        wait(span)
        var arguments: [UnsafeMutablePointer<CChar>?] = (["rookery"] + words).map { strdup($0) }
        arguments.append(nil)
        execv("/proc/self/exe", arguments)
        return ExitStatus.failed
    }

    private static func wait(_ span: Span) {
        var rest = timespec(
            tv_sec: Int(span.nanoseconds / 1_000_000_000), tv_nsec: Int(span.nanoseconds % 1_000_000_000))
        var left = timespec()
        while nanosleep(&rest, &left) == -1, errno == EINTR { rest = left }
    }
}
