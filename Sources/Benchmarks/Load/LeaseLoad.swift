import Compression
import Model
import Synchronization
import Telemetry
import Transport
import Wire

/// Many nodes on one event loop, so that the load takes as little of the machine as it can.
final class LeaseLoad: Sendable {
    struct Plan: Sendable {
        var workers: Int
        var capacity: Int
        /// How many leases are answered; what is given out beyond that stays where it is.
        var pairs: Int
        /// Each lease sends an artifact; otherwise its collector found nothing.
        var delivers: Bool
    }

    static let capability = "dataset"

    let plan: Plan
    let progress: LoadProgress
    let latency = Histogram()
    private let begun = Atomic<Int>(0)
    private let ended = Atomic<Int>(0)
    private let finished: LoadProgress

    init(_ plan: Plan) {
        self.plan = plan
        progress = LoadProgress(count: plan.workers)
        finished = LoadProgress(count: 1)
    }

    /// False: enough leases are being answered.
    func begin() -> Bool { begun.add(1, ordering: .relaxed).oldValue < plan.pairs }

    func acknowledged(_ leases: Int) {
        if ended.add(leases, ordering: .relaxed).newValue == plan.pairs { finished.finished(nil) }
    }

    func failed(_ why: String) {
        progress.finished(why)
        finished.finished(why)
    }

    /// 100 bytes that no other lease sends.
    static func text(for lease: UInt64) -> [UInt8] {
        var random = SeededRandom(seed: lease)
        var text: [UInt8] = []
        text.reserveCapacity(100)
        while text.count < 100 {
            let word = random.next()
            for place in 0..<7 { text.append(UInt8(ascii: "a") + UInt8((word >> (8 * UInt64(place))) & 0xFF) % 26) }
            text.append(UInt8(ascii: " "))
        }
        return Array(text[..<99]) + [UInt8(ascii: ".")]
    }

    /// From the registration of the first worker to the last acknowledgement, and then to what `settled` waits for.
    func run(to address: SocketAddress, settled: () async throws -> Void) async throws -> Double {
        let loop = try EventLoop(name: "load")
        defer { loop.stop() }
        let context = Connection.Context(compressor: Zstd())
        var connections: [Connection] = []
        for number in 0..<plan.workers {
            connections.append(
                try await Connection.connect(to: address, on: loop, context: context) {
                    LeaseConnection(number, of: self)
                })
        }
        await progress.allReady()
        if let failure = progress.failure { throw LoadFailure(description: failure) }
        let started = SystemTime().now()
        for connection in connections {
            loop.execute { connection.assumeIsolated { $0.handler(as: LeaseConnection.self)?.go($0) } }
        }
        await finished.allFinished()
        if let failure = finished.failure { throw LoadFailure(description: failure) }
        try await settled()
        let seconds = SystemTime().now().since(started).seconds
        for connection in connections {
            loop.execute { connection.assumeIsolated { $0.handler(as: LeaseConnection.self)?.finish() } }
        }
        return seconds
    }
}
