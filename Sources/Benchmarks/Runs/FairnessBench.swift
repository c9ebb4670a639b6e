import Model
import Telemetry
import Transport

/// What four honest connections keep of their rate beside crowds of idle, never-reading and garbage-sending ones.
package struct FairnessBench: Sendable {
    package var workload = IngestWorkload()
    package var idle = 2_000
    package var neverReading = 100
    package var garbage = 10
    package var runs = 3

    package init() { workload.artifacts = 100_000 }

    package func run(progress: (String) -> Void) async throws -> String {
        Crowd.raiseDescriptorLimit()
        let bench = IngestBench(workload)
        let prepared = try bench.prepare()
        var alone: [Double] = []
        var crowded: [Double] = []
        for number in 1...runs {
            alone.append(try await rate(prepared, crowded: false))
            crowded.append(try await rate(prepared, crowded: true))
            progress(
                "run \(number) of \(runs): \(Int(alone[number - 1])) alone, \(Int(crowded[number - 1])) in a crowd")
        }
        var writer = JSONWriter(pretty: true)
        writer.object { writer in
            writer.field("workload", "fairness")
            writer.field("idle", idle)
            writer.field("never_reading", neverReading)
            writer.field("garbage", garbage)
            writer.field("runs", runs)
            writer.field("alone_artifacts_per_second", median(alone))
            writer.field("crowded_artifacts_per_second", median(crowded))
            writer.field("ratio", median(zip(alone, crowded).map { $1 / $0 }))
        }
        return writer.text
    }

    private func rate(_ prepared: IngestBench.Prepared, crowded: Bool) async throws -> Double {
        let scratch = try ScratchDirectory()
        let hub = try HubProcess(directory: scratch.path + "/hub", flags: ["--disk-low-water", "0"])
        defer { hub.stop() }
        let crowd = crowded ? try Crowd(self, against: hub.address.port) : nil
        defer { crowd?.leave() }
        let result = try await Load.run(IngestBench(workload).plans(prepared), to: hub.address)
        return Double(workload.artifacts) / result.seconds
    }
}
