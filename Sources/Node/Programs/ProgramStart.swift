import Glibc
import Model

/// How a program is started: in a process group of its own, with a clean environment, under the kernel's limits.
struct ProgramStart: Sendable {
    let path: String
    let arguments: [String]
    let environment: [String: String]
    let directory: String
    let limits: ProgramLimits
    /// Found again in whatever the program starts, also where it has left the group.
    let tag: String

    static let tagName = "ROOKERY_COLLECTION"

    /// The shell sets the limits and then becomes the program. What it is given are arguments, never text to run.
    private static let script = """
        ulimit -c 0; ulimit -t "$1"; ulimit -v "$2"; ulimit -n "$3"; cd "$4" || exit 126; shift 4
        exec "$@"
        """

    /// The process, which leads a group of its number; nil when it cannot be started, and errno says why.
    func run(input: Int32, output: Int32, errors: Int32) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (descriptor, target) in [(input, 0), (output, 1), (errors, 2)] as [(Int32, Int32)] {
            posix_spawn_file_actions_adddup2(&actions, descriptor, target)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, every) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&every)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &every)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
        let bounds = ["\(limits.cpuSeconds)", "\(limits.memory / 1_024)", "\(ProgramLimits.openFiles)", directory]
        let words = ["/bin/sh", "-c", ProgramStart.script, "sh"] + bounds + [path] + arguments
        var list = words.map { strdup($0) } + [nil]
        var variables = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in list + variables { free(text) } }
        var pid = pid_t()
        errno = posix_spawn(&pid, "/bin/sh", &actions, &attributes, &list, &variables)
        return errno == 0 ? pid : nil
    }

    /// Nothing of the node's own environment but where programs and temporary files are.
    private var variables: [String: String] {
        var variables = ["PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": directory]
        if let temporary = getenv("TMPDIR") { variables["TMPDIR"] = String(cString: temporary) }
        variables.merge(environment) { $1 }
        variables[ProgramStart.tagName] = tag
        return variables
    }

    /// Ends what has left the program's group but still carries its tag. Only what this account may see is found.
    static func endStrays(tag: String) { endStrays { $0 == tag[...] } }

    /// Ends whatever a node started, in this life of its process or an earlier one.
    static func endStrays(of owner: String) { endStrays { $0.hasPrefix(owner + ".") } }

    static func newTag(of owner: String) -> String {
        var random = SystemRandom()
        return "\(owner).\(String(random.next(), radix: 36))\(String(random.next(), radix: 36))"
    }

    private static func endStrays(_ isStray: (Substring) -> Bool) {
        let mark = Array("\(tagName)=".utf8)
        for _ in 0..<8 {
            let strays = processes().filter { pid in
                let variables = CollectorSettings.read("/proc/\(pid)/environ", 1 << 20)?.split(separator: 0) ?? []
                guard let tag = variables.first(where: { $0.starts(with: mark) }) else { return false }
                return isStray(Substring(String(decoding: tag.dropFirst(mark.count), as: UTF8.self)))
            }
            if strays.isEmpty { return }
            for pid in strays { kill(pid, SIGKILL) }
        }
    }

    private static func processes() -> [pid_t] {
        guard let directory = opendir("/proc") else { return [] }
        defer { closedir(directory) }
        var found: [pid_t] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let pid = pid_t(name), pid != getpid() { found.append(pid) }
        }
        return found
    }
}
