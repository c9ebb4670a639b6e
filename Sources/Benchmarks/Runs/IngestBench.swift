import Compression
import Model
import Sealing
import Storage
import Telemetry
import Transport
import Wire

/// Durable, deduplicated intake of a real hub process over loopback, and beside it, in the same run, what SQLite does
/// by itself with a unique index.
package struct IngestBench: Sendable {
    package var workload = IngestWorkload()
    package var runs = 3
    package var withBaseline = true
    /// Artifacts a second that are sent, however fast they are taken; nil: as fast as the windows allow.
    package var rate: Double?
    /// A second load each run, at this share of what the first one reached.
    package var share: Double?
    package var companions = Companions()
    /// Loads one after the other into the same hub: what is prepared for one has to fit into memory.
    package var rounds = 1

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
        var refusals = 0
        var companions: Companions.Figures
        var paced: Paced?
        var baseline: Double?
    }

    struct Paced {
        var rate: Double
        var latency: HistogramSnapshot
    }

    package func run(progress: (String) -> Void) async throws -> String {
        let prepared = try prepare()
        progress("\(workload.artifacts) artifacts, \(prepared.distinct) of them different")
        var figures: [Figures] = []
        for number in 1...runs {
            var figure = try await once(prepared, rate: rate)
            if let share {
                let second = try await once(prepared, rate: figure.rate * share)
                figure.paced = Paced(rate: second.rate, latency: second.latency)
            }
            if withBaseline { figure.baseline = try Baseline.rate(workload, prepared.plan) }
            let beside = figure.baseline.map { ", baseline \(Int($0))" } ?? ""
            progress("run \(number) of \(runs): \(Int(figure.rate)) artifacts/s" + beside)
            figures.append(figure)
        }
        return IngestReport(bench: self, figures: figures).text
    }

    func prepare() throws -> Prepared {
        let plan = workload.plan()
        return Prepared(
            plan: plan, frames: try plan.enumerated().map { try frames($1, stream: UInt64(workload.first + $0) + 1) },
            distinct: workload.distinct(plan))
    }

    func plans(_ prepared: Prepared, rate: Double? = nil) -> [LoadConnection.Plan] {
        let interval = rate.map { Double(workload.batch * workload.connections) / $0 }
        return prepared.frames.enumerated().map { index, frames in
            LoadConnection.Plan(
                role: .node, name: "load-\(index)", frames: frames, window: workload.window,
                artifacts: workload.batch,
                pace: interval.map { seconds in
                    let offset = seconds * Double(index) / Double(workload.connections)
                    return LoadConnection.Pace(
                        offset: Span(nanoseconds: UInt64(offset * 1e9)),
                        interval: Span(nanoseconds: UInt64(seconds * 1e9)))
                }, judge: IngestBench.judge, persists: companions.foreign != nil)
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

    private func once(_ prepared: Prepared, rate: Double?) async throws -> Figures {
        let scratch = try ScratchDirectory()
        let hub = try HubProcess(directory: scratch.path + "/hub", flags: ["--disk-low-water", "0"])
        var stopped = false
        defer { if !stopped { hub.killNow() } }
        let cpuBefore = hub.cpuSeconds
        let (result, beside) = try await companions.beside(hub, scratch.path) {
            try await load(prepared, rate: rate, into: hub)
        }
        let cpu = hub.cpuSeconds - cpuBefore
        let stored = try await stored(result.distinct, in: hub)
        let peak = hub.peakResidentBytes
        hub.stop()
        stopped = true
        return Figures(
            rate: Double(sent) / result.load.seconds, latency: result.load.latency, distinct: stored,
            cpuPerMillion: cpu * 1e6 / Double(sent), peakBytes: peak,
            diskPerDistinct: Double(ScratchDirectory.bytes(below: hub.directory)) / Double(result.distinct),
            refusals: result.load.refusals, companions: beside)
    }

    private var sent: Int { workload.artifacts * rounds }

    /// All rounds, each with artifacts that no other has; the latencies are those of the last.
    private func load(
        _ prepared: Prepared, rate: Double?, into hub: HubProcess
    ) async throws -> (load: LoadResult, distinct: Int) {
        var sum = try await Load.run(plans(prepared, rate: rate), to: hub.address)
        var distinct = prepared.distinct
        for round in 1..<max(1, rounds) {
            var bench = self
            bench.workload.first += round * workload.artifacts
            let next = try bench.prepare()
            let result = try await Load.run(bench.plans(next, rate: rate), to: hub.address)
            sum = LoadResult(
                seconds: sum.seconds + result.seconds, latency: result.latency,
                refusals: sum.refusals + result.refusals)
            distinct += next.distinct
        }
        return (sum, distinct)
    }

    /// What the hub has stored, which must be exactly what was different.
    private func stored(_ distinct: Int, in hub: HubProcess) async throws -> UInt64 {
        let status = try await HubQuery.status(hub.address)
        let stored = status["artifacts_stored"] ?? 0
        guard stored == UInt64(distinct), status["artifacts_received"] == UInt64(sent) else {
            throw LoadFailure(description: "the hub stored \(stored) artifacts where \(distinct) are different")
        }
        return stored
    }

    private static func judge(_ envelope: Proto.Envelope) -> String? {
        guard case .ingestAck(let ack)? = envelope.body else { return "no ack: \(envelope)" }
        guard ack.refusal == .accepted, ack.durability == .fsync else { return "refused: \(ack.message)" }
        let settled = ack.verdicts.allSatisfy { $0.code == .stored || $0.code == .duplicate }
        return settled ? nil : "a verdict is neither stored nor duplicate"
    }
}
