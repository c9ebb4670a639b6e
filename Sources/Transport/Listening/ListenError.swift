import Glibc

/// Why an address cannot be listened on.
package enum ListenError: Error, Equatable, CustomStringConvertible {
    case unresolved(SocketAddress, reason: String)
    case inUse(SocketAddress)
    case notLocal(SocketAddress)
    case notPermitted(SocketAddress)
    case failed(SocketAddress, SystemError)

    init(_ address: SocketAddress, _ error: SystemError) {
        switch error.code {
        case EADDRINUSE: self = .inUse(address)
        case EADDRNOTAVAIL: self = .notLocal(address)
        case EACCES, EPERM: self = .notPermitted(address)
        default: self = .failed(address, error)
        }
    }

    package var description: String {
        switch self {
        case .unresolved(let address, let reason):
            "cannot listen on \(address): the host \"\(address.host)\" does not resolve (\(reason)); "
                + "give an address of this machine"
        case .inUse(let address):
            "cannot listen on \(address): port \(address.port) is in use; "
                + "stop the process that has it, or give another port"
        case .notLocal(let address):
            "cannot listen on \(address): \(address.host) is not an address of this machine; "
                + "give one that is, or 0.0.0.0 for all"
        case .notPermitted(let address):
            "cannot listen on \(address): port \(address.port) needs more rights; give a port from 1024 on"
        case .failed(let address, let error):
            "cannot listen on \(address): \(error)"
        }
    }
}
