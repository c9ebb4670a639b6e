package import Model
import Synchronization
package import Transport

/// The small web of `SiteContent`, served: every host from one port, told apart by the Host header. A name that ends in
/// `.localhost` leads to this machine without any set-up.
package final class DemoSite: Sendable {
    /// Whatever time it is, an answer depends only on the time since the start and the requests before it.
    private final class State: Sendable {
        let content = SiteContent()
        let requests = Mutex<[String: UInt64]>([:])
        let clock: any TimeSource
        let started: Instant

        init(_ clock: any TimeSource) {
            self.clock = clock
            started = clock.now()
        }

        func answer(_ asked: HTTPRequest) -> HTTPResponse {
            var request = SiteRequest(asked.host, asked.target, headers: asked.headers)
            request.method = asked.method
            request.elapsed = clock.now().since(started)
            if let page = content.page(of: request) {
                request.number = requests.withLock { requests in
                    requests[page, default: 0] += 1
                    return requests[page, default: 0]
                }
            }
            let response = content.response(to: request)
            return HTTPResponse(status: response.status, headers: response.headers, body: response.body)
        }
    }

    private let server: HTTPServer

    package init(loop: EventLoop, address: SocketAddress, clock: any TimeSource) throws(ListenError) {
        let state = State(clock)
        server = try HTTPServer(loop: loop, address: address) { state.answer($0) }
    }

    /// The address with the port really used.
    package var address: SocketAddress { server.address }

    /// What is worth submitting from this site.
    package func targets(collectors: Set<String> = ["web"]) -> [(type: String, location: String)] {
        SiteContent.targets(port: address.port, collectors: collectors)
    }

    package func stop() async { await server.stop() }
}
