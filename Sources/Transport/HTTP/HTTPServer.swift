import CEvent
import Glibc

/// HTTP/1.1 on one loop, through libevent's own parser. Each request is read whole and answered at once, so a handler
/// must not block; what takes long belongs elsewhere.
package final class HTTPServer: Sendable {
    package struct Options: Sendable {
        package var maxHeaders = 16 << 10  // bytes
        package var maxBody = 1 << 20  // bytes
        package var idleSeconds: Int32 = 30  // without a byte either way

        package init() {}
    }

    private enum Phase {
        case starting(Socket)  // to serving on the loop, or to stopped
        case serving(OpaquePointer)  // to stopped
        case stopped
    }

    /// The address with the port really used.
    package let address: SocketAddress
    private let loop: EventLoop
    private let options: Options
    private let handler: @Sendable (HTTPRequest) -> HTTPResponse
    // Made here and then touched by the loop's thread alone.
    private nonisolated(unsafe) var phase: Phase

    /// Listens from now on. `handler` is called on the loop.
    package init(
        loop: EventLoop, address wanted: SocketAddress, options: Options = Options(),
        handler: @escaping @Sendable (HTTPRequest) -> HTTPResponse
    ) throws(ListenError) {
        let socket: Socket
        (socket, address) = try Listener.listen(wanted, 128)
        self.loop = loop
        self.options = options
        self.handler = handler
        phase = .starting(socket)
        loop.execute { [self] in start() }
    }

    /// Closes the listening socket and every connection, and returns when that is done.
    package func stop() async {
        await withCheckedContinuation { continuation in
            let taken = loop.execute { [self] in
                stopped()
                loop.remove(self)
                continuation.resume()
            }
            // A loop that has ended has stopped its servers before.
            if !taken { continuation.resume() }
        }
    }

    private func start() {
        guard case .starting(let socket) = phase else { return }
        // The listener closes the descriptor it is given, and so does the socket.
        let descriptor = fcntl(socket.descriptor, F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0, let server = evhttp_new(loop.base) else {
            fatalError("cannot serve HTTP on \(address): out of descriptors")
        }
        evhttp_set_max_headers_size(server, options.maxHeaders)
        evhttp_set_max_body_size(server, options.maxBody)
        evhttp_set_timeout(server, options.idleSeconds)
        evhttp_set_gencb(
            server,
            { request, context in
                guard let request, let context else { return }
                Unmanaged<HTTPServer>.fromOpaque(context).takeUnretainedValue().serve(HTTPExchange(request))
            }, Unmanaged.passUnretained(self).toOpaque())
        evhttp_accept_socket(server, descriptor)
        phase = .serving(server)
        loop.add(self)
    }

    private func serve(_ exchange: HTTPExchange) {
        guard let request = exchange.read() else { return exchange.answer(HTTPResponse(status: 400)) }
        exchange.answer(handler(request))
    }
}

extension HTTPServer: Flushable {
    nonisolated func flush() {}

    /// The loop keeps the server until here, so no callback comes after it.
    nonisolated func stopped() {
        loop.checkIsolated()
        if case .serving(let server) = phase { evhttp_free(server) }
        phase = .stopped
    }
}
