import Compression
import Glibc
import Model
import TestKit
import Testing

@testable import Coordinator

@Suite struct HuggingFaceTests {
    private static let script = """
        import os, sys, json
        directory = sys.argv[1]
        os.environ.update(HF_HUB_OFFLINE="1", HF_HOME=directory + "/home", HF_DATASETS_DISABLE_PROGRESS_BARS="1")
        import datasets
        rows = datasets.load_dataset(directory + "/feed", split="train", cache_dir=directory + "/cache")
        print(len(rows), ",".join(rows["id"]))
        print(json.dumps(rows[0]["training_data"]["expected_output"]["pattern"]))
        print(json.dumps(rows[3]["training_data"]["expected_output"]["pattern"]))
        print(rows.features["difficulty"].dtype, rows.features["diversity_tags"]["hour"].dtype)

        """

    @Test func `shards load unchanged in Hugging Face datasets, whatever is empty in the first`() async throws {
        let python = HuggingFaceTests.root + "/.build/venv/bin/python"
        try #require(
            access(python, X_OK) == 0,
            "the library to prove this with is not installed; run ./scripts/dataset-tools, which needs PyPI")
        let directory = TemporaryDirectory()
        let sink = JSONLSink(
            directory: directory.file("feed"), incarnation: 1, compressor: Zstd(), shardBytes: 1)
        #expect(await sink.begin(SinkState(), at: WallTime(milliseconds: 0)).trouble == nil)
        // Three shards: two records in one frame, one without any score, one with a pattern.
        for batch in [1...2, 3...3, 4...4] {
            let answer = await sink.deliver(batch.map(HuggingFaceTests.record), at: WallTime(milliseconds: 0))
            #expect(answer.trouble == nil)
            sink.stored(answer.report)
        }
        let output = try run(python, directory)
        let expected = """
            4 s1-1,s1-2,s1-3,s1-4
            null
            {"id": "p7", "terms": ["exploit", "breach"]}
            float64 int64

            """
        #expect(output == expected)
    }

    private static func record(_ number: Int) -> OutboxRecord {
        var change = FeedSamples.change(number)
        change.threatLevel = number == 3 ? nil : Double(number)
        let id = ScenarioID(incarnation: 1, sequence: UInt64(number))
        let scenario = Scenario(
            id: id, artifact: change, objectives: [], novelty: 1,
            pattern: number == 4 ? PatternLabel(id: "p7", terms: ["exploit", "breach"]) : nil,
            at: WallTime(milliseconds: 0), text: "text \(number) with \"quotes\" and \u{1F980}")
        return OutboxRecord(id: id, kind: .scenario, line: scenario.line)
    }

    private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
        .joined(separator: "/")

    /// Runs the script, and returns what it printed to its standard output.
    private func run(_ python: String, _ directory: TemporaryDirectory) throws -> String {
        let path = directory.file("load.py")
        try write(HuggingFaceTests.script, to: path)
        let command = "'\(python)' '\(path)' '\(directory.path)' 2>'\(directory.file("errors"))'"
        let stream = try #require(popen(command, "r"))
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = fread(&buffer, 1, buffer.count, stream)
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        let status = pclose(stream)
        let errors = ShardReading(directory: directory.path).bytes("errors").suffix(2_000)
        #expect(status == 0, "\(String(decoding: errors, as: UTF8.self))")
        return String(decoding: bytes, as: UTF8.self)
    }

    private func write(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        #expect(Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count)
    }
}
