import Model
import Telemetry

/// A large data set through a real node into a real hub: how fast, and in how much of the node's memory. A row counts
/// when it is in the ledger.
package struct DatasetBench: Sendable {
    package var bytes = 2 * 1_024 * Limits.mebibyte
    package var rowBytes = 4 * Limits.kibibyte
    package var runs = 1

    package init() {}

    private struct Figures {
        var seconds: Double
        var size: Int
        var nodePeak: Int
        var hubPeak: Int
        var nodeCPU: Double
    }

    private var rows: Int { max(1, bytes / rowBytes) }

    package func run(progress: (String) -> Void) async throws -> String {
        var found: [Figures] = []
        for number in 1...runs {
            found.append(try await once(progress))
            progress("run \(number) of \(runs): \(Int(Double(rows) / found[number - 1].seconds)) rows a second")
        }
        let seconds = median(found.map(\.seconds))
        var writer = JSONWriter(pretty: true)
        writer.object { writer in
            writer.field("workload", "dataset")
            writer.field("bytes", found[0].size)
            writer.field("rows", rows)
            writer.field("runs", runs)
            writer.field("seconds", seconds)
            writer.field("rows_per_second", Double(rows) / seconds)
            writer.field("bytes_per_second", Double(found[0].size) / seconds)
            writer.field("peak_rss_bytes", found.map(\.nodePeak).max() ?? 0)
            writer.field("hub_peak_rss_bytes", found.map(\.hubPeak).max() ?? 0)
            writer.field("node_cpu_seconds", median(found.map(\.nodeCPU)))
        }
        return writer.text
    }

    private func once(_ progress: (String) -> Void) async throws -> Figures {
        let scratch = try ScratchDirectory()
        let file = try RowFile(scratch.path + "/rows.jsonl", rows: rows, rowBytes: rowBytes, seed: 41)
        progress("\(file.size) bytes in \(rows) rows are written")
        let hub = try HubProcess(directory: scratch.path + "/hub", flags: ["--disk-low-water", "0"])
        defer { hub.stop() }
        let node = try NodeProcess(
            hub: hub.address, directory: scratch.path + "/node", capacity: 1, flags: ["--allow-root", scratch.path])
        defer { node.stop() }
        try await HubQuery.wait(hub.address, for: "the node", patience: .minutes(1)) { $0["nodes_live"] ?? 0 > 0 }
        let started = SystemTime().now()
        try await HubQuery.submit([file.target], hub.address)
        try await HubQuery.wait(hub.address, for: "the last of \(rows) rows", patience: .minutes(30)) {
            $0["artifacts_stored"] ?? 0 >= UInt64(rows)
        }
        return Figures(
            seconds: SystemTime().now().since(started).seconds, size: file.size, nodePeak: node.peakResidentBytes,
            hubPeak: hub.peakResidentBytes, nodeCPU: node.cpuSeconds)
    }
}
