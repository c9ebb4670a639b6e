import TestKit
import Testing

/// The benches of the node, small: that they do what they say, and what they print.
@Suite(.processes) struct CollectBenchTests {
    private let directory = TemporaryDirectory()

    @Test func `A data set is streamed through a node and its memory told`() throws {
        let figures = BenchRun.figures(try BenchRun.text(["dataset", "--bytes", "400000"], in: directory))
        #expect(figures["rows"] == 97)
        #expect((350_000...400_000).contains(figures["bytes"] ?? 0))
        for name in ["rows_per_second", "bytes_per_second", "peak_rss_bytes", "hub_peak_rss_bytes"] {
            #expect(figures[name] ?? 0 > 0, "\(name) is \(String(describing: figures[name]))")
        }
    }

    @Test func `What was spooled in an outage is delivered in order, and the rate compared with the usual one`() throws
    {
        let text = try BenchRun.text(["spool", "--artifacts", "1000", "--row-bytes", "64"], in: directory)
        let figures = BenchRun.figures(text)
        #expect(text.contains("\"in_order\": true"))
        #expect(figures["spooled_artifacts"] ?? 0 >= 1_000)
        for name in ["normal_artifacts_per_second", "artifacts_per_second", "ratio_to_normal", "peak_rss_bytes"] {
            #expect(figures[name] ?? 0 > 0, "\(name) is \(String(describing: figures[name]))")
        }
    }
}
