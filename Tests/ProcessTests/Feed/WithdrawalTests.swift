import Glibc
import TestKit
import Testing
import Wire

/// A site that forbids training after its page was fed: site, node, hub and sink as processes of their own.
@Suite(.processes) struct WithdrawalTests {
    private let directory = TemporaryDirectory()

    /// One page that never changes, under a header that comes once the file `closed` is there.
    private static let site = """
        import http.server, os, sys
        closed = os.path.join(sys.argv[1], "closed")
        conditional = os.path.join(sys.argv[1], "conditional")
        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = b"" if self.path == "/robots.txt" else b"a page that does not change"
                same = os.path.exists(conditional) and self.headers["If-None-Match"] == '"one"'
                self.send_response(304 if same else 200)
                if os.path.exists(closed):
                    self.send_header("X-Robots-Tag", "noai")
                if os.path.exists(conditional):
                    self.send_header("ETag", '"one"')
                if not same:
                    self.send_header("Content-Type", "text/plain")
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if not same:
                    self.wfile.write(body)
            def log_message(self, *words):
                pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
        print("listening on 127.0.0.1:%d" % server.server_port)
        server.serve_forever()
        """

    private func touch(_ name: String) throws {
        let file = fopen(directory.file(name), "we")
        try #require(file != nil)
        fclose(file)
    }

    @Test(arguments: [false, true])
    func `a withdrawal in a header alone has a tombstone sent`(conditional: Bool) throws {
        if conditional { try touch("conditional") }
        let site = try FeedHub.server(WithdrawalTests.site, directory)
        let feed = FeedHub(directory: directory, flags: ["--host-delay", "5ms", "--heartbeat", "200ms"])
        let first = try Rookery.hub(directory, flags: feed.flags)
        let node = try Rookery.node("n1", directory, hub: first.port)
        let target = Proto.TargetSpec(
            type: "web", location: "http://\(site.address)/page", schedule: .interval, intervalS: 1)
        let view = try HubView(port: first.port)
        #expect(try view.submit([target], key: [UInt8](repeating: 1, count: 16)).map(\.result) == [.created])
        try view.wait(for: "the page") { $0.value("artifacts_stored") == 1 }
        let hub = try feed.restarted(first, delivered: 1)
        try touch("closed")
        try HubView(port: hub.port).wait(for: "the tombstone at the sink") { $0.value("feed_delivered") == 2 }
        let listed = try feed.command(["feed", "list", "--json"], hub)
        #expect(listed.contains("\"kind\": \"tombstone\"") && listed.contains("\"id\": \"s1-2\""))
        let tombstones = """
            SELECT count(*) FROM feed_outbox WHERE kind = 1 AND state = 1
            AND CAST(line AS TEXT) LIKE '%"withdraws":"s1-1"%"reason":"x-robots-tag: noai"%'
            """
        #expect(try Python.number(tombstones, in: directory.file("hub/derived.db")) == 1)
        #expect(try HubView(port: hub.port).counter("artifacts_stored") == 1)
        #expect(try node.terminate() == .exited(0))
        site.process.killNow()
    }
}
