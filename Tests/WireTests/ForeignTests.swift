import FuzzKit
import Glibc
import Model
import TestKit
import Testing
import Wire

/// What Debian's python3-protobuf, made of the same .proto by protoc, thinks of our bytes, and we of its.
@Suite struct ForeignTests {
    private static let hexDigits = Array("0123456789abcdef".utf8)

    private static func hex(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.flatMap { [hexDigits[Int($0 >> 4)], hexDigits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func bytes(_ hex: some StringProtocol) -> [UInt8] {
        let digits = hex.utf8.compactMap { hexDigits.firstIndex(of: $0).map(UInt8.init) }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    /// Sends lines through the script and gives what it answers.
    private func foreign(_ lines: [String]) throws -> [Substring] {
        let scratch = TemporaryDirectory()
        let directory = scratch.path
        defer { withExtendedLifetime(scratch) {} }
        guard let file = fopen(directory + "/vectors", "wb") else { throw Corpus.FileFailure(path: directory) }
        fputs(lines.joined(separator: "\n") + (lines.isEmpty ? "" : "\n"), file)
        fclose(file)
        let (status, output) = try Repository.run(
            """
            protoc -I '\(Repository.root)/Sources/Wire' --python_out='\(directory)' rookery.proto \
            && /usr/bin/python3 '\(Repository.root)/Tests/Foreign/vectors.py' '\(directory)' \
            < '\(directory)/vectors' 2>&1
            """)
        #expect(status == 0, "\(output)")
        return output.split(separator: "\n")
    }

    private func vectors<M: ProtoMessage>(of type: M.Type) -> [String] {
        var source = RandomMessages(random: SeededRandom(seed: 5))
        return (0..<60).compactMap { _ in try? M(decoding: source.encoding(fields: 12)) }
            .map { "\(type) \(ForeignTests.hex($0.encoded()))" }
    }

    @Test func `every message means the same to another implementation`() throws {
        let lines = allMessages.flatMap { vectors(of: $0) }
        #expect(lines.count > 2_000)
        let answers = try foreign(lines)
        #expect(answers.count == lines.count + 1)
        for (line, answer) in zip(lines, answers) { #expect(line == answer) }
    }

    @Test func `what another implementation makes is read as it was meant`() throws {
        let line = try #require(try foreign([]).last)
        let envelope = try Proto.Envelope(decoding: ForeignTests.bytes(line.dropFirst("own ".count)))
        let artifact = Proto.Artifact(
            contentType: "text/plain", content: Array("Füchse 🦊".utf8)[...], metadata: ["a": "1", "ü": ""],
            confidence: 0, collectedAtMs: .min, scoreReasons: ["", "second"])
        let lease = Proto.LeaseRef(lease: 7, target: Array(0..<16)[...], fence: Proto.Fence(counter: 300))
        let batch = Proto.IngestBatch(
            stream: 1 << 63, firstSequence: 1,
            items: [Proto.Item(lease: 1, kind: .artifact(artifact)), Proto.Item(kind: .unchanged(Proto.Unchanged()))],
            leases: [lease])
        #expect(envelope == Proto.Envelope(id: .max, body: .ingestBatch(batch)))
    }
}
