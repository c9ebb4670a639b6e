import Model
import Synchronization
import Telemetry
import Testing

@Suite struct MetricsTests {
    @Test func `A histogram's quantiles are at most a sixteenth above the truth`() {
        let histogram = Histogram()
        for value in 1...10_000 as ClosedRange<UInt64> { histogram.record(value * 1_000) }
        let snapshot = histogram.snapshot()
        #expect(snapshot.count == 10_000)
        #expect(snapshot.sum == 50_005_000_000)
        #expect(snapshot.max == 10_000_000)
        for fraction in [0.01, 0.5, 0.9, 0.99, 1.0] {
            let truth = fraction * 10_000_000
            let shown = Double(snapshot.quantile(fraction))
            #expect(shown >= truth && shown <= truth * 17 / 16, "\(fraction): \(shown)")
        }
    }

    @Test(arguments: [0, 1, 15, 16, 17, 31, 32, 1_023, 1_024, 1 << 40, UInt64.max >> 1])
    func `A lone value is every quantile`(value: UInt64) {
        let histogram = Histogram()
        histogram.record(value)
        let snapshot = histogram.snapshot()
        #expect(snapshot.p50 == value)
        #expect(snapshot.p99 == value)
        #expect(snapshot.max == value)
    }

    @Test func `Values beyond 63 bits count as the largest of 63`() {
        let histogram = Histogram()
        histogram.record(.max)
        #expect(histogram.snapshot().max == UInt64.max >> 1)
    }

    @Test func `An empty histogram answers 0`() {
        let snapshot = Histogram().snapshot()
        #expect(snapshot.p99 == 0)
        #expect(snapshot.mean == 0)
    }

    @Test func `Counters lose nothing when threads add at once`() async {
        let counter = Counter()
        let histogram = Histogram()
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for n in 0..<10_000 as Range<UInt64> {
                        counter.add()
                        histogram.record(n)
                    }
                }
            }
        }
        #expect(counter.value == 80_000)
        #expect(histogram.snapshot().count == 80_000)
    }

    @Test func `The same name and labels give the same metric`() {
        let registry = Registry()
        registry.counter("frames", help: "Frames.", labels: ["kind": "a"]).add(2)
        registry.counter("frames", help: "Frames.", labels: ["kind": "a"]).add(3)
        registry.counter("frames", help: "Frames.", labels: ["kind": "b"]).add()
        #expect(registry.counter("frames", help: "Frames.", labels: ["kind": "a"]).value == 5)
        #expect(registry.counter("frames", help: "Frames.", labels: ["kind": "b"]).value == 1)
    }

    @Test func `A name has one type`() async {
        await #expect(processExitsWith: .failure) {
            let registry = Registry()
            _ = registry.counter("frames", help: "Frames.")
            _ = registry.gauge("frames", help: "Frames.")
        }
    }

    @Test func `The Prometheus text names every family once, in order`() {
        let registry = Registry()
        registry.counter("frames_in", help: "Frames received.", labels: ["peer": "a\"b\\c\nd"]).add(7)
        registry.counter("frames_in", help: "Frames received.").add(1)
        registry.gauge("held", help: "Held.", unit: .bytes).set(-2)
        let commit = registry.histogram("commit", help: "A commit.")
        commit.record(2_000_000_000)
        #expect(
            registry.prometheusText() == #"""
                # HELP rookery_commit_seconds A commit.
                # TYPE rookery_commit_seconds summary
                rookery_commit_seconds{quantile="0.5"} 2.0
                rookery_commit_seconds{quantile="0.99"} 2.0
                rookery_commit_seconds{quantile="1"} 2.0
                rookery_commit_seconds_sum 2.0
                rookery_commit_seconds_count 1
                # HELP rookery_frames_in_total Frames received.
                # TYPE rookery_frames_in_total counter
                rookery_frames_in_total 1
                rookery_frames_in_total{peer="a\"b\\c\nd"} 7
                # HELP rookery_held_bytes Held.
                # TYPE rookery_held_bytes gauge
                rookery_held_bytes -2

                """#)
    }
}
