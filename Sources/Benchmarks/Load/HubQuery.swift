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

    /// In chunks, each after the one before it.
    static func submit(_ targets: [Proto.TargetSpec], _ address: SocketAddress) async throws {
        var random = SystemRandom()
        let key = (0..<16).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        var rest = targets[...]
        var chunk: UInt64 = 0
        while !rest.isEmpty {
            let part = Array(rest.prefix(Limits.maxTargetsPerChunk))
            rest = rest.dropFirst(part.count)
            let message = Proto.SubmitTargets(key: key[...], chunk: chunk, targets: part)
            guard case .submitTargetsReply(let reply) = try await ask(.submitTargets(message), address),
                reply.verdicts.allSatisfy({ $0.result == .created })
            else { throw LoadFailure(description: "the hub did not take the targets") }
            chunk += 1
        }
    }

    private static func ask(
        _ body: Proto.Envelope.Body, _ address: SocketAddress, timeout: Span = Limits.requestTimeout
    ) async throws -> Proto.Envelope.Body {
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
            let answer = try await client.request(body, timeout: timeout)
            await client.stop()
            return answer
        } catch {
            await client.stop()
            throw error
        }
    }
}
