import Model
import Testing
import Wire

/// Sessions at the point a test begins from, and messages for them.
enum Opened {
    static let welcome = Proto.Welcome(session: 4, credit: 8)

    static func hello(_ role: Proto.Role = .node, name: String = "n-1", versions: ClosedRange<UInt32> = 1...1)
        -> Proto.Hello
    {
        Proto.Hello(versionMin: versions.lowerBound, versionMax: versions.upperBound, role: role, name: name)
    }

    static func server(_ role: Proto.Role = .node, at now: Instant = .zero) -> ServerSession {
        var session = ServerSession(now: now)
        let body = Proto.Envelope.Body.hello(hello(role))
        precondition(session.receive(payload(body, id: 1), now: now) == [.decide(hello(role))])
        _ = session.accept(welcome, now: now)
        return session
    }

    static func payload(_ body: Proto.Envelope.Body?, id: UInt64 = 0, inReplyTo: UInt64 = 0) -> ArraySlice<UInt8> {
        Proto.Envelope(id: id, inReplyTo: inReplyTo, body: body).encoded()[...]
    }

    static let ping = Proto.Envelope.Body.ping(Proto.Ping(payload: [9]))

    /// Code, field and request of the Error among `actions`.
    static func error(in actions: [ServerSession.Action]) -> Proto.Error? {
        for case .send(let envelope) in actions {
            if case .error(let error) = envelope.body { return error }
        }
        return nil
    }
}

@Suite struct ServerSessionTests {
    @Test func `a good Hello waits for a decision, and Welcome answers it`() {
        var session = ServerSession(now: .zero)
        let hello = Opened.hello()
        #expect(session.receive(Opened.payload(.hello(hello), id: 8), now: .zero) == [.decide(hello)])
        #expect(session.peer == nil)
        #expect(session.frameLimit == 16_384)
        var sent = Opened.welcome
        sent.version = 1
        sent.maxFrame = 8_388_608
        let answer = Proto.Envelope(inReplyTo: 8, body: .welcome(sent))
        #expect(session.accept(Opened.welcome, now: .zero) == [.send(answer)])
        #expect(session.peer == ServerSession.Peer(role: .node, name: "n-1", version: 1))
        #expect(session.frameLimit == 8_388_608)
        #expect(session.accept(Opened.welcome, now: .zero).isEmpty)
    }

    @Test func `the highest common version is chosen`() {
        var session = ServerSession(now: .zero, versions: 2...5)
        _ = session.receive(Opened.payload(.hello(Opened.hello(versions: 1...3))), now: .zero)
        _ = session.accept(Opened.welcome, now: .zero)
        #expect(session.peer?.version == 3)
    }

    @Test func `a refused peer is told why, and the connection closes`() {
        var session = ServerSession(now: .zero)
        _ = session.receive(Opened.payload(.hello(Opened.hello(.orchestrator)), id: 3), now: .zero)
        let error = Proto.Error(code: .roleTaken, message: "another orchestrator is here")
        let answer = Proto.Envelope(inReplyTo: 3, body: .error(error))
        #expect(session.refuse(error) == [.send(answer), .close(.refused(.roleTaken))])
        #expect(session.closeReason == .refused(.roleTaken))
        #expect(session.deadline == nil)
    }

    @Test func `a decision that does not come is not waited for`() {
        var session = ServerSession(now: .zero)
        _ = session.receive(Opened.payload(.hello(Opened.hello())), now: .zero)
        #expect(session.tick(now: .zero + .seconds(9)).isEmpty)
        let actions = session.tick(now: .zero + .seconds(10))
        #expect(Opened.error(in: actions)?.code == .unavailable)
        #expect(actions.last == .close(.refused(.unavailable)))
    }

    @Test func `Ping is answered with its payload by the session itself`() {
        var session = Opened.server()
        let pong = Proto.Envelope(inReplyTo: 5, body: .pong(Proto.Pong(payload: [9])))
        #expect(session.receive(Opened.payload(Opened.ping, id: 5), now: .zero) == [.send(pong)])
    }

    @Test func `what a role may send is delivered`() {
        var session = Opened.server(.operator)
        let envelope = Proto.Envelope(id: 2, body: .listNodes(Proto.ListNodes()))
        #expect(session.receive(envelope.encoded()[...], now: .zero) == [.deliver(envelope)])
    }

    @Test func `Goodbye is delivered and ends the session`() {
        var session = Opened.server()
        let envelope = Proto.Envelope(body: .goodbye(Proto.Goodbye(reason: "drained")))
        #expect(session.receive(envelope.encoded()[...], now: .zero) == [.deliver(envelope), .close(.goodbye)])
        #expect(session.receive(Opened.payload(Opened.ping, id: 5), now: .zero).isEmpty)
    }

    @Test func `a server may have another patience, and says which`() {
        var patience = ServerSession.Patience()
        (patience.hello, patience.idle) = (.milliseconds(5), .milliseconds(3))
        var silent = ServerSession(now: .zero, patience: patience)
        #expect(silent.tick(now: .zero + .milliseconds(4)).isEmpty)
        let late = silent.tick(now: .zero + .milliseconds(5))
        #expect(Opened.error(in: late)?.message == "no Hello within 5 ms; send it first")
        var idle = ServerSession(now: .zero, patience: patience)
        _ = idle.receive(Opened.payload(.hello(Opened.hello())), now: .zero)
        _ = idle.accept(Opened.welcome, now: .zero)
        #expect(idle.deadline == .zero + .milliseconds(3))
        let ended = idle.tick(now: .zero + .milliseconds(3))
        #expect(Opened.error(in: ended)?.message == "no valid message within 3 ms; send Ping when idle")
        #expect(idle.closeReason?.name == "idle_timeout")
    }

    @Test func `a server that shuts down says so once`() {
        var session = Opened.server()
        let actions = session.shutDown()
        #expect(Opened.error(in: actions)?.code == .shuttingDown)
        #expect(Opened.error(in: actions)?.retryAfterMs == 1_000)
        #expect(actions.last == .close(.shuttingDown))
        #expect(session.shutDown().isEmpty)
    }

    @Test func `a lost connection closes without a word`() {
        var session = Opened.server()
        session.disconnected()
        #expect(session.closeReason == .disconnected)
        #expect(session.reject(.zeroLength).isEmpty)
        #expect(session.tick(now: .zero + .hours(1)).isEmpty)
    }

    @Test func `any valid message is a sign of life, any other is not`() {
        var session = Opened.server()
        let later = Instant.zero + .seconds(200)
        _ = session.receive(Opened.payload(Opened.ping, id: 1), now: later)
        #expect(session.deadline == later + Limits.idleTimeout)
        _ = session.receive(Opened.payload(nil, id: 2), now: later + .seconds(50))
        #expect(session.deadline == later + Limits.idleTimeout)
        #expect(session.tick(now: later + .seconds(299)).isEmpty)
        #expect(session.tick(now: later + .seconds(300)).last == .close(.fault(.idleTimeout)))
    }

    @Test(arguments: Proto.Role.peers)
    func `each role may send what the table gives it, and nothing else`(role: Proto.Role) {
        let allowed: [Proto.Role: Int] = [.node: 10, .operator: 37, .orchestrator: 7, .coordinator: 4]
        var delivered = 0
        for body in Bodies.all {
            var session = Opened.server(role)
            let actions = session.receive(Opened.payload(body, id: 1), now: .zero)
            let refusal = Opened.error(in: actions)?.code
            if case .hello = body {
                #expect(refusal == .outOfOrder)
            } else if let refusal {
                #expect(refusal == .roleNotAllowed)
            } else {
                delivered += 1
            }
        }
        #expect(delivered == allowed[role])
    }

    @Test func `a request without an id is refused, a notice is not`() {
        for body in Bodies.all {
            let rule = BodyRule(body)
            guard let role = Proto.Role.peers.first(where: { rule.senders.contains(.init($0)) }) else { continue }
            var session = Opened.server(role)
            let error = Opened.error(in: session.receive(Opened.payload(body), now: .zero))
            #expect((error?.field == "id") == (rule.manner == .request))
        }
    }
}

extension Proto.Role {
    static let peers: [Proto.Role] = [.node, .operator, .orchestrator, .coordinator]
}

extension BodyRule.Senders {
    init(_ role: Proto.Role) {
        switch role {
        case .node: self = .node
        case .operator: self = .operator
        case .orchestrator: self = .orchestrator
        default: self = .coordinator
        }
    }
}
