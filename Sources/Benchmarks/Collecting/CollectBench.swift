import Compression
import Model
import Telemetry
import Transport
import Wire

/// How many pages a second one node collects, from a site of this process over a real node to what a real hub has
/// stored. A page counts when it is in the ledger.
package struct CollectBench: Sendable {
    package var pages = 20_000
    package var concurrency = 500
    package var hosts = 500
    package var pageBytes = 4 * Limits.kibibyte
    package var runs = 3

    package init() {}

    private struct Figures {
        var rate: Double
        var nodePeak: Int
        var hubPeak: Int
        var nodeCPU: Double
        var hubCPU: Double
    }

    package func run(progress: (String) -> Void) async throws -> String {
        var found: [Figures] = []
        for number in 1...runs {
            found.append(try await once())
            progress("run \(number) of \(runs): \(Int(found[number - 1].rate)) pages a second")
        }
        let million = 1e6 / Double(pages)
        var writer = JSONWriter(pretty: true)
        writer.object { writer in
            writer.field("workload", "collect")
            writer.field("pages", pages)
            writer.field("page_bytes", pageBytes)
            writer.field("concurrency", concurrency)
            writer.field("hosts", hosts)
            writer.field("runs", runs)
            writer.field("pages_per_second", median(found.map(\.rate)))
            writer.field("peak_rss_bytes", Int(median(found.map { Double($0.nodePeak) })))
            writer.field("hub_peak_rss_bytes", Int(median(found.map { Double($0.hubPeak) })))
            writer.field("node_cpu_seconds_per_million_pages", median(found.map { $0.nodeCPU * million }))
            writer.field("hub_cpu_seconds_per_million_pages", median(found.map { $0.hubCPU * million }))
        }
        return writer.text
    }

    private func once() async throws -> Figures {
        let scratch = try ScratchDirectory()
        let site = try PageSite(pageBytes: pageBytes)
        let hub = try HubProcess(
            directory: scratch.path + "/hub", flags: ["--disk-low-water", "0", "--host-delay", "0s"])
        defer { hub.stop() }
        let node = try NodeProcess(hub: hub.address, directory: scratch.path + "/node", capacity: concurrency)
        defer { node.stop() }
        try await HubQuery.wait(hub.address, for: "the node", patience: .minutes(1)) { $0["nodes_live"] ?? 0 > 0 }
        let started = SystemTime().now()
        try await HubQuery.submit(targets(of: site), hub.address)
        try await HubQuery.wait(hub.address, for: "what \(pages) pages hold", patience: .minutes(3)) {
            $0["artifacts_stored"] ?? 0 >= UInt64(pages)
        }
        let seconds = SystemTime().now().since(started).seconds
        let figures = Figures(
            rate: Double(pages) / seconds, nodePeak: node.peakResidentBytes, hubPeak: hub.peakResidentBytes,
            nodeCPU: node.cpuSeconds, hubCPU: hub.cpuSeconds)
        guard site.pagesAsked >= pages else {
            throw LoadFailure(description: "\(pages) pages are stored, and \(site.pagesAsked) were asked for")
        }
        await site.stop()
        return figures
    }

    private func targets(of site: PageSite) -> [Proto.TargetSpec] {
        (0..<pages).map { number in
            var spec = Proto.TargetSpec()
            spec.type = "web"
            spec.location = site.location(number, hosts: hosts)
            spec.schedule = .once
            return spec
        }
    }
}
