import Compression
import Lifecycle
import Model
import Transport
import Wire

/// Asks a hub what operators ask.
enum HubQuery {
    static func status(_ address: SocketAddress) async throws -> [String: UInt64] {
        let answer = try await session(with: address) { try await $0.request(.clusterStatus(Proto.ClusterStatus())) }
        guard case .clusterStatusReply(let status) = answer else {
            throw LoadFailure(description: "the hub did not tell its status")
        }
        return Dictionary(status.counters.map { ($0.name, $0.value) }) { first, _ in first }
    }

    /// How long the hub takes to tell its status, in ms, asked some times over one connection.
    static func statusTimes(_ address: SocketAddress, count: Int = 21) async throws -> [Double] {
        try await session(with: address) { client in
            var times: [Double] = []
            for _ in 0..<count {
                let asked = SystemTime().now()
                _ = try await client.request(.clusterStatus(Proto.ClusterStatus()))
                times.append(SystemTime().now().since(asked).seconds * 1_000)
            }
            return times
        }
    }

    /// Asks again and again until intake is open.
    static func waitForIntake(_ address: SocketAddress) async throws {
        try await session(with: address) { client in
            while true {
                guard
                    case .clusterStatusReply(let status) = try await client.request(
                        .clusterStatus(Proto.ClusterStatus()))
                else {
                    throw LoadFailure(description: "the hub did not tell its status")
                }
                if status.intake == "open" { return }
                try await Waiting.pass(.milliseconds(5))
            }
        }
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
        let answer = try await session(with: address) {
            try await $0.request(.runPatterns(Proto.RunPatterns()), timeout: .minutes(10))
        }
        guard case .listPatternsReply(let run) = answer, run.message.isEmpty else {
            throw LoadFailure(description: "the hub found no patterns: \(answer)")
        }
        return run.texts
    }

    /// Calls `body` with what submits one more target, the most urgent, and says when it was sent.
    static func submitting<T: Sendable>(
        to address: SocketAddress, _ body: ((Int) async throws -> Instant) async throws -> T
    ) async throws -> T {
        try await session(with: address) { client in
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
            guard
                case .submitTargetsReply(let reply) = try await session(
                    with: address, { try await $0.request(.submitTargets(message)) }),
                reply.verdicts.allSatisfy({ $0.result == .created })
            else { throw LoadFailure(description: "the hub did not take the targets") }
            chunk += 1
        }
    }

    /// Reads everything as of one state version, page after page and from the start again, until told to stop.
    /// Returns how many pages.
    static func readSnapshot(_ address: SocketAddress, until stop: StopRequest) async throws -> Int {
        try await session(with: address) { client in
            var pages = 0
            var version: UInt64 = 0
            var before: UInt64 = 0
            while stop.reason == nil {
                let list = Proto.ListArtifacts(before: before, limit: UInt32(Limits.listLimit), atVersion: version)
                guard case .listArtifactsReply(let page) = try await client.request(.listArtifacts(list)) else {
                    throw LoadFailure(description: "the hub did not list its artifacts")
                }
                if version == 0 { version = page.stateVersion }
                before = page.next
                pages += 1
            }
            return pages
        }
    }

    /// Calls `body` with every artifact that is stored, the newest first.
    static func eachArtifact(_ address: SocketAddress, _ body: (Proto.ArtifactInfo) -> Void) async throws {
        try await session(with: address) { client in
            var before: UInt64 = 0
            repeat {
                let list = Proto.ListArtifacts(before: before, limit: UInt32(Limits.listLimit))
                guard case .listArtifactsReply(let page) = try await client.request(.listArtifacts(list)) else {
                    throw LoadFailure(description: "the hub did not list its artifacts")
                }
                page.artifacts.forEach(body)
                before = page.next
            } while before != 0
        }
    }

    /// Asks again and again, `patience` long.
    static func wait(
        _ address: SocketAddress, for what: String, patience: Span, until isReached: ([String: UInt64]) throws -> Bool
    ) async throws {
        let deadline = SystemTime().now() + patience
        while !(try isReached(try await status(address))) {
            guard SystemTime().now() < deadline else {
                throw LoadFailure(description: "\(what) did not come in \(patience.milliseconds / 1_000) s")
            }
            try await Waiting.pass(.milliseconds(50))
        }
    }

    /// Makes a backup; returns once it is whole.
    static func backUp(_ address: SocketAddress, to directory: String, key: [UInt8]) async throws {
        let request = Proto.Backup(key: key[...], directory: directory)
        try await session(with: address) { client in
            while true {
                guard case .backupReply(let reply) = try await client.request(.backup(request)) else {
                    throw LoadFailure(description: "the hub did not tell of its backup")
                }
                switch reply.state {
                case .done: return
                case .running: try await Waiting.pass(.milliseconds(50))
                case .failed, .unspecified, .unrecognized:
                    throw LoadFailure(description: "the hub made no backup: \(reply.message)")
                }
            }
        }
    }

    private static func session<T: Sendable>(
        with address: SocketAddress, _ body: (Client) async throws -> T
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
