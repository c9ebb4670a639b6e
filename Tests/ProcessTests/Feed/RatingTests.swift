import Glibc
import TestKit
import Testing
import Wire

/// What a sink thinks of a scenario reaches the standing of the node that brought it, whatever the sink.
@Suite(.processes) struct RatingTests {
    private let directory = TemporaryDirectory()

    private func feed(_ sink: String) -> FeedHub { FeedHub(directory: directory, flags: ["--sink", sink]) }

    /// The decision, once it is there, as the command tells it.
    private func why(_ hub: Running, _ feed: FeedHub) throws -> String {
        let view = try HubView(port: hub.port)
        try view.wait(for: "the rating") { _ in
            let answer = try view.peer.ask(.getNodeReputation(Proto.GetNodeReputation(name: "n1", decisions: 9)))
            guard case .getNodeReputationReply(let reply) = answer else { return false }
            return reply.decisions.contains { $0.kind == "rated" }
        }
        let text = try feed.command(["nodes", "show", "n1", "--why"], hub)
        #expect(text.contains("0 corroborated, 1 contradicted"))
        let status = try feed.command(["feed", "status"], hub)
        #expect(status.contains("rated      1\n"))
        return text
    }

    @Test func `a line in the file of qualities`() throws {
        let feed = feed("jsonl")
        let hub = try feed.fed("one", by: "n1")
        let file = fopen(directory.file("hub/feed/quality.jsonl"), "ae")
        try #require(file != nil)
        #expect(fputs("{\"id\": \"s1-1\", \"quality\": 0.25}\n", file) >= 0)
        fclose(file)
        #expect(try why(hub, feed).contains("; sink jsonl rated a1 0.25, under 0.5 [a1] by jsonl\n"))
    }

    @Test func `an answer to a POST`() throws {
        let server = try FeedHub.server(
            """
            import http.server
            class Taker(http.server.BaseHTTPRequestHandler):
                def do_POST(self):
                    self.rfile.read(int(self.headers["Content-Length"]))
                    body = b'{"quality": 0.125}'
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                def log_message(self, *words):
                    pass
            server = http.server.HTTPServer(("127.0.0.1", 0), Taker)
            print("listening on 127.0.0.1:%d" % server.server_port)
            server.serve_forever()
            """, directory)
        let feed = feed("http:http://\(server.address)/take")
        let hub = try feed.fed("two", by: "n1")
        #expect(
            try why(hub, feed).contains("; sink http:http://\(server.address)/take rated a1 0.125, under 0.5 [a1] by "))
        server.process.killNow()
    }

    @Test func `a program's answer`() throws {
        let path = directory.file("taker")
        let file = fopen(path, "we")
        try #require(file != nil)
        let program = """
            #!/usr/bin/python3 -u
            import json, sys
            for line in sys.stdin:
                print(json.dumps({"id": json.loads(line)["id"], "quality": 0.0}))

            """
        #expect(fputs(program, file) >= 0)
        fclose(file)
        #expect(chmod(path, 0o700) == 0)
        let feed = feed("exec:\(path)")
        let hub = try feed.fed("three", by: "n1")
        #expect(try why(hub, feed).contains(" rated a1 0.0, under 0.5 [a1] by exec:/"))
    }

    @Test func `an operator's word`() throws {
        let feed = feed("jsonl")
        let hub = try feed.fed("four", by: "n1")
        #expect(
            try feed.command(["feed", "rate", "s1-1", "0.4"], hub)
                == "s1-1 is rated 0.4; rookery feed list shows the last word on each\n")
        #expect(try why(hub, feed).contains("; sink operator rated a1 0.4, under 0.5 [a1] by operator\n"))
        let past = try feed.command(["nodes", "show", "n1", "--at-version", "1", "--json"], hub)
        #expect(past.contains("\"state_version\": 1"))
        let (end, _, errors) = try Rookery.run(
            ["nodes", "show", "n1", "--at-version", "2", "--hub", hub.address], in: directory)
        #expect(end == .exited(1))
        #expect(errors.contains("reputation is not computed for state version 2 yet; the newest is 1"))
        #expect(try feed.command(["feed", "list", "--at-version", "1"], hub).contains("s1-1"))
    }
}
