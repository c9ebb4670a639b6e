import Compression
import Model
import Transport
import Wire

/// Asks a hub for its counters.
enum HubQuery {
    static func status(_ address: SocketAddress) async throws -> [String: UInt64] {
        let answer = try await ask(.clusterStatus(Proto.ClusterStatus()), address)
        guard case .clusterStatusReply(let status) = answer else {
            throw LoadFailure(description: "the hub did not tell its status")
        }
        return Dictionary(status.counters.map { ($0.name, $0.value) }) { first, _ in first }
    }

    /// Asks again and again until the counters are as wanted.
    static func wait(
        _ address: SocketAddress, until isReached: @escaping @Sendable ([String: UInt64]) -> Bool
    ) async throws {
        let limit = SystemTime().now() + Limits.requestTimeout
        while SystemTime().now() < limit {
            if isReached(try await status(address)) { return }
            try await Waiting.pass(.milliseconds(2))
        }
        throw LoadFailure(description: "the hub did not settle what it was sent within 30 s")
    }

    /// Looks for patterns, and says in how many texts.
    static func runPatterns(_ address: SocketAddress) async throws -> UInt64 {
        let answer = try await ask(.runPatterns(Proto.RunPatterns()), address, timeout: .minutes(10))
        guard case .listPatternsReply(let run) = answer, run.message.isEmpty else {
            throw LoadFailure(description: "the hub found no patterns: \(answer)")
        }
        return run.texts
    }

    /// Calls `body` with what submits one more target, the most urgent, and says when it was sent.
    static func submitting<T>(
        to address: SocketAddress, _ body: ((Int) async throws -> Instant) async throws -> T
    ) async throws -> T {
        try await withClient(address) { client in
            try await body { number in
                let key = [UInt8](repeating: 8, count: 16)
                let spec = Proto.TargetSpec(
                    type: LeaseLoad.capability, location: "/srv/probes/\(number)", priority: Limits.maxPriority,
                    schedule: .once)
                let message = Proto.SubmitTargets(key: key[...], chunk: UInt64(number), targets: [spec])
                let sent = SystemTime().now()
                guard case .submitTargetsReply = try await client.request(.submitTargets(message)) else {
                    throw LoadFailure(description: "the hub did not take a target")
                }
                return sent
            }
        }
    }

    private static func ask(
        _ body: Proto.Envelope.Body, _ address: SocketAddress, timeout: Span = Limits.requestTimeout
    ) async throws -> Proto.Envelope.Body {
        try await withClient(address) { client in try await client.request(body, timeout: timeout) }
    }

    private static func withClient<T>(
        _ address: SocketAddress, _ body: (Client) async throws -> T
    ) async throws -> T {
        let loop = try EventLoop(name: "query")
        defer { loop.stop() }
        let hello = Proto.Hello(
            versionMin: Limits.protocolVersion, versionMax: Limits.protocolVersion, role: .operator, name: "bench",
            software: "rookery-bench")
        var options = Client.Options(address: address, hello: hello)
        options.persistence = .onceWelcome
        let client = Client(options, loop: loop, context: Connection.Context(compressor: Zstd()))
        client.start()
        do {
            let answer = try await body(client)
            await client.stop()
            return answer
        } catch {
            await client.stop()
            throw error
        }
    }
}
