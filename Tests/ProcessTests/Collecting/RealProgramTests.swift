import Glibc
import TestKit
import Testing
import Wire

/// What programs of others make and serve is collected as they meant it.
@Suite(.processes) struct RealProgramTests {
    private let directory = TemporaryDirectory()
    private let hub: Running
    private let view: HubView

    init() throws {
        hub = try Rookery.hub(directory, flags: ["--host-delay", "1ms"])
        view = try HubView(port: hub.port)
    }

    /// Runs a program of the Python that `scripts/collect-tools` fetched.
    private func python(_ program: String, _ arguments: [String]) throws -> String {
        let python = Python.root + "/.build/collect/venv/bin/python"
        try #require(access(python, X_OK) == 0, "pandas and feedgen are not there; run ./scripts/collect-tools")
        return try Python.shell(([python, "-c", program] + arguments).map(Python.quoted).joined(separator: " "))
    }

    private func collect(_ targets: [Proto.TargetSpec]) throws -> Proto.ClusterStatusReply {
        let node = try Rookery.node("n1", directory, hub: hub.port, flags: ["--allow-root", directory.path])
        let verdicts = try view.submit(targets, key: [UInt8](repeating: 5, count: 16))
        #expect(verdicts.allSatisfy { $0.result == .created })
        let status = try view.wait(for: "every target") { status in
            status.value("targets_done") + status.value("targets_retry") == UInt64(targets.count)
                && status.nodes.allSatisfy { $0.spooledItems == 0 }
        }
        let words = "\(status.summary) \(node.errorText)"
        #expect(status.value("targets_retry") == 0 && status.alerts.isEmpty, "\(words)")
        #expect(try node.terminate() == .exited(0))
        return status
    }

    private func content(_ artifact: Proto.ArtifactInfo) throws -> String {
        let answer = try view.peer.ask(.getArtifact(Proto.GetArtifact(which: .id(artifact.id), withContent: true)))
        guard case .getArtifactReply(let reply) = answer else { throw WirePeer.Unexpected(description: "\(answer)") }
        return String(decoding: reply.content, as: UTF8.self)
    }

    private static let frames = #"""
        import pandas as pd, sys
        rows = [f"row {n}: \"quoted\", comma, Zürich\nsecond line" for n in range(1, 41)]
        frame = pd.DataFrame({"id": range(1, 41), "words": rows,
            "when": pd.date_range("2026-01-01", periods=40, freq="h"),
            "part": [n / 7 if n % 5 else None for n in range(40)]})
        frame.to_csv(sys.argv[1] + "/plain.csv", index=False)
        frame.to_csv(sys.argv[1] + "/packed.csv.gz", index=False)
        frame.to_csv(sys.argv[1] + "/tabs.tsv", index=False, sep="\t")
        frame.to_json(sys.argv[1] + "/lines.jsonl", orient="records", lines=True, date_format="iso")
        print("\n".join(pd.read_csv(sys.argv[1] + "/plain.csv")["words"].map(repr)))
        """#

    @Test func `data sets that pandas wrote are collected row by row, as pandas reads them`() throws {
        let folder = directory.file("frames")
        #expect(mkdir(folder, 0o755) == 0)
        let expected = try python(RealProgramTests.frames, [folder]).split(separator: "\n").count
        #expect(expected == 40)
        let names = ["plain.csv", "packed.csv.gz", "tabs.tsv", "lines.jsonl"]
        let options = ["collect.text": "words", "collect.id": "id"]
        let targets = names.map { name in
            Proto.TargetSpec(
                type: "dataset", location: "\(folder)/\(name)", schedule: .once,
                metadata: StringMap(options.map { (key: $0.key, value: "\($0.value)") }))
        }
        let status = try collect(targets)
        // The same forty texts four times: each is stored once, and seen again three times.
        #expect(status.value("artifacts_received") == 160 && status.value("artifacts_refused") == 0)
        #expect(status.value("contents") == 40, "\(status.summary)")
        let kept = try view.artifacts()
        for number in 1...40 {
            let artifact = try #require(kept.first { $0.metadata["item_id"] == "\(number)" })
            #expect(try content(artifact) == "row \(number): \"quoted\", comma, Zürich\nsecond line")
        }
    }

    private static let feeds = #"""
        from feedgen.feed import FeedGenerator
        import sys
        feed = FeedGenerator()
        feed.id("http://example.org/"); feed.title("Made by feedgen"); feed.description("news")
        feed.link(href="http://example.org/", rel="alternate"); feed.language("en")
        for n in range(1, 8):
            entry = feed.add_entry(order="append")
            entry.id(f"http://example.org/{sys.argv[2]}/{n}"); entry.title(f"Entry {n} & more")
            entry.link(href=f"http://example.org/{sys.argv[2]}/{n}"); entry.published("2026-02-03T04:05:06+00:00")
            entry.content(f"<p>What {sys.argv[2]} entry {n} says, <b>bold</b> &amp; plain.</p>", type="CDATA")
        getattr(feed, sys.argv[2] + "_file")(sys.argv[1])
        """#

    @Test func `feeds that feedgen wrote and nginx serves give an artifact an entry`() throws {
        let nginx = try Nginx(directory, locations: "")
        for form in ["rss", "atom"] { _ = try python(RealProgramTests.feeds, ["\(nginx.root)/feed.\(form)", form]) }
        _ = try collect(
            ["rss", "atom"].map {
                Proto.TargetSpec(type: "feed", location: "\(nginx.address)/feed.\($0)", schedule: .once)
            })
        let kept = try view.artifacts()
        #expect(kept.count == 14)
        for form in ["rss", "atom"] {
            for number in 1...7 {
                let artifact = try #require(
                    kept.first { $0.rawSource == "http://example.org/\(form)/\(number)" }, "\(kept.map(\.rawSource))")
                #expect(artifact.metadata["title"] == "Entry \(number) & more")
                #expect(artifact.metadata["published"]?.hasPrefix("2026-02-03T04:05:06") == true)
                #expect(try content(artifact).contains("What \(form) entry \(number) says, bold & plain."))
            }
        }
        #expect(nginx.requests.contains("GET /feed.rss 200 gzip"), "\(nginx.requests)")
    }

    @Test func `a site that nginx serves is crawled: robots, redirects, compression, and what has not changed`() throws
    {
        let nginx = try Nginx(
            directory,
            locations: """
                location = /moved.html { return 301 /two.html; }
                location = /private/secret.html { return 200 "secret"; }
                """)
        try nginx.write("User-agent: *\nDisallow: /private/\n", to: "robots.txt")
        let filler = String(repeating: "Words that make the page long enough to be worth packing. ", count: 20)
        let page = { (title: String, links: String) in
            "<html><title>\(title)</title><body><main><p>\(title): \(filler)</p>\(links)</main></body></html>"
        }
        try nginx.write(
            page("One", "<a href=/moved.html>moved</a> <a href=/private/secret.html>s</a> <a href=/gone>g</a>"),
            to: "index.html")
        try nginx.write(page("Two", "<a href=/>home</a>"), to: "two.html")
        let again = Proto.TargetSpec(
            type: "web", location: "\(nginx.address)/two.html", schedule: .interval, intervalS: 1)
        let verdicts = try view.submit([again], key: [UInt8](repeating: 6, count: 16))
        #expect(verdicts[0].result == .created)
        let node = try Rookery.node("n1", directory, hub: hub.port)
        // The page is asked for again with its ETag; nginx says that it has not changed.
        try view.wait(for: "a page that has not changed") { $0.value("artifacts_unchanged") > 0 }
        #expect(nginx.requests.contains { $0.hasPrefix("GET /two.html 304") }, "\(nginx.requests)")
        _ = try view.submit(
            [Proto.TargetSpec(type: "crawl", location: "\(nginx.address)/", schedule: .once)],
            key: [UInt8](repeating: 7, count: 16))
        try view.wait(for: "the crawl") { $0.value("targets_done") == 1 }
        let kept = try view.artifacts()
        #expect(Set(kept.compactMap { $0.metadata["title"] }) == ["One", "Two"])
        #expect(kept.contains { $0.rawSource == "\(nginx.address)/two.html" })
        #expect(nginx.requests.contains("GET /index.html 200 gzip"), "\(nginx.requests)")
        #expect(nginx.requests.contains { $0.hasPrefix("GET /moved.html 301") })
        #expect(!nginx.requests.contains { $0.contains("/private/") })
        #expect(try node.terminate() == .exited(0))
    }
}
