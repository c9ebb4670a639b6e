package import Model

extension Connection {
    /// Connects and hands frames to the handler that `makeHandler` makes. For one connection without a session and
    /// without a second attempt; `Client` has both.
    package static func connect(
        to address: SocketAddress, on loop: EventLoop, timeout: Span = Limits.requestTimeout, context: Context,
        handler makeHandler: @escaping FrameHandlerFactory
    ) async throws(ConnectError) -> Connection {
        let result: Result<Connection, ConnectError> = await withCheckedContinuation { continuation in
            let taken = loop.execute {
                var connector: Connector?
                connector = Connector(address, on: loop, timeout: timeout) { result in
                    // Held until now by its own completion.
                    connector = nil
                    continuation.resume(
                        returning: result.map { socket in
                            Connection(socket, to: address, loop: loop, context: context, makeHandler)
                        })
                }
                connector?.start()
            }
            let stopped = SystemError(call: "connect", code: SystemError.cancelled)
            if !taken { continuation.resume(returning: .failure(.failed(address, stopped))) }
        }
        return try result.get()
    }

    /// Made and started on its loop.
    init(
        _ socket: Socket, to address: SocketAddress, loop: EventLoop, context: Context,
        _ makeHandler: FrameHandlerFactory
    ) {
        self.init(socket, id: .next(), peer: address.description, loop: loop, context: context)
        assumeIsolated { $0.start(makeHandler) }
    }
}
