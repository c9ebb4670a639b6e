import Model
import Telemetry

/// What a hub with many artifacts stored takes to start, what each of them costs in memory, and what it keeps of the
/// rate that a hub with few of them has.
package struct PreloadBench: Sendable {
    package var workload = IngestWorkload()
    package var stored: Int
    package var runs = 3

    /// What a directory that holds little holds.
    private var few: Int { min(100_000, stored) }

    package init(stored: Int) { self.stored = stored }

    private struct Figures {
        var readySeconds: Double
        var residentAtStart: Int
        var rate: Double
        var latency: HistogramSnapshot
        var cpuPerMillion: Double
        var peakBytes: Int
        var statusMilliseconds: Double
    }

    package func run(progress: (String) -> Void) async throws -> String {
        let scratch = try ScratchDirectory()
        let begun = SystemTime().now()
        try await fill(scratch.path + "/many", stored, progress)
        let seconds = SystemTime().now().since(begun).seconds
        let disk = Double(ScratchDirectory.bytes(below: scratch.path + "/many")) / Double(stored)
        progress("\(stored) stored in \(Int(seconds)) s")
        var small: [Figures] = []
        var many: [Figures] = []
        for number in 0..<runs {
            try await fill("\(scratch.path)/few-\(number)", few) { _ in }
            small.append(try await once("\(scratch.path)/few-\(number)", number))
            many.append(try await once(scratch.path + "/many", number))
            progress(
                "run \(number + 1) of \(runs): ready after \(many[number].readySeconds) s, "
                    + "\(Int(many[number].rate)) artifacts/s, \(Int(small[number].rate)) with \(few) stored")
        }
        return report(small, many, seconds, disk)
    }

    private func fill(_ directory: String, _ count: Int, _ progress: (String) -> Void) async throws {
        var all = workload
        all.first = 0
        try await Preload(workload: all, count: count).fill(directory, progress: progress)
    }

    /// Starts a hub on the directory and loads it with artifacts that are in neither.
    private func once(_ directory: String, _ number: Int) async throws -> Figures {
        var fresh = workload
        fresh.first = stored + number * workload.artifacts
        let bench = IngestBench(fresh)
        let prepared = try bench.prepare()
        let begun = SystemTime().now()
        let hub = try HubProcess(directory: directory, flags: ["--disk-low-water", "0"])
        let ready = SystemTime().now().since(begun).seconds
        defer { hub.stop() }
        let resident = hub.residentBytes
        let before = try await HubQuery.status(hub.address)["artifacts_stored"] ?? 0
        let cpu = hub.cpuSeconds
        let result = try await Load.run(bench.plans(prepared), to: hub.address)
        let used = hub.cpuSeconds - cpu
        let after = try await HubQuery.status(hub.address)["artifacts_stored"] ?? 0
        guard after - before == UInt64(prepared.distinct) else {
            throw LoadFailure(
                description: "the hub stored \(after - before) artifacts where \(prepared.distinct) are different")
        }
        let status = median(try await HubQuery.statusTimes(hub.address))
        return Figures(
            readySeconds: ready, residentAtStart: resident, rate: Double(workload.artifacts) / result.seconds,
            latency: result.latency, cpuPerMillion: used * 1e6 / Double(workload.artifacts),
            peakBytes: hub.peakResidentBytes, statusMilliseconds: status)
    }

    private func report(_ small: [Figures], _ many: [Figures], _ seconds: Double, _ disk: Double) -> String {
        func middle(_ value: (Figures) -> Double) -> Double { median(many.map(value)) }
        // What every start takes is taken away.
        let growth = zip(small, many).map {
            Double($1.residentAtStart - $0.residentAtStart) / Double(stored - few)
        }
        var writer = JSONWriter(pretty: true)
        writer.object { writer in
            writer.field("workload", "preload")
            writer.field("preloaded", stored)
            writer.field("preload_seconds", seconds)
            writer.field("artifacts", workload.artifacts)
            writer.field("connections", workload.connections)
            writer.field("batch", workload.batch)
            writer.field("window", workload.window)
            writer.field("runs", runs)
            writer.field("ready_seconds", middle(\.readySeconds))
            if stored > few { writer.field("resident_bytes_per_stored", median(growth)) }
            writer.field("artifacts_per_second", middle(\.rate))
            writer.field("status_ms", middle(\.statusMilliseconds))
            writer.field("few_stored", few)
            writer.field("few_artifacts_per_second", median(small.map(\.rate)))
            writer.field("ratio_to_few", median(zip(small, many).map { $1.rate / $0.rate }))
            writer.field("ack_p99_ms", middle { Double($0.latency.p99) / 1e6 })
            writer.field("ack_max_ms", many.map { Double($0.latency.max) / 1e6 }.max() ?? 0)
            writer.field("server_cpu_seconds_per_million", middle(\.cpuPerMillion))
            writer.field("server_peak_rss_bytes", Int(middle { Double($0.peakBytes) }))
            writer.field("disk_bytes_per_distinct", disk)
        }
        return writer.text
    }
}
