import Glibc
import TestKit
import Testing

/// What operators do with targets, by the real binary.
@Suite(.processes) struct TargetCommandTests {
    private let directory = TemporaryDirectory()

    private func run(_ words: [String], _ hub: Running, _ status: Int32 = 0) throws -> (output: String, errors: String)
    {
        let (end, output, errors) = try Rookery.run(words + ["--hub", hub.address], in: directory)
        #expect(end == .exited(status), "\(words): \(errors)")
        return (output, errors)
    }

    private func write(_ lines: [String], to name: String) throws -> String {
        let path = directory.file(name)
        let file = try #require(fopen(path, "w"))
        for line in lines { fputs(line + "\n", file) }
        fclose(file)
        return path
    }

    @Test func `a file of targets is taken line by line, and every bad line is named with its remedy`() throws {
        let hub = try Rookery.hub(directory)
        let path = try write(
            [
                "{\"location\": \"https://a.example/1\", \"priority\": 9, \"labels\": {\"desk\": \"red\"}}",
                "{\"location\": \"https://a.example/2\", \"priority\": 11}",
                "",
                "nonsense",
                "{\"location\": \"https://a.example/3\", \"cron\": \"0 0 30 2 *\"}",
                "{\"location\": \"https://a.example/4\", \"colour\": \"red\"}",
                "{\"location\": \"https://a.example/5\", \"cron\": \"0 6 * * mon\"}",
            ], to: "targets.jsonl")
        let (output, errors) = try run(["submit", "--file", path], hub, 1)
        #expect(output == "7 lines: 2 created, 0 updated, 4 refused\n")
        let refusals = errors.split(separator: "\n").filter { $0.hasPrefix("line ") }
        #expect(
            refusals == [
                "line 4: line: it is no JSON object; write one such as {\"location\": \"https://…\"}",
                "line 6: colour: a target has no such field; docs/PROTOCOL.md names them",
                "line 2: priority: 11 is out of range; use 1 to 10",
                "line 5: cron: \"0 0 30 2 *\" never comes: no such month has such a day; correct one of them",
            ])
        let key = try #require(errors.split(separator: "\n").first?.split(separator: " ").last)
        let again = try run(["submit", "--file", path, "--key", String(key)], hub, 1).output
        #expect(again == output, "the same key and lines are answered as before")
    }

    @Test func `what is exported is imported elsewhere as it was`() throws {
        let hub = try Rookery.hub(directory)
        _ = try run(["submit", "--label", "desk=red", "--cron", "30 6 * * mon-fri", "https://a.example/"], hub)
        _ = try run(["submit", "--adaptive", "--every", "2h", "--priority", "8", "https://b.example/"], hub)
        _ = try run(["submit", "--once", "--meta", "node=n1", "/var/log/*.log"], hub)
        let exported = try run(["targets", "export"], hub).output
        let lines = exported.split(separator: "\n").map(String.init)
        #expect(lines.count == 3)
        let other = try Rookery.hub(directory, data: "other")
        let path = try write(lines, to: "all.jsonl")
        #expect(try run(["targets", "import", path], other).output == "3 lines: 3 created, 0 updated, 0 refused\n")
        #expect(try run(["targets", "export"], other).output == exported)
        let red = try run(["targets", "export", "--label", "desk=red"], other).output
        #expect(red == lines[0] + "\n")
    }

    @Test func `targets are paused, resumed and cancelled by filter, and shown by id`() throws {
        let hub = try Rookery.hub(directory)
        _ = try run(["submit", "https://a.example/1", "https://a.example/2", "https://b.example/"], hub)
        #expect(try run(["targets", "pause", "--host", "a.example"], hub).output == "2 changed, 0 unchanged\n")
        #expect(
            try run(["targets", "pause", "--host", "a.example"], hub).output
                == "0 changed, 2 unchanged (it is paused; what is scheduled, due, leased or in retry can be paused)\n")
        #expect(try run(["targets", "resume", "--all"], hub).output.hasPrefix("2 changed, 1 unchanged"))
        let listed = try run(["targets", "list", "--host", "b.example"], hub).output
        let id = try #require(listed.split(separator: "\n").last?.split(separator: " ").first).description
        #expect(try run(["targets", "cancel", id, "--json"], hub).output.contains("\"changed\": 1"))
        let shown = try run(["targets", "show", id], hub).output
        #expect(shown.contains("state       cancelled\n"))
        #expect(shown.contains("schedule    every 1 h 0 min\n"))
        let unknown = String(repeating: "0", count: 32)
        #expect(try run(["targets", "retry", unknown], hub, 1).errors == "there is no target \(unknown)\n")
    }

    @Test func `a submission of thousands goes on from the chunk at which it was cut off`() throws {
        let hub = try Rookery.hub(directory)
        let path = try write((0..<2_500).map { "{\"location\": \"https://h\($0 % 50).example/\($0)\"}" }, to: "many")
        let key = String(repeating: "7", count: 32)
        let rest = try run(["submit", "--file", path, "--key", key, "--from-chunk", "2", "--json"], hub).output
        #expect(rest.contains("\"created\": 500"))
        #expect(rest.contains("\"chunks\": 3"))
        let whole = try run(["submit", "--file", path, "--key", key], hub).output
        #expect(whole == "2500 lines: 2500 created, 0 updated, 0 refused\n")
        #expect(try HubView(port: hub.port).counter("targets_submitted") == 2_500)
    }
}
