package import Model
import Synchronization
package import Wire

/// One lasting relation with a server: connects, says Hello, matches answers to requests, and connects again with
/// growing, random waits after a loss. It runs on an event loop and has two faces: `ask` and `tell` with events for an
/// actor that must see everything in order, and `request` for a caller that awaits one answer.
package actor Client {
    package struct Options: Sendable {
        package var address: SocketAddress
        package var hello: Proto.Hello
        package var persistence = Persistence.always
        package var connectTimeout = Span.seconds(10)
        package var reconnectBase = Limits.reconnectBase
        package var reconnectCap = Limits.reconnectCap

        package init(address: SocketAddress, hello: Proto.Hello) {
            self.address = address
            self.hello = hello
        }
    }

    package enum Persistence: Sendable {
        /// Tries until it is stopped: for a node.
        case always
        /// Ends when it cannot get a first Welcome, and reconnects only after one: for a command.
        case onceWelcome
    }

    /// In the order in which things happened.
    package enum Event: Sendable {
        case connected(Proto.Welcome)
        /// What the server says of its own accord.
        case message(Proto.Envelope.Body)
        /// To an `ask`: exactly one each, before `disconnected` if the connection was lost.
        case answer(tag: UInt64, Result<Proto.Envelope.Body, ClientError>)
        /// No connection, or no longer. `retryAfter` is nil when no more attempt follows.
        case disconnected(ClientError, retryAfter: Span?)
    }

    enum State {
        case idle  // to connecting, by start()
        case connecting(Connector)  // to established, or to waiting
        case established(Connection)  // to waiting, when it ends
        case waiting(LoopTimer)  // to connecting
        case ended(ClientError)
    }

    enum Command: Sendable {
        case ask(Proto.Envelope.Body, tag: UInt64, timeout: Span)
        case tell(Proto.Envelope.Body)
    }

    struct Mailbox {
        var commands: [Command] = []
        var scheduled = false
    }

    package nonisolated let loop: EventLoop
    package nonisolated let options: Options
    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    nonisolated let context: Connection.Context
    nonisolated let encoder: FrameEncoder
    nonisolated let mailbox = Mutex(Mailbox())
    private nonisolated let events: @Sendable (Event) -> Void

    var state = State.idle
    var session: ClientSession?
    /// Requests that the session's server has and has not answered, by session id.
    var inFlight: [UInt64: PendingRequest] = [:]
    /// Requests that wait for a connection, oldest first.
    var waiting: [PendingRequest] = []
    var waitingTimer: LoopTimer?
    var lastRequest: UInt64 = 0
    var wakeAt: Instant?
    /// What the server said it takes.
    var sendLimit = Limits.maxFrameBeforeWelcome
    private var backoff: Backoff
    private var random: any RandomSource
    private var wasWelcome = false
    private var retryAfter = Span.zero
    private var whenEnded: [ConnectionID: CheckedContinuation<Void, Never>] = [:]

    /// `events` is called on the loop; an inbox of the receiver is the usual target.
    package init(
        _ options: Options, loop: EventLoop, context: Connection.Context, random: any RandomSource = SystemRandom(),
        events: @escaping @Sendable (Event) -> Void = { _ in }
    ) {
        self.options = options
        self.loop = loop
        self.context = context
        self.events = events
        self.random = random
        encoder = FrameEncoder(compressor: context.compressor)
        backoff = Backoff(base: options.reconnectBase, cap: options.reconnectCap)
    }

    // MARK: life

    package nonisolated func start() {
        loop.execute { [self] in assumeIsolated { $0.begin() } }
    }

    /// Says Goodbye, fails what is not answered, and returns when the connection has ended. To be called before the
    /// loop is stopped.
    package func stop(reason: String = "done") async {
        if let actions = session?.finish(reason: reason) { perform(actions) }
        await leave()
    }

    /// The same without Goodbye: for who comes back at once, and keeps what it holds.
    package func leave() async {
        guard let connection = finish() else { return }
        await withCheckedContinuation { whenEnded[connection] = $0 }
    }

    /// Returns the connection that is still to end.
    private func finish() -> ConnectionID? {
        let connection: Connection? = if case .established(let connection) = state { connection } else { nil }
        end(.stopped)
        guard let connection, !connection.assumeIsolated({ $0.isOver }) else { return nil }
        return connection.id
    }

    private func begin() {
        guard case .idle = state else { return }
        loop.add(self)
        connect()
    }

    private func connect() {
        let connector = Connector(options.address, on: loop, timeout: options.connectTimeout) { [weak self] result in
            self?.assumeIsolated { $0.connected(result) }
        }
        state = .connecting(connector)
        connector.start()
    }

    private func connected(_ result: Result<Socket, ConnectError>) {
        guard case .connecting = state else { return }
        switch result {
        case .success(let socket):
            let connection = Connection(
                socket, id: .next(), peer: options.address.description, loop: loop, context: context)
            state = .established(connection)
            sendLimit = Limits.maxFrameBeforeWelcome
            wakeAt = nil
            session = ClientSession(hello: options.hello)
            connection.assumeIsolated { $0.start { ClientHandler(self) } }
        case .failure(let error): lose(.notConnected(error))
        }
    }

    // MARK: the connection's course

    func opened() {
        perform(on: SystemTime().now()) { $0.start(now: $1) }
        if let deadline = session?.deadline { wake(at: deadline) }
    }

    func welcomed(_ welcome: Proto.Welcome) {
        wasWelcome = true
        backoff.reset()
        sendLimit = welcome.maxFrame == 0 ? Limits.maxFrame : Int(welcome.maxFrame)
        if let session, case .established(let connection) = state {
            connection.assumeIsolated { $0.setFrameLimit(session.frameLimit) }
        }
        events(.connected(welcome))
        sendWaiting()
    }

    func delivered(_ body: Proto.Envelope.Body) { events(.message(body)) }

    func answered(tag: UInt64, _ result: Result<Proto.Envelope.Body, ClientError>) {
        events(.answer(tag: tag, result))
    }

    /// Called before the connection ends, with what the session knows better than the socket.
    func sessionClosed(_ reason: ClientSession.CloseReason) {
        guard case .established(let connection) = state else { return }
        connection.assumeIsolated { $0.finish(.handler("session_closed")) }
        switch reason {
        case .refused(let error):
            retryAfter = .milliseconds(UInt64(error.retryAfterMs))
            lose(.turnedAway(options.address, error))
        case .welcomeTimeout: lose(.timedOut(options.address, after: Limits.helloTimeout))
        case .frame(let fault): lose(.lost(options.address, reason: "\(fault)"))
        case .malformed(let error): lose(.lost(options.address, reason: "the server sent no envelope: \(error)"))
        case .unexpected: lose(.lost(options.address, reason: "the server did not answer Hello with Welcome"))
        case .disconnected, .finished: break
        }
    }

    func connectionClosed(_ id: ConnectionID, _ reason: CloseReason) {
        // A connection that lingers may end when the next already stands.
        if case .established(let connection) = state, connection.id == id {
            lose(.lost(options.address, reason: "\(reason)"))
        }
        whenEnded.removeValue(forKey: id)?.resume()
    }

    private func lose(_ error: ClientError) {
        session = nil
        let mayRetry = wasWelcome || options.persistence == .always
        guard mayRetry else { return end(error) }
        dropInFlight(error)
        let wait = max(backoff.next(&random), retryAfter)
        retryAfter = .zero
        state = .waiting(loop.schedule(after: wait) { [weak self] in self?.assumeIsolated { $0.connect() } })
        events(.disconnected(error, retryAfter: wait))
    }

    private func end(_ error: ClientError) {
        if case .ended = state { return }
        state = .ended(error)
        session = nil
        waitingTimer = nil
        failAll(error)
        events(.disconnected(error, retryAfter: nil))
        loop.remove(self)
    }
}

extension Client: Flushable {
    nonisolated func flush() {}

    /// The loop ends before the client was stopped.
    nonisolated func stopped() { assumeIsolated { $0.end(.stopped) } }
}

/// Passes what happens on the connection to the client, which runs on the same loop.
private final class ClientHandler: FrameHandler {
    private let client: Client

    init(_ client: Client) { self.client = client }

    func opened(_ connection: isolated Connection) {
        client.assumeIsolated { $0.opened() }
    }

    func received(_ payload: ArraySlice<UInt8>, on connection: isolated Connection) {
        client.assumeIsolated { $0.perform(on: SystemTime().now()) { $0.receive(payload, now: $1) } }
    }

    func rejected(_ fault: FrameFault, on connection: isolated Connection) {
        client.assumeIsolated { $0.perform(on: SystemTime().now()) { session, _ in session.reject(fault) } }
    }

    func woken(now: Instant, on connection: isolated Connection) {
        client.assumeIsolated { $0.woken(now) }
    }

    func closed(_ reason: CloseReason, on connection: isolated Connection) {
        client.assumeIsolated { [id = connection.id] in $0.connectionClosed(id, reason) }
    }
}
