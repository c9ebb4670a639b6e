import Glibc
import Synchronization
import TestKit
import Testing
import Transport

@Suite("HTTP server")
struct HTTPServerTests {
    private let loopback = SocketAddress(host: "127.0.0.1", port: 0)

    /// Serves while `body` runs; the loop and its thread are gone afterwards.
    private func serving(
        _ handler: @escaping @Sendable (HTTPRequest) -> HTTPResponse,
        options: HTTPServer.Options = .init(), _ body: (HTTPServer) async throws -> Void
    ) async throws {
        let loop = try EventLoop(name: "http")
        defer { loop.stop() }
        let server = try HTTPServer(loop: loop, address: loopback, options: options, handler: handler)
        do {
            try await body(server)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private func ask(_ server: HTTPServer, _ text: String) throws -> String {
        String(decoding: try rawExchange(port: server.address.port, sending: Array(text.utf8)), as: UTF8.self)
    }

    @Test func `A handler sees the request whole`() async throws {
        let seen = Mutex<[HTTPRequest]>([])
        let keep: @Sendable (HTTPRequest) -> HTTPResponse = { request in
            seen.withLock { $0.append(request) }
            return HTTPResponse(status: 200)
        }
        try await serving(keep) { server in
            _ = try ask(
                server,
                "POST /a/b?c=d HTTP/1.1\r\nHost: x.localhost:1\r\nX-One: 1\r\nContent-Length: 3\r\n"
                    + "Connection: close\r\n\r\nabc")
            let request = try #require(seen.withLock { $0.first })
            #expect(request.method == "POST")
            #expect(request.target == "/a/b?c=d")
            #expect(request.host == "x.localhost:1")
            #expect(request.headers["x-one"] == "1")
            #expect(request.body == Array("abc".utf8))
        }
    }

    @Test func `An answer has its status, headers, length and body`() async throws {
        let answer = HTTPResponse(status: 404, headers: ["X-Two": "2"], body: Array("none".utf8))
        try await serving({ _ in answer }) { server in
            let text = try ask(server, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(text.hasPrefix("HTTP/1.1 404 "))
            #expect(text.contains("\r\nX-Two: 2\r\n"))
            #expect(text.contains("\r\nContent-Length: 4\r\n"))
            #expect(text.hasSuffix("\r\n\r\nnone"))
        }
    }

    @Test func `Two requests on one connection are answered in order`() async throws {
        try await serving({ HTTPResponse(status: 200, body: Array($0.target.utf8)) }) { server in
            let text = try ask(
                server, "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(text.components(of: "HTTP/1.1 200") == 2)
            #expect(text.hasSuffix("/2"))
        }
    }

    @Test func `Garbage and a body over the limit are refused, and the server goes on`() async throws {
        var options = HTTPServer.Options()
        options.maxBody = 10
        try await serving({ _ in HTTPResponse(status: 200, body: Array("well".utf8)) }, options: options) { server in
            let garbage = try ask(server, "\u{1}\u{2}\r\n\r\n")
            #expect(garbage.hasPrefix("HTTP/1.1 400 "))
            let large = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nConnection: close\r\n\r\n"
            let tooLarge = try ask(server, large + "01234567890")
            #expect(tooLarge.hasPrefix("HTTP/1.1 413 "))
            let next = try ask(server, "GET / HTTP/1.0\r\n\r\n")
            #expect(next.hasSuffix("well"))
        }
    }

    @Test func `A header that would break out of its line is left out`() async throws {
        let answer = HTTPResponse(status: 200, headers: ["X-Bad": "a\r\nX-Worse: b"])
        try await serving({ _ in answer }) { server in
            let text = try ask(server, "GET / HTTP/1.0\r\n\r\n")
            #expect(!text.contains("X-Worse"))
        }
    }

    @Test func `After stop the port is free`() async throws {
        let loop = try EventLoop(name: "http")
        defer { loop.stop() }
        let server = try HTTPServer(loop: loop, address: loopback) { _ in HTTPResponse(status: 200) }
        #expect(throws: ListenError.inUse(server.address)) {
            try HTTPServer(loop: loop, address: server.address) { _ in HTTPResponse(status: 200) }
        }
        await server.stop()
        #expect(throws: RawExchangeError(call: "connect", code: ECONNREFUSED)) { try ask(server, "GET /") }
        let next = try HTTPServer(loop: loop, address: server.address) { _ in HTTPResponse(status: 200) }
        await next.stop()
    }

    @Test func `A loop that ends takes its servers with it`() async throws {
        let loop = try EventLoop(name: "http")
        let server = try HTTPServer(loop: loop, address: loopback) { _ in HTTPResponse(status: 200) }
        _ = try ask(server, "GET / HTTP/1.0\r\n\r\n")
        loop.stop()
        #expect(throws: RawExchangeError(call: "connect", code: ECONNREFUSED)) { try ask(server, "GET /") }
        await server.stop()
    }
}

extension String {
    fileprivate func components(of needle: String) -> Int { ranges(of: needle).count }
}
