import Model
import Synchronization
import Testing
import Wire

@testable import Node

@Suite("The feed collector")
struct FeedCollectorTests {
    private func assignment(_ location: String, bookmark: [UInt8]? = nil) -> Proto.Assignment {
        Proto.Assignment(lease: 1, type: "feed", location: location, bookmark: bookmark.map { $0[...] })
    }

    private static func feed(_ titles: [String]) -> [UInt8] {
        let items = titles.map {
            "<item><title>\($0)</title><link>/\($0)</link><description>about</description></item>"
        }
        return Array("<rss><channel><title>F</title>\(items.joined())</channel></rss>".utf8)
    }

    @Test("each entry becomes one artifact, and the next time only what is new")
    func entries() async throws {
        let titles = Mutex(["a", "b"])
        try await withSite { _ in
            .init(headers: ["Content-Type: application/rss+xml"], body: FeedCollectorTests.feed(titles.withLock { $0 }))
        } _: { bench, server in
            let first = await bench.collect(assignment(server.url("/f")))
            #expect(first.result == CollectionResult(.collected, status: 200))
            #expect(first.items.texts == ["a\n\nabout", "b\n\nabout"])
            let artifact = try #require(first.items.artifacts.first)
            #expect(artifact.rawSource == server.url("/a"))
            #expect(artifact.metadata["feed_title"] == "F")
            #expect(artifact.metadata["source_type"] == "feed")
            titles.withLock { $0 = ["c", "a", "b"] }
            let second = await bench.collect(assignment(server.url("/f"), bookmark: first.items.bookmark))
            #expect(second.items.texts == ["c\n\nabout"])
            let third = await bench.collect(assignment(server.url("/f"), bookmark: second.items.bookmark))
            #expect(third.items.texts.isEmpty)
            #expect(third.items.unchanged.isEmpty)
            guard case .artifact(_, let mark?) = second.items[0] else { throw TestFailure("the artifact has no mark") }
            await bench.learn([7], of: mark)
            let fourth = await bench.collect(assignment(server.url("/f"), bookmark: third.items.bookmark))
            #expect(fourth.items.unchanged == [[7]])
        }
    }

    @Test("with the digest known, a feed is asked for only if it has changed")
    func conditional() async throws {
        try await withSite { request in
            request.headers["if-none-match"] == "\"1\""
                ? .init(status: "304 Not Modified")
                : .init(headers: ["ETag: \"1\""], body: FeedCollectorTests.feed(["a"]))
        } _: { bench, server in
            let first = await bench.collect(assignment(server.url("/f")))
            guard case .artifact(_, let mark?) = first.items[0] else { throw TestFailure("the artifact has no mark") }
            await bench.learn([7], of: mark)
            let second = await bench.collect(assignment(server.url("/f"), bookmark: first.items.bookmark))
            #expect(second.result.status == 304)
            #expect(second.items.unchanged == [[7]])
            #expect(second.items.bookmark == first.items.bookmark)
        }
    }

    @Test("what is no feed is a failure of the content, in words")
    func noFeed() async throws {
        try await withSite { _ in
            .init(body: Array("<html><p>x</p></html>".utf8))
        } _: { bench, server in
            #expect(
                await bench.collect(assignment(server.url("/f"))).result
                    == CollectionResult(
                        .failedContent, error: "\(server.url("/f")) is neither RSS nor Atom", status: 200))
        }
    }

    @Test("a bookmark holds what the document shows first, and stays within its bounds")
    func bounds() throws {
        var seen = SeenItems(mark: 1)
        for round in 0..<4 as Range<UInt64> {
            seen = seen.after((0..<600).map { round * 1_000 + $0 }, mark: round, validators: nil)
            #expect(seen.bytes.count <= Limits.maxBookmark)
            #expect(seen == SeenItems(seen.bytes[...]))
        }
        #expect(seen.holds(3_000) && seen.holds(3_599) && seen.holds(2_000))
        #expect(!seen.holds(0))
        #expect(SeenItems([9, 9][...]) == nil)
        #expect(SeenItems(nil) == nil)
        #expect(SeenItems.hash(["a", "b"]) != SeenItems.hash(["ab"]))
    }
}
