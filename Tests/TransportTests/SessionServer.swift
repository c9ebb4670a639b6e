import Model
import Synchronization
import Transport
import Wire

/// A server that speaks the protocol: welcomes everyone (or turns them away), and answers requests as the test says.
struct SessionServer: Sendable {
    /// What becomes of a request.
    enum Reply: Sendable {
        case body(Proto.Envelope.Body)
        case silence
        case hangUp
    }

    var turnAway: Proto.Error?
    /// Pushed right after Welcome.
    var greeting: [Proto.Envelope.Body] = []
    /// Called for every request, with its number over all connections, from 1 on.
    var reply: @Sendable (Proto.Envelope.Body, Int) -> Reply = { _, _ in .silence }

    let requests = Requests()

    /// The requests of all connections, in order.
    final class Requests: Sendable {
        private let seen = Mutex<[Proto.Envelope.Body]>([])
        func add(_ body: Proto.Envelope.Body) -> Int {
            seen.withLock {
                $0.append(body)
                return $0.count
            }
        }
        var all: [Proto.Envelope.Body] { seen.withLock { $0 } }
    }

    func listen(_ address: SocketAddress, _ loops: EventLoopGroup) throws -> Listener {
        try Listener(address, loops: loops, context: .init(compressor: Repeats())) { [self] in
            SessionHandler(self)
        }
    }
}

private final class SessionHandler: FrameHandler {
    private let server: SessionServer
    private var session = ServerSession(now: SystemTime().now())

    init(_ server: SessionServer) { self.server = server }

    func received(_ payload: ArraySlice<UInt8>, on connection: isolated Connection) {
        perform(session.receive(payload, now: SystemTime().now()), connection)
    }

    func closed(_ reason: CloseReason, on connection: isolated Connection) {}

    private func perform(_ actions: [ServerSession.Action], _ connection: isolated Connection) {
        for action in actions {
            switch action {
            case .send(let envelope): send(envelope, connection)
            case .deliver(let envelope): answer(envelope, connection)
            case .decide: decide(connection)
            case .count: break
            case .close: connection.finish(.handler("session"))
            }
        }
    }

    private func decide(_ connection: isolated Connection) {
        if let error = server.turnAway { return perform(session.refuse(error), connection) }
        perform(session.accept(Proto.Welcome(incarnation: 7), now: SystemTime().now()), connection)
        connection.setFrameLimit(session.frameLimit)
        for body in server.greeting { send(Proto.Envelope(body: body), connection) }
    }

    private func answer(_ envelope: Proto.Envelope, _ connection: isolated Connection) {
        guard let body = envelope.body else { return }
        let number = server.requests.add(body)
        guard envelope.id != 0 else { return }
        switch server.reply(body, number) {
        case .body(let body): send(Proto.Envelope(inReplyTo: envelope.id, body: body), connection)
        case .silence: break
        case .hangUp: connection.close(.handler("hang_up"))
        }
    }

    private func send(_ envelope: Proto.Envelope, _ connection: isolated Connection) {
        guard let frame = try? FrameEncoder().encode(envelope) else { return }
        connection.send(frame)
    }
}
