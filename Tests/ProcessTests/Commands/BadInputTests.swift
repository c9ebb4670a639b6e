import Glibc
import TestKit
import Testing

/// What an operator gets wrong is told in one sentence with the remedy, and by the exit status: 2 for a command line
/// that makes no sense, 1 for what could not be done.
@Suite(.processes) struct BadInputTests {
    private let directory = TemporaryDirectory()

    /// The last line of standard error is the sentence; log lines may stand above.
    private func expect(
        _ words: [String], _ status: Int32, _ sentence: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let (end, output, errors) = try Rookery.run(words, in: directory)
        #expect(end == .exited(status), sourceLocation: sourceLocation)
        #expect(errors.split(separator: "\n").last ?? "" == "rookery: " + sentence, sourceLocation: sourceLocation)
        #expect(output == "", sourceLocation: sourceLocation)
    }

    // MARK: Usage

    @Test(arguments: [
        (["frob"], "there is no command frob; rookery alone lists them"),
        (
            ["chaos"],
            "say one of: rookery chaos inject, rookery chaos clear, rookery chaos list"
        ),
        (["hub", "--frob"], "rookery hub has no flag --frob; see rookery hub --help"),
        (["hub", "--data"], "--data is missing its value; give --data DIR"),
        (["hub"], "rookery hub needs --data; see rookery hub --help"),
        (["hub", "--data", "a", "--data", "b"], "--data is given twice; give it once"),
        (["hub", "--data", "a", "b"], "rookery hub takes no operands but was given 1; see rookery hub --help"),
        (["hub", "--insecure=yes"], "--insecure takes no value but was given yes"),
        (
            ["hub", "--data", "a", "--heartbeat", "soon"],
            "--heartbeat is soon; a length of time such as 500ms, 10s, 5m or 2h is accepted, up to 1000h"
        ),
        (
            ["hub", "--data", "a", "--heartbeat", "1000000000h"],
            "--heartbeat is 1000000000h; a length of time such as 500ms, 10s, 5m or 2h is accepted, up to 1000h"
        ),
        (["hub", "--data", "a", "--heartbeat", "0s"], "--heartbeat is 0; a length of time from 1ms on is accepted"),
        (
            ["hub", "--data", "a", "--max-connections", "0"],
            "--max-connections is 0; a whole number from 1 to 1000000 is accepted"
        ),
        (
            ["hub", "--data", "a", "--listen", "127.0.0.1:70000"],
            "--listen is 127.0.0.1:70000: the port \"70000\" of the address \"127.0.0.1:70000\" "
                + "is not a number from 0 to 65535"
        ),
        (
            ["hub", "--data", "a", "--listen", "0.0.0.0:0"],
            "--listen is 0.0.0.0:0, which other hosts can reach, and connections are not authenticated yet; "
                + "listen on 127.0.0.1, or add --insecure on a network that you trust"
        ),
        (["hub", "--data", "a", "--log-format", "xml"], "--log-format is xml; text and json are accepted"),
        (
            ["hub", "--data", "a", "--log-level", "all"],
            "--log-level is all; debug, info, warning and error are accepted"
        ),
        (
            ["node", "--name", "bad name", "--data", "a"],
            "--name is bad name; 1 to 64 of A-Z a-z 0-9 . _ - are accepted"
        ),
        (["node", "--name", "n", "--data", "a", "--label", "x"], "--label is x; KEY=VALUE is accepted"),
        (
            ["node", "--name", "n", "--data", "a", "--capacity", "many"],
            "--capacity is many; a whole number from 1 to 10000 is accepted"
        ),
        (
            ["status", "--hub", "[::1"],
            "--hub is [::1: the address \"[::1\" has a broken [ ]; write an IPv6 address as [::1]:7400"
        ),
        (["submit"], "rookery submit takes LOCATION… but was given 0; see rookery submit --help"),
        (["submit", "--every", "5m", "--once", "x"], "--every and --once exclude each other; give one"),
        (
            ["chaos", "inject", "frob", "n1"],
            "there is no fault frob; pause-node, cut-connection, delay, kill-node are known"
        ),
        (["chaos", "clear", "all"], "FAULT is all; a number from rookery chaos list is accepted"),
    ])
    func `a command line that makes no sense ends with status 2`(words: [String], sentence: String) throws {
        try expect(words, 2, sentence)
    }

    // MARK: Data directories

    @Test func `a data directory belongs to one process`() throws {
        let hub = try Rookery.hub(directory)
        let data = directory.file("hub")
        try expect(
            ["hub", "--data", data, "--listen", "127.0.0.1:0"], 1,
            "cannot start hub: the data directory \(data) is in use by process \(hub.process.pid); "
                + "stop it, or give another --data directory")
        let node = try Rookery.node("n1", directory, hub: hub.port)
        try HubView(port: hub.port).wait(for: "the node") { $0.value("nodes_live") == 1 }
        let place = directory.file("n1")
        try expect(
            ["node", "--name", "n1", "--data", place, "--hub", hub.address], 1,
            "cannot start node: the data directory \(place) is in use by process \(node.pid); "
                + "stop it, or give another --data directory")
    }

    @Test func `a data directory that cannot be made is told`() throws {
        close(open(directory.file("file"), O_CREAT | O_WRONLY, 0o600))
        for path in [directory.file("file"), directory.file("file/below")] {
            try expect(
                ["hub", "--data", path], 1, "cannot start hub: \(path) is not a directory; give --data a directory")
        }
        try expect(
            ["hub", "--data", "/proc/self/hub"], 1,
            "cannot start hub: cannot create the data directory /proc/self/hub: No such file or directory")
    }

    @Test(arguments: ["ledger.db", "orchestrator.db"])
    func `a database from a newer version is refused`(file: String) throws {
        try Rookery.hub(directory).process.terminate()
        let path = directory.file("hub/" + file)
        let known = try Python.number("PRAGMA user_version", in: path)
        try Python.run("import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA user_version = 99')", [path])
        try expect(
            ["hub", "--data", directory.file("hub"), "--listen", "127.0.0.1:0"], 1,
            "cannot start hub: could not use \(path): it has schema version 99 and this program knows up to \(known); "
                + "start the newer program that wrote it, or restore a backup from before the upgrade")
    }

    @Test func `a ledger without its secret, or with another's, is refused`() throws {
        try Rookery.hub(directory).process.terminate()
        let secret = directory.file("hub/dedup.secret")
        #expect(remove(secret) == 0)
        let start = ["hub", "--data", directory.file("hub"), "--listen", "127.0.0.1:0"]
        try expect(
            start, 1,
            "cannot start hub: the dedup secret \(secret) is missing but the ledger beside it was made with one; "
                + "put the file back from a backup, or start with an empty data directory")
        try write([UInt8](repeating: 7, count: 32), to: secret)
        try expect(
            start, 1,
            "cannot start hub: the dedup secret \(secret) is not the one that the ledger beside it was made with; "
                + "put the right file back from a backup")
        try write([1, 2, 3], to: secret)
        try expect(
            start, 1,
            "cannot start hub: the dedup secret \(secret) has 3 bytes where 32 are due; put the file back from a backup"
        )
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        let file = try #require(fopen(path, "wb"))
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }

    // MARK: Addresses

    @Test func `a port in use is told`() throws {
        let hub = try Rookery.hub(directory)
        try expect(
            ["hub", "--data", directory.file("other"), "--listen", hub.address], 1,
            "cannot start hub: cannot listen on \(hub.address): port \(hub.port) is in use; "
                + "stop the process that has it, or give another port")
        try expect(
            ["site", "--listen", hub.address], 1,
            "cannot start site: cannot listen on \(hub.address): port \(hub.port) is in use; "
                + "stop the process that has it, or give another port")
    }

    @Test func `an address that does not resolve is told`() throws {
        let reason = "the host \"no.such.host.invalid\" does not resolve"
        let (end, _, errors) = try Rookery.run(
            ["hub", "--data", directory.file("hub"), "--insecure", "--listen", "no.such.host.invalid:1"], in: directory)
        #expect(end == .exited(1))
        #expect(errors.contains("rookery: cannot start hub: cannot listen on no.such.host.invalid:1: \(reason) ("))
        let (asked, _, answer) = try Rookery.run(["status", "--hub", "no.such.host.invalid:1"], in: directory)
        #expect(asked == .exited(1))
        #expect(answer.hasPrefix("rookery: could not reach no.such.host.invalid:1: \(reason) ("))
        #expect(answer.hasSuffix("); check the name\n"))
    }

    @Test func `a hub that is not there is told, by every command that asks one`() throws {
        let hub = try Rookery.hub(directory)
        try hub.process.terminate()
        for words in [
            ["status"], ["ping"], ["nodes", "list"], ["targets", "list"], ["artifacts", "list"], ["chaos", "list"],
            ["submit", "https://example.org/"],
        ] {
            try expect(
                words + ["--hub", hub.address], 1,
                "could not reach \(hub.address): connection refused; is the hub running? start it with: rookery hub")
        }
    }

    @Test func `what the hub refuses is told with its field`() throws {
        let hub = try Rookery.hub(directory)
        try expect(
            ["targets", "list", "--state", "frob", "--hub", hub.address], 1,
            "state: \"frob\" is no state; use scheduled, due, leased, retry, paused, dead, cancelled, done")
        let (end, output, errors) = try Rookery.run(["submit", "ftp://x", "--hub", hub.address], in: directory)
        #expect(end == .exited(1))
        #expect(output == "0 created, 0 updated, 1 refused\n")
        #expect(
            errors == "refused ftp://x: location: \"ftp://x\" is not an http or https URL; a web target needs one\n")
    }
}
