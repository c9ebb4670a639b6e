import Lifecycle
import Model
import Telemetry
import Transport

/// The outbox as the delivery sees it; nil while the database is being opened anew.
protocol FeedOutbox: Sendable {
    func state() async throws(LedgerError) -> SinkState?
    func waiting(_ limit: Int) async throws(LedgerError) -> [OutboxRecord]?
    func store(_ report: DeliveryReport) async throws(LedgerError) -> Bool
}

/// How delivery goes, for operators.
package struct DeliveryStatus: Equatable, Sendable {
    package var sink = ""
    package var state = DeliveryMachine.State.closed
    package var failures = 0
    package var trouble: String?
}

/// Carries records from the outbox to the sink, in order, on a loop of its own: what a sink does holds nobody else up.
actor FeedDelivery {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    private let outbox: any FeedOutbox
    private let makeSink: @Sendable () throws -> any Sink
    private let time: any TimeSource
    private let log: Logger
    private var random: any RandomSource
    private var machine: DeliveryMachine
    private var hasBegun = false
    private var isStopping = false
    private var headTroubles = (id: ScenarioID(incarnation: 0, sequence: 0), count: 0)
    private var waiter: CheckedContinuation<Void, Never>?
    private var timer: LoopTimer?
    private var ended: CheckedContinuation<Void, Never>?
    private var isRunning = false
    private var sink: (any Sink)?
    private var name = ""

    private static let idle = Span.seconds(1)  // between two looks at an empty outbox

    init(
        on loop: EventLoop, outbox: any FeedOutbox, time: any TimeSource, random: any RandomSource, log: Logger,
        machine: DeliveryMachine = DeliveryMachine(), sink: @escaping @Sendable () throws -> any Sink
    ) {
        self.loop = loop
        self.outbox = outbox
        self.time = time
        self.random = random
        self.log = log
        self.machine = machine
        makeSink = sink
    }

    var status: DeliveryStatus {
        DeliveryStatus(sink: name, state: machine.state, failures: machine.failures, trouble: machine.trouble)
    }

    // MARK: Life

    func run() async {
        guard !isStopping else { return }
        isRunning = true
        do {
            let sink = try makeSink()
            self.sink = sink
            name = sink.description
            while !isStopping {
                let wait = await turn(sink)
                if wait > .zero { await pause(wait) }
                machine.waited()
            }
            await sink.close()
        } catch {
            log.error("the feed's sink cannot be used", ["error": .text("\(error)")])
        }
        sink = nil
        isRunning = false
        ended?.resume()
        ended = nil
    }

    func stop() async {
        isStopping = true
        resume()
        await sink?.interrupt()
        guard isRunning else { return }
        await withCheckedContinuation { ended = $0 }
    }

    private func pause(_ span: Span) async {
        guard !isStopping else { return }
        await withCheckedContinuation { continuation in
            waiter = continuation
            timer = loop.schedule(after: span) { [weak self] in self?.assumeIsolated { $0.resume() } }
        }
    }

    private func resume() {
        timer = nil
        waiter?.resume()
        waiter = nil
    }

    // MARK: Work

    /// One exchange with the sink. Returns how long to wait before the next.
    private func turn(_ sink: any Sink) async -> Span {
        do throws(LedgerError) {
            if !hasBegun {
                guard let state = try await outbox.state() else { return FeedDelivery.idle }
                let answer = await sink.begin(state, at: time.wall())
                if let trouble = answer.trouble { return failed(trouble) }
                hasBegun = true
            }
            guard let records = try await outbox.waiting(max(2, sink.batch)) else { return FeedDelivery.idle }
            guard let head = records.first else { return try await idle(sink) }
            if sink.batch == 1, isPoison(head), records.count > 1 { return try await probe(sink, head, records[1]) }
            let batch = Array(records.prefix(machine.batch(sink.batch)))
            let answer = await sink.deliver(batch, at: time.wall())
            guard let trouble = answer.trouble else { return try await store(answer.report, sink) }
            headTroubles = (head.id, headTroubles.id == head.id ? headTroubles.count + 1 : 1)
            return failed(trouble)
        } catch {
            log.warning("the feed's outbox cannot be used", ["error": .of(error)])
            hasBegun = false
            return FeedDelivery.idle
        }
    }

    private func isPoison(_ head: OutboxRecord) -> Bool {
        headTroubles.id == head.id && headTroubles.count >= Limits.sinkRefusals
    }

    /// The first record has brought the sink down again and again, or the sink is down whatever it is given. The next
    /// record tells: if it is taken, the first one is to blame.
    private func probe(_ sink: any Sink, _ head: OutboxRecord, _ next: OutboxRecord) async throws(LedgerError) -> Span {
        let words = machine.trouble ?? "no answer"
        let answer = await sink.deliver([next], at: time.wall())
        if let trouble = answer.trouble {
            headTroubles.count = 0
            return failed(trouble)
        }
        var report = answer.report
        report.quarantined.append((head.id, words))
        log.warning("scenario quarantined", ["scenario": .of(head.id), "reason": .text(words)])
        return try await store(report, sink)
    }

    private func idle(_ sink: any Sink) async throws(LedgerError) -> Span {
        guard let report = sink.idle(at: time.wall()) else { return FeedDelivery.idle }
        return try await store(report, sink)
    }

    /// If it is not known whether the report is stored, the sink begins again from what is.
    private func store(_ report: DeliveryReport, _ sink: any Sink) async throws(LedgerError) -> Span {
        var report = report
        report.sink = name
        guard try await outbox.store(report) else {
            hasBegun = false
            return FeedDelivery.idle
        }
        sink.stored(report)
        machine.answered()
        guard let refusal = report.refused.first else { return .zero }
        return failed("\(refusal.id) was refused: \(refusal.reason)")
    }

    private func failed(_ trouble: String) -> Span {
        let wait = machine.failed(trouble, &random)
        log.warning(
            "the feed's sink failed",
            ["sink": .text(name), "reason": .text(trouble), "retry_ms": .number(wait.milliseconds)])
        return wait
    }
}
