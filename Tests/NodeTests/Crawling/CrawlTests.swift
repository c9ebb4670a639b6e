import Fetching
import Markup
import Model
import Testing
import Wire

@testable import Node

@Suite("Crawls")
struct CrawlTests {
    private func location(_ path: String, _ host: String = "a.example") throws -> Location {
        try Location("http://\(host)\(path)")
    }

    @Test("a frontier goes breadth first, each page once, within depth, pages and hosts")
    func frontier() throws {
        var limits = Frontier.Limits(depth: 1, pages: 4, hosts: 2)
        var frontier = Frontier(start: try location("/"), limits)
        let taken = frontier.take()
        let start = try #require(taken)
        let links = [
            try location("/a"), try location("/"), try location("/b", "b.example"), try location("/c", "c.example"),
            try location("/a"), try location("/d"), try location("/e"),
        ]
        let isNew = frontier.visited(start, at: start.location, canonical: nil, links: links)
        #expect(isNew)
        var paths: [String] = []
        while let place = frontier.take() {
            paths.append(place.location.host + place.location.pathAndQuery)
            _ = frontier.visited(place, at: place.location, canonical: nil, links: [try location("/deep")])
        }
        #expect(paths == ["a.example/a", "b.example/b", "a.example/d"])
        limits = Frontier.Limits(depth: 9, pages: 9, hosts: 1, under: "/docs/")
        frontier = Frontier(start: try location("/docs/x"), limits)
        frontier.add([try location("/other"), try location("/docs/y")], depth: 1)
        _ = frontier.take()
        let next = frontier.take()
        #expect(next?.location.pathAndQuery == "/docs/y")
        let none = frontier.take()
        #expect(none == nil)
    }

    @Test("a page that was visited under its canonical address is not visited again")
    func canonical() throws {
        var frontier = Frontier(start: try location("/"), Frontier.Limits())
        let taken = frontier.take()
        let start = try #require(taken)
        let one = try location("/p")
        let links = [one, try location("/p?x=1")]
        let startIsNew = frontier.visited(start, at: start.location, canonical: nil, links: links)
        #expect(startIsNew)
        let takenFirst = frontier.take()
        let first = try #require(takenFirst)
        let firstIsNew = frontier.visited(first, at: one, canonical: one, links: [])
        #expect(firstIsNew)
        let takenSecond = frontier.take()
        let second = try #require(takenSecond)
        let secondIsNew = frontier.visited(second, at: second.location, canonical: one, links: [])
        #expect(!secondIsNew)
    }

    @Test("sitemaps are read as XML, as an index, and as plain lines")
    func sitemaps() {
        let pages = Sitemap(
            Array("<urlset><url><loc> http://x/a </loc></url><url><loc>http://x/b</loc></url></urlset>".utf8))
        #expect(pages.pages == ["http://x/a", "http://x/b"])
        let index = Sitemap(Array("<sitemapindex><sitemap><loc>http://x/s</loc></sitemap></sitemapindex>".utf8))
        #expect(index.sitemaps == ["http://x/s"])
        #expect(Sitemap(Array("http://x/a\r\nhttp://x/b\n".utf8)).pages.count == 2)
        #expect(Sitemap(Array("<html/>".utf8)).pages.isEmpty)
    }

    @Test("a page of documentation is cut at its headings, and its code stands apart")
    func sections() {
        let html = """
            <title>Guide</title><main><p>Intro</p><h1 id=a>Alpha</h1><p>one</p><h2 id=b>Beta</h2>
            <pre class="language-sh">ls</pre><ul><li>x<li>y</ul><h1>Gamma</h1></main>
            """
        let sections = Sections(HTMLPage(Array(html.utf8)))
        #expect(
            sections.sections == [
                .init(path: ["Guide"], text: "Intro"), .init(path: ["Alpha"], anchor: "a", text: "one"),
                .init(path: ["Alpha", "Beta"], anchor: "b", text: "ls\n- x\n- y"),
            ])
        #expect(sections.code == [.init(path: ["Alpha", "Beta"], anchor: "b", language: "sh", text: "ls")])
    }

    // MARK: Collecting

    private static func page(_ title: String, _ body: String) -> TinyServer.Answer {
        .init(
            headers: ["Content-Type: text/html"],
            body: Array("<title>\(title)</title><main><p>\(title) says</p>\(body)</main>".utf8))
    }

    private static func site(_ request: TinyServer.Request) -> TinyServer.Answer? {
        switch request.path {
        case "/docs/":
            page("Home", "<a href=a>a</a> <a href=/docs/b>b</a> <a rel=nofollow href=n>n</a> <a href=/out>o</a>")
        case "/docs/a":
            page("A", "<h2 id=use>Use</h2><pre class=lang-py>print()</pre><a href=/docs/c>c</a><a href=gone>g</a>")
        case "/docs/b": page("B", "<a href=/docs/secret/x>x</a>")
        case "/docs/c": page("C", "")
        case "/docs/listed": page("Listed", "")
        case "/out": page("Out", "")
        case "/sitemap.xml":
            .init(
                body: Array(
                    "<urlset><url><loc>http://\(request.headers["host"] ?? "")/docs/listed</loc></url></urlset>".utf8))
        default: .init(status: "404 Not Found")
        }
    }

    private func assignment(
        _ type: String, _ location: String, _ options: [String: String] = [:], bookmark: [UInt8]? = nil
    ) -> Proto.Assignment {
        var assignment = Proto.Assignment(lease: 1, type: type, location: location, bookmark: bookmark.map { $0[...] })
        for (key, value) in options { assignment.metadata["collect." + key] = value }
        return assignment
    }

    private func withDocs(_ body: (Bench, TinyServer) async throws -> Void) async throws {
        let robots = "User-agent: *\nDisallow: /docs/secret/"
        try await withSite(
            robots: { .init(body: Array(robots.utf8)) }, answer: { CrawlTests.site($0) }, body)
    }

    @Test("a crawl visits what its start page leads to and what the sitemap lists, and what robots.txt allows")
    func crawl() async throws {
        try await withDocs { bench, server in
            let (items, result) = await bench.collect(assignment("crawl", server.url("/docs/")))
            let titles = items.artifacts.compactMap { $0.metadata["title"] }
            #expect(titles == ["Home", "Listed", "A", "B", "Out", "C"])
            #expect(items.artifacts.allSatisfy { $0.metadata["source_type"] == "crawl" })
            #expect(result.kind == .collected)
            #expect(
                result.error
                    == "2 pages were not collected; the first: \(server.url("/docs/gone")) answered 404")
            #expect(await server.requests.allSatisfy { !$0.path.contains("secret") && $0.path != "/docs/n" })
            let again = await bench.collect(
                assignment("crawl", server.url("/docs/"), bookmark: items.bookmark))
            #expect(again.items.artifacts.isEmpty)
        }
    }

    @Test("depth, pages, and the start of paths bound a crawl")
    func limits() async throws {
        try await withDocs { bench, server in
            let shallow = await bench.collect(assignment("crawl", server.url("/docs/"), ["depth": "0"]))
            #expect(shallow.items.artifacts.count == 1)
            let options = ["pages": "2", "sitemap": "no", "under": "/docs/"]
            let few = await bench.collect(assignment("crawl", server.url("/docs/"), options))
            #expect(few.items.artifacts.compactMap { $0.metadata["title"] } == ["Home", "A"])
        }
    }

    @Test("documentation becomes sections, and code of its own, beside its start page and below")
    func documentation() async throws {
        try await withDocs { bench, server in
            let (items, _) = await bench.collect(assignment("documentation", server.url("/docs/")))
            let code = try #require(items.artifacts.first { $0.contentType == "code" })
            #expect(String(decoding: code.content, as: UTF8.self) == "print()")
            #expect(code.metadata["code_language"] == "py")
            #expect(code.metadata["section"] == "Use")
            #expect(code.rawSource == server.url("/docs/a#use"))
            #expect(items.texts.contains("A\n\nA says"))
            #expect(items.artifacts.allSatisfy { $0.metadata["title"] != "Out" })
        }
    }

    @Test("what each host of a crawl said is reported for that host")
    func hosts() async throws {
        let site: @Sendable (TinyServer.Request) -> TinyServer.Answer? = { request in
            let host = request.headers["host"] ?? ""
            if host.hasPrefix("other.localhost") {
                return .init(status: "503 Service Unavailable", headers: ["Retry-After: 7"])
            }
            let other = host.replacing("127.0.0.1", with: "other.localhost")
            return CrawlTests.page("start", "<a href=http://\(other)/busy>b</a> <a href=/a>a</a>")
        }
        let robots = "User-agent: *\nCrawl-delay: 0.001"
        try await withSite(robots: { .init(body: Array(robots.utf8)) }, answer: site) { bench, server in
            let (_, result) = await bench.collect(
                assignment("crawl", server.url("/"), ["hosts": "2", "sitemap": "no", "depth": "1"]))
            let hosts = await bench.lastHosts
            #expect(hosts.map(\.host) == ["127.0.0.1", "other.localhost"])
            #expect(hosts.map(\.status) == [0, 503])
            #expect(hosts.map(\.retryAfterMs) == [0, 7_000])
            #expect(hosts.map(\.crawlDelayMs) == [1, 1])
            #expect(hosts.map(\.address) == ["127.0.0.1", "127.0.0.1"])
            #expect(result.status == 200)
        }
    }

    @Test("a crawl that is cut goes on from its last note: no page twice, none left out")
    func cut() async throws {
        let site: @Sendable (TinyServer.Request) -> TinyServer.Answer? = { request in
            if request.path == "/" {
                let links = (1...70).map { "<a href=/\($0)>\($0)</a>" }.joined(separator: " ")
                return CrawlTests.page("start", links)
            }
            guard let number = Int(request.path.dropFirst()) else { return .init(status: "404 Not Found") }
            return CrawlTests.page("page \(number)", "<a href=/>home</a> <a href=/\(number % 70 + 1)>next</a>")
        }
        try await withSite(robots: { .init(status: "404 Not Found") }, answer: site) { bench, server in
            let whole = await bench.collect(assignment("crawl", server.url("/")))
            let notes = whole.items.enumerated().filter { if case .bookmark = $0.element { true } else { false } }
            #expect(whole.items.artifacts.count == 71)
            let place = try #require(notes.first).offset
            #expect(notes.count >= 2 && place < whole.items.count - 1)
            let before = Array(whole.items.prefix(place + 1))
            let visits = await server.requests.count
            let rest = await bench.collect(assignment("crawl", server.url("/"), bookmark: before.bookmark))
            #expect(rest.items.artifacts.count == 71 - before.artifacts.count)
            let titles = (before + rest.items).artifacts.compactMap { $0.metadata["title"] }
            #expect(Set(titles).count == 71 && titles.count == 71)
            let asked = await server.requests.dropFirst(visits).map(\.path).filter { $0 != "/robots.txt" }
            #expect(asked.count == rest.items.artifacts.count)
            let again = await bench.collect(assignment("crawl", server.url("/"), bookmark: rest.items.bookmark))
            #expect(again.items.artifacts.isEmpty)
            let other = await bench.collect(
                assignment("crawl", server.url("/"), ["depth": "1"], bookmark: before.bookmark))
            #expect(other.items.artifacts.count == 71 - before.artifacts.count)
            #expect(await server.requests.last?.path != "/robots.txt")
        }
    }

    @Test("the note of a large crawl fits into a bookmark, and keeps the pages that come first")
    func largeNote() throws {
        let waiting = try (0..<5_000).map { number in
            let path = "/articles/\(number * 7_919 % 100_003)/a-title-of-words-\(number &* 2_654_435_761)"
            return Frontier.Place(location: try location(path), depth: 1 + number / 1_000)
        }
        var seen = SeenItems(mark: 3)
        seen = seen.after((0..<5_000).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 }, mark: 3, validators: nil)
        let hashes = (0..<900).map { UInt64($0) &* 0xBF58_476D_1CE4_E5B9 }
        let note = CrawlBookmark(
            task: 8, found: 9, seen: seen, frontier: .init(visited: 900, hashes: hashes, waiting: waiting))
        let bytes = note.bytes
        #expect(bytes.count <= Limits.maxBookmark)
        let read = try #require(CrawlBookmark(bytes[...]))
        #expect(read.task == 8 && read.found == 9 && read.seen == seen && read.frontier.visited == 900)
        #expect(read.frontier.hashes == Array(hashes.prefix(256) + hashes.suffix(256)))
        #expect(read.frontier.waiting.count > 100)
        #expect(read.frontier.waiting == Array(waiting.prefix(read.frontier.waiting.count)))
        #expect(CrawlBookmark(bytes.dropLast()) == nil && CrawlBookmark(seen.bytes[...]) == nil)
    }

    @Test("a start page that cannot be had is the target's failure")
    func start() async throws {
        try await withDocs { bench, server in
            let (_, result) = await bench.collect(assignment("crawl", server.url("/docs/none")))
            #expect(
                result
                    == CollectionResult(
                        .failedTarget, error: "\(server.url("/docs/none")) answered 404", status: 404))
            let forbidden = await bench.collect(assignment("crawl", server.url("/docs/secret/x")))
            #expect(
                forbidden.result.error
                    == "robots.txt of 127.0.0.1 forbids /docs/secret/x: Disallow: /docs/secret/")
        }
    }
}
