import CEvent
import Glibc
import Model
import Synchronization
import Telemetry

/// Accepts connections on one address and deals them out to the loops in turn.
package final class Listener: Sendable {
    package struct Options: Sendable {
        package var maxConnections = Limits.maxConnections
        /// A framed Error for those that come when there are too many.
        package var refusal: [UInt8] = []
        package var backlog: Int32 = 1_024

        package init() {}
    }

    /// What belongs to the accepting loop's thread.
    private final class Accepting {
        var socket: Socket?
        var watch: FileWatch?
        var pause: LoopTimer?
    }

    private struct State {
        var open: [ConnectionID: Connection] = [:]
        var phase = Phase.listening
        var whenStopped: [CheckedContinuation<Void, Never>] = []

        mutating func takeWaiting() -> [CheckedContinuation<Void, Never>] {
            guard phase == .stopped, open.isEmpty else { return [] }
            defer { whenStopped = [] }
            return whenStopped
        }
    }

    private enum Phase {
        case listening  // to stopping, by stop()
        case stopping  // to stopped, when the socket is closed
        case stopped
    }

    /// Accepting waits this long when descriptors run out: connections that end meanwhile make room.
    private static let pauseWithoutDescriptors = Span.milliseconds(100)
    /// Connections accepted in a row before others have their turn.
    private static let acceptsPerTurn = 64

    /// The address with the port really used.
    package let address: SocketAddress
    private let loops: EventLoopGroup
    private let acceptLoop: EventLoop
    private let context: Connection.Context
    private let options: Options
    private let makeHandler: FrameHandlerFactory
    private let state = Mutex(State())
    // Made here and then touched by the accepting loop's thread alone.
    private nonisolated(unsafe) let accepting = Accepting()

    /// Listens from now on. `makeHandler` is called on the new connection's loop.
    package init(
        _ wanted: SocketAddress, loops: EventLoopGroup, context: Connection.Context, options: Options = Options(),
        handler makeHandler: @escaping FrameHandlerFactory
    ) throws(ListenError) {
        (accepting.socket, address) = try Listener.listen(wanted, options.backlog)
        self.loops = loops
        acceptLoop = loops.next()
        self.context = context
        self.options = options
        self.makeHandler = makeHandler
        acceptLoop.execute { [self] in watch() }
    }

    package var connectionCount: Int { state.withLock { $0.open.count } }

    // MARK: socket

    private static func listen(
        _ wanted: SocketAddress, _ backlog: Int32
    ) throws(ListenError) -> (Socket, SocketAddress) {
        let endpoint: Endpoint
        do throws(ResolveError) {
            guard let first = try wanted.resolve(passive: true).first else {
                throw ResolveError(host: wanted.host, reason: "no address")
            }
            endpoint = first
        } catch {
            throw .unresolved(wanted, reason: error.reason)
        }
        do throws(SystemError) {
            let socket = try Socket(family: endpoint.family)
            socket.set(SOL_SOCKET, SO_REUSEADDR, 1)
            try socket.check("bind") { fd in endpoint.withAddress { Glibc.bind(fd, $0, $1) } }
            try socket.check("listen") { Glibc.listen($0, backlog) }
            return (socket, try socket.localAddress() ?? wanted)
        } catch {
            throw ListenError(wanted, error)
        }
    }

    // MARK: accepting

    private func watch() {
        guard let socket = accepting.socket else { return }
        accepting.watch = acceptLoop.watch(socket.descriptor, .read) { [weak self] _ in self?.acceptReady() }
    }

    private func acceptReady() {
        guard let socket = accepting.socket else { return }
        for _ in 0..<Listener.acceptsPerTurn {
            var endpoint = Endpoint()
            let descriptor = endpoint.fill { accept(socket.descriptor, $0, $1) }
            guard descriptor >= 0 else {
                if errno == EINTR || errno == ECONNABORTED { continue }
                if errno != EAGAIN { pauseAccepting() }
                return
            }
            admit(Socket(accepted: descriptor), from: endpoint)
        }
    }

    /// Out of descriptors or kernel memory: the waiting connections stay in the backlog.
    private func pauseAccepting() {
        accepting.watch?.cancel()
        accepting.pause = acceptLoop.schedule(after: Listener.pauseWithoutDescriptors) { [weak self] in
            self?.accepting.watch?.update(.read)
        }
    }

    private func admit(_ socket: Socket, from endpoint: Endpoint) {
        let id = ConnectionID.next()
        let loop = loops.next()
        let connection = Connection(
            socket, id: id, peer: endpoint.address?.description ?? "unknown", loop: loop, context: context
        ) { [weak self] in self?.forget($0) }
        let admitted = state.withLock { state in
            guard state.phase == .listening, state.open.count < options.maxConnections else { return false }
            state.open[id] = connection
            return true
        }
        guard admitted else { return refuse(socket) }
        context.metrics.accepted.add()
        let taken = loop.execute { [makeHandler] in connection.assumeIsolated { $0.start(makeHandler) } }
        if !taken { forget(id) }
    }

    /// One attempt to say why; a refused connection may not cost a place to wait in.
    private func refuse(_ socket: Socket) {
        context.metrics.refused.add()
        _ = options.refusal.withUnsafeBytes { socket.transmit($0) }
        socket.endWriting()
    }

    // MARK: stopping

    /// Stops accepting, sends each connection a last frame, and returns when all have ended; each has its linger time.
    /// To be called before the loops are stopped, and before the listener is dropped.
    package func stop(sending frame: [UInt8]? = nil) async {
        let open = state.withLock { state in
            if state.phase == .listening { state.phase = .stopping }
            return Array(state.open.values)
        }
        // A loop that has ended has closed its connections, and nobody else touches what was its own.
        if !acceptLoop.execute({ [self] in closeSocket() }) { closeSocket() }
        for connection in open { connection.postFinish(.stopped, sending: frame.map { [$0] } ?? []) }
        await withCheckedContinuation { continuation in
            resumeWaiting { $0.whenStopped.append(continuation) }
        }
    }

    private func closeSocket() {
        accepting.watch = nil
        accepting.pause = nil
        accepting.socket = nil
        resumeWaiting { $0.phase = .stopped }
    }

    private func forget(_ id: ConnectionID) {
        resumeWaiting { $0.open[id] = nil }
    }

    private func resumeWaiting(after change: (inout State) -> Void) {
        let waiting = state.withLock { state in
            change(&state)
            return state.takeWaiting()
        }
        waiting.forEach { $0.resume() }
    }
}

extension ConnectionID {
    private static let last = Atomic<UInt64>(0)

    static func next() -> ConnectionID { ConnectionID(last.add(1, ordering: .relaxed).newValue) }
}
