import Glibc
import Lifecycle
import Synchronization

/// A cable between two processes that can be cut: what connects to its port is connected to another one's. A cut ends
/// every connection and lets nobody through until it is mended.
final class Relay: Sendable {
    struct Failure: Error {
        let call: String
        let code: Int32
    }

    let port: UInt16
    private let cable: Cable

    init(to target: UInt16) throws(Failure) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { throw Failure(call: "socket", code: errno) }
        var address = Cable.loopback(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        guard listening else { throw Failure(call: "listen", code: errno) }
        port = UInt16(bigEndian: address.sin_port)
        let cable = Cable(listener, target)
        self.cable = cable
        do throws(ThreadError) {
            try NativeThread(name: "relay") { cable.run() }.detach()
        } catch {
            throw Failure(call: "pthread_create", code: error.code)
        }
    }

    deinit { cable.end() }

    func cut() { cable.set(isCut: true) }

    func mend() { cable.set(isCut: false) }
}

/// What the relay's thread holds, so that the relay itself can go.
private final class Cable: Sendable {
    private struct State {
        var isCut = false
        var isOver = false
        /// Both ends of each connection.
        var pairs: [(Int32, Int32)] = []
    }

    private let listener: Int32
    private let target: UInt16
    private let state = Mutex(State())

    init(_ listener: Int32, _ target: UInt16) {
        self.listener = listener
        self.target = target
    }

    func set(isCut: Bool) { state.withLock { $0.isCut = isCut } }

    func end() { state.withLock { ($0.isCut, $0.isOver) = (true, true) } }

    static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    /// Looks at the state every few milliseconds, so that nobody needs to wake it.
    func run() {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while turn(&buffer) {}
        close(listener)
    }

    private func turn(_ buffer: inout [UInt8]) -> Bool {
        let (isOver, pairs) = state.withLock { state in
            if state.isCut {
                for (one, other) in state.pairs {
                    close(one)
                    close(other)
                }
                state.pairs = []
            }
            return (state.isOver, state.pairs)
        }
        guard !isOver else { return false }
        let ends = [(listener, listener)] + pairs.flatMap { [($0.0, $0.1), ($0.1, $0.0)] }
        var wanted = ends.map { pollfd(fd: $0.0, events: Int16(POLLIN), revents: 0) }
        guard poll(&wanted, nfds_t(wanted.count), 5) > 0 else { return true }
        if wanted[0].revents != 0 { take() }
        for (place, end) in ends.enumerated().dropFirst() where wanted[place].revents != 0 {
            let count = read(end.0, &buffer, buffer.count)
            if count <= 0 || !pass(buffer[..<count], to: end.1) { drop(end.0) }
        }
        return true
    }

    private func take() {
        let one = accept(listener, nil, nil)
        guard one >= 0 else { return }
        let other = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        let isThrough = withUnsafePointer(to: Cable.loopback(target)) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(other, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        let isTaken = state.withLock { state in
            guard isThrough, !state.isCut else { return false }
            state.pairs.append((one, other))
            return true
        }
        if isTaken { return }
        close(one)
        close(other)
    }

    private func pass(_ bytes: ArraySlice<UInt8>, to end: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(end, $0.baseAddress!, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private func drop(_ end: Int32) {
        let gone: (Int32, Int32)? = state.withLock { state in
            state.pairs.firstIndex { $0.0 == end || $0.1 == end }.map { state.pairs.remove(at: $0) }
        }
        guard let gone else { return }
        close(gone.0)
        close(gone.1)
    }
}
