package import Model

/// A client's end of a connection: says Hello, waits for Welcome, and matches replies to requests by id. What it was
/// asked lives here, who asked lives in the driver. A session is one connection; after a loss the driver makes another
/// and asks again what `inFlight` still holds.
package struct ClientSession: Sendable {
    package enum Action: Equatable, Sendable {
        case send(Proto.Envelope)
        case opened(Proto.Welcome)
        /// The answer to a request.
        case reply(id: UInt64, Proto.Envelope.Body)
        /// There will be no answer here. Whether the request took effect is known for `refused` only.
        case failed(id: UInt64, RequestFailure)
        /// What the server says of its own accord.
        case deliver(Proto.Envelope.Body)
        case close(CloseReason)
    }

    package enum RequestFailure: Error, Equatable, Sendable {
        case refused(Proto.Error)
        case timedOut
    }

    package enum CloseReason: Error, Equatable, Sendable {
        /// The server answered Hello with this.
        case refused(Proto.Error)
        case welcomeTimeout
        case frame(FrameFault)
        case malformed(WireError)
        /// Something other than Welcome or Error came first.
        case unexpected
        case disconnected
        case finished
    }

    package struct Request: Equatable, Sendable {
        package let id: UInt64
        package let body: Proto.Envelope.Body
        let deadline: Instant
    }

    private enum State {
        /// To `opening` by `start`.
        case idle(Proto.Hello)
        /// To `open` by Welcome; to `closed` by Error, anything else, or when the time is over.
        case opening(deadline: Instant)
        /// To `closed` by a broken frame or envelope, the loss of the connection, or the driver's wish.
        case open
        case closed(CloseReason)
    }

    private static let helloID: UInt64 = 1
    private var state: State
    private var lastID = ClientSession.helloID
    /// Requests without an answer, oldest first. The driver repeats them on the next connection: their keys make sure
    /// that the effect happens once.
    package private(set) var inFlight: [Request] = []
    /// The max_frame in force for what the server sends next.
    package private(set) var frameLimit = Limits.maxFrameBeforeWelcome
    /// Replies to requests that nobody waits for any more.
    package private(set) var strayReplies = 0

    package init(hello: Proto.Hello) { state = .idle(hello) }

    package var isOpen: Bool { if case .open = state { true } else { false } }

    package var closeReason: CloseReason? {
        if case .closed(let reason) = state { reason } else { nil }
    }

    /// When `tick` is wanted, if nothing happens before.
    package var deadline: Instant? {
        switch state {
        case .opening(let deadline): deadline
        case .open: inFlight.lazy.map(\.deadline).min()
        case .idle, .closed: nil
        }
    }
}

// MARK: What the driver wants

extension ClientSession {
    /// The connection stands.
    package mutating func start(now: Instant) -> [Action] {
        guard case .idle(let hello) = state else { preconditionFailure("a session starts once") }
        state = .opening(deadline: now + Limits.helloTimeout)
        return [.send(Proto.Envelope(id: ClientSession.helloID, body: .hello(hello)))]
    }

    /// Sends a request and expects its answer by `timeout`. Nil unless the session is open.
    package mutating func request(
        _ body: Proto.Envelope.Body, now: Instant, timeout: Model.Span = Limits.requestTimeout
    ) -> (id: UInt64, actions: [Action])? {
        guard isOpen else { return nil }
        lastID += 1
        inFlight.append(Request(id: lastID, body: body, deadline: now + timeout))
        return (lastID, [.send(Proto.Envelope(id: lastID, body: body))])
    }

    /// Sends a message that has no answer; nothing unless the session is open.
    package mutating func notify(_ body: Proto.Envelope.Body) -> [Action] {
        isOpen ? [.send(Proto.Envelope(body: body))] : []
    }

    /// Says Goodbye and closes. Requests in flight stay there for the next session.
    package mutating func finish(reason: String) -> [Action] {
        if case .closed = state { return [] }
        let goodbye = notify(.goodbye(Proto.Goodbye(reason: reason)))
        return goodbye + close(.finished)
    }
}

// MARK: What the server does

extension ClientSession {
    package mutating func receive(_ payload: ArraySlice<UInt8>, now: Instant) -> [Action] {
        if case .closed = state { return [] }
        do throws(WireError) {
            let envelope = try Proto.Envelope(decoding: payload)
            if case .open = state { return converse(envelope) }
            return open(envelope)
        } catch {
            return close(.malformed(error))
        }
    }

    package mutating func reject(_ fault: FrameFault) -> [Action] { close(.frame(fault)) }

    package mutating func disconnected() -> [Action] { close(.disconnected) }

    package mutating func tick(now: Instant) -> [Action] {
        guard let deadline, now >= deadline else { return [] }
        if case .opening = state { return close(.welcomeTimeout) }
        let late = inFlight.filter { $0.deadline <= now }
        inFlight.removeAll { $0.deadline <= now }
        return late.map { .failed(id: $0.id, .timedOut) }
    }

    private mutating func open(_ envelope: Proto.Envelope) -> [Action] {
        switch envelope.body {
        case .welcome(let welcome):
            state = .open
            frameLimit = Limits.maxFrame
            return [.opened(welcome)]
        case .error(let error): return close(.refused(error))
        default: return close(.unexpected)
        }
    }

    private mutating func converse(_ envelope: Proto.Envelope) -> [Action] {
        if envelope.inReplyTo != 0 { return settle(envelope) }
        switch envelope.body {
        case .ping(let ping):
            return [.send(Proto.Envelope(inReplyTo: envelope.id, body: .pong(Proto.Pong(payload: ping.payload))))]
        case .some(let body): return [.deliver(body)]
        case nil:
            let error = SessionFault.unknownBody.error("the client knows no such message; do without its answer")
            return envelope.id == 0 ? [] : [.send(Proto.Envelope(inReplyTo: envelope.id, body: .error(error)))]
        }
    }

    private mutating func settle(_ envelope: Proto.Envelope) -> [Action] {
        guard let place = inFlight.firstIndex(where: { $0.id == envelope.inReplyTo }) else {
            strayReplies += 1
            return []
        }
        let request = inFlight.remove(at: place)
        switch envelope.body {
        case .error(let error): return [.failed(id: request.id, .refused(error))]
        case .some(let body): return [.reply(id: request.id, body)]
        case nil:
            let error = SessionFault.unknownBody.error("the answer is of a kind that this client does not know")
            return [.failed(id: request.id, .refused(error))]
        }
    }

    private mutating func close(_ reason: CloseReason) -> [Action] {
        if case .closed = state { return [] }
        state = .closed(reason)
        return [.close(reason)]
    }
}
