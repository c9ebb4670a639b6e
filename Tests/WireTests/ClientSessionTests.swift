import Model
import Testing
import Wire

@Suite struct ClientSessionTests {
    private static let list = Proto.Envelope.Body.listNodes(Proto.ListNodes())
    private static let nodes = Proto.Envelope.Body.listNodesReply(Proto.ListNodesReply())

    private func opened() -> ClientSession {
        var session = ClientSession(hello: Opened.hello(.operator))
        _ = session.start(now: .zero)
        _ = session.receive(Opened.payload(.welcome(Opened.welcome), inReplyTo: 1), now: .zero)
        return session
    }

    private func ask(
        _ session: inout ClientSession, _ body: Proto.Envelope.Body = list, timeout: Model.Span = Limits.requestTimeout
    ) throws -> (id: UInt64, actions: [ClientSession.Action]) {
        let request = session.request(body, now: .zero, timeout: timeout)
        return try #require(request)
    }

    @Test func `Hello is the first message and Welcome opens`() {
        var session = ClientSession(hello: Opened.hello())
        #expect(session.deadline == nil)
        #expect(session.start(now: .zero) == [.send(Proto.Envelope(id: 1, body: .hello(Opened.hello())))])
        #expect(session.request(ClientSessionTests.list, now: .zero) == nil)
        #expect(session.notify(.goodbye(Proto.Goodbye())).isEmpty)
        #expect(session.frameLimit == 16_384)
        let welcome = Opened.payload(.welcome(Opened.welcome), inReplyTo: 1)
        #expect(session.receive(welcome, now: .zero) == [.opened(Opened.welcome)])
        #expect(session.isOpen)
        #expect(session.frameLimit == 8_388_608)
    }

    @Test func `Error in place of Welcome closes and tells why`() {
        var session = ClientSession(hello: Opened.hello())
        _ = session.start(now: .zero)
        let error = Proto.Error(code: .nameTaken, retryAfterMs: 5)
        #expect(session.receive(Opened.payload(.error(error), inReplyTo: 1), now: .zero) == [.close(.refused(error))])
        #expect(session.closeReason == .refused(error))
    }

    @Test func `anything else in place of Welcome closes`() {
        var session = ClientSession(hello: Opened.hello())
        _ = session.start(now: .zero)
        #expect(session.receive(Opened.payload(Opened.ping, id: 1), now: .zero) == [.close(.unexpected)])
    }

    @Test func `a server that does not answer Hello is left after ten seconds`() {
        var session = ClientSession(hello: Opened.hello())
        _ = session.start(now: .zero)
        #expect(session.tick(now: .zero + .milliseconds(9_999)).isEmpty)
        #expect(session.tick(now: .zero + .seconds(10)) == [.close(.welcomeTimeout)])
    }

    @Test func `replies find their requests in any order`() throws {
        var session = opened()
        let one = try ask(&session)
        let two = try ask(&session)
        #expect(one.id != two.id)
        #expect(one.actions == [.send(Proto.Envelope(id: one.id, body: ClientSessionTests.list))])
        for request in [two, one] {
            let reply = Opened.payload(ClientSessionTests.nodes, inReplyTo: request.id)
            #expect(session.receive(reply, now: .zero) == [.reply(id: request.id, ClientSessionTests.nodes)])
        }
        #expect(session.inFlight.isEmpty)
        #expect(session.deadline == nil)
    }

    @Test func `an Error with in_reply_to fails that request alone`() throws {
        var session = opened()
        let request = try ask(&session)
        _ = session.request(ClientSessionTests.list, now: .zero)
        let error = Proto.Error(code: .invalidField, field: "limit")
        let actions = session.receive(Opened.payload(.error(error), inReplyTo: request.id), now: .zero)
        #expect(actions == [.failed(id: request.id, .refused(error))])
        #expect(session.inFlight.count == 1)
        #expect(session.isOpen)
    }

    @Test func `a request that is not answered in time fails, and its late reply is dropped`() throws {
        var session = opened()
        let slow = try ask(&session, timeout: .seconds(2))
        let patient = try ask(&session)
        #expect(session.deadline == .zero + .seconds(2))
        #expect(session.tick(now: .zero + .seconds(2)) == [.failed(id: slow.id, .timedOut)])
        #expect(session.inFlight.map(\.id) == [patient.id])
        #expect(session.deadline == Instant.zero + Limits.requestTimeout)
        #expect(session.receive(Opened.payload(ClientSessionTests.nodes, inReplyTo: slow.id), now: .zero).isEmpty)
        #expect(session.strayReplies == 1)
    }

    @Test func `what was in flight when the connection was lost can be asked again`() throws {
        var session = opened()
        let key: ArraySlice<UInt8> = [1, 2, 3]
        let submit = Proto.Envelope.Body.submitTargets(Proto.SubmitTargets(key: key, chunk: 1))
        _ = session.request(submit, now: .zero)
        _ = session.request(ClientSessionTests.list, now: .zero)
        #expect(session.disconnected() == [.close(.disconnected)])
        #expect(session.inFlight.map(\.body) == [submit, ClientSessionTests.list])
        #expect(session.disconnected().isEmpty)

        var next = opened()
        for request in session.inFlight {
            let again = next.request(request.body, now: .zero)
            #expect(again?.actions == [.send(Proto.Envelope(id: again?.id ?? 0, body: request.body))])
        }
        #expect(next.inFlight.map(\.body) == session.inFlight.map(\.body))
    }

    @Test func `one-way messages are delivered and Ping is answered`() {
        var session = opened()
        let assignment = Proto.Envelope.Body.assignment(Proto.Assignment(lease: 3))
        #expect(session.receive(Opened.payload(assignment), now: .zero) == [.deliver(assignment)])
        let shutdown = Proto.Envelope.Body.error(Proto.Error(code: .shuttingDown))
        #expect(session.receive(Opened.payload(shutdown), now: .zero) == [.deliver(shutdown)])
        let pong = Proto.Envelope(inReplyTo: 6, body: .pong(Proto.Pong(payload: [9])))
        #expect(session.receive(Opened.payload(Opened.ping, id: 6), now: .zero) == [.send(pong)])
    }

    @Test func `a body that the client does not know is answered if it asks, else ignored`() throws {
        var session = opened()
        let actions = session.receive(Opened.payload(nil, id: 6), now: .zero)
        guard case .send(let envelope)? = actions.first, case .error(let error)? = envelope.body else {
            return #expect(Bool(false), "no Error was sent")
        }
        #expect(envelope.inReplyTo == 6)
        #expect(error.code == .unknownBody)
        #expect(session.receive(Opened.payload(nil), now: .zero).isEmpty)
        let request = try ask(&session)
        let reply = session.receive(Opened.payload(nil, inReplyTo: request.id), now: .zero)
        guard case .failed(request.id, .refused(let refusal))? = reply.first else {
            return #expect(Bool(false), "the request did not fail")
        }
        #expect(refusal.code == .unknownBody)
    }

    @Test func `a broken frame or envelope from the server closes`() {
        var session = opened()
        #expect(session.receive([8], now: .zero) == [.close(.malformed(.truncated))])
        #expect(session.receive(Opened.payload(Opened.ping, id: 6), now: .zero).isEmpty)
        var other = opened()
        #expect(other.reject(.zeroLength) == [.close(.frame(.zeroLength))])
    }

    @Test func `finishing says Goodbye`() {
        var session = opened()
        let goodbye = Proto.Envelope(body: .goodbye(Proto.Goodbye(reason: "done")))
        #expect(session.finish(reason: "done") == [.send(goodbye), .close(.finished)])
        #expect(session.finish(reason: "done").isEmpty)
    }

    @Test func `a session starts once`() async {
        await #expect(processExitsWith: .failure) {
            var session = ClientSession(hello: Proto.Hello())
            _ = session.start(now: .zero)
            _ = session.start(now: .zero)
        }
    }

    /// Both machines, with nothing between them but bytes.
    @Test func `client and server understand each other`() throws {
        var client = ClientSession(hello: Opened.hello(.operator))
        var server = ServerSession(now: .zero)
        func toServer(_ actions: [ClientSession.Action]) -> [ServerSession.Action] {
            guard case .send(let envelope)? = actions.first else { return [] }
            return server.receive(envelope.encoded()[...], now: .zero)
        }
        func toClient(_ actions: [ServerSession.Action]) -> [ClientSession.Action] {
            guard case .send(let envelope)? = actions.first else { return [] }
            return client.receive(envelope.encoded()[...], now: .zero)
        }
        #expect(toServer(client.start(now: .zero)) == [.decide(Opened.hello(.operator))])
        #expect(toClient(server.accept(Opened.welcome, now: .zero)).count == 1)
        let request = try ask(&client, Opened.ping)
        let pong = Proto.Envelope.Body.pong(Proto.Pong(payload: [9]))
        #expect(toClient(toServer(request.actions)) == [.reply(id: request.id, pong)])
    }
}
