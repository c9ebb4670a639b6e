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
    /// Who was welcomed; the session forgets it when it closes.
    private var peer: ServerSession.Peer?
    private var desk: IntakeDesk
    private let queries = QueryWindow()
    private var kept: Intake?
    private var timer: LoopTimer?
    /// Frames held back by a delay fault, in order, each until its time.
    private var held: [(payload: ArraySlice<UInt8>, due: Instant)] = []
    private var releaseTimer: LoopTimer?
    private var lastSign: Instant?

    init(_ hub: HubContext) {
        self.hub = hub
        desk = IntakeDesk(hub.credit)
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
        let delay = delay()
        guard delay == nil, held.isEmpty else { return hold(payload, delay ?? .zero, connection) }
        take(payload, on: connection)
    }

    func rejected(_ reason: FrameFault, on connection: isolated Connection) {
        perform(session.reject(reason), on: connection)
    }

    func closed(_ reason: CloseReason, on connection: isolated Connection) {
        // Told it cannot be: what it was sent before stands in the way.
        if reason == .slowReader { perform(session.rejectSlowReader(), on: connection) }
        session.disconnected()
        desk.closed()
        timer = nil
        releaseTimer = nil
        held = []
        hub.directory.remove(connection.id)
        if peer?.role == .orchestrator { hub.desk?.seats.left(connection.id, hub.whereabouts) }
        hub.count("connection_closed_" + reason.name)
        hub.orchestrator?.submit(.disconnected(connection.id))
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

    /// Order is kept: a frame that is not delayed itself waits for those before it.
    private func hold(_ payload: ArraySlice<UInt8>, _ delay: Span, _ connection: isolated Connection) {
        let due = max(hub.time.now() + delay, held.last?.due ?? .zero)
        held.append((payload, due))
        guard held.count <= GatewayConnection.maxHeld else { return connection.close(.handler("fault_delay")) }
        if releaseTimer == nil { armRelease(connection) }
    }

    private func armRelease(_ connection: isolated Connection) {
        guard let first = held.first else { return releaseTimer = nil }
        releaseTimer = connection.loop.timer { [weak connection] in
            connection?.assumeIsolated { $0.handler(as: GatewayConnection.self)?.release(on: $0) }
        }
        releaseTimer?.arm(after: first.due.since(hub.time.now()))
    }

    private func release(on connection: isolated Connection) {
        let now = hub.time.now()
        while let first = held.first, first.due <= now {
            held.removeFirst()
            take(first.payload, on: connection)
        }
        armRelease(connection)
    }

    private static let maxHeld = 1_024  // frames; a peer with credit has far fewer under way

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
        guard let frame = hub.outgoing.frame(envelope) else { return }
        connection.send(frame, hub.outgoing.priority(envelope))
    }

    private func decide(_ hello: Proto.Hello, on connection: isolated Connection) {
        let now = hub.time.now()
        if let refusal = hub.refusal(of: hello, now: now) {
            return perform(session.refuse(refusal), on: connection)
        }
        guard hello.role == .orchestrator, let claim = hello.seat, let seats = hub.desk?.seats else {
            return welcome(on: connection)
        }
        Task { [connection, hub] in
            let refusal = await seats.take(claim, hub.whereabouts, but: connection.id)
            connection.loop.execute {
                connection.assumeIsolated { $0.handler(as: GatewayConnection.self)?.decided(refusal, on: $0) }
            }
        }
    }

    private func decided(_ refusal: Proto.Error?, on connection: isolated Connection) {
        if let refusal { return perform(session.refuse(refusal), on: connection) }
        welcome(on: connection)
        if peer != nil { hub.desk?.seats.sits(connection, hub.whereabouts) }
    }

    private func welcome(on connection: isolated Connection) {
        let now = hub.time.now()
        let actions = session.accept(hub.welcome(for: connection.id), now: now)
        peer = session.peer
        connection.setFrameLimit(session.frameLimit)
        hub.directory.welcomed(connection.id, session.peer)
        perform(actions, on: connection)
        // From now on another patience counts, which may be the shorter one.
        armTimer()
    }

    private func deliver(_ envelope: Proto.Envelope, on connection: isolated Connection) {
        guard let peer, let body = envelope.body else { return }
        if case .goodbye = body {
            // The session is over with it, so it is no request any more; what the node held is free at once.
            hub.orchestrator?.submit(.request(connection.id, name: peer.name, envelope))
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
        hub.orchestrator?.submit(.signOfLife(id))
    }

    // MARK: Intake

    private func ingest(
        _ batch: Proto.IngestBatch, _ id: UInt64, from peer: ServerSession.Peer, on connection: isolated Connection
    ) {
        guard let coordinator = hub.desk?.coordinator else {
            return send(Proto.Envelope(inReplyTo: id, body: .error(hub.servedElsewhere())), on: connection)
        }
        do throws(Refusal) {
            switch try desk.admit(batch, id: id, node: peer.name, now: hub.time.wall(), intake: intake(coordinator)) {
            case .hand(let prepared, let ticket): hand(prepared, ticket, to: coordinator, on: connection)
            case .noCredit(let answer): refuse(answer, on: connection)
            }
        } catch {
            let message = Proto.Error(code: .invalidField, message: error.message, field: error.field)
            send(Proto.Envelope(inReplyTo: id, body: .error(message)), on: connection)
        }
    }

    private func hand(
        _ prepared: PreparedBatch, _ ticket: IntakeDesk.Ticket, to coordinator: CoordinatorService,
        on connection: isolated Connection
    ) {
        hub.metrics.batches.add()
        let arrived = hub.time.now()
        let taken = coordinator.ingest(prepared) { [connection] answer in
            connection.loop.execute {
                connection.assumeIsolated { connection in
                    connection.handler(as: GatewayConnection.self)?.answered(answer, ticket, arrived, on: connection)
                }
            }
        }
        if !taken { refuse(desk.queueIsFull(ticket), on: connection) }
    }

    private func intake(_ coordinator: CoordinatorService) throws(Refusal) -> Intake {
        if let kept { return kept }
        do throws(SealingError) {
            let made = try coordinator.makeIntake()
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
        if case .result(.overQuota(let refusal, _)) = answer, let peer {
            hub.metrics.overQuota.add()
            if refusal.room == 0 {
                hub.orchestrator?.submit(.outOfCredit(node: peer.name, refusal.retryAfter))
                hub.desk?.seats.outOfCredit(peer.name, refusal.retryAfter)
            }
        }
        send(desk.answered(answer, ticket), on: connection)
    }

    private func refuse(_ answer: Proto.Envelope, on connection: isolated Connection) {
        hub.metrics.noCredit.add()
        send(answer, on: connection)
    }
}
