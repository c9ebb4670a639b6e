import Glibc

/// A plain socket to a port of this machine, with blocking calls: for peers that know nothing of our machinery. What
/// does not come within ten seconds is a failure.
package final class BlockingSocket: Sendable {
    package struct Failure: Error, Equatable {
        package let call: String
        package let code: Int32

        package init(call: String, code: Int32) {
            self.call = call
            self.code = code
        }
    }

    package static let patience = 10  // seconds

    private let descriptor: Int32

    /// `receiveBuffer` bounds what the kernel takes for a peer that does not read.
    package init(port: UInt16, receiveBuffer: Int32? = nil) throws(Failure) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(call: "socket", code: errno) }
        var patience = timeval(tv_sec: BlockingSocket.patience, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
        if var bytes = receiveBuffer { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, 4) }
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        // It is closed by deinit, once: closing it here too would close what another thread has opened meanwhile.
        guard connected == 0 else { throw Failure(call: "connect", code: errno) }
    }

    deinit { close(descriptor) }

    /// Returns how many bytes the kernel took: all, unless the connection broke or nobody reads.
    @discardableResult
    package func send(_ bytes: [UInt8]) -> Int {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { break }
            sent += count
        }
        return sent
    }

    package func endWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Waits until something has come, or the stream has ended; false when nothing did.
    package func waitForInput(milliseconds: Int32) -> Bool {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&wanted, 1, milliseconds) == 1
    }

    /// What has come, at most `limit` bytes; empty at the end of the stream.
    package func receive(atMost limit: Int) throws(Failure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        while true {
            let count = recv(descriptor, &bytes, limit, 0)
            if count >= 0 { return Array(bytes[..<count]) }
            if errno != EINTR { throw Failure(call: "recv", code: errno) }
        }
    }

    /// Exactly `count` bytes, or fewer when the stream ends.
    package func receive(_ count: Int) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let more = try receive(atMost: count - bytes.count)
            if more.isEmpty { break }
            bytes += more
        }
        return bytes
    }

    /// Everything until the peer closes.
    package func receiveToEnd() throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let more = try receive(atMost: 64 << 10)
            if more.isEmpty { return bytes }
            bytes += more
        }
    }
}
