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
        /// Registered nodes beside them that can collect nothing of what there is.
        var bystanders: Int
        var capacity: Int
        /// How many leases are answered; what is given out beyond that stays where it is.
        var pairs: Int
        /// Each lease sends an artifact; otherwise its collector found nothing.
        var delivers: Bool
    }

    static let capability = "dataset"
    static let otherCapability = "notebook"

    let plan: Plan
    let progress: LoadProgress
    let latency = Histogram()
    private let begun = Atomic<Int>(0)
    private let ended = Atomic<Int>(0)
    private let finished: LoadProgress
    private let arrivals = Mutex(Arrivals())

    /// Leases beyond those that are answered.
    private struct Arrivals {
        var times: [Instant] = []
        var waiting: (count: Int, continuation: CheckedContinuation<Void, Never>)?

        mutating func released() -> CheckedContinuation<Void, Never>? {
            guard let wanted = waiting, times.count >= wanted.count else { return nil }
            waiting = nil
            return wanted.continuation
        }
    }

    init(_ plan: Plan) {
        self.plan = plan
        progress = LoadProgress(count: plan.workers + plan.bystanders)
        finished = LoadProgress(count: 1)
    }

    /// False: enough leases are being answered, and this one stays where it is.
    func begin() -> Bool {
        if begun.add(1, ordering: .relaxed).oldValue < plan.pairs { return true }
        let now = SystemTime().now()
        arrivals.withLock { arrivals in
            arrivals.times.append(now)
            return arrivals.released()
        }?.resume()
        return false
    }

    /// From the sending of one more target each to its arrival at an idle node.
    private func reach(_ count: Int, _ submit: (Int) async throws -> Instant) async throws -> [Double] {
        var spans: [Double] = []
        for number in 0..<count {
            let sent = try await submit(number)
            await withCheckedContinuation { continuation in
                arrivals.withLock { arrivals in
                    arrivals.waiting = (number + 1, continuation)
                    return arrivals.released()
                }?.resume()
            }
            spans.append(arrivals.withLock { $0.times[number] }.since(sent).seconds * 1_000)
        }
        return spans
    }

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

    struct Result {
        /// From the registration of the first worker to the last acknowledgement, and then to what `settled` waits for.
        var seconds: Double
        /// Of single targets at idle nodes, in ms; empty where targets wait.
        var reached: [Double]
    }

    /// Connects all nodes, lets them work, and then sends `probes` more targets, one after the other.
    func run(
        to address: SocketAddress, probes: Int, settled: () async throws -> Void
    ) async throws -> Result {
        let loop = try EventLoop(name: "load")
        defer { loop.stop() }
        let context = Connection.Context(compressor: Zstd())
        var connections: [Connection] = []
        for number in 0..<plan.workers + plan.bystanders {
            connections.append(
                try await Connection.connect(to: address, on: loop, context: context) {
                    LeaseConnection(number, of: self)
                })
        }
        await progress.allReady()
        if let failure = progress.failure { throw LoadFailure(description: failure) }
        let started = SystemTime().now()
        for connection in connections.prefix(plan.workers) {
            loop.execute { connection.assumeIsolated { $0.handler(as: LeaseConnection.self)?.go($0) } }
        }
        await finished.allFinished()
        if let failure = finished.failure { throw LoadFailure(description: failure) }
        try await settled()
        let seconds = SystemTime().now().since(started).seconds
        let reached = try await HubQuery.submitting(to: address) { submit in try await reach(probes, submit) }
        for connection in connections {
            loop.execute { connection.assumeIsolated { $0.handler(as: LeaseConnection.self)?.finish() } }
        }
        return Result(seconds: seconds, reached: reached)
    }
}
