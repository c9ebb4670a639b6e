import Glibc
import Model
import Synchronization
import Telemetry
import Transport

/// Tells a node's status and metrics over HTTP, on loopback unless told otherwise. Its address stands in the data
/// directory, for `rookery node --status`.
final class StatusServer: Sendable {
    static let file = "status.address"
    private static let longestFile = 256  // bytes

    private let state = Mutex(NodeStatus())
    let metrics = NodeMetrics()
    private let server = Mutex<HTTPServer?>(nil)

    var status: NodeStatus { state.withLock { $0 } }

    func show(_ status: NodeStatus) {
        state.withLock { $0 = status }
        metrics.show(status)
    }

    func start(on loop: EventLoop, _ address: SocketAddress, directory: String) throws(ListenError) {
        let server = try HTTPServer(loop: loop, address: address) { [weak self] request in
            self?.answer(request) ?? HTTPResponse(status: 503)
        }
        self.server.withLock { $0 = server }
        StatusServer.write("\(server.address)\n", to: directory + "/" + StatusServer.file)
    }

    func stop() async {
        let server = server.withLock { $0.take() }
        await server?.stop()
    }

    private func answer(_ request: HTTPRequest) -> HTTPResponse {
        guard request.method == "GET" else { return HTTPResponse(status: 405) }
        switch request.target {
        case "/status":
            return HTTPResponse(status: 200, headers: ["Content-Type": "application/json"], body: status.json)
        case "/metrics":
            return HTTPResponse(
                status: 200, headers: ["Content-Type": "text/plain; version=0.0.4"],
                body: Array(metrics.registry.prometheusText().utf8))
        default:
            return HTTPResponse(
                status: 404, headers: ["Content-Type": "text/plain"], body: Array("/status and /metrics\n".utf8))
        }
    }

    private static func write(_ text: String, to path: String) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        _ = Glibc.write(descriptor, bytes, bytes.count)
    }

    /// Where the node with this data directory tells its status; nil when it never ran.
    static func address(in directory: String) -> SocketAddress? {
        guard let bytes = CollectorSettings.read(directory + "/" + file, longestFile) else { return nil }
        return try? SocketAddress(String(decoding: bytes, as: UTF8.self).trimmed)
    }
}
