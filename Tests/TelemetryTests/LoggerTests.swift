import Glibc
import Model
import Telemetry
import TestKit
import Testing

@Suite struct LoggerTests {
    private let time = ManualTime(wall: WallTime(milliseconds: 1_772_366_400_123))

    private func entry(_ metadata: [LogEntry.Pair], level: LogLevel = .info) -> LogEntry {
        LogEntry(time: time.wall(), level: level, message: "batch stored", metadata: metadata)
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func `A text line has stamp, level, message and pairs`() {
        let line = LogFormat.text.line(entry([("node", "a-1"), ("items", 3), ("late", true), ("load", .double(0.5))]))
        #expect(text(line) == "2026-03-01T12:00:00.123Z info    batch stored node=a-1 items=3 late=true load=0.5\n")
    }

    @Test(arguments: [
        ("two words", #""two words""#), ("", #""""#), ("a=b", #""a=b""#), ("line\nfeed", #""line\nfeed""#),
        (#"say "hi""#, #""say \"hi\"""#), ("\u{1B}[31m", #""\u001b[31m""#), ("plain:7400", "plain:7400"),
    ])
    func `Text that could be taken for another pair or line is quoted`(value: String, shown: String) {
        let line = text(LogFormat.text.line(entry([("peer", .text(value))])))
        #expect(line.hasSuffix("batch stored peer=\(shown)\n"))
        #expect(line.filter { $0 == "\n" }.count == 1)
    }

    @Test func `A JSON line is one object`() {
        let line = LogFormat.json.line(entry([("node", "a \"1\""), ("n", -3), ("big", .number(UInt64.max))]))
        #expect(
            text(line)
                == #"{"ts":"2026-03-01T12:00:00.123Z","level":"info","msg":"batch stored","node":"a \"1\"","n":-3,"#
                + #""big":18446744073709551615}"# + "\n")
    }

    @Test func `Entries below the level are not made`() {
        let capture = LogCapture()
        let log = Logger(level: .warning, sink: capture, time: time)
        var made = 0
        func count() -> LogValue {
            made += 1
            return 1
        }
        log.info("unseen", ["n": count()])
        log.warning("seen", ["n": count()])
        #expect(made == 1)
        #expect(capture.lines == ["warning seen n=1"])
    }

    @Test func `A logger's own pairs come first in every entry`() {
        let capture = LogCapture()
        let log = Logger(sink: capture, time: time).with(["role": "node"]).with(["name": "a"])
        log.error("lease lost", ["lease": 7])
        log.info("stopped")
        #expect(capture.lines == ["error lease lost role=node name=a lease=7", "info stopped role=node name=a"])
    }

    @Test func `A sink writes whole lines to its descriptor and counts what it cannot write`() {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let sink = DescriptorSink(format: .text, descriptor: ends[1])
        sink.write(entry([]))
        var bytes = [UInt8](repeating: 0, count: 200)
        let count = read(ends[0], &bytes, 200)
        #expect(text(Array(bytes[..<count])) == "2026-03-01T12:00:00.123Z info    batch stored\n")
        ends.forEach { close($0) }
        let broken = DescriptorSink(descriptor: -1)
        broken.write(entry([]))
        #expect(broken.dropped == 1)
    }

    @Test func `Levels are known by name`() {
        #expect(LogLevel.allCases.map { LogLevel($0.name) } == LogLevel.allCases)
        #expect(LogLevel("loud") == nil)
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_709_164_799_999, "2024-02-28T23:59:59.999Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (1_798_761_599_001, "2026-12-31T23:59:59.001Z"),
        ] as [(Int64, String)])
    func `Stamps are RFC 3339 in UTC`(milliseconds: Int64, stamp: String) {
        #expect(WallTime(milliseconds: milliseconds).rfc3339 == stamp)
    }
}
