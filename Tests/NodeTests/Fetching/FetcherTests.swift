import Fetching
import Model
import Testing
import Transport

@Suite("Fetching")
struct FetcherTests {
    /// A server and a fetcher on one loop, ended when the body has run.
    private func with(
        allowed: [String] = ["127.0.0.1"], answer: @escaping @Sendable (TinyServer.Request) -> TinyServer.Answer?,
        _ body: (Fetcher, TinyServer) async throws -> Void
    ) async throws {
        let loop = try EventLoop(name: "fetch-test")
        let server = try TinyServer(on: loop, respond: answer)
        await server.start()
        let fetcher = try Fetcher(on: loop, rules: AddressRules(allowed: allowed), time: SystemTime())
        do {
            try await body(fetcher, server)
        } catch {
            Issue.record(error)
        }
        await fetcher.close()
        await server.stop()
        loop.stop()
    }

    private func request(_ url: String, bytes: Int = 1 << 20, time: Span = .seconds(300)) throws -> FetchRequest {
        FetchRequest(try Location(url), userAgent: "Rookery/test (+ops@example.org)", maxBytes: bytes, maxTime: time)
    }

    @Test("a page comes with its status, headers, address and body; the user agent names product and contact")
    func page() async throws {
        try await with { _ in
            .init(headers: ["ETag:  \"a\" ", "X-Two: b"], body: Array("hello".utf8))
        } _: {
            fetcher, server in
            var get = try request(server.url("/x"))
            get.headers = [("If-None-Match", "\"z\"")]
            let response = try await fetcher.fetch(get)
            #expect(response.status == 200)
            #expect(response.headers["etag"] == "\"a\"")
            #expect(response.body == Array("hello".utf8))
            #expect(response.resolvedAddress == "127.0.0.1")
            #expect(response.location.description == server.url("/x"))
            let seen = await server.requests
            #expect(seen.map(\.path) == ["/x"])
            #expect(seen[0].headers["user-agent"] == "Rookery/test (+ops@example.org)")
            #expect(seen[0].headers["if-none-match"] == "\"z\"")
            #expect(seen[0].headers["accept-encoding"]?.contains("gzip") == true)
        }
    }

    @Test("an address that is not allowed is never connected to, and the words say why")
    func refused() async throws {
        try await with(allowed: []) { _ in
            .init()
        } _: { fetcher, server in
            for host in ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"] {
                await #expect {
                    try await fetcher.fetch(try request(server.url("/", host: host)))
                } throws: { error in
                    guard let error = error as? FetchError else { return false }
                    return error.kind == .addressRefused
                        && error.description.contains("is loopback; allow the host or its network with --allow-private")
                }
            }
            #expect(await server.connections == 0)
        }
    }

    @Test("a redirect is followed to an allowed host and refused to another name of the same address")
    func redirects() async throws {
        try await with(allowed: ["localhost"]) { request in
            switch request.path {
            case "/end": .init(body: [1])
            case "/away": .redirect(to: "http://127.0.0.1:\(request.port)/end")
            case "/file": .redirect(to: "file:///etc/passwd")
            default: .redirect(to: "/end")
            }
        } _: { fetcher, server in
            let response = try await fetcher.fetch(try request(server.url("/start", host: "localhost")))
            #expect(response.redirects == 1)
            #expect(response.location.description == server.url("/end", host: "localhost"))
            let before = await server.connections
            await #expect {
                try await fetcher.fetch(try request(server.url("/away", host: "localhost")))
            } throws: { ($0 as? FetchError)?.kind == .addressRefused }
            await #expect {
                try await fetcher.fetch(try request(server.url("/file", host: "localhost")))
            } throws: { ($0 as? FetchError)?.kind == .badLocation }
            #expect(await server.connections == before + 2)
        }
    }

    @Test("ten redirects are followed, an eleventh is not")
    func tooManyRedirects() async throws {
        try await with { request in
            let left = Int(request.path.dropFirst()) ?? 0
            return left == 0 ? .init() : .redirect(to: "/\(left - 1)")
        } _: { fetcher, server in
            let response = try await fetcher.fetch(try request(server.url("/10")))
            #expect(response.redirects == 10)
            await #expect(
                throws: FetchError(
                    .tooManyRedirects, "could not fetch \(server.url("/11")): more than 10 redirects")
            ) { try await fetcher.fetch(try request(server.url("/11"))) }
        }
    }

    @Test("a kept connection is used again, and judged again")
    func reuse() async throws {
        try await with { _ in
            .init(body: [7], keepsOpen: true)
        } _: { fetcher, server in
            for _ in 0..<3 { _ = try await fetcher.fetch(try request(server.url("/"))) }
            #expect(await server.connections == 1)
            #expect(await server.requests.count == 3)
        }
    }

    @Test("an announced, an unannounced and an inflated body stop at the limit")
    func tooLarge() async throws {
        let bomb = GzipSamples.zeros
        try await with { request in
            request.path == "/bomb"
                ? .init(headers: ["Content-Encoding: gzip"], body: bomb)
                : .init(body: Array(repeating: 65, count: 1_001))
        } _: { fetcher, server in
            let exact = try await fetcher.fetch(try request(server.url("/"), bytes: 1_001))
            #expect(exact.body.count == 1_001)
            let inflated = try await fetcher.fetch(try request(server.url("/bomb")))
            #expect(inflated.body.count == GzipSamples.zerosInflated)
            for (path, limit) in [("/", 1_000), ("/bomb", GzipSamples.zerosInflated - 1)] {
                await #expect(
                    throws: FetchError(
                        .tooLarge,
                        "could not fetch \(server.url(path)): it is larger than \(limit) bytes; raise max_bytes")
                ) { try await fetcher.fetch(try request(server.url(path), bytes: limit)) }
            }
        }
    }

    @Test("an answer packed with brotli is undone, and stops at the limit like any other")
    func brotli() async throws {
        // "brotli " forty times, and "end".
        let packed: [UInt8] = [
            0x1B, 0x1A, 0x01, 0xF8, 0xC5, 0x6D, 0x6C, 0x5D, 0xF7, 0x16, 0x1D, 0x82, 0x14, 0x44, 0xA5, 0xC9, 0x6C, 0x91,
            0xC0, 0x4B, 0xDE, 0x7E, 0x03, 0x1E, 0x01,
        ]
        try await with { request in
            .init(headers: ["Content-Encoding: br"], body: request.path == "/" ? packed : Array(packed.dropLast(9)))
        } _: { fetcher, server in
            let whole = try await fetcher.fetch(try request(server.url("/")))
            #expect(String(decoding: whole.body, as: UTF8.self) == String(repeating: "brotli ", count: 40) + "end")
            let asked = await server.requests[0].headers["accept-encoding"]
            #expect(asked?.contains("br") == true && asked?.contains("zstd") == true, "\(asked ?? "")")
            await #expect {
                try await fetcher.fetch(try request(server.url("/"), bytes: 282))
            } throws: { ($0 as? FetchError)?.kind == .tooLarge }
        }
    }

    @Test("silence ends with the time given, a closed port at once, a cancelled task when it is cancelled")
    func silence() async throws {
        try await with { _ in
            nil
        } _: { fetcher, server in
            await #expect {
                try await fetcher.fetch(try request(server.url("/"), time: .milliseconds(50)))
            } throws: { ($0 as? FetchError)?.kind == .timedOut }
            await #expect {
                try await fetcher.fetch(try request("http://127.0.0.1:1/"))
            } throws: { ($0 as? FetchError)?.kind == .notConnected }
            let url = server.url("/")
            let fetch = Task { try await fetcher.fetch(try request(url)) }
            fetch.cancel()
            await #expect {
                try await fetch.value
            } throws: { ($0 as? FetchError)?.kind == .brokenAnswer }
        }
    }
}

extension TinyServer.Request {
    var port: Substring { headers["host"]?.split(separator: ":").last ?? "" }
}
