import Glibc
import Testing
import Transport

/// A peer that knows nothing of frames: blocking calls on a plain socket. No answer within ten seconds is a failure.
final class RawPeer: Sendable {
    struct Failure: Error { let code: Int32 }

    private let descriptor: Int32

    /// `receiveBuffer` bounds what the kernel takes for a peer that does not read.
    init(_ address: SocketAddress, receiveBuffer: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(streamSocket), 0)
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        if var size = receiveBuffer { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, 4) }
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = address.port.bigEndian
        target.sin_addr.s_addr = inet_addr(address.host)
        let result = withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure(code: errno) }
    }

    deinit { close(descriptor) }

    /// Returns how many bytes the kernel took before the connection broke.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Int {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(noSignal))
            }
            if count <= 0 { break }
            sent += count
        }
        return sent
    }

    func endWriting() { shutdown(descriptor, Int32(writeSide)) }

    /// Exactly `count` bytes, or fewer when the stream ends.
    func receive(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var got = 0
        while got < count {
            let n = bytes.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress! + got, count - got, 0) }
            if n == 0 { break }
            guard n > 0 else { throw Failure(code: errno) }
            got += n
        }
        return Array(bytes[..<got])
    }

    /// The next frame's payload; nil at the end of the stream.
    func receiveFrame() throws -> [UInt8]? {
        let header = try receive(5)
        guard header.count == 5 else { return nil }
        let length = header[..<4].reduce(0) { $0 << 8 | Int($1) }
        return try receive(length - 1)
    }

    func expect(_ payload: [UInt8]?, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let received = try receiveFrame()
        #expect(received == payload, sourceLocation: sourceLocation)
    }

    func expectEnd(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let more = try receive(1)
        #expect(more.isEmpty, sourceLocation: sourceLocation)
    }
}

/// A frame as a client in any language would make it.
func frame(_ payload: some Collection<UInt8>, flags: UInt8 = 0) -> [UInt8] {
    header(length: payload.count + 1, flags: flags) + payload
}

func header(length: Int, flags: UInt8 = 0) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + [flags]
}

// Plain numbers of Linux: Glibc's module gives these as different types on different versions.
private let streamSocket = 1
private let noSignal = 0x4000
private let writeSide = 1
