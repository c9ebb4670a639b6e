import Model
import Telemetry
import Transport
import Wire

/// Leases of a real hub process over loopback: given out, answered, settled, each durable before anyone is told.
package struct LeaseBench: Sendable {
    package var targets = 100_000
    package var workers = 100
    /// Nodes that are registered beside them and have no work.
    package var bystanders = 0
    package var capacity = 8
    /// How many leases are answered; nil: one for each target.
    package var pairs: Int?
    /// Nothing is delivered: a lease and its outcome alone.
    package var isEmpty = false
    package var runs = 3

    package init() {}

    private static let probes = 50  // single targets sent to idle nodes, one after the other

    private struct Figures {
        var rate: Double
        var latency: HistogramSnapshot
        var submitted: Double
        var start: Double
        var cpuPerMillion: Double
        var peakBytes: Int
        var restingBytes: Int
        var status: Double
        var reached: [Double]
    }

    private var plan: LeaseLoad.Plan {
        LeaseLoad.Plan(
            workers: workers, bystanders: bystanders, capacity: capacity, pairs: min(pairs ?? targets, targets),
            delivers: !isEmpty)
    }

    package func run(progress: (String) -> Void) async throws -> String {
        let frames = try submissions()
        var figures: [Figures] = []
        for number in 1...runs {
            let figure = try await once(frames)
            progress(
                "run \(number) of \(runs): \(Int(figure.rate)) pairs/s, \(Int(figure.submitted)) submitted/s, "
                    + "started in \(Int(figure.start)) ms")
            figures.append(figure)
        }
        return report(figures)
    }

    /// Once-only targets of every priority, in chunks.
    private func submissions() throws -> [[UInt8]] {
        let chunk = Limits.maxTargetsPerChunk
        return try stride(from: 0, to: targets, by: chunk).map { first in
            let specs = (first..<min(first + chunk, targets)).map { number in
                Proto.TargetSpec(
                    type: LeaseLoad.capability, location: "/srv/sets/\(number)",
                    priority: UInt32(number * 7 % 10) + 1, schedule: .once)
            }
            let place = UInt64(first / chunk)
            let message = Proto.SubmitTargets(
                key: ArraySlice(repeating: 7, count: 16), chunk: place, targets: specs)
            return try FrameEncoder().encode(Proto.Envelope(id: place + 1, body: .submitTargets(message)))
        }
    }

    private func submit(_ frames: [[UInt8]], to address: SocketAddress) async throws -> Double {
        let plan = LoadConnection.Plan(role: .operator, name: "bench", frames: frames, window: 4) { envelope in
            guard case .submitTargetsReply(let reply)? = envelope.body else { return "no reply: \(envelope)" }
            return reply.verdicts.allSatisfy { $0.result == .created } ? nil : "a target was not created"
        }
        return Double(targets) / (try await Load.run([plan], to: address)).seconds
    }

    /// The hub is killed between the submission and the load, so that the start has everything to read.
    private func once(_ frames: [[UInt8]]) async throws -> Figures {
        let scratch = try ScratchDirectory()
        let flags = ["--disk-low-water", "0"]
        let first = try HubProcess(directory: scratch.path + "/hub", flags: flags)
        let submitted: Double
        do {
            submitted = try await submit(frames, to: first.address)
        } catch {
            first.killNow()
            throw error
        }
        first.killNow()
        let before = SystemTime().now()
        let hub = try HubProcess(directory: scratch.path + "/hub", flags: flags)
        let start = SystemTime().now().since(before).seconds * 1_000
        defer { hub.killNow() }
        let resting = hub.residentBytes
        let cpuBefore = hub.cpuSeconds
        let load = LeaseLoad(plan)
        let pairs = UInt64(plan.pairs)
        let probes = plan.pairs == targets ? min(LeaseBench.probes, workers) : 0
        let result = try await load.run(to: hub.address, probes: probes) {
            if !isEmpty { try await HubQuery.wait(hub.address) { $0["leases_success"] == pairs } }
        }
        let cpu = hub.cpuSeconds - cpuBefore
        let answered = median(try await HubQuery.statusTimes(hub.address))
        let status = try await HubQuery.status(hub.address)
        let ended = status[isEmpty ? "leases_empty" : "leases_success"] ?? 0
        guard ended == pairs, status["leases_fenced"] == 0, status["targets_done"] == pairs else {
            throw LoadFailure(description: "the hub counts \(ended) leases where \(pairs) were answered")
        }
        return Figures(
            rate: Double(pairs) / result.seconds, latency: load.latency.snapshot(), submitted: submitted, start: start,
            cpuPerMillion: cpu * 1e6 / Double(pairs), peakBytes: hub.peakResidentBytes, restingBytes: resting,
            status: answered, reached: result.reached)
    }

    private func report(_ figures: [Figures]) -> String {
        func middle(_ value: (Figures) -> Double) -> Double { median(figures.map(value)) }
        var writer = JSONWriter(pretty: true)
        writer.object { writer in
            writer.field("workload", isEmpty ? "lease-bare" : "lease-full")
            writer.field("targets", targets)
            writer.field("workers", workers)
            writer.field("bystanders", bystanders)
            writer.field("capacity", capacity)
            writer.field("pairs", plan.pairs)
            writer.field("runs", figures.count)
            writer.field("pairs_per_second", middle(\.rate))
            writer.field("lease_p50_ms", middle { Double($0.latency.p50) / 1e6 })
            writer.field("lease_p99_ms", middle { Double($0.latency.p99) / 1e6 })
            writer.field("server_cpu_seconds_per_million_pairs", middle(\.cpuPerMillion))
            writer.field("server_peak_rss_bytes", Int(middle { Double($0.peakBytes) }))
            writer.field("submitted_per_second", middle(\.submitted))
            writer.field("start_ms", middle(\.start))
            writer.field("started_rss_bytes", Int(middle { Double($0.restingBytes) }))
            writer.field("status_ms", middle(\.status))
            if !figures[0].reached.isEmpty {
                writer.field("reach_p50_ms", median(figures.flatMap(\.reached)))
            }
        }
        return writer.text
    }
}
