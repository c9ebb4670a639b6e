import Testing
import Transport

@testable import Node

/// A bench and a server beside it, closed however the body ends.
func withSite(
    settings: CollectorSettings = CollectorSettings(), allowed: [String] = ["127.0.0.0/8"],
    robots: @escaping @Sendable () -> TinyServer.Answer = { .init(status: "404 Not Found") },
    answer: @escaping @Sendable (TinyServer.Request) -> TinyServer.Answer?,
    _ body: (Bench, TinyServer) async throws -> Void
) async throws {
    let bench = try Bench(allowed: allowed, settings: settings)
    let server = try TinyServer(on: bench.loop, robots: robots, respond: answer)
    await server.start()
    do { try await body(bench, server) } catch { Issue.record(error) }
    await server.stop()
    await bench.close()
    bench.loop.stop()
}
