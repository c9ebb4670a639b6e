import Model
import Synchronization
import Telemetry
import Transport
import Wire

/// Sends prepared request frames over one connection, a fixed number unanswered at a time, and times each answer.
final class LoadConnection: FrameHandler {
    /// What one connection sends: frames whose envelope ids count from 1, and how each answer is judged.
    struct Plan: Sendable {
        var role: Proto.Role
        var name: String
        var frames: [[UInt8]]
        var window: Int
        /// Artifacts in each frame: no more than the credit may be unanswered. 0: they need none.
        var artifacts = 0
        /// Nil: as fast as the window allows.
        var pace: Pace?
        /// Nil when the answer is as it should be.
        var judge: @Sendable (Proto.Envelope) -> String?
        /// Whether what is refused for a while comes again, as a node does it.
        var persists = false
    }

    /// When batches are due, from the start of the load on.
    struct Pace: Sendable {
        var offset: Span
        var interval: Span
    }

    enum State {
        case opening  // to ready, by Welcome
        case ready  // to sending, by `go`
        case sending
        case done
    }

    private let plan: Plan
    private let latency: Histogram
    private let progress: LoadProgress
    private var state = State.opening
    private var next = 0
    private var answered = 0
    private var credit = 0
    private var sentAt: [Instant]
    private var began = Instant.zero
    private var timer: LoopTimer?
    /// Since when a batch that is due waits for room in the window.
    private var heldSince: Instant?
    /// The first batch that was refused for a while, and how many answers said so: with it everything begins again.
    private var refused: (place: Int, answers: Int)?

    init(_ plan: Plan, latency: Histogram, progress: LoadProgress) {
        self.plan = plan
        self.latency = latency
        self.progress = progress
        sentAt = Array(repeating: .zero, count: plan.frames.count)
    }

    func opened(_ connection: isolated Connection) {
        let hello = Proto.Hello(
            versionMin: Limits.protocolVersion, versionMax: Limits.protocolVersion, role: plan.role, name: plan.name,
            software: "rookery-bench")
        guard let frame = try? FrameEncoder().encode(Proto.Envelope(id: 1, body: .hello(hello))) else { return }
        connection.send(frame, .control)
    }

    func received(_ payload: ArraySlice<UInt8>, on connection: isolated Connection) {
        guard let envelope = try? Proto.Envelope(decoding: payload) else {
            return fail("an answer could not be decoded", connection)
        }
        switch state {
        case .opening:
            guard case .welcome(let welcome)? = envelope.body else {
                return fail("no Welcome: \(envelope)", connection)
            }
            connection.setFrameLimit(Int(welcome.maxFrame))
            credit = Int(welcome.credit)
            state = .ready
            progress.ready()
        case .sending:
            let place = Int(envelope.inReplyTo) - 1
            if case .ingestAck(let ack)? = envelope.body { credit = Int(ack.credit) }
            if plan.persists, let wait = LoadConnection.wait(envelope, isFirst: refused == nil) {
                return comesAgain(place, after: wait, connection)
            }
            if let fault = plan.judge(envelope) { return fail(fault, connection) }
            guard sentAt.indices.contains(place) else { return fail("an answer to nothing", connection) }
            latency.record(SystemTime().now().since(sentAt[place]).nanoseconds)
            answered += 1
            sendDue(connection)
            guard answered == plan.frames.count else { return }
            state = .done
            progress.finished(nil)
        case .ready, .done: fail("an answer that was not asked for", connection)
        }
    }

    func go(_ connection: isolated Connection) {
        state = .sending
        began = SystemTime().now()
        if plan.pace != nil {
            timer = connection.loop.timer { [weak connection] in
                connection?.assumeIsolated { $0.handler(as: LoadConnection.self)?.sendDue($0) }
            }
        }
        sendDue(connection)
    }

    /// Sends what is due and fits into the window. What had to wait for room counts from when it was due: a stall is
    /// then felt by every batch that it held up.
    private func sendDue(_ connection: isolated Connection) {
        let now = SystemTime().now()
        while next < plan.frames.count {
            let due = plan.pace.map { began + $0.offset + $0.interval * UInt64(next) } ?? now
            guard due <= now else {
                timer?.arm(after: due.since(now))
                return
            }
            guard next - answered < window else {
                if plan.pace != nil { heldSince = heldSince ?? now }
                return
            }
            sentAt[next] = heldSince.map { max($0, due) } ?? now
            connection.send(plan.frames[next])
            next += 1
        }
        heldSince = nil
    }

    /// Frames that may be unanswered: one at least, however large it is.
    private var window: Int {
        plan.artifacts == 0 ? plan.window : min(plan.window, max(1, credit / plan.artifacts))
    }

    /// How long what was refused is to wait; nil: it was not refused for a while. What follows it is a gap.
    private static func wait(_ envelope: Proto.Envelope, isFirst: Bool) -> Span? {
        guard case .ingestAck(let ack)? = envelope.body,
            ack.refusal == .unavailable || (!isFirst && ack.refusal == .gap)
        else { return nil }
        return .milliseconds(UInt64(ack.retryAfterMs))
    }

    private func comesAgain(_ place: Int, after wait: Span, _ connection: isolated Connection) {
        refused = (min(place, refused?.place ?? place), (refused?.answers ?? 0) + 1)
        guard let refused, answered + refused.answers == next else { return }
        self.refused = nil
        next = refused.place
        progress.refused()
        timer = connection.loop.schedule(after: max(wait, .milliseconds(1))) { [weak connection] in
            connection?.assumeIsolated { $0.handler(as: LoadConnection.self)?.sendDue($0) }
        }
    }

    func closed(_ reason: CloseReason, on connection: isolated Connection) {
        if case .done = state { return }
        progress.finished("the connection ended early: \(reason.name)")
    }

    private func fail(_ why: String, _ connection: isolated Connection) {
        state = .done
        progress.finished(why)
        connection.close(.handler("bench"))
    }
}

/// Waits for all connections of a load: first to be ready, then to be done.
final class LoadProgress: Sendable {
    private struct State {
        var ready = 0
        var finished = 0
        var refusals = 0
        var failure: String?
        var waiting: CheckedContinuation<Void, Never>?
        var condition: @Sendable (Int, Int) -> Bool = { _, _ in true }

        mutating func released() -> CheckedContinuation<Void, Never>? {
            guard condition(ready, finished) else { return nil }
            defer { waiting = nil }
            return waiting
        }
    }

    private let state = Mutex(State())
    private let count: Int

    init(count: Int) { self.count = count }

    func ready() {
        state.withLock {
            $0.ready += 1; return $0.released()
        }?.resume()
    }

    func finished(_ failure: String?) {
        state.withLock { state in
            state.finished += 1
            if let failure, state.failure == nil { state.failure = failure }
            return state.released()
        }?.resume()
    }

    /// Times that a connection had to wait because intake was closed.
    func refused() { state.withLock { $0.refusals += 1 } }
    var refusals: Int { state.withLock { $0.refusals } }

    func allReady() async { await wait { [count] ready, finished in ready + finished >= count } }
    func allFinished() async { await wait { [count] _, finished in finished >= count } }

    var failure: String? { state.withLock { $0.failure } }

    private func wait(_ condition: @escaping @Sendable (Int, Int) -> Bool) async {
        await withCheckedContinuation { continuation in
            state.withLock { state -> CheckedContinuation<Void, Never>? in
                state.condition = condition
                state.waiting = continuation
                return state.released()
            }?.resume()
        }
    }
}
