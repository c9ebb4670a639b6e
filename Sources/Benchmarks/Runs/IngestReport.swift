import Compression
import Telemetry
import Wire

/// The figures of several runs as JSON: medians, but for what was worst.
struct IngestReport {
    let bench: IngestBench
    let figures: [IngestBench.Figures]

    var text: String {
        var writer = JSONWriter(pretty: true)
        writer.object { writer in
            workload(&writer)
            writer.field("artifacts_per_second", middle(\.rate))
            latencies(figures.map(\.latency), "ack", &writer)
            writer.field("distinct_stored", figures[0].distinct)
            writer.field("server_cpu_seconds_per_million", middle(\.cpuPerMillion))
            writer.field("server_peak_rss_bytes", Int(middle { Double($0.peakBytes) }))
            writer.field("disk_bytes_per_distinct", middle(\.diskPerDistinct))
            writer.field("wal_peak_bytes", figures.map(\.companions.walBytes).max() ?? 0)
            writer.field("content_zstd1_ratio", contentRatio())
            paced(&writer)
            companions(&writer)
            let baselines = figures.compactMap(\.baseline)
            if !baselines.isEmpty {
                writer.field("baseline_artifacts_per_second", median(baselines))
                writer.field("ratio_to_baseline", median(zip(figures, baselines).map { $0.rate / $1 }))
            }
        }
        return writer.text
    }

    private func middle(_ value: (IngestBench.Figures) -> Double) -> Double { median(figures.map(value)) }

    private func workload(_ writer: inout JSONWriter) {
        let workload = bench.workload
        writer.field("workload", "ingest")
        writer.field("artifacts", workload.artifacts)
        writer.field("connections", workload.connections)
        writer.field("batch", workload.batch)
        writer.field("window", workload.window)
        writer.field("duplicates", workload.duplicates)
        if let rate = bench.rate { writer.field("paced_to", rate) }
        if bench.rounds > 1 { writer.field("rounds", bench.rounds) }
        writer.field("runs", figures.count)
    }

    private func latencies(_ all: [HistogramSnapshot], _ name: String, _ writer: inout JSONWriter) {
        writer.field(name + "_p50_ms", median(all.map { Double($0.p50) / 1e6 }))
        writer.field(name + "_p99_ms", median(all.map { Double($0.p99) / 1e6 }))
        writer.field(name + "_max_ms", all.map { Double($0.max) / 1e6 }.max() ?? 0)
    }

    private func paced(_ writer: inout JSONWriter) {
        let paced = figures.compactMap(\.paced)
        guard let share = bench.share, !paced.isEmpty else { return }
        writer.field("load", share)
        writer.field("load_artifacts_per_second", median(paced.map(\.rate)))
        latencies(paced.map(\.latency), "load_ack", &writer)
    }

    private func companions(_ writer: inout JSONWriter) {
        let beside = figures.map(\.companions)
        if bench.companions.reader { writer.field("snapshot_pages_read", beside.map(\.pages).max() ?? 0) }
        if let seconds = bench.companions.foreign {
            writer.field("held_seconds", seconds)
            writer.field("waits_for_intake", figures.map(\.refusals).max() ?? 0)
            writer.field("reopened_seconds", beside.compactMap(\.reopened).max() ?? 0)
        }
        if bench.companions.backup {
            writer.field("backups", beside.map(\.backups.count).max() ?? 0)
            writer.field("backup_seconds", median(beside.flatMap(\.backups)))
        }
    }

    /// How far single contents of the workload shrink: says that the texts are neither noise nor repetition.
    private func contentRatio() -> Double {
        var plain = 0
        var small = 0
        for number in 0..<500 {
            let content = bench.workload.artifact(number).content
            var compressed: [UInt8] = []
            Zstd().compress(content, into: &compressed)
            plain += content.count
            small += compressed.count
        }
        return Double(plain) / Double(small)
    }
}
