import Compression
import Model
import Transport
import Wire

/// Asks a hub for its counters.
enum HubQuery {
    static func status(_ address: SocketAddress) async throws -> [String: UInt64] {
        let loop = try EventLoop(name: "query")
        defer { loop.stop() }
        let hello = Proto.Hello(
            versionMin: Limits.protocolVersion, versionMax: Limits.protocolVersion, role: .operator, name: "bench",
            software: "rookery-bench")
        var options = Client.Options(address: address, hello: hello)
        options.persistence = .onceWelcome
        let client = Client(options, loop: loop, context: Connection.Context(compressor: Zstd()))
        client.start()
        let answer = try await client.request(.clusterStatus(Proto.ClusterStatus()))
        await client.stop()
        guard case .clusterStatusReply(let status) = answer else {
            throw LoadFailure(description: "the hub did not tell its status")
        }
        return Dictionary(status.counters.map { ($0.name, $0.value) }) { first, _ in first }
    }
}
