import Model
import Testing
import Transport
import Wire

@testable import Node

@Suite("The web collector")
struct WebCollectorTests {
    private func with(
        allowed: [String] = ["127.0.0.1"], hasContact: Bool = true,
        answer: @escaping @Sendable (TinyServer.Request) -> TinyServer.Answer?,
        _ body: (Bench, TinyServer) async throws -> Void
    ) async throws {
        let bench = try Bench(allowed: allowed, hasContact: hasContact)
        let server = try TinyServer(on: bench.loop, respond: answer)
        await server.start()
        do { try await body(bench, server) } catch { Issue.record(error) }
        await bench.close()
        await server.stop()
        bench.loop.stop()
    }

    private func assignment(_ url: String, bookmark: [UInt8]? = nil) -> Proto.Assignment {
        var assignment = Proto.Assignment.sample(1)
        assignment.location = url
        assignment.bookmark = bookmark.map { $0[...] }
        assignment.confidence = 0.7
        assignment.metadata = ["topic": "birds"]
        return assignment
    }

    @Test("a page becomes one artifact with what its header says, the target's scores and no others")
    func page() async throws {
        try await with { _ in
            .init(
                headers: ["Content-Type: text/html; charset=ISO-8859-1", "ETag: \"v1\"", "X-Robots-Tag: noai"],
                body: Array("<html lang=fr><TITLE>  Caf".utf8) + [0xE9] + Array("\n bar </title>".utf8))
        } _: { bench, server in
            let (items, result) = await bench.collect(assignment(server.url("/p")))
            #expect(result == CollectionResult(.collected, status: 200))
            let artifact = try #require(items.artifacts.first)
            #expect(items.count == 2)
            #expect(artifact.contentType == "html")
            #expect(items.texts == ["<html lang=fr><TITLE>  Café\n bar </title>"])
            #expect(artifact.rawSource == server.url("/p"))
            #expect(artifact.confidence == 0.7)
            #expect(artifact.threatLevel == nil)
            #expect(artifact.scoreReasons == ["confidence: the target's default"])
            #expect(artifact.signals == ["x-robots-tag": "noai"])
            let expected: StringMap = [
                "charset": "iso-8859-1", "collection_method": "http_get", "domain": "127.0.0.1",
                "http_status": "200", "media_type": "text/html", "source_type": "web", "title": "Café bar",
                "topic": "birds", "link_count": "0", "language": "fr", "language_by": "declared",
            ]
            #expect(artifact.metadata == expected)
            #expect(await bench.lastAddress == "127.0.0.1")
        }
    }

    @Test("HTML becomes its main text with what the page says; the raw page is kept on request")
    func extraction() async throws {
        let html = """
            <html><head><title>T</title><link rel=canonical href=/c><meta name=robots content="noai">
            <meta property="article:published_time" content="2026-01-02T03:04:05+01:00"></head><body><nav>N</nav>
            <main><h1>H</h1><p>The cat and the dog and the bird.
            <a href="q?a=1">q</a> <a href="q?a=1#x">q</a></p></main>
            """
        try await with { _ in
            .init(headers: ["Content-Type: text/html", "ETag: \"v1\""], body: Array(html.utf8))
        } _: { bench, server in
            let plain = await bench.collect(assignment(server.url("/d/p")))
            let artifact = try #require(plain.items.artifacts.first)
            #expect(plain.items.texts == ["H\n\nThe cat and the dog and the bird. q q"])
            #expect(artifact.contentType == "text")
            #expect(artifact.metadata["canonical"] == Canonical.url(server, "/c"))
            #expect(artifact.metadata["links"] == Canonical.url(server, "/d/q?a=1"))
            #expect(artifact.metadata["link_count"] == "2")
            #expect(artifact.metadata["published"] == "2026-01-02T02:04:05Z")
            #expect(artifact.metadata["language"] == "en")
            #expect(artifact.metadata["language_by"] == "guess")
            #expect(artifact.signals == ["robots-meta": "noai"])
            var whole = assignment(server.url("/d/p"))
            whole.metadata["collect.raw"] = "yes"
            let raw = await bench.collect(whole)
            #expect(raw.items.artifacts.map(\.contentType) == ["html", "text"])
            #expect(raw.items.texts.first == html)
            #expect(raw.items.artifacts.first?.metadata["collect.raw"] == nil)
            guard case .artifact(_, nil) = raw.items[0], case .artifact(_, _?) = raw.items[1] else {
                throw TestFailure("the mark belongs to the text")
            }
            whole.metadata["collect.raw"] = "maybe"
            #expect(
                await bench.collect(whole).result
                    == CollectionResult(
                        .failedTarget, error: "metadata collect.raw is \"maybe\"; give yes or no"))
        }
    }

    @Test("robots.txt decides before anything is fetched, once for all pages, and its delay is told")
    func robots() async throws {
        let bench = try Bench()
        let text = "User-agent: rookery\nCrawl-delay: 0.05\nContent-Signal: ai-train=no\nDisallow: /private"
        let server = try TinyServer(on: bench.loop, robots: { .init(body: Array(text.utf8)) }) { _ in
            .init(body: Array("a".utf8))
        }
        await server.start()
        let refused = await bench.collect(assignment(server.url("/private/x?y")))
        #expect(
            refused.result
                == CollectionResult(
                    .failedTarget, error: "robots.txt of 127.0.0.1 forbids /private/x?y: Disallow: /private"))
        let allowed = await bench.collect(assignment(server.url("/public")))
        #expect(allowed.result.crawlDelay == .milliseconds(50))
        #expect(
            allowed.items.artifacts.first?.signals == [
                "robots-group": "user-agent: rookery\ncrawl-delay: 0.05\ncontent-signal: ai-train=no",
                "content-signal": "ai-train=no",
            ])
        #expect(await server.requests.map(\.path) == ["/public"])
        #expect(await server.robotsRequests == 1)
        await server.stop()
        await bench.close()
        bench.loop.stop()
    }

    @Test("a robots.txt that cannot be had forbids everything; one that is not there forbids nothing")
    func noRobots() async throws {
        for (status, isAllowed) in [("500 Broken", false), ("429 Busy", false), ("403 No", true), ("410 Gone", true)] {
            let bench = try Bench()
            let server = try TinyServer(on: bench.loop, robots: { .init(status: status) }) { _ in
                .init(body: Array("a".utf8))
            }
            await server.start()
            let (_, result) = await bench.collect(assignment(server.url("/x")))
            let number = status.prefix(3)
            #expect(
                result.error
                    == (isAllowed
                        ? ""
                        : "robots.txt of 127.0.0.1 could not be read, so nothing is collected there: "
                            + "\(Canonical.url(server, "/robots.txt")) answered \(number)"))
            await server.stop()
            await bench.close()
            bench.loop.stop()
        }
    }

    @Test("each host that a redirect leads to is asked for its own robots.txt")
    func redirects() async throws {
        let bench = try Bench(allowed: ["127.0.0.0/8"])
        let server = try TinyServer(on: bench.loop, robots: { .init(body: Array("User-agent: *\nDisallow: /b".utf8)) })
        {
            $0.path == "/a" ? .redirect(to: "http://127.0.0.1:\($0.headers["host"]!.split(separator: ":")[1])/b") : nil
        }
        await server.start()
        let (_, result) = await bench.collect(assignment(server.url("/a")))
        #expect(result.error == "robots.txt of 127.0.0.1 forbids /b: Disallow: /b")
        #expect(await server.requests.map(\.path) == ["/a"])
        await server.stop()
        await bench.close()
        bench.loop.stop()
    }

    @Test("with the digest known, an unchanged page becomes an unchanged item; without, it is fetched whole")
    func conditional() async throws {
        try await with { request in
            request.headers["if-none-match"] == "\"v1\"" && request.headers["if-modified-since"] == "then"
                ? .init(status: "304 Not Modified")
                : .init(headers: ["ETag: \"v1\"", "Last-Modified: then"], body: Array("one".utf8))
        } _: { bench, server in
            let first = await bench.collect(assignment(server.url("/")))
            let bookmark = try #require(first.items.bookmark)
            let again = await bench.collect(assignment(server.url("/"), bookmark: bookmark))
            #expect(again.items.texts == ["one"])
            guard case .artifact(_, let mark?) = first.items[0] else { throw TestFailure("the artifact has no mark") }
            await bench.learn([1, 2, 3], of: mark)
            let third = await bench.collect(assignment(server.url("/"), bookmark: bookmark))
            #expect(third.items.artifacts.isEmpty)
            #expect(third.items.unchanged == [[1, 2, 3]])
            #expect(third.items.bookmark == bookmark)
            #expect(third.result == CollectionResult(.collected, status: 304))
            let broken = await bench.collect(assignment(server.url("/"), bookmark: [9, 9]))
            #expect(broken.items.texts == ["one"])
        }
    }

    @Test("an answer from 400 on is the target's failure, with the time it asks for")
    func refusals() async throws {
        try await with { request in
            request.path == "/busy"
                ? .init(status: "503 Busy", headers: ["Retry-After: 120"]) : .init(status: "404 Not Found")
        } _: { bench, server in
            let missing = await bench.collect(assignment(server.url("/x")))
            #expect(
                missing.result
                    == CollectionResult(.failedTarget, error: "\(server.url("/x")) answered 404", status: 404))
            let busy = await bench.collect(assignment(server.url("/busy")))
            #expect(
                busy.result
                    == CollectionResult(
                        .failedTarget,
                        error: "\(server.url("/busy")) answered 503, to be tried again after 120 s", status: 503,
                        retryAfter: .seconds(120)))
            #expect(missing.items.isEmpty && busy.items.isEmpty)
        }
    }

    @Test("nothing to read and too much to read are failures of the content; a bad location is the target's")
    func content() async throws {
        try await with { request in
            request.path == "/empty" ? .init() : .init(body: [UInt8](repeating: 65, count: 11))
        } _: { bench, server in
            let empty = await bench.collect(assignment(server.url("/empty")))
            #expect(
                empty.result
                    == CollectionResult(.failedContent, error: "\(server.url("/empty")) is empty", status: 200))
            var small = assignment(server.url("/large"))
            small.maxBytes = 10
            let large = await bench.collect(small)
            #expect(large.result.kind == .failedContent)
            #expect(large.result.error.hasSuffix("it is larger than 10 bytes; raise max_bytes"))
            let bad = await bench.collect(assignment("file:///etc/passwd"))
            #expect(bad.result.kind == .failedTarget)
        }
    }

    @Test("without a contact an allowed private host is collected, and any other is this node's failure, in words")
    func noContact() async throws {
        try await with(allowed: ["127.0.0.1"], hasContact: false) { _ in
            .init(body: [65])
        } _: { bench, server in
            #expect(await bench.collect(assignment(server.url("/"))).items.texts == ["A"])
            let other = await bench.collect(assignment("http://192.88.98.1/"))
            #expect(other.result.kind == .failedNode)
            #expect(
                other.result.error
                    == "refused to connect to 192.88.98.1: this node has no contact, so it collects allowed private "
                    + "hosts only; give it one with --contact")
        }
    }

    @Test(
        "a media type says what the content is, unless the bytes say otherwise",
        arguments: [
            ("text/html", "a", "html"), ("application/xhtml+xml", "a", "html"), ("application/json", "{}", "json"),
            ("application/ld+json", "{}", "json"), ("application/rss+xml", "a", "xml"), ("text/plain", "a", "text"),
            ("", "a", "text"), ("text/markdown", "a", "text"), ("text/csv", "a", "data"), ("image/png", "a", "binary"),
            ("text/plain", "\0", "binary"),
        ])
    func kinds(type: String, content: String, kind: String) {
        #expect(ContentKind(mediaType: type, content: Array(content.utf8)).rawValue == kind)
        #expect(ContentKind(mediaType: type, content: [0xFF]).rawValue == "binary")
    }

    @Test("Retry-After is seconds or a date, and never beyond thirty days")
    func retryAfter() {
        let now = WallTime(milliseconds: 1_792_567_200_000)  // 2026-10-21 07:20:00
        #expect(RetryAfter.span("90", now: now) == .seconds(90))
        #expect(RetryAfter.span("Wed, 21 Oct 2026 07:21:30 GMT", now: now) == .seconds(90))
        #expect(RetryAfter.span("18446744073709551615", now: now) == .hours(720))
        for text in ["-1", "soon", "Wed, 21 Oct 2026 07:19:00 GMT", "Wed, 99 Oct 2026 07:21:30 GMT", ""] {
            #expect(RetryAfter.span(text, now: now) == .zero, "\(text)")
        }
    }

    @Test("a charset nobody knows changes nothing")
    func charsets() {
        #expect(Charset.utf8([0xE4], from: "windows-1252") == Array("ä".utf8))
        #expect(
            Charset.utf8(Array("é".utf16).flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }, from: "utf-16be")
                == Array("é".utf8))
        for name in ["no-such", "", "utf-8//TRANSLIT", "a b"] { #expect(Charset.utf8([65], from: name) == nil) }
        #expect(Charset.utf8([0xFF], from: "us-ascii") == nil)
    }
}

/// Locations as they are told: normalised by the parser that connects.
enum Canonical {
    static func url(_ server: TinyServer, _ path: String) -> String { server.url(path) }
}

struct TestFailure: Error {
    let words: String
    init(_ words: String) { self.words = words }
}
