import Chaos
import Coordinator
import Model
import Orchestrator
import Sealing
import Telemetry
import Transport
import Wire

/// One peer's way into the hub. It lives on its connection's loop: a frame is judged, decoded, and a batch validated
/// and hashed, on that thread; what needs stored state is handed on.
final class GatewayConnection: FrameHandler {
    private let hub: HubContext
    private var session: ServerSession
    private var desk = IntakeDesk()
    private let queries = QueryWindow()
    private var kept: Intake?
    private var timer: LoopTimer?
    /// Frames held back by a delay fault, in order.
    private var held: [ArraySlice<UInt8>] = []
    private var releaseTimer: LoopTimer?
    private var lastSign: Instant?

    init(_ hub: HubContext) {
        self.hub = hub
        session = ServerSession(now: hub.time.now(), patience: hub.patience)
    }

    // MARK: Frames

    func opened(_ connection: isolated Connection) {
        hub.directory.add(connection)
        timer = connection.loop.timer { [weak connection] in
            connection?.assumeIsolated { $0.handler(as: GatewayConnection.self)?.tick(on: $0) }
        }
        armTimer()
    }

    func received(_ payload: ArraySlice<UInt8>, on connection: isolated Connection) {
        if let delay = delay(), !payload.isEmpty { return hold(payload, delay, connection) }
        if !held.isEmpty { return held.append(payload) }
        take(payload, on: connection)
    }

    func rejected(_ reason: FrameFault, on connection: isolated Connection) {
        perform(session.reject(reason), on: connection)
    }

    func closed(_ reason: CloseReason, on connection: isolated Connection) {
        // Told it cannot be: what it was sent before stands in the way.
        if reason == .slowReader { perform(session.rejectSlowReader(), on: connection) }
        session.disconnected()
        timer = nil
        releaseTimer = nil
        held = []
        hub.directory.remove(connection.id)
        hub.count("connection_closed_" + reason.name)
        hub.orchestrator.submit(.disconnected(connection.id))
    }

    private func tick(on connection: isolated Connection) {
        perform(session.tick(now: hub.time.now()), on: connection)
        armTimer()
    }

    private func take(_ payload: ArraySlice<UInt8>, on connection: isolated Connection) {
        perform(session.receive(payload, now: hub.time.now()), on: connection)
    }

    /// The session is asked when its deadline comes; a frame that moves the deadline on costs no timer.
    private func armTimer() {
        guard let deadline = session.deadline else { return }
        timer?.arm(after: deadline.since(hub.time.now()))
    }

    // MARK: Delay faults

    private func delay() -> Span? {
        guard hub.chaos.mayBeActive, let peer = session.peer, peer.role == .node else { return nil }
        return hub.chaos.delay(of: peer.name)
    }

    private func hold(_ payload: ArraySlice<UInt8>, _ delay: Span, _ connection: isolated Connection) {
        held.append(payload)
        guard releaseTimer == nil else { return }
        releaseTimer = connection.loop.timer { [weak connection] in
            connection?.assumeIsolated { $0.handler(as: GatewayConnection.self)?.release(on: $0) }
        }
        releaseTimer?.arm(after: delay)
    }

    private func release(on connection: isolated Connection) {
        releaseTimer = nil
        let frames = held
        held = []
        for frame in frames { take(frame, on: connection) }
    }

    // MARK: Actions

    private func perform(_ actions: [ServerSession.Action], on connection: isolated Connection) {
        for action in actions {
            switch action {
            case .send(let envelope): send(envelope, on: connection)
            case .deliver(let envelope): deliver(envelope, on: connection)
            case .decide(let hello): decide(hello, on: connection)
            case .count(let fault): hub.count("peer_" + fault.rawValue)
            case .close(let reason): connection.finish(.handler(reason.name))
            }
        }
    }

    private func send(_ envelope: Proto.Envelope, on connection: isolated Connection) {
        guard let frame = hub.frame(envelope) else { return }
        connection.send(frame, hub.priority(envelope))
    }

    private func decide(_ hello: Proto.Hello, on connection: isolated Connection) {
        let now = hub.time.now()
        if let refusal = hub.refusal(of: hello, now: now) {
            return perform(session.refuse(refusal), on: connection)
        }
        let actions = session.accept(hub.welcome(for: connection.id), now: now)
        connection.setFrameLimit(session.frameLimit)
        hub.directory.welcomed(connection.id, session.peer)
        perform(actions, on: connection)
        // From now on another patience counts, which may be the shorter one.
        armTimer()
    }

    private func deliver(_ envelope: Proto.Envelope, on connection: isolated Connection) {
        guard let peer = session.peer, let body = envelope.body else {
            if case .goodbye? = envelope.body { hub.orchestrator.submit(.disconnected(connection.id)) }
            return
        }
        if case .ingestBatch(let batch) = body {
            if peer.role == .node { showLife(connection.id) }
            return ingest(batch, envelope.id, from: peer, on: connection)
        }
        hub.route(body, envelope, from: peer, connection, queries)
    }

    /// Batches alone would wake the orchestrator thousands of times a second to say the same.
    private func showLife(_ id: ConnectionID) {
        let now = hub.time.now()
        guard lastSign.map({ now.since($0) >= .seconds(1) }) ?? true else { return }
        lastSign = now
        hub.orchestrator.submit(.signOfLife(id))
    }

    // MARK: Intake

    private func ingest(
        _ batch: Proto.IngestBatch, _ id: UInt64, from peer: ServerSession.Peer, on connection: isolated Connection
    ) {
        do throws(Refusal) {
            switch try desk.admit(batch, id: id, node: peer.name, now: hub.time.wall(), intake: intake()) {
            case .hand(let prepared, let ticket): hand(prepared, ticket, on: connection)
            case .noCredit(let answer): refuse(answer, on: connection)
            }
        } catch {
            let message = Proto.Error(code: .invalidField, message: error.message, field: error.field)
            send(Proto.Envelope(inReplyTo: id, body: .error(message)), on: connection)
        }
    }

    private func hand(_ prepared: PreparedBatch, _ ticket: IntakeDesk.Ticket, on connection: isolated Connection) {
        hub.metrics.batches.add()
        let arrived = hub.time.now()
        let taken = hub.coordinator.ingest(prepared) { [connection] answer in
            connection.loop.execute {
                connection.assumeIsolated { connection in
                    connection.handler(as: GatewayConnection.self)?.answered(answer, ticket, arrived, on: connection)
                }
            }
        }
        if !taken { refuse(desk.queueIsFull(ticket), on: connection) }
    }

    private func intake() throws(Refusal) -> Intake {
        if let kept { return kept }
        do throws(SealingError) {
            let made = try hub.coordinator.makeIntake()
            kept = made
            return made
        } catch {
            throw Refusal("", error.description)
        }
    }

    private func answered(
        _ answer: LedgerAnswer, _ ticket: IntakeDesk.Ticket, _ arrived: Instant, on connection: isolated Connection
    ) {
        hub.metrics.ackLatency.record(hub.time.now().since(arrived).nanoseconds)
        send(desk.answered(answer, ticket), on: connection)
    }

    private func refuse(_ answer: Proto.Envelope, on connection: isolated Connection) {
        hub.metrics.noCredit.add()
        send(answer, on: connection)
    }
}
