package import Model
package import Wire

/// Why a request has no answer.
package enum ClientError: Error, Equatable, CustomStringConvertible {
    case notConnected(ConnectError)
    /// The server does not want this client.
    case turnedAway(SocketAddress, Proto.Error)
    /// The server answered the request with an error.
    case refused(Proto.Error)
    /// Nothing is known about the effect; asking again with the same key is safe.
    case timedOut(SocketAddress, after: Span)
    case lost(SocketAddress, reason: String)
    case tooLarge(FrameFault)
    case stopped
    case cancelled

    package var description: String {
        switch self {
        case .notConnected(let error): error.description
        case .turnedAway(let address, let error): "\(address) turned this client away: \(error.message)"
        case .refused(let error) where error.field.isEmpty: error.message
        case .refused(let error): "\(error.field): \(error.message)"
        case .timedOut(let address, let span):
            "\(address) did not answer within \(span.seconds) s; it may be busy: try again, or give it more time"
        case .lost(let address, let reason):
            "the connection to \(address) was lost before the answer came: \(reason); try again"
        case .tooLarge(let fault): "the request is too large to send: \(fault)"
        case .stopped: "the client was stopped before the answer came"
        case .cancelled: "the request was cancelled"
        }
    }
}
