import Glibc
import TestKit
import Testing

/// Targets by the many, half of them of no use.
@Suite(.processes) struct BulkSubmissionTests {
    private let directory = TemporaryDirectory()
    /// `ROOKERY_LINES=1000000 ./scripts/test --filter BulkSubmissionTests` sends a million.
    private static let lines = getenv("ROOKERY_LINES").flatMap { Int(String(cString: $0)) } ?? 20_000

    private struct Bad {
        var line: String
        var refusal: String
    }

    private static let common = [
        Bad(
            line: #"{"type": "comet", "location": "https://a.example/"}"#,
            refusal: #"type: "comet" is not a type of target; use one of "#
                + "web, crawl, feed, api, dataset, file, documentation, exec, notebook"),
        Bad(line: #"{"type": "web"}"#, refusal: "location: it is empty; say where to collect from"),
        Bad(
            line: #"{"location": "https://b.example/", "priority": 11}"#,
            refusal: "priority: 11 is out of range; use 1 to 10"),
        Bad(
            line: #"{"location": "https://c.example/", "cron": "0 0 31 2 *"}"#,
            refusal: #"cron: "0 0 31 2 *" never comes: no such month has such a day; correct one of them"#),
    ]
    private static let large = Bad(
        line: #"{"location": "https://d.example/", "metadata": {"k": ""# + String(repeating: "x", count: 65_536)
            + #""}}"#,
        refusal: "metadata: its keys and values have 65537 bytes; at most 65535 are accepted")

    /// Of every two lines the second.
    private static func bad(_ number: Int) -> Bad? {
        guard number.isMultiple(of: 2) else { return nil }
        return number.isMultiple(of: 1_000) ? large : common[number / 2 % common.count]
    }

    @Test func `of many lines half are refused by line with the remedy, and the rest is taken`() throws {
        let count = BulkSubmissionTests.lines
        let path = directory.file("targets.jsonl")
        let file = try #require(fopen(path, "w"))
        for number in 1...count {
            let good = "{\"location\": \"https://h\(number % 500).example/\(number)\"}"
            fputs((BulkSubmissionTests.bad(number)?.line ?? good) + "\n", file)
        }
        fclose(file)
        let hub = try Rookery.hub(directory)
        let submit = try ChildProcess(["submit", "--file", path, "--hub", hub.address], in: directory)
        var seconds = 0
        while !submit.waitForOutput(milliseconds: 1_000), seconds < 600 { seconds += 1 }
        #expect(
            try submit.rest() == "\(count) lines: \(count / 2) created, 0 updated, \(count / 2) refused\n")
        #expect(submit.reap() == .exited(1))
        let refusals = submit.errorText.split(separator: "\n").filter { $0.hasPrefix("line ") }
        let wanted = (1...count).compactMap { number in
            BulkSubmissionTests.bad(number).map { "line \(number): \($0.refusal)" }
        }
        #expect(Set(refusals.map(String.init)) == Set(wanted) && refusals.count == wanted.count)
        #expect(try HubView(port: hub.port).counter("targets_submitted") == UInt64(count / 2))
    }
}
