import CEvent
import Glibc

/// The system calls of a non-blocking socket, with the errors that mean "try again" sorted out. Owns the descriptor.
final class Socket: Sendable {
    enum Outcome {
        case bytes(Int)
        case wouldBlock
        case end
        case failed(Int32)
    }

    let descriptor: Int32

    deinit { close(descriptor) }

    /// A new socket, non-blocking and closed in child processes.
    convenience init(family: Int32) throws(SystemError) {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError(call: "socket", code: errno) }
        self.init(accepted: descriptor)
    }

    /// Takes over a descriptor from accept, which does not pass these properties on.
    init(accepted descriptor: Int32) {
        self.descriptor = descriptor
        evutil_make_socket_nonblocking(descriptor)
        evutil_make_socket_closeonexec(descriptor)
    }

    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        while true {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 { return .bytes(count) }
            if count == 0 { return .end }
            if errno == EINTR { continue }
            return errno == EAGAIN ? .wouldBlock : .failed(errno)
        }
    }

    func transmit(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        while true {
            let count = send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            if count >= 0 { return .bytes(count) }
            if errno == EINTR { continue }
            return errno == EAGAIN ? .wouldBlock : .failed(errno)
        }
    }

    func endWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    func set(_ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Runs a call that answers 0 for success.
    func check(_ call: String, _ body: (Int32) -> Int32) throws(SystemError) {
        guard body(descriptor) == 0 else { throw SystemError(call: call, code: errno) }
    }

    func localAddress() throws(SystemError) -> SocketAddress? {
        var endpoint = Endpoint()
        try check("getsockname") { fd in endpoint.fill { getsockname(fd, $0, $1) } }
        return endpoint.address
    }

    /// The error that a non-blocking connect ended with; 0 is success.
    func pendingError() -> Int32 {
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) == 0 ? code : errno
    }
}

/// A system call that failed.
package struct SystemError: Error, Equatable, CustomStringConvertible {
    package let call: String
    package let code: Int32

    package init(call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    static let cancelled = ECANCELED

    package var reason: String { String(cString: strerror(code)) }
    package var description: String { "\(call): \(reason)" }
}
