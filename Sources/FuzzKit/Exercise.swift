import Model
package import Wire

/// Runs hostile input through everything that meets it first, and traps where a promise is broken: bounded output,
/// bounded memory, one meaning for every message, silence after a close.
package enum Exercise {
    /// `input` as one envelope: decoded, written again, and given to both ends of a session.
    package static func envelope(_ input: ArraySlice<UInt8>) {
        if let envelope = try? Proto.Envelope(decoding: input) {
            let written = envelope.encoded()
            // A map entry may leave out key and value, an enumeration be negative: both grow, nothing grows more.
            precondition(written.count <= 4 * input.count + 16, "encoding grew out of bounds")
            guard let again = try? Proto.Envelope(decoding: written) else {
                preconditionFailure("what was written cannot be read")
            }
            precondition(again.encoded() == written, "a message has two encodings")
        }
        var server = openServer()
        check(server.receive(input, now: .zero), for: input.count, isClosed: server.closeReason != nil)
        var client = openClient()
        _ = client.receive(input, now: .zero)
        precondition(client.inFlight.count <= 1, "a client invented requests")
    }

    /// `input` as what a new connection sends, in pieces of `chunk` bytes.
    package static func stream(_ input: ArraySlice<UInt8>, chunk: Int) {
        var decoder = FrameDecoder()
        var session = ServerSession(now: .zero)
        var rest = input
        var taken = 0
        while !rest.isEmpty, session.closeReason == nil {
            decoder.push(rest.prefix(chunk))
            rest = rest.dropFirst(chunk)
            taken += take(from: &decoder, into: &session)
            precondition(decoder.held <= input.count, "the decoder made bytes")
        }
        precondition(taken <= input.count, "the decoder made payloads")
        let last = session.tick(now: .zero + Limits.idleTimeout)
        check(last, for: 0, isClosed: session.closeReason != nil)
        precondition(session.closeReason != nil, "silence keeps a session open")
        precondition(session.receive(input, now: .zero).isEmpty, "a closed session speaks")
    }

    private static func take(from decoder: inout FrameDecoder, into session: inout ServerSession) -> Int {
        var taken = 0
        do throws(FrameFault) {
            while let payload = try decoder.next() {
                taken += payload.count
                perform(session.receive(payload, now: .zero), for: payload.count, on: &session)
                decoder.limit = session.frameLimit
            }
        } catch {
            perform(session.reject(error), for: 0, on: &session)
        }
        return taken
    }

    private static func perform(
        _ actions: [ServerSession.Action], for size: Int, on session: inout ServerSession
    ) {
        check(actions, for: size, isClosed: session.closeReason != nil)
        for action in actions {
            if case .decide = action { _ = session.accept(Proto.Welcome(), now: .zero) }
        }
    }

    /// What holds for the answer to any message of `size` bytes.
    package static func check(_ actions: [ServerSession.Action], for size: Int, isClosed: Bool) {
        precondition(actions.count <= 4, "one message caused \(actions.count) actions")
        var sent = 0
        var closes = false
        for action in actions {
            precondition(!closes, "an action follows a close")
            switch action {
            case .send(let envelope): sent += envelope.encodedSize
            case .close: closes = true
            case .deliver, .decide, .count: break
            }
        }
        precondition(sent <= size + 1_024, "the answer is much longer than the question")
        precondition(closes == isClosed || actions.isEmpty, "a session closed without a word")
    }

    private static func openServer() -> ServerSession {
        var session = ServerSession(now: .zero)
        let hello = Proto.Hello(versionMin: 1, versionMax: 1, role: .node, name: "n")
        _ = session.receive(Proto.Envelope(id: 1, body: .hello(hello)).encoded()[...], now: .zero)
        _ = session.accept(Proto.Welcome(), now: .zero)
        return session
    }

    private static func openClient() -> ClientSession {
        var session = ClientSession(hello: Proto.Hello())
        _ = session.start(now: .zero)
        _ = session.receive(Proto.Envelope(body: .welcome(Proto.Welcome())).encoded()[...], now: .zero)
        _ = session.request(.listNodes(Proto.ListNodes()), now: .zero)
        return session
    }
}
