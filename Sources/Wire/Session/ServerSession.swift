package import Model

/// The server's end of a connection, from its first byte to its close: who is there, what may be said, when it is
/// over. It decides; its driver sends, delivers, counts and closes, in the order given.
package struct ServerSession: Sendable {
    package enum Action: Equatable, Sendable {
        case send(Proto.Envelope)
        /// A body that the peer's role may send; requests among them have an id.
        case deliver(Proto.Envelope)
        /// Decide about this peer with `accept` or `refuse`; until then it may say nothing.
        case decide(Proto.Hello)
        case count(SessionFault)
        /// After everything sent is written. Nothing follows.
        case close(CloseReason)
    }

    package enum CloseReason: Hashable, Sendable {
        case fault(SessionFault)
        case refused(Proto.ErrorCode)
        case goodbye
        case shuttingDown
        case disconnected

        /// A word for metrics.
        package var name: String {
            switch self {
            case .fault(let fault): fault.rawValue
            case .refused: "refused"
            case .goodbye: "goodbye"
            case .shuttingDown: "shutting_down"
            case .disconnected: "disconnected"
            }
        }
    }

    package struct Peer: Hashable, Sendable {
        package let role: Proto.Role
        package let name: String
        package let version: UInt32

        package init(role: Proto.Role, name: String, version: UInt32) {
            self.role = role
            self.name = name
            self.version = version
        }
    }

    /// How long a silent peer is put up with.
    package struct Patience: Hashable, Sendable {
        /// From the connection's first moment to Hello.
        package var hello = Limits.helloTimeout
        /// From one valid message to the next.
        package var idle = Limits.idleTimeout

        package init() {}
    }

    private struct Open {
        let peer: Peer
        let senders: BodyRule.Senders
        var heard: Instant
        var errorsInARow = 0
    }

    private struct Candidate {
        let peer: Peer
        let senders: BodyRule.Senders
        let helloID: UInt64
        let deadline: Instant
    }

    private enum State {
        /// To `deciding` by a good Hello; to `closed` by anything else, or when the time is over.
        case awaitingHello(deadline: Instant)
        /// To `open` or `closed` by the driver's word; to `closed` when the peer does not wait for it.
        case deciding(Candidate)
        /// To `closed` by a broken frame, bad bodies in a row, silence, Goodbye, or the end of the server.
        case open(Open)
        case closed(CloseReason)
    }

    private var state: State
    private let versions: ClosedRange<UInt32>
    private let patience: Patience
    /// The max_frame in force for what the peer sends next.
    package private(set) var frameLimit = Limits.maxFrameBeforeWelcome

    package init(
        now: Instant, versions: ClosedRange<UInt32> = Limits.protocolVersion...Limits.protocolVersion,
        patience: Patience = Patience()
    ) {
        self.versions = versions
        self.patience = patience
        state = .awaitingHello(deadline: now + patience.hello)
    }

    /// Known once the peer is welcome.
    package var peer: Peer? {
        if case .open(let open) = state { open.peer } else { nil }
    }

    package var closeReason: CloseReason? {
        if case .closed(let reason) = state { reason } else { nil }
    }

    /// When `tick` is wanted, if nothing happens before.
    package var deadline: Instant? {
        switch state {
        case .awaitingHello(let deadline): deadline
        case .deciding(let candidate): candidate.deadline
        case .open(let open): open.heard + patience.idle
        case .closed: nil
        }
    }
}

// MARK: What the peer does

extension ServerSession {
    /// One frame's payload.
    package mutating func receive(_ payload: ArraySlice<UInt8>, now: Instant) -> [Action] {
        if case .closed = state { return [] }
        do throws(WireError) {
            return receive(try Proto.Envelope(decoding: payload), now: now)
        } catch {
            let id = Proto.Envelope.id(ofBroken: payload)
            return bodyFault(.malformed, "the payload is no envelope: \(error)", inReplyTo: id)
        }
    }

    /// A frame that is none.
    package mutating func reject(_ fault: FrameFault) -> [Action] {
        end(SessionFault(fault), "\(fault)", inReplyTo: 0)
    }

    /// The peer takes too little of what it is sent.
    package mutating func rejectSlowReader() -> [Action] {
        end(.slowReader, "too many bytes wait to be read; read replies as they come", inReplyTo: 0)
    }

    /// The connection is gone, with or without an error.
    package mutating func disconnected() { closeSilently(.disconnected) }

    package mutating func tick(now: Instant) -> [Action] {
        guard let deadline, now >= deadline else { return [] }
        switch state {
        case .awaitingHello:
            return end(
                .helloTimeout, "no Hello within \(patience.hello.milliseconds) ms; send it first", inReplyTo: 0)
        case .deciding(let candidate):
            return refuse(
                Proto.Error(
                    code: .unavailable, message: "nobody could decide about this Hello in time; try again",
                    retryAfterMs: UInt32(Limits.unavailableRetry.milliseconds)), candidate.helloID)
        case .open:
            let message = "no valid message within \(patience.idle.milliseconds) ms; send Ping when idle"
            return end(.idleTimeout, message, inReplyTo: 0)
        case .closed: return []
        }
    }

    private mutating func receive(_ envelope: Proto.Envelope, now: Instant) -> [Action] {
        switch state {
        case .awaitingHello: return open(envelope, now: now)
        case .deciding:
            return end(.beforeWelcome, "nothing may follow Hello before Welcome; wait for it", inReplyTo: envelope.id)
        case .open(let open): return converse(envelope, open, now: now)
        case .closed: return []
        }
    }

    private mutating func open(_ envelope: Proto.Envelope, now: Instant) -> [Action] {
        guard case .hello(let hello)? = envelope.body else {
            return end(.helloExpected, "the first message must be Hello; send it first", inReplyTo: envelope.id)
        }
        do throws(Opening.Refusal) {
            let admission = try Opening.judge(hello, versions: versions)
            state = .deciding(
                Candidate(
                    peer: Peer(role: hello.role, name: hello.name, version: admission.version),
                    senders: admission.senders, helloID: envelope.id, deadline: now + patience.hello))
            return [.decide(hello)]
        } catch {
            return end(error.fault, error.message, inReplyTo: envelope.id)
        }
    }

    private mutating func converse(_ envelope: Proto.Envelope, _ was: Open, now: Instant) -> [Action] {
        guard let body = envelope.body else {
            let message = "the envelope has no body that version \(was.peer.version) knows; send one it knows"
            return bodyFault(.unknownBody, message, inReplyTo: envelope.id)
        }
        let rule = BodyRule(body)
        if case .hello = body {
            return bodyFault(.secondHello, "Hello was said; open another connection", inReplyTo: envelope.id)
        }
        guard rule.senders.contains(was.senders) else {
            let message = "a peer of role \(was.peer.role) may not send this; docs/PROTOCOL.md says who may"
            return bodyFault(.bodyNotAllowed, message, inReplyTo: envelope.id)
        }
        guard rule.manner != .request || envelope.id != 0 else {
            return bodyFault(.missingID, "id 0 in a request; choose another, for the reply to repeat", inReplyTo: 0)
        }
        if case .ping(let ping) = body, ping.payload.count > Limits.maxPingPayload {
            let message = "payload has \(ping.payload.count) bytes; send at most \(Limits.maxPingPayload)"
            return bodyFault(.pingTooLong, message, inReplyTo: envelope.id)
        }
        var open = was
        open.heard = now
        open.errorsInARow = 0
        state = .open(open)
        return answer(body, envelope)
    }

    private mutating func answer(_ body: Proto.Envelope.Body, _ envelope: Proto.Envelope) -> [Action] {
        switch body {
        case .ping(let ping):
            return [.send(Proto.Envelope(inReplyTo: envelope.id, body: .pong(Proto.Pong(payload: ping.payload))))]
        case .goodbye:
            closeSilently(.goodbye)
            return [.deliver(envelope), .close(.goodbye)]
        default: return [.deliver(envelope)]
        }
    }
}

// MARK: What the server decides

extension ServerSession {
    /// Welcomes the peer. The session fills in the version and, where it is 0, max_frame.
    package mutating func accept(_ welcome: Proto.Welcome, now: Instant) -> [Action] {
        guard case .deciding(let candidate) = state else { return [] }
        var welcome = welcome
        welcome.version = candidate.peer.version
        if welcome.maxFrame == 0 { welcome.maxFrame = UInt32(Limits.maxFrame) }
        frameLimit = Int(welcome.maxFrame)
        state = .open(Open(peer: candidate.peer, senders: candidate.senders, heard: now))
        return [.send(Proto.Envelope(inReplyTo: candidate.helloID, body: .welcome(welcome)))]
    }

    /// Turns the peer away: role_taken, name_taken, …
    package mutating func refuse(_ error: Proto.Error) -> [Action] {
        guard case .deciding(let candidate) = state else { return [] }
        return refuse(error, candidate.helloID)
    }

    private mutating func refuse(_ error: Proto.Error, _ helloID: UInt64) -> [Action] {
        let reason = CloseReason.refused(error.code)
        closeSilently(reason)
        return [.send(Proto.Envelope(inReplyTo: helloID, body: .error(error))), .close(reason)]
    }

    package mutating func shutDown() -> [Action] {
        if case .closed = state { return [] }
        closeSilently(.shuttingDown)
        let error = Proto.Error(
            code: .shuttingDown, message: "the server is shutting down; reconnect later",
            retryAfterMs: UInt32(Limits.unavailableRetry.milliseconds))
        return [.send(Proto.Envelope(body: .error(error))), .close(.shuttingDown)]
    }
}

// MARK: Ends

extension ServerSession {
    private mutating func closeSilently(_ reason: CloseReason) {
        if case .closed = state { return }
        state = .closed(reason)
    }

    /// A fault after which nothing more is heard.
    private mutating func end(_ fault: SessionFault, _ message: String, inReplyTo id: UInt64) -> [Action] {
        if case .closed = state { return [] }
        closeSilently(.fault(fault))
        return [.count(fault), .send(reply(fault.error(message), to: id)), .close(.fault(fault))]
    }

    /// A fault in a message whose frame was sound: the stream goes on, but not for ever.
    private mutating func bodyFault(_ fault: SessionFault, _ message: String, inReplyTo id: UInt64) -> [Action] {
        guard case .open(var open) = state else { return end(fault, message, inReplyTo: id) }
        open.errorsInARow += 1
        state = .open(open)
        let answer = [Action.count(fault), .send(reply(fault.error(message), to: id))]
        guard open.errorsInARow >= Limits.bodyErrorsInARow else { return answer }
        closeSilently(.fault(.bodyErrorsInARow))
        return answer + [.count(.bodyErrorsInARow), .close(.fault(.bodyErrorsInARow))]
    }

    private func reply(_ error: Proto.Error, to id: UInt64) -> Proto.Envelope {
        Proto.Envelope(inReplyTo: id, body: .error(error))
    }
}
