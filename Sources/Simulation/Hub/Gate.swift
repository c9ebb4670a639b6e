import Compression
import Coordinator
import Hub
import Model
import Orchestrator
import Wire

/// One peer's way into the simulated hub: the product's session and intake desk, fed with bytes from a cable.
final class Gate {
    private unowned let hub: HubProcess
    private let cable: Cable
    private var session: ServerSession
    private var decoder = FrameDecoder(compressor: Zstd())
    private let encoder = FrameEncoder(compressor: Zstd())
    private var desk: IntakeDesk
    private var streams: [Proto.StreamPosition] = []
    private var lastSign: Instant?
    private var isClosed = false

    init(_ hub: HubProcess, _ cable: Cable) {
        self.hub = hub
        self.cable = cable
        desk = IntakeDesk(hub.credit)
        session = ServerSession(now: hub.now)
        cable.server = { [weak self] event in self?.hub.act { self?.take(event) } }
        watch()
    }

    var id: ConnectionID { ConnectionID(cable.number) }
    var peer: ServerSession.Peer? { session.peer }

    // MARK: Ends

    /// After what was sent.
    func close() {
        guard !isClosed else { return }
        cable.close(.down)
        closed()
    }

    private func closed() {
        isClosed = true
        session.disconnected()
        desk.closed()
        hub.gates[cable.number] = nil
        hub.orchestratorThread?.submit(.disconnected(id))
    }

    func die(silently: Bool) {
        isClosed = true
        cable.server = { _ in }
        if silently { cable.abandon(.down) } else { cable.close(.down) }
    }

    // MARK: Bytes

    private func take(_ event: CableEvent) {
        guard !isClosed else { return }
        switch event {
        case .opened: break
        case .bytes(let bytes):
            if cable.isLeftByClient { hub.simulation.count(.bytesAfterReconnect) }
            decoder.push(bytes)
            takeFrames()
        case .closed:
            cable.close(.down)
            closed()
        }
    }

    private func takeFrames() {
        do throws(FrameFault) {
            while !isClosed, let payload = try decoder.next() {
                perform(session.receive(payload, now: hub.now))
                decoder.limit = session.frameLimit
            }
        } catch {
            perform(session.reject(error))
        }
    }

    private func watch() {
        guard let deadline = session.deadline else { return }
        hub.at(deadline) { [weak self] in
            guard let self, !isClosed else { return }
            perform(session.tick(now: hub.now))
            watch()
        }
    }

    func send(_ envelope: Proto.Envelope) {
        guard !isClosed else { return }
        guard let frame = try? encoder.encode(envelope) else {
            preconditionFailure("a hub's message is longer than a frame")
        }
        cable.send(.down, frame)
    }

    // MARK: Messages

    private func perform(_ actions: [ServerSession.Action]) {
        for action in actions {
            switch action {
            case .send(let envelope): send(envelope)
            case .deliver(let envelope): deliver(envelope)
            case .decide: welcome()
            case .count(let fault): hub.simulation.note("peer-fault") { fault.rawValue }
            case .close: close()
            }
        }
    }

    private func welcome() {
        guard let ledger = hub.ledger else { return }
        perform(
            session.accept(
                Proto.Welcome(
                    to: ClusterName(ledger.identity), session: id, now: hub.wall,
                    heartbeat: hub.simulation.plan.heartbeat, credit: SharedCredit.share(among: hub.gates.count),
                    software: "simulation"), now: hub.now))
    }

    private func deliver(_ envelope: Proto.Envelope) {
        guard let peer = session.peer, let body = envelope.body else {
            if case .goodbye? = envelope.body { hub.orchestratorThread?.submit(.disconnected(id)) }
            return
        }
        switch body {
        case .ingestBatch(let batch):
            if peer.role == .node { showLife() }
            ingest(batch, envelope.id, from: peer)
        case .registerNode(let register):
            hub.ledgerThread?.positions(of: register.streams.map(\.stream)) { [weak self] applied in
                guard let self else { return }
                streams = register.positions(applied: applied)
                hub.orchestratorThread?.submit(.request(id, name: peer.name, envelope))
            }
        default: hub.orchestratorThread?.submit(.request(id, name: peer.name, envelope))
        }
    }

    func takeStreams() -> [Proto.StreamPosition] {
        defer { streams = [] }
        return streams
    }

    private func showLife() {
        let now = hub.now
        guard lastSign.map({ now.since($0) >= .seconds(1) }) ?? true else { return }
        lastSign = now
        hub.orchestratorThread?.submit(.signOfLife(id))
    }

    // MARK: Intake

    private func ingest(_ batch: Proto.IngestBatch, _ id: UInt64, from peer: ServerSession.Peer) {
        guard let intake = hub.intake else { return }
        do throws(Refusal) {
            switch try desk.admit(batch, id: id, node: peer.name, now: hub.wall, intake: intake) {
            case .hand(let prepared, let ticket):
                hub.simulation.oracle.judged(batch, prepared)
                hub.ledgerThread?.ingest(prepared) { [weak self] answer in
                    guard let self, !isClosed else { return }
                    send(desk.answered(answer, ticket))
                }
            case .noCredit(let answer): send(answer)
            }
        } catch {
            hub.simulation.fail(.nothingInvented, "a node's batch was refused: \(error.message)")
        }
    }
}
