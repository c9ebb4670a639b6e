import Compression
import Model
import Sealing
import Storage
import Telemetry
import Wire

/// Durable, deduplicated intake of a real hub process over loopback, and beside it, in the same run, what SQLite does
/// by itself with a unique index.
package struct IngestBench: Sendable {
    package var workload = IngestWorkload()
    package var runs = 3
    package var withBaseline = true

    package init(_ workload: IngestWorkload = IngestWorkload()) { self.workload = workload }

    /// What every run of a workload sends, made once.
    struct Prepared: Sendable {
        var plan: [[Int]]
        var frames: [[[UInt8]]]
        var distinct: Int
    }

    struct Figures {
        var rate: Double
        var latency: HistogramSnapshot
        var distinct: UInt64
        var cpuPerMillion: Double
        var peakBytes: Int
        var diskPerDistinct: Double
        var baseline: Double
    }

    package func run(progress: (String) -> Void) async throws -> String {
        let prepared = try prepare()
        progress("\(workload.artifacts) artifacts, \(prepared.distinct) of them different")
        var figures: [Figures] = []
        for number in 1...runs {
            let figure = try await once(prepared)
            progress(
                "run \(number) of \(runs): \(Int(figure.rate)) artifacts/s"
                    + (withBaseline ? ", baseline \(Int(figure.baseline))" : ""))
            figures.append(figure)
        }
        return report(figures)
    }

    func prepare() throws -> Prepared {
        let plan = workload.plan()
        return Prepared(
            plan: plan, frames: try plan.enumerated().map { try frames($1, stream: UInt64(workload.first + $0) + 1) },
            distinct: workload.distinct(plan))
    }

    func plans(_ prepared: Prepared) -> [LoadConnection.Plan] {
        prepared.frames.enumerated().map { index, frames in
            LoadConnection.Plan(
                role: .node, name: "load-\(index)", frames: frames, window: workload.window, judge: IngestBench.judge)
        }
    }

    private func frames(_ numbers: [Int], stream: UInt64) throws -> [[UInt8]] {
        try stride(from: 0, to: numbers.count, by: workload.batch).enumerated().map { index, start in
            let items = numbers[start..<min(start + workload.batch, numbers.count)].map {
                Proto.Item(kind: .artifact(workload.artifact(workload.first + $0)))
            }
            let batch = Proto.IngestBatch(stream: stream, firstSequence: UInt64(start) + 1, items: items)
            return try FrameEncoder().encode(Proto.Envelope(id: UInt64(index) + 1, body: .ingestBatch(batch)))
        }
    }

    private func once(_ prepared: Prepared) async throws -> Figures {
        let scratch = try ScratchDirectory()
        let hub = try HubProcess(directory: scratch.path + "/hub", flags: ["--disk-low-water", "0"])
        var stopped = false
        defer { if !stopped { hub.killNow() } }
        let cpuBefore = hub.cpuSeconds
        let distinct = prepared.distinct
        let result = try await Load.run(plans(prepared), to: hub.address)
        let cpu = hub.cpuSeconds - cpuBefore
        let status = try await HubQuery.status(hub.address)
        let stored = status["artifacts_stored"] ?? 0
        guard stored == UInt64(distinct), status["artifacts_received"] == UInt64(workload.artifacts) else {
            throw LoadFailure(description: "the hub stored \(stored) artifacts where \(distinct) are different")
        }
        let peak = hub.peakResidentBytes
        hub.stop()
        stopped = true
        let disk = Double(scratch.bytes) / Double(distinct)
        return Figures(
            rate: Double(workload.artifacts) / result.seconds, latency: result.latency, distinct: stored,
            cpuPerMillion: cpu * 1e6 / Double(workload.artifacts), peakBytes: peak, diskPerDistinct: disk,
            baseline: withBaseline ? try Baseline.rate(workload, prepared.plan) : 0)
    }

    private static func judge(_ envelope: Proto.Envelope) -> String? {
        guard case .ingestAck(let ack)? = envelope.body else { return "no ack: \(envelope)" }
        guard ack.refusal == .accepted, ack.durability == .fsync else { return "refused: \(ack.message)" }
        let settled = ack.verdicts.allSatisfy { $0.code == .stored || $0.code == .duplicate }
        return settled ? nil : "a verdict is neither stored nor duplicate"
    }

    private func report(_ figures: [Figures]) -> String {
        func middle(_ value: (Figures) -> Double) -> Double { median(figures.map(value)) }
        var writer = JSONWriter(pretty: true)
        writer.object { writer in
            writer.field("workload", "ingest")
            writer.field("artifacts", workload.artifacts)
            writer.field("connections", workload.connections)
            writer.field("batch", workload.batch)
            writer.field("window", workload.window)
            writer.field("duplicates", workload.duplicates)
            writer.field("runs", figures.count)
            writer.field("artifacts_per_second", middle(\.rate))
            writer.field("ack_p50_ms", middle { Double($0.latency.p50) / 1e6 })
            writer.field("ack_p99_ms", middle { Double($0.latency.p99) / 1e6 })
            writer.field("ack_max_ms", figures.map { Double($0.latency.max) / 1e6 }.max() ?? 0)
            writer.field("distinct_stored", figures[0].distinct)
            writer.field("server_cpu_seconds_per_million", middle(\.cpuPerMillion))
            writer.field("server_peak_rss_bytes", Int(middle { Double($0.peakBytes) }))
            writer.field("disk_bytes_per_distinct", middle(\.diskPerDistinct))
            writer.field("content_zstd1_ratio", contentRatio())
            if withBaseline {
                writer.field("baseline_artifacts_per_second", middle(\.baseline))
                writer.field("ratio_to_baseline", middle { $0.rate / $0.baseline })
            }
        }
        return writer.text
    }

    /// How far single contents of the workload shrink: says that the texts are neither noise nor repetition.
    private func contentRatio() -> Double {
        var plain = 0
        var small = 0
        for number in 0..<500 {
            let content = workload.artifact(number).content
            var compressed: [UInt8] = []
            Zstd().compress(content, into: &compressed)
            plain += content.count
            small += compressed.count
        }
        return Double(plain) / Double(small)
    }
}
