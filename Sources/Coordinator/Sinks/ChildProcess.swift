import Glibc

/// A program in a process group of its own, spoken to through its standard input and output.
final class ChildProcess {
    let input: Int32
    let output: Int32
    private let pid: pid_t
    private var hasEnded = false

    /// Nil when it could not be started; errno says why.
    init?(_ program: String) {
        // A socket and not a pipe: writing to one whose reader is gone is an error here, and no signal.
        var toChild: [Int32] = [-1, -1]
        var fromChild: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &toChild) == 0 else { return nil }
        guard socketpair(AF_UNIX, type, 0, &fromChild) == 0 else {
            for descriptor in toChild { close(descriptor) }
            return nil
        }
        input = toChild[0]
        output = fromChild[0]
        guard let pid = ChildProcess.spawn(program, standardInput: toChild[1], standardOutput: fromChild[1]) else {
            let reason = errno
            for descriptor in toChild + fromChild { close(descriptor) }
            errno = reason
            return nil
        }
        self.pid = pid
        close(toChild[1])
        close(fromChild[1])
        for descriptor in [input, output] { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
    }

    deinit { end() }

    private static func spawn(_ program: String, standardInput: Int32, standardOutput: Int32) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, standardInput, 0)
        posix_spawn_file_actions_adddup2(&actions, standardOutput, 1)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var every = sigset_t()
        sigemptyset(&none)
        sigfillset(&every)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &every)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        // Nothing of the hub's own environment but what any program needs.
        let environment = (["PATH", "HOME", "LANG", "TMPDIR"] as [String]).compactMap { name in
            getenv(name).map { "\(name)=\(String(cString: $0))" }
        }
        var arguments = [strdup(program), nil]
        var variables = environment.map { strdup($0) } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var pid = pid_t()
        let code = posix_spawn(&pid, program, &actions, &attributes, &arguments, &variables)
        errno = code
        return code == 0 ? pid : nil
    }

    /// Says that no more comes; an honest program ends.
    func closeInput() { shutdown(input, Int32(SHUT_WR)) }

    /// Ends the whole group, whatever it does, and takes leave of the program.
    func end() {
        guard !hasEnded else { return }
        hasEnded = true
        kill(-pid, SIGKILL)
        close(input)
        close(output)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    }
}
