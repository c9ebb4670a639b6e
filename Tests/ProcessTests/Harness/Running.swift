import Glibc
import TestKit
import Transport

/// A hub, node or site that serves.
struct Running: Sendable {
    let process: ChildProcess
    let port: UInt16

    var address: String { "127.0.0.1:\(port)" }

    /// Waits for the line that says where it listens.
    init(_ words: [String], in directory: TemporaryDirectory, through wrapper: [String] = []) throws {
        process = try ChildProcess(words, in: directory, through: wrapper)
        let prefix = "listening on "
        guard let line = try process.nextLine(), line.hasPrefix(prefix),
            let address = try? SocketAddress(String(line.dropFirst(prefix.count)))
        else { throw ChildProcess.Failure(description: "it did not serve: \(process.errorText)") }
        port = address.port
    }
}

enum Rookery {
    /// A hub on the data directory `data` of `directory`; on a port that the system chooses unless one is given.
    static func hub(
        _ directory: TemporaryDirectory, data: String = "hub", port: UInt16 = 0, flags: [String] = [],
        through wrapper: [String] = []
    ) throws -> Running {
        let words = ["hub", "--data", directory.file(data), "--listen", "127.0.0.1:\(port)", "--disk-low-water", "0"]
        return try Running(words + flags, in: directory, through: wrapper)
    }

    static func site(_ directory: TemporaryDirectory) throws -> Running {
        try Running(["site", "--listen", "127.0.0.1:0"], in: directory)
    }

    /// A node that may visit this machine.
    static func node(
        _ name: String, _ directory: TemporaryDirectory, hub port: UInt16, flags: [String] = []
    ) throws -> ChildProcess {
        let words = [
            "node", "--name", name, "--hub", "127.0.0.1:\(port)", "--data", directory.file(name),
            "--allow-private", "127.0.0.0/8",
        ]
        return try ChildProcess(words + flags, in: directory)
    }

    /// A command that ends by itself: how it ended and what it said.
    static func run(
        _ words: [String], in directory: TemporaryDirectory
    ) throws -> (end: ChildProcess.End, output: String, errors: String) {
        let process = try ChildProcess(words, in: directory)
        let output = try process.rest()
        return (process.reap(), output, process.errorText)
    }
}
