import Glibc
import Testing

/// The simulator as a process of its own: it seeds what belongs to a whole process.
struct Simulator {
    enum Build: String {
        /// The suite's own, which has no planted bugs.
        case ordinary = ".build/debug/simulate"
        /// Fast, and with the bugs that `--bug` wakes.
        case planted = ".build/planted/release/simulate"
    }

    struct Result {
        var status: Int32
        var output: String

        /// The last line: one object for the whole run.
        var summary: String { output.split(separator: "\n").last.map(String.init) ?? "" }
    }

    private static let root: String = {
        var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        parts.removeLast(3)
        return parts.joined(separator: "/")
    }()

    static func run(_ build: Build, _ arguments: String...) throws -> Result {
        let path = root + "/" + build.rawValue
        try #require(
            access(path, X_OK) == 0,
            """
            \(build.rawValue) is not there; scripts/test builds it, or by hand: \
            swift build -c release --traits PlantedBugs --scratch-path .build/planted --product simulate
            """)
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addclose(&actions, ends[0])
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        var child: pid_t = 0
        let spawned = posix_spawn(&child, path, &actions, nil, &words, environ)
        close(ends[1])
        try #require(spawned == 0)
        let output = readAll(ends[0])
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return Result(status: status & 0x7F == 0 ? status >> 8 : -(status & 0x7F), output: output)
    }

    private static func readAll(_ descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }
}
