package import Wire

/// Why a connection ended.
package enum CloseReason: Equatable, Sendable, CustomStringConvertible {
    case peerClosed
    case failed(SystemError)
    case rejected(FrameFault)
    case idleTimeout
    case slowReader
    /// All connections together held too much, and this one most.
    case memory
    case stopped
    /// The handler's decision: a word that metrics show, so one of a fixed few.
    case handler(String)

    /// A word for metrics.
    package var name: String {
        switch self {
        case .peerClosed: "peer_closed"
        case .failed: "failed"
        case .rejected(let fault): SessionFault(fault).rawValue
        case .idleTimeout: "idle_timeout"
        case .slowReader: "slow_reader"
        case .memory: "memory"
        case .stopped: "stopped"
        case .handler(let reason): reason
        }
    }

    /// A clause for people.
    package var description: String {
        switch self {
        case .peerClosed: "the peer closed the connection"
        case .failed(let error): "the connection failed: \(error.reason)"
        case .rejected(let fault): "the peer sent no frame: \(fault)"
        case .idleTimeout: "the peer was silent for too long"
        case .slowReader: "the peer did not read what it was sent"
        case .memory: "all connections together held too much, and this one most"
        case .stopped: "this end stopped"
        case .handler(let reason): reason
        }
    }
}
