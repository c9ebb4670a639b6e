import Compression
import Model
import Wire

/// A client's lasting relation with the hub, as the transport's client keeps it, on the virtual network.
final class ClientLink {
    enum Event {
        case connected(Proto.Welcome)
        case message(Proto.Envelope.Body)
        /// To an `ask`, once each, unless the connection is lost.
        case answer(tag: UInt64, Proto.Envelope.Body)
        case disconnected
    }

    private unowned let process: Process
    private let number: Int
    private let hello: Proto.Hello
    private let events: (Event) -> Void
    private var cable: Cable?
    private var session: ClientSession?
    private var decoder = FrameDecoder()
    private let encoder: FrameEncoder
    private var tags: [UInt64: UInt64] = [:]
    private var backoff = Backoff(base: Limits.reconnectBase, cap: Limits.reconnectCap)
    private var retryAfter = Span.zero
    private var isEnded = false
    private var attempt = 0

    private static let connectTimeout = Span.seconds(10)

    init(_ process: Process, number: Int, role: Proto.Role, events: @escaping (Event) -> Void) {
        self.process = process
        self.number = number
        self.events = events
        hello = Proto.Hello(
            versionMin: Limits.protocolVersion, versionMax: Limits.protocolVersion, role: role, name: process.name,
            software: "simulation")
        encoder = FrameEncoder(compressor: Zstd())
    }

    var isOpen: Bool { session?.isOpen ?? false }

    // MARK: Life

    func connect() {
        guard !isEnded else { return }
        attempt += 1
        let attempt = attempt
        let cable = process.simulation.network.connect(client: number) { [weak self] in
            self?.onAttempt(attempt) { $0.lose() }
        }
        self.cable = cable
        cable.client = { [weak self] event in self?.onAttempt(attempt) { $0.take(event) } }
        process.after(ClientLink.connectTimeout) { [weak self] in
            self?.onAttempt(attempt) { if $0.session == nil { $0.lose() } }
        }
    }

    /// What belongs to an earlier connection, or another life, is nobody's business.
    private func onAttempt(_ attempt: Int, _ body: @escaping (ClientLink) -> Void) {
        guard process.isUp else { return }
        process.act { [weak self] in
            guard let self, self.attempt == attempt, !isEnded, cable != nil else { return }
            body(self)
        }
    }

    /// Says Goodbye and closes.
    func stop(_ reason: String) {
        if var session {
            perform(session.finish(reason: reason))
            self.session = nil
        }
        isEnded = true
        cable?.close(.up)
        cable = nil
    }

    /// The process is gone; its machine closes the connection, unless it is gone too.
    func die(silently: Bool) {
        if silently { cable?.abandon(.up) } else { cable?.close(.up) }
        cable = nil
        isEnded = true
    }

    private func lose() {
        cable?.close(.up)
        cable = nil
        session = nil
        tags = [:]
        let wait = max(backoff.next(&process.simulation.random), retryAfter)
        retryAfter = .zero
        process.after(wait) { [weak self] in self?.connect() }
        events(.disconnected)
    }

    // MARK: What comes

    private func take(_ event: CableEvent) {
        switch event {
        case .opened:
            decoder = FrameDecoder(compressor: Zstd())
            var session = ClientSession(hello: hello)
            let actions = session.start(now: process.now)
            self.session = session
            perform(actions)
            watch()
        case .bytes(let bytes):
            decoder.push(bytes)
            takeFrames()
        case .closed: lose()
        }
    }

    private func takeFrames() {
        let attempt = attempt
        do throws(FrameFault) {
            while self.attempt == attempt, cable != nil, let payload = try decoder.next() {
                step { $0.receive(payload, now: $1) }
                if let session { decoder.limit = session.frameLimit }
            }
        } catch {
            step { session, _ in session.reject(error) }
        }
    }

    private func step(_ event: (inout ClientSession, Instant) -> [ClientSession.Action]) {
        guard var session else { return }
        let actions = event(&session, process.now)
        self.session = session
        perform(actions)
    }

    private func perform(_ actions: [ClientSession.Action]) {
        for action in actions {
            switch action {
            case .send(let envelope): send(envelope)
            case .opened(let welcome):
                backoff.reset()
                events(.connected(welcome))
            case .reply(let id, let body): settle(id, body)
            case .failed(let id, .refused(let error)): settle(id, .error(error))
            case .failed(let id, .timedOut): tags[id] = nil
            case .deliver(let body): events(.message(body))
            case .close(let reason):
                if case .refused(let error) = reason { retryAfter = .milliseconds(UInt64(error.retryAfterMs)) }
                if reason != .finished { lose() }
            }
        }
    }

    private func settle(_ id: UInt64, _ body: Proto.Envelope.Body) {
        if let tag = tags.removeValue(forKey: id) { events(.answer(tag: tag, body)) }
    }

    private func watch() {
        guard let deadline = session?.deadline else { return }
        let attempt = attempt
        process.at(deadline + .milliseconds(1)) { [weak self] in
            guard let self, self.attempt == attempt, cable != nil else { return }
            step { $0.tick(now: $1) }
            watch()
        }
    }

    // MARK: What goes

    func ask(_ body: Proto.Envelope.Body, tag: UInt64) {
        guard let (id, actions) = session?.request(body, now: process.now) else { return }
        tags[id] = tag
        perform(actions)
    }

    func tell(_ body: Proto.Envelope.Body) {
        if var session { perform(session.notify(body)) }
    }

    private func send(_ envelope: Proto.Envelope) {
        guard let frame = try? encoder.encode(envelope) else {
            preconditionFailure("a client's message is longer than a frame")
        }
        cable?.send(.up, frame)
    }
}
