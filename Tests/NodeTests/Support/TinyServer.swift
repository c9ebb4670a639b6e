import Glibc
import Testing
import Transport

/// An HTTP server of a few lines, on 127.0.0.1, one request a connection unless the answer keeps it open.
actor TinyServer {
    struct Request: Sendable {
        var path: String
        var headers: [String: String]
    }

    struct Answer: Sendable {
        var status = "200 OK"
        var headers: [String] = []
        var body: [UInt8] = []
        var keepsOpen = false

        static func redirect(to location: String) -> Answer {
            Answer(status: "302 Found", headers: ["Location: \(location)"])
        }

        var bytes: [UInt8] {
            let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.count)"] + headers
            let close = keepsOpen ? [] : ["Connection: close"]
            return Array(((lines + close).joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
        }
    }

    nonisolated let loop: EventLoop
    nonisolated let port: UInt16
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    private let listener: Int32
    private let respond: @Sendable (Request) -> Answer?
    private let robots: @Sendable () -> Answer
    private var watches: [Int32: FileWatch] = [:]
    private var buffers: [Int32: [UInt8]] = [:]
    private(set) var requests: [Request] = []
    private(set) var robotsRequests = 0
    private(set) var connections = 0

    /// No answer: the client waits. What it says to /robots.txt is counted apart.
    init(
        on loop: EventLoop, robots: @escaping @Sendable () -> Answer = { Answer(status: "404 Not Found") },
        respond: @escaping @Sendable (Request) -> Answer?
    ) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port: UInt16? = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                guard bind(listener, $0, size) == 0, listen(listener, 64) == 0 else { return nil }
                return getsockname(listener, $0, &size) == 0 ? 0 : nil
            }
        }
        try #require(port != nil)
        self.port = UInt16(bigEndian: address.sin_port)
        self.listener = listener
        self.loop = loop
        self.respond = respond
        self.robots = robots
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

    nonisolated func url(_ path: String, host: String = "127.0.0.1") -> String { "http://\(host):\(port)\(path)" }

    private func accept() {
        let descriptor = Glibc.accept(listener, nil, nil)
        guard descriptor >= 0, fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else { return }
        connections += 1
        buffers[descriptor] = []
        watches[descriptor] = loop.watch(descriptor, .read) { [weak self] _ in
            self?.assumeIsolated { $0.read(descriptor) }
        }
    }

    private func read(_ descriptor: Int32) {
        var bytes = [UInt8](repeating: 0, count: 16_384)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return end(descriptor) }
        buffers[descriptor]?.append(contentsOf: bytes[..<count])
        guard let buffer = buffers[descriptor], buffer.suffix(4) == [13, 10, 13, 10] else { return }
        buffers[descriptor] = []
        let request = TinyServer.parse(buffer)
        let isRobots = request.path == "/robots.txt"
        if isRobots { robotsRequests += 1 } else { requests.append(request) }
        guard let answer = isRobots ? robots() : respond(request) else { return }
        send(descriptor, answer.bytes, answer.bytes.count, Int32(MSG_NOSIGNAL))
        if !answer.keepsOpen { end(descriptor) }
    }

    private func end(_ descriptor: Int32) {
        guard buffers.removeValue(forKey: descriptor) != nil else { return }
        watches[descriptor] = nil
        close(descriptor)
    }

    private static func parse(_ bytes: [UInt8]) -> Request {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n")
        let path = lines.first?.split(separator: " ").dropFirst().first ?? ""
        let headers = lines.dropFirst().compactMap { line -> (String, String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (line[..<colon].lowercased(), String(line[line.index(colon, offsetBy: 2)...]))
        }
        return Request(path: String(path), headers: Dictionary(headers) { $1 })
    }
}
