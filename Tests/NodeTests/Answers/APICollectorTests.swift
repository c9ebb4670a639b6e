import Model
import Telemetry
import Testing
import Wire

@testable import Node

@Suite("The api collector")
struct APICollectorTests {
    private func assignment(
        _ location: String, _ options: [String: String], bookmark: [UInt8]? = nil
    ) -> Proto.Assignment {
        var assignment = Proto.Assignment(
            lease: 1, type: "api", location: location, bookmark: bookmark.map { $0[...] })
        for (key, value) in options { assignment.metadata["collect." + key] = value }
        return assignment
    }

    private func json(_ text: String, _ headers: [String] = []) -> TinyServer.Answer {
        .init(headers: headers, body: Array(text.utf8))
    }

    @Test("items are found by a path, one artifact each, numbers as they were written")
    func items() async throws {
        try await withSite { [self] _ in
            json(#"{"data": {"rows": [{"id": 7, "n": 1.50, "t": "x"}, {"id": "b"}]}}"#)
        } _: { bench, server in
            let options = ["items": "data.rows", "id": "id", "title": "t"]
            let (items, result) = await bench.collect(assignment(server.url("/api"), options))
            #expect(result == CollectionResult(.collected, status: 200))
            #expect(items.texts == [#"{"id":7,"n":1.50,"t":"x"}"#, #"{"id":"b"}"#])
            let first = try #require(items.artifacts.first)
            #expect(first.contentType == "json")
            #expect(first.rawSource == server.url("/api#7"))
            #expect(first.metadata["title"] == "x")
            #expect(await server.robotsRequests == 0)
            let again = await bench.collect(assignment(server.url("/api"), options, bookmark: items.bookmark))
            #expect(again.items.artifacts.isEmpty)
        }
    }

    @Test("pages follow by number until one is empty")
    func byNumber() async throws {
        try await withSite { [self] request in
            switch request.path {
            case "/api?size=2&p=0": json("[1,2]")
            case "/api?size=2&p=1": json("[3]")
            default: json("[]")
            }
        } _: { bench, server in
            let options = ["paging": "page", "parameter": "p", "first": "0"]
            let (items, _) = await bench.collect(assignment(server.url("/api?size=2"), options))
            #expect(items.texts == ["1", "2", "3"])
            #expect(await server.requests.count == 3)
        }
    }

    @Test("pages follow by an address in the answer, by the Link header, and by a cursor")
    func byOthers() async throws {
        try await withSite { [self] request in
            switch request.path {
            case "/next": json(#"{"items": ["a"], "next": "/next2?x=1"}"#)
            case "/next2?x=1": json(#"{"items": ["b"], "next": null}"#)
            case "/link": json(#"["c"]"#, ["Link: </a>; rel=prev, </link2>; rel=\"next\""])
            case "/link2": json(#"["d"]"#, ["Link: </link>; rel=\"prev\""])
            case "/cursor": json(#"{"items": ["e"], "meta": {"after": "k/1"}}"#)
            case "/cursor?cursor=k%2F1": json(#"{"items": ["f"], "meta": {"after": ""}}"#)
            default: json("{}")
            }
        } _: { bench, server in
            let next = ["items": "items", "paging": "next", "next": "next"]
            #expect(await bench.collect(assignment(server.url("/next"), next)).items.texts == [#""a""#, #""b""#])
            #expect(
                await bench.collect(assignment(server.url("/link"), ["paging": "link"])).items.texts
                    == [#""c""#, #""d""#])
            let cursor = ["items": "items", "paging": "cursor", "next": "meta.after"]
            #expect(await bench.collect(assignment(server.url("/cursor"), cursor)).items.texts == [#""e""#, #""f""#])
        }
    }

    @Test("the number of pages is bounded, also where pages never end")
    func bounded() async throws {
        try await withSite { [self] request in
            json("[\"\(request.path)\"]")
        } _: { bench, server in
            let (items, _) = await bench.collect(assignment(server.url("/"), ["paging": "page", "pages": "5"]))
            #expect(items.artifacts.count == 5)
            #expect(await server.requests.count == 5)
        }
    }

    private func settings(_ hosts: [String]) -> CollectorSettings {
        var settings = CollectorSettings()
        settings.secrets["token"] = .init(place: .environment("ROOKERY_TEST_NO_SECRET"), hosts: hosts)
        settings.secrets["home"] = .init(
            place: .environment("HOME"), hosts: hosts, header: "X-Key", prefix: "k ", allowsHTTP: true)
        settings.secrets["safe"] = .init(place: .environment("HOME"), hosts: hosts)
        return settings
    }

    @Test("a secret goes to its hosts only, and never along a redirect to another")
    func secrets() async throws {
        try await withSite(settings: settings(["127.0.0.1"])) { [self] request in
            if request.path == "/away" {
                let port = request.headers["host"]?.split(separator: ":").last ?? ""
                return .redirect(to: "http://127.0.0.2:\(port)/there")
            }
            return json("[\"\(request.headers["x-key"] ?? "none")\"]")
        } _: { bench, server in
            let (items, _) = await bench.collect(assignment(server.url("/"), ["secret": "home"]))
            #expect(items.texts.first?.hasPrefix("\"k /") == true)
            let refusals = [
                ("nothing", "this node has no secret \"nothing\"; name it in --collectors FILE"),
                ("token", "the secret \"token\" is not sent over plain HTTP; collect over https, or set allow_http"),
            ]
            for (name, words) in refusals {
                #expect(
                    await bench.collect(assignment(server.url("/"), ["secret": name])).result
                        == CollectionResult(.failedNode, error: words))
            }
            let other = await bench.collect(assignment(server.url("/", host: "127.0.0.2"), ["secret": "home"]))
            #expect(
                other.result.error
                    == "the secret \"home\" is not for 127.0.0.2; its hosts stand in --collectors FILE")
            _ = await bench.collect(assignment(server.url("/away"), ["secret": "home"]))
            let there = await server.requests.filter { $0.path == "/there" }
            #expect(there.allSatisfy { $0.headers["x-key"] == nil })
        }
    }

    @Test("headers may be given, but not those that are secrets' or the client's own")
    func headers() async throws {
        try await withSite { [self] request in
            json("[\"\(request.headers["x-a"] ?? "")\"]")
        } _: { bench, server in
            #expect(
                await bench.collect(assignment(server.url("/"), ["header.X-A": "b"])).items.texts == ["\"b\""])
            for name in ["Authorization", "cookie", "Host", "X: y"] {
                let result = await bench.collect(assignment(server.url("/"), ["header.\(name)": "b"])).result
                #expect(result.kind == .failedTarget, "\(name)")
            }
        }
    }

    @Test("what is no JSON, and a path that leads nowhere, are failures of the content in words")
    func broken() async throws {
        try await withSite { [self] request in
            json(request.path == "/html" ? "<p>" : "{}")
        } _: { bench, server in
            #expect(
                await bench.collect(assignment(server.url("/html"), [:])).result
                    == CollectionResult(
                        .failedContent, error: "\(server.url("/html")) answered no JSON", status: 200))
            #expect(
                await bench.collect(assignment(server.url("/"), ["items": "a.b"])).result.error
                    == "the answer has nothing at collect.items \"a.b\"")
            #expect(
                await bench.collect(assignment(server.url("/"), ["paging": "magic"])).result.error
                    == "metadata collect.paging is \"magic\"; give none, link, next, page, cursor")
            #expect(
                await bench.collect(assignment(server.url("/"), ["paging": "next"])).result.error
                    == "metadata collect.next is missing; give the path of it in the answer")
        }
    }
}
