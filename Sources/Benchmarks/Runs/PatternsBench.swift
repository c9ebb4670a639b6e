import Model
import Telemetry
import Transport

/// How long a hub takes to look for patterns in its texts, and what intake keeps of its rate while it does.
package struct PatternsBench: Sendable {
    package var texts = 100_000
    package var runs = 3

    package init() {}

    private struct Figures {
        var seconds: Double
        var texts: UInt64
        var sketchedPerSecond: Double
        var rate: Double
        var peakBytes: Int
    }

    package func run(progress: (String) -> Void) async throws -> String {
        var alone: [Figures] = []
        var beside: [Figures] = []
        for number in 1...runs {
            alone.append(try await once(searching: false))
            beside.append(try await once(searching: true))
            let (first, second) = (alone[number - 1], beside[number - 1])
            progress(
                "run \(number) of \(runs): \(first.seconds) s; intake \(Int(first.rate)) alone, "
                    + "\(Int(second.rate)) beside"
            )
        }
        var writer = JSONWriter(pretty: true)
        writer.object { writer in
            writer.field("workload", "patterns")
            writer.field("texts", alone[0].texts)
            writer.field("runs", runs)
            writer.field("seconds", median(alone.map(\.seconds)))
            writer.field("followed_texts_per_second", median(alone.map(\.sketchedPerSecond)))
            writer.field("intake_alone_per_second", median(alone.map(\.rate)))
            writer.field("intake_beside_per_second", median(beside.map(\.rate)))
            writer.field("ratio", median(zip(alone, beside).map { $1.rate / $0.rate }))
            writer.field("server_peak_rss_bytes", Int(median(beside.map { Double($0.peakBytes) })))
        }
        return writer.text
    }

    /// Fills a hub, waits until everything behind the ledger has followed, looks once alone, and then takes as much
    /// again with or without a second look at the same time.
    private func once(searching: Bool) async throws -> Figures {
        let scratch = try ScratchDirectory()
        let hub = try HubProcess(directory: scratch.path + "/hub", flags: ["--disk-low-water", "0"])
        defer { hub.stop() }
        let address = hub.address
        let started = SystemTime().now()
        _ = try await load(first: 0, into: address)
        try await follow(address)
        let followed = SystemTime().now()
        let found = try await HubQuery.runPatterns(address)
        let seconds = SystemTime().now().since(followed).seconds
        async let second = searching ? HubQuery.runPatterns(address) : found
        let rate = try await load(first: texts, into: address)
        _ = try await second
        return Figures(
            seconds: seconds, texts: found,
            sketchedPerSecond: Double(texts) / followed.since(started).seconds, rate: rate,
            peakBytes: hub.peakResidentBytes)
    }

    private func load(first: Int, into address: SocketAddress) async throws -> Double {
        var workload = IngestWorkload()
        workload.artifacts = texts
        workload.duplicates = 0
        workload.first = first
        let bench = IngestBench(workload)
        return Double(texts) / (try await Load.run(bench.plans(try bench.prepare()), to: address)).seconds
    }

    private func follow(_ address: SocketAddress) async throws {
        while true {
            let status = try await HubQuery.status(address)
            if status["derived_version"] == status["ledger_version"] { return }
            try await Waiting.pass(.milliseconds(100))
        }
    }
}
