import Glibc
import Lifecycle
import Model
import Wire

/// Peers that are in the way: idle ones, some that ask and never read the answers, some that send garbage, are closed,
/// and come again. Plain sockets, so that nothing of ours keeps them from misbehaving.
final class Crowd: Sendable {
    private let thread: WorkerThread
    private let members: Members

    /// Touched by the crowd's thread alone, but for the making.
    private actor Members {
        private nonisolated let thread: WorkerThread
        nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
        private let port: UInt16
        private let hello: [UInt8]
        private let question: [UInt8]
        private var quiet: [Int32] = []
        private var deaf: [Int32] = []
        private var garbage: [Int32]
        private static let tending = Span.milliseconds(20)

        init(_ bench: FairnessBench, port: UInt16, thread: WorkerThread) throws {
            self.port = port
            self.thread = thread
            let encoder = FrameEncoder()
            hello = try encoder.encode(
                Proto.Envelope(
                    id: 1,
                    body: .hello(
                        Proto.Hello(
                            versionMin: Limits.protocolVersion, versionMax: Limits.protocolVersion, role: .operator,
                            name: "bystander", software: "rookery-bench"))))
            let payload = ArraySlice<UInt8>(repeating: 7, count: Limits.maxPingPayload)
            question = try encoder.encode(Proto.Envelope(id: 2, body: .ping(Proto.Ping(payload: payload))))
            garbage = Array(repeating: -1, count: bench.garbage)
            for number in 0..<bench.idle + bench.neverReading {
                let socket = try Crowd.connect(port)
                Crowd.write(hello, to: socket)
                if number < bench.idle { quiet.append(socket) } else { deaf.append(socket) }
            }
        }

        /// Everyone who does not read asks once more; every garbage sender that was closed comes again and sends more.
        func tend() {
            for socket in deaf { Crowd.write(question, to: socket) }
            for place in garbage.indices {
                if garbage[place] < 0 { garbage[place] = (try? Crowd.connect(port)) ?? -1 }
                let socket = garbage[place]
                guard socket >= 0 else { continue }
                let sent = Crowd.write(hello + [0, 0, 0, 5, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], to: socket)
                if !sent {
                    close(socket)
                    garbage[place] = -1
                }
            }
            thread.setWake(for: self, at: SystemTime().now() + Members.tending) { self.assumeIsolated { $0.tend() } }
        }

        func leave() {
            thread.clearWake(for: self)
            for socket in quiet + deaf + garbage where socket >= 0 { close(socket) }
        }
    }

    init(_ bench: FairnessBench, against port: UInt16) throws {
        thread = try WorkerThread(name: "crowd")
        members = try Members(bench, port: port, thread: thread)
        thread.execute { [members] in members.assumeIsolated { $0.tend() } }
    }

    func leave() {
        thread.execute { [members] in members.assumeIsolated { $0.leave() } }
        thread.stop()
    }

    static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    private static func connect(_ port: UInt16) throws(LoadFailure) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard descriptor >= 0, code == 0 else { throw LoadFailure(description: "no connection: errno \(errno)") }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        return descriptor
    }

    /// False when the peer has closed; what does not fit is left out.
    @discardableResult
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        let count = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        return count >= 0 || errno == EAGAIN
    }
}
