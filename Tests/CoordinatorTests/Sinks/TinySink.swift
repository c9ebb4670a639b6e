import Glibc
import Synchronization
import Testing
import Transport

/// An HTTP server of a few lines that takes scenarios and does as a script says: one connection a request.
actor TinySink {
    enum Act: Sendable {
        case status(String, body: String = "")
        /// Takes the record and closes without a word: the answer is lost.
        case takeAndHangUp
        case neverAnswer
    }

    nonisolated let loop: EventLoop
    nonisolated let port: UInt16
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    private let listener: Int32
    private let act: @Sendable (_ key: String, _ attempt: Int) -> Act
    private var watches: [Int32: FileWatch] = [:]
    private var buffers: [Int32: [UInt8]] = [:]
    /// The keys in the order of their requests, repeats included.
    private(set) var keys: [String] = []
    private(set) var bodies: [String: [UInt8]] = [:]

    init(on loop: EventLoop, act: @escaping @Sendable (String, Int) -> Act) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        try #require(bound)
        port = UInt16(bigEndian: address.sin_port)
        self.listener = listener
        self.loop = loop
        self.act = act
    }

    func start() {
        watches[listener] = loop.watch(listener, .read) { [weak self] _ in self?.assumeIsolated { $0.accept() } }
    }

    func stop() {
        watches = [:]
        for descriptor in buffers.keys { close(descriptor) }
        buffers = [:]
        close(listener)
    }

    private func accept() {
        let descriptor = Glibc.accept(listener, nil, nil)
        guard descriptor >= 0, fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else { return }
        buffers[descriptor] = []
        watches[descriptor] = loop.watch(descriptor, .read) { [weak self] _ in
            self?.assumeIsolated { $0.read(descriptor) }
        }
    }

    private func read(_ descriptor: Int32) {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return end(descriptor) }
        buffers[descriptor]?.append(contentsOf: bytes[..<count])
        guard let buffer = buffers[descriptor], let gap = buffer.firstRange(of: [13, 10, 13, 10]) else { return }
        let head = String(decoding: buffer[..<gap.lowerBound], as: UTF8.self).lowercased()
        let body = Array(buffer[gap.upperBound...])
        guard body.count >= Int(TinySink.header("content-length", head)) ?? 0 else { return }
        answer(descriptor, key: TinySink.header("idempotency-key", head), body)
    }

    private func answer(_ descriptor: Int32, key: String, _ body: [UInt8]) {
        keys.append(key)
        let act = act(key, keys.filter { $0 == key }.count)
        buffers[descriptor] = []
        switch act {
        case .neverAnswer: return
        case .takeAndHangUp: bodies[key] = body
        case .status(let line, let text):
            if line.hasPrefix("2") { bodies[key] = body }
            let reply = "HTTP/1.1 \(line)\r\nContent-Length: \(text.utf8.count)\r\nConnection: close\r\n\r\n\(text)"
            send(descriptor, reply, reply.utf8.count, Int32(MSG_NOSIGNAL))
        }
        end(descriptor)
    }

    private func end(_ descriptor: Int32) {
        guard buffers.removeValue(forKey: descriptor) != nil else { return }
        watches[descriptor] = nil
        close(descriptor)
    }

    private static func header(_ name: String, _ head: String) -> String {
        let line = head.split(separator: "\r\n").first { $0.hasPrefix(name + ":") }
        return line.map { String($0.dropFirst(name.utf8.count + 1).drop { $0 == " " }) } ?? ""
    }
}
