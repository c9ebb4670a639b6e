import Glibc

/// One blocking exchange with a port of this machine: sends the bytes, then reads until the peer closes. For what a
/// well-behaved client cannot say.
package func rawExchange(port: UInt16, sending bytes: [UInt8]) throws(RawExchangeError) -> [UInt8] {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw RawExchangeError(call: "socket", code: errno) }
    defer { close(descriptor) }
    var timeout = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let connected = withUnsafePointer(to: address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    guard connected == 0 else { throw RawExchangeError(call: "connect", code: errno) }
    guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
        throw RawExchangeError(call: "send", code: errno)
    }
    return try readToEnd(descriptor)
}

private func readToEnd(_ descriptor: Int32) throws(RawExchangeError) -> [UInt8] {
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count < 0 { throw RawExchangeError(call: "recv", code: errno) }
        if count == 0 { return answer }
        answer += buffer[..<count]
    }
}

package struct RawExchangeError: Error, Equatable {
    package let call: String
    package let code: Int32

    package init(call: String, code: Int32) {
        self.call = call
        self.code = code
    }
}
