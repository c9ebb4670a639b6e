import Model
import Telemetry
import Transport
import Wire

/// What a node has spooled while its hub was away, delivered when it is back: how fast, beside the rate at which the
/// same node collects and delivers with its hub there, and whether in order.
package struct SpoolBench: Sendable {
    package var artifacts = 1_000_000
    package var rowBytes = 256

    package init() {}

    private struct Figures {
        var normal = 0.0
        var spooled = 0
        var spoolBytes = 0
        var delivered = 0.0
        var secondsToFirst = 0.0
        var nodePeak = 0
        var isInOrder = false
    }

    package func run(progress: (String) -> Void) async throws -> String {
        let figures = try await measure(progress)
        var writer = JSONWriter(pretty: true)
        writer.object { writer in
            writer.field("workload", "spool")
            writer.field("spooled_artifacts", figures.spooled)
            writer.field("spooled_bytes", figures.spoolBytes)
            writer.field("normal_artifacts_per_second", figures.normal)
            writer.field("artifacts_per_second", figures.delivered)
            writer.field("ratio_to_normal", figures.delivered / figures.normal)
            writer.field("seconds_to_first", figures.secondsToFirst)
            writer.field("in_order", figures.isInOrder)
            writer.field("peak_rss_bytes", figures.nodePeak)
        }
        return writer.text
    }

    private func measure(_ progress: (String) -> Void) async throws -> Figures {
        let scratch = try ScratchDirectory()
        let usual = try RowFile(
            scratch.path + "/usual.jsonl", rows: max(1_000, artifacts / 5), rowBytes: rowBytes, seed: 42)
        let outage = try RowFile(
            scratch.path + "/outage.jsonl", rows: artifacts + artifacts / 10 + 20_000, rowBytes: rowBytes, seed: 43)
        let directory = scratch.path + "/hub"
        var hub = try HubProcess(directory: directory, flags: ["--disk-low-water", "0"])
        defer { hub.stop() }
        let node = try NodeProcess(
            hub: hub.address, directory: scratch.path + "/node", capacity: 1,
            flags: ["--allow-root", scratch.path, "--spool-size", "16384"])
        defer { node.stop() }
        var figures = Figures()
        figures.normal = try await rate(of: usual, hub)
        progress("with the hub there: \(Int(figures.normal)) artifacts a second")

        try await HubQuery.submit([outage.target], hub.address)
        try await wait(hub, stored: usual.rows + 1)
        hub.killNow()
        let status = try await collected(node)
        figures.spooled = Int(clamping: status["spooled_items"] ?? 0)
        figures.spoolBytes = Int(clamping: status["spooled_bytes"] ?? 0)
        progress("with the hub away: \(figures.spooled) items are spooled")

        hub = try HubProcess(directory: directory, port: hub.address.port, flags: ["--disk-low-water", "0"])
        let back = SystemTime().now()
        let before = try await HubQuery.status(hub.address)["artifacts_stored"] ?? 0
        try await wait(hub, stored: Int(before) + 1)
        let first = SystemTime().now()
        let already = try await HubQuery.status(hub.address)["artifacts_stored"] ?? 0
        figures.secondsToFirst = first.since(back).seconds
        try await wait(hub, stored: usual.rows + outage.rows)
        let left = usual.rows + outage.rows - Int(already)
        figures.delivered = Double(left) / SystemTime().now().since(first).seconds
        progress("with the hub back: \(Int(figures.delivered)) artifacts a second")
        figures.nodePeak = node.peakResidentBytes
        figures.isInOrder = try await isInOrder(outage, hub)
        return figures
    }

    private func rate(of file: RowFile, _ hub: HubProcess) async throws -> Double {
        try await HubQuery.wait(hub.address, for: "the node", patience: .minutes(1)) { $0["nodes_live"] ?? 0 > 0 }
        let started = SystemTime().now()
        try await HubQuery.submit([file.target], hub.address)
        try await wait(hub, stored: file.rows)
        return Double(file.rows) / SystemTime().now().since(started).seconds
    }

    private func wait(_ hub: HubProcess, stored: Int) async throws {
        try await HubQuery.wait(hub.address, for: "artifact \(stored)", patience: .minutes(15)) {
            $0["artifacts_stored"] ?? 0 >= UInt64(stored)
        }
    }

    /// Returns when the node has nothing more to collect.
    private func collected(_ node: NodeProcess) async throws -> [String: UInt64] {
        let deadline = SystemTime().now() + .minutes(15)
        while SystemTime().now() < deadline {
            let status = try node.status()
            if status["collecting"] == 0, status["spooled_items"] ?? 0 >= UInt64(artifacts) { return status }
            try await Waiting.pass(.milliseconds(200))
        }
        throw LoadFailure(description: "the node has not spooled \(artifacts) rows of its file in 15 minutes")
    }

    /// Every row of the file is stored once, and ids grow as rows do.
    private func isInOrder(_ file: RowFile, _ hub: HubProcess) async throws -> Bool {
        var row = file.rows
        var isInOrder = true
        try await HubQuery.eachArtifact(hub.address) { artifact in
            guard artifact.rawSource.hasPrefix(file.path) else { return }
            if artifact.metadata["row"] != "\(row)" { isInOrder = false }
            row -= 1
        }
        return isInOrder && row == 0
    }
}
