import Glibc
package import Model

/// Why no connection came about.
package enum ConnectError: Error, Equatable, CustomStringConvertible {
    case unresolved(SocketAddress, reason: String)
    case refused(SocketAddress)
    case unreachable(SocketAddress)
    case timedOut(SocketAddress, after: Span)
    case failed(SocketAddress, SystemError)

    init(_ address: SocketAddress, _ error: SystemError) {
        switch error.code {
        case ECONNREFUSED: self = .refused(address)
        case ENETUNREACH, EHOSTUNREACH: self = .unreachable(address)
        default: self = .failed(address, error)
        }
    }

    package var description: String {
        switch self {
        case .unresolved(let address, let reason):
            "could not reach \(address): the host \"\(address.host)\" does not resolve (\(reason)); check the name"
        case .refused(let address):
            "could not reach \(address): connection refused; is the hub running? start it with: rookery hub"
        case .unreachable(let address):
            "could not reach \(address): no route to the host; check the address and this machine's network"
        case .timedOut(let address, let span):
            "could not reach \(address): no answer within \(span.seconds) s; check the address and firewalls between"
        case .failed(let address, let error):
            "could not reach \(address): \(error.reason)"
        }
    }
}
