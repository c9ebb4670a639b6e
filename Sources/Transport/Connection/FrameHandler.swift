/// What is done with one connection's frames. Each connection has its own; it lives on the connection's loop and is
/// called there only, so that everything for a frame happens at once: no task, no hop, no lock.
package protocol FrameHandler: AnyObject {
    /// First of all calls; the handler may keep the connection and send.
    func opened(_ connection: isolated Connection)
    /// One frame's payload, inflated, in an array that nobody else holds.
    func received(_ payload: ArraySlice<UInt8>, on connection: isolated Connection)
    /// The last chance to send an Error; the connection then ends by itself.
    func rejected(_ reason: FrameRejection, on connection: isolated Connection)
    /// Last of all calls, at the end of the turn in which the connection ended.
    func closed(_ reason: CloseReason, on connection: isolated Connection)
}

extension FrameHandler {
    package func opened(_ connection: isolated Connection) {}
    package func rejected(_ reason: FrameRejection, on connection: isolated Connection) {}
}

/// Makes the handler of a connection; called on the connection's loop.
package typealias FrameHandlerFactory = @Sendable () -> any FrameHandler

/// Why a connection ended.
package enum CloseReason: Equatable, Sendable {
    case peerClosed
    case failed(code: Int32)
    case rejected(FrameRejection)
    case frameTimeout
    case idleTimeout
    case slowReader
    /// All connections together held too much, and this one most.
    case memory
    case stopped
    /// The handler's decision, in a word or two.
    case handler(StaticString)

    /// A word for metrics and logs.
    package var name: String {
        switch self {
        case .peerClosed: "peer_closed"
        case .failed: "failed"
        case .rejected(.length): "frame_length"
        case .rejected(.flags): "frame_flags"
        case .rejected(.compression): "frame_compression"
        case .frameTimeout: "frame_timeout"
        case .idleTimeout: "idle_timeout"
        case .slowReader: "slow_reader"
        case .memory: "memory"
        case .stopped: "stopped"
        case .handler(let reason): reason.description
        }
    }

    package static func == (a: CloseReason, b: CloseReason) -> Bool {
        switch (a, b) {
        case (.failed(let a), .failed(let b)): a == b
        case (.rejected(let a), .rejected(let b)): a == b
        default: a.name == b.name
        }
    }
}
