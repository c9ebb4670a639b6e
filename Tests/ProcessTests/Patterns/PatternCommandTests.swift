import TestKit
import Testing
import Wire

/// Patterns and near duplicates from the binary, and what another program makes of the same texts.
@Suite(.processes) struct PatternCommandTests {
    private let directory = TemporaryDirectory()

    private static let subjects = [
        (
            "the breach let malware exploit an old vulnerability in the mail server before the attack was seen",
            ["intrusion", "payload", "credentials", "firewall", "patch"]
        ),
        (
            "the backup of the database failed and the storage had to be restored by recovery of older data",
            ["snapshot", "replica", "tape", "volume", "archive"]
        ),
        (
            "der Fuchs läuft über die grünen Wiesen und die Straße führt zum alten Schloß",
            ["Wälder", "Flüsse", "Höhlen", "Füße", "Größe"]
        ),
        (
            "Быстрая лиса бежит через зелёное поле и ищет дорогу к старому замку",
            ["лес", "река", "пещера", "нога", "гора"]
        ),
        (
            "l'été dernier la forêt était déjà brûlée près du château où naît la rivière",
            ["hôtel", "île", "pâte", "œuvre", "fête"]
        ),
    ]

    private static func text(_ number: Int) -> String {
        let (sentence, words) = subjects[number % subjects.count]
        let extra = (0..<4).map { words[(number / subjects.count + $0 * $0) % words.count] }.joined(separator: " ")
        return "\(sentence). \(extra) \(number). \(sentence.uppercased())"
    }

    private func send(_ texts: [String], to hub: Running, sequence: UInt64 = 1) throws {
        let node = try WirePeer(port: hub.port, as: .node, name: "n1")
        let items = texts.map { text in
            Proto.Item(
                kind: .artifact(
                    Proto.Artifact(
                        contentType: "text", content: Array(text.utf8)[...], rawSource: "test://\(text)",
                        metadata: ["domain": "a.example"])))
        }
        let answer = try node.ask(.ingestBatch(Proto.IngestBatch(stream: 5, firstSequence: sequence, items: items)))
        guard case .ingestAck(let ack) = answer else { throw WirePeer.Unexpected(description: "\(answer)") }
        #expect(ack.verdicts.map(\.code) == Array(repeating: .stored, count: texts.count))
        try HubView(port: hub.port).wait(for: "what follows the ledger") {
            $0.value("derived_version") == $0.value("ledger_version")
        }
    }

    private func run(_ words: [String], _ hub: Running) throws -> String {
        let (end, output, errors) = try Rookery.run(words + ["--hub", hub.address], in: directory)
        #expect(end == .exited(0), "\(errors)")
        return output
    }

    @Test func `another program computes the same weights, contributions and percentages`() throws {
        let hub = try Rookery.hub(directory)
        try send((0..<60).map { PatternCommandTests.text($0) }, to: hub)
        let list = try run(["patterns", "run"], hub)
        #expect(list.contains("60 texts"))
        #expect(list.contains("security") && list.contains("data"))
        let place = directory.file("export")
        #expect(try run(["patterns", "export", place], hub).hasSuffix(" 60 texts in \(place)\n"))
        let script = Python.quoted(Python.root + "/Tests/Foreign/patterns_check.py")
        let answer = try Python.shell("/usr/bin/python3 \(script) \(Python.quoted(place))")
        let numbers = answer.split(separator: " ").compactMap { Int($0) }
        try #require(numbers.count == 3, "\(answer)")
        #expect(numbers[0] >= 50 && numbers[1] >= 50 && numbers[2] >= 20, "\(answer)")
    }

    @Test func `an artifact is shown with the text that it is like`() throws {
        let hub = try Rookery.hub(directory)
        let words = (0..<40).map { "w\($0)" }
        try send(
            [words.joined(separator: " "), (words.dropLast(2) + ["other", "end"]).joined(separator: " ")], to: hub)
        // 38 shingles each, of which the last two differ: 36 of 40.
        #expect(try run(["artifacts", "show", "a2"], hub).contains("near duplicate  90 % like a1\n"))
        let json = try run(["artifacts", "show", "a2", "--json"], hub)
        #expect(json.contains("\"like\": {\n    \"artifact\": \"a1\",\n    \"similarity\": 0.9\n  }"), "\(json)")
        #expect(try !run(["artifacts", "show", "a1"], hub).contains("near duplicate"))
    }

    @Test func `fewer than ten texts are too few, and it says so`() throws {
        let hub = try Rookery.hub(directory)
        #expect(
            try run(["patterns", "list"], hub) == "no patterns have been looked for yet; rookery patterns run does\n")
        try send((0..<9).map { "text \($0)" }, to: hub)
        #expect(
            try run(["patterns", "run"], hub)
                == "9 texts of the last 24 hours are known and patterns need 10; ask again when more have come\n")
        try send(["text 9"], to: hub, sequence: 10)
        #expect(try run(["patterns", "run"], hub).contains("10 texts"))
        #expect(
            try run(["patterns", "list", "--version", "1"], hub)
                == "no run is kept of state version 1 or before; rookery patterns list shows the newest\n")
    }

    @Test func `words of a file are stop words instead of the English ones`() throws {
        _ = try Python.shell("printf 'WIESEN grünen' > \(Python.quoted(directory.file("stop")))")
        let hub = try Rookery.hub(directory, flags: ["--stop-words", directory.file("stop")])
        try send((0..<12).map { "Die grünen Wiesen \($0)" }, to: hub)
        _ = try run(["patterns", "run"], hub)
        let why = try run(["patterns", "why", "a1"], hub)
        #expect(why.contains("die") && !why.contains("wiesen") && !why.contains("grünen"), "\(why)")
    }
}
