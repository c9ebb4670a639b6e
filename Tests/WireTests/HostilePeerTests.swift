import Model
import Testing
import Wire

/// One test for each line of the table of hostile peers in docs/PROTOCOL.md.
@Suite struct HostilePeerTests {
    typealias Action = ServerSession.Action

    /// The fault is counted, the peer told, the connection closed, and nothing heard after it.
    private func expectEnd(
        _ session: ServerSession, _ actions: [Action], _ fault: SessionFault, _ code: Proto.ErrorCode,
        field: String = ""
    ) {
        var session = session
        #expect(actions.count == 3)
        #expect(actions.first == .count(fault))
        #expect(Opened.error(in: actions)?.code == code)
        #expect(Opened.error(in: actions)?.field == field)
        #expect(actions.last == .close(.fault(fault)))
        #expect(session.closeReason == .fault(fault))
        #expect(session.receive(Opened.payload(Opened.ping, id: 1), now: .zero).isEmpty)
    }

    /// The fault is counted, the peer told, and the session goes on.
    private func expectAnswer(
        _ body: ArraySlice<UInt8>, from role: Proto.Role = .node, _ fault: SessionFault, _ code: Proto.ErrorCode,
        field: String = "", inReplyTo id: UInt64
    ) {
        var session = Opened.server(role)
        let actions = session.receive(body, now: .zero)
        #expect(actions.count == 2)
        #expect(actions.first == .count(fault))
        #expect(Opened.error(in: actions)?.code == code)
        #expect(Opened.error(in: actions)?.field == field)
        if case .send(let envelope)? = actions.last { #expect(envelope.inReplyTo == id) }
        #expect(session.receive(Opened.payload(Opened.ping, id: 1), now: .zero).count == 1)
    }

    private static let frames: [(FrameFault, SessionFault, Proto.ErrorCode)] = [
        (.zeroLength, .frameZeroLength, .frameLength),
        (.tooLong(length: 9, limit: 8), .frameTooLong, .frameLength),
        (.unknownFlags(2), .frameUnknownFlags, .frameFlags),
        (.compression(limit: 8), .frameCompression, .frameCompression),
        (.unfinished, .frameUnfinished, .idleTimeout),
    ]

    @Test(arguments: frames)
    func `a framing error is answered and closes`(frame: FrameFault, fault: SessionFault, code: Proto.ErrorCode) {
        for start in [ServerSession(now: .zero), Opened.server()] {
            var session = start
            let actions = session.reject(frame)
            expectEnd(session, actions, fault, code)
            #expect(Opened.error(in: actions)?.message == frame.description)
        }
    }

    @Test func `anything but Hello as the first message closes`() {
        var session = ServerSession(now: .zero)
        let actions = session.receive(Opened.payload(Opened.ping, id: 3), now: .zero)
        expectEnd(session, actions, .helloExpected, .helloExpected)
        guard case .send(let envelope) = actions[1] else { return }
        #expect(envelope.inReplyTo == 3)
    }

    @Test func `no Hello within ten seconds closes`() {
        var session = ServerSession(now: .zero + .seconds(5))
        #expect(session.deadline == .zero + .seconds(15))
        #expect(session.tick(now: .zero + .milliseconds(14_999)).isEmpty)
        let actions = session.tick(now: .zero + .seconds(15))
        expectEnd(session, actions, .helloTimeout, .helloTimeout)
    }

    @Test func `versions without one in common are named on both sides`() {
        for theirs in [0...0, 2...9] as [ClosedRange<UInt32>] {
            var session = ServerSession(now: .zero)
            let actions = session.receive(Opened.payload(.hello(Opened.hello(versions: theirs))), now: .zero)
            expectEnd(session, actions, .versionMismatch, .version, field: "version_max")
            let message = Opened.error(in: actions)?.message ?? ""
            #expect(message.contains("here 1 to 1, there \(theirs.lowerBound) to \(theirs.upperBound)"))
        }
    }

    @Test(arguments: ["", String(repeating: "n", count: 65), "a b", "ä", "a/b", "a\n", "a\0"])
    func `a name is 1 to 64 of the bytes A-Z a-z 0-9 . _ -`(name: String) {
        var session = ServerSession(now: .zero)
        let actions = session.receive(Opened.payload(.hello(Opened.hello(name: name))), now: .zero)
        expectEnd(session, actions, .invalidName, .invalidField, field: "name")
    }

    @Test func `the longest name and every letter of a name are welcome`() {
        for name in [String(repeating: "n", count: 64), "Az09._-"] {
            var session = ServerSession(now: .zero)
            let hello = Opened.hello(name: name)
            #expect(session.receive(Opened.payload(.hello(hello)), now: .zero) == [.decide(hello)])
        }
    }

    @Test(arguments: [Proto.Role.unspecified, .unrecognized(9)])
    func `an unknown role closes`(role: Proto.Role) {
        var session = ServerSession(now: .zero)
        let actions = session.receive(Opened.payload(.hello(Opened.hello(role))), now: .zero)
        expectEnd(session, actions, .invalidRole, .invalidField, field: "role")
    }

    @Test func `nothing may follow Hello before Welcome`() {
        var session = ServerSession(now: .zero)
        _ = session.receive(Opened.payload(.hello(Opened.hello())), now: .zero)
        let actions = session.receive(Opened.payload(Opened.ping, id: 2), now: .zero)
        expectEnd(session, actions, .beforeWelcome, .outOfOrder)
        #expect(session.accept(Opened.welcome, now: .zero).isEmpty)
        #expect(session.refuse(Proto.Error()).isEmpty)
    }

    @Test func `malformed protobuf closes before Welcome and is answered after it`() {
        var session = ServerSession(now: .zero)
        let actions = session.receive([8, 7, 82, 100], now: .zero)
        expectEnd(session, actions, .malformed, .malformed)
        // The id is read although what follows it is broken.
        expectAnswer([8, 7, 82, 100], .malformed, .malformed, inReplyTo: 7)
        expectAnswer([82, 100, 8, 7], .malformed, .malformed, inReplyTo: 0)
    }

    @Test func `an unknown body is answered`() {
        expectAnswer([8, 7, 0xFA, 0x3F, 0], .unknownBody, .unknownBody, inReplyTo: 7)
        expectAnswer([], .unknownBody, .unknownBody, inReplyTo: 0)
    }

    @Test func `a body that the role may not send is answered`() {
        let status = Opened.payload(.clusterStatus(Proto.ClusterStatus()), id: 4)
        expectAnswer(status, .bodyNotAllowed, .roleNotAllowed, inReplyTo: 4)
        let batch = Opened.payload(.ingestBatch(Proto.IngestBatch()), id: 4)
        expectAnswer(batch, from: .operator, .bodyNotAllowed, .roleNotAllowed, inReplyTo: 4)
        let welcome = Opened.payload(.welcome(Proto.Welcome()), id: 4)
        expectAnswer(welcome, .bodyNotAllowed, .roleNotAllowed, inReplyTo: 4)
    }

    @Test func `a second Hello is answered`() {
        expectAnswer(Opened.payload(.hello(Opened.hello()), id: 4), .secondHello, .outOfOrder, inReplyTo: 4)
    }

    @Test func `a request without an id is answered`() {
        expectAnswer(Opened.payload(Opened.ping), .missingID, .invalidField, field: "id", inReplyTo: 0)
    }

    @Test func `a Ping of more than 1 KiB is answered, but not with itself`() {
        let long = Proto.Ping(payload: Array(repeating: 0, count: 1_025)[...])
        expectAnswer(
            Opened.payload(.ping(long), id: 4), .pingTooLong, .invalidField, field: "payload", inReplyTo: 4)
    }

    @Test func `three body errors in a row close, and a good body between them forgives`() {
        var session = Opened.server()
        let bad = Opened.payload(nil, id: 1)
        for _ in 0..<5 {
            #expect(session.receive(bad, now: .zero).count == 2)
            #expect(session.receive(bad, now: .zero).count == 2)
            #expect(session.receive(Opened.payload(Opened.ping, id: 1), now: .zero).count == 1)
        }
        for _ in 0..<2 { _ = session.receive(bad, now: .zero) }
        let actions = session.receive(bad, now: .zero)
        #expect(actions.first == .count(.unknownBody))
        #expect(Opened.error(in: actions)?.code == .unknownBody)
        #expect(actions.suffix(2) == [.count(.bodyErrorsInARow), .close(.fault(.bodyErrorsInARow))])
        #expect(session.receive(bad, now: .zero).isEmpty)
    }

    @Test func `five minutes without a valid message close`() {
        var session = Opened.server()
        let actions = session.tick(now: .zero + .seconds(300))
        expectEnd(session, actions, .idleTimeout, .idleTimeout)
    }

    @Test func `a reader that takes too little is told, if it still reads`() {
        var session = Opened.server()
        let actions = session.rejectSlowReader()
        expectEnd(session, actions, .slowReader, .slowReader)
    }

    @Test func `every fault has a name of its own and a code`() {
        #expect(Set(SessionFault.allCases.map(\.rawValue)).count == SessionFault.allCases.count)
        #expect(SessionFault.allCases.allSatisfy { $0.code != .unspecified })
        #expect(SessionFault.allCases.allSatisfy { $0.rawValue.allSatisfy { $0 == "_" || $0.isLowercase } })
    }
}
