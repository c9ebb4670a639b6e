import Compression
import Model
package import Telemetry
import Transport

/// What a load came to.
package struct LoadResult: Sendable {
    package var seconds: Double
    package var latency: HistogramSnapshot
    /// Times that a connection had to wait because intake was closed.
    package var refusals = 0
}

package struct LoadFailure: Error, CustomStringConvertible {
    package let description: String
}

/// Drives several connections at once from one event loop, so that the load takes as little of the machine as it can.
enum Load {
    static func run(_ plans: [LoadConnection.Plan], to address: SocketAddress) async throws -> LoadResult {
        let loop = try EventLoop(name: "load")
        defer { loop.stop() }
        let progress = LoadProgress(count: plans.count)
        let latency = Histogram()
        let context = Connection.Context(compressor: Zstd())
        var connections: [Connection] = []
        for plan in plans {
            connections.append(
                try await Connection.connect(to: address, on: loop, context: context) {
                    LoadConnection(plan, latency: latency, progress: progress)
                })
        }
        await progress.allReady()
        if let failure = progress.failure { throw LoadFailure(description: failure) }
        let started = SystemTime().now()
        for connection in connections {
            loop.execute { connection.assumeIsolated { $0.handler(as: LoadConnection.self)?.go($0) } }
        }
        await progress.allFinished()
        let seconds = SystemTime().now().since(started).seconds
        if let failure = progress.failure { throw LoadFailure(description: failure) }
        return LoadResult(seconds: seconds, latency: latency.snapshot(), refusals: progress.refusals)
    }
}
