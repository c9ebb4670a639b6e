package import Model
import Telemetry

/// From the start of a hub's process on an empty directory to its readiness, and what it uses while nothing happens.
package struct StartBench: Sendable {
    package var runs = 5
    package var idle = Span.seconds(10)

    package init() {}

    package func run(progress: (String) -> Void) async throws -> String {
        var starts: [Double] = []
        var cores: [Double] = []
        var resident: [Double] = []
        for number in 1...runs {
            let scratch = try ScratchDirectory()
            let before = SystemTime().now()
            let hub = try HubProcess(directory: scratch.path + "/hub")
            starts.append(SystemTime().now().since(before).seconds * 1_000)
            defer { hub.stop() }
            if number == 1 {
                let cpu = hub.cpuSeconds
                try await Waiting.pass(idle)
                cores.append((hub.cpuSeconds - cpu) / idle.seconds)
            }
            resident.append(Double(hub.residentBytes))
            progress("run \(number) of \(runs): ready after \(starts[number - 1]) ms")
        }
        var writer = JSONWriter(pretty: true)
        writer.object { writer in
            writer.field("workload", "start")
            writer.field("runs", runs)
            writer.field("ready_ms", median(starts))
            writer.field("idle_core_share", cores[0])
            writer.field("idle_rss_bytes", Int(median(resident)))
        }
        return writer.text
    }
}
