import Glibc
import Model
import TestKit
import Testing
import Wire

/// Targets of every type, submitted by the command and collected by a real node from a real site.
@Suite(.processes) struct CollectorTests {
    private let directory = TemporaryDirectory()

    private func write(_ text: String, to name: String) -> String {
        let path = directory.file(name)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o700)
        let bytes = Array(text.utf8)
        #expect(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
        close(descriptor)
        return path
    }

    private func submit(_ words: [String], _ hub: Running) throws {
        let ended = try Rookery.run(["submit", "--hub", hub.address, "--once"] + words, in: directory)
        #expect(ended.end == .exited(0), "\(ended.errors)")
    }

    @Test func `each type of target leads to artifacts that say where they are from`() throws {
        let site = try Rookery.site(directory)
        let hub = try Rookery.hub(directory, flags: ["--host-delay", "5ms"])
        let program = write("#!/bin/sh\nread -r line\necho '{\"content\": \"from a program\"}'\n", to: "program")
        let settings = write("{\"exec\": {\"shell\": {\"program\": \"\(program)\"}}}", to: "collectors.json")
        let log = write("first line\nsecond line\n", to: "app.log")
        let node = try Rookery.node(
            "n1", directory, hub: hub.port,
            flags: ["--collectors", settings, "--allow-root", directory.path])
        let view = try HubView(port: hub.port)
        try view.wait(for: "the node") { $0.value("nodes_live") == 1 }
        let at = { (host: String, path: String) in "http://\(host).localhost:\(site.port)\(path)" }
        try submit(["--type", "web", "--meta", "collect.raw=yes", at("alpha", "/articles/1")], hub)
        try submit(["--type", "feed", at("news", "/feed.xml")], hub)
        try submit(["--type", "api", at("weather", "/stations/1.json")], hub)
        try submit(["--type", "dataset", at("markets", "/sheets/1.csv")], hub)
        try submit(["--type", "crawl", "--meta", "collect.pages=3", at("beta", "/")], hub)
        try submit(["--type", "documentation", "--meta", "collect.pages=3", at("data", "/handbook")], hub)
        try submit(["--type", "exec", "--meta", "node=n1", "shell"], hub)
        try submit(["--type", "file", "--meta", "node=n1", "--meta", "collect.tail=yes", log], hub)
        let status = try view.wait(for: "every target") { status in
            status.value("targets_done") + status.value("targets_retry") == 8
                && status.nodes.allSatisfy { $0.spooledItems == 0 }
        }
        #expect(status.conserves && status.alerts.isEmpty, "\(status.summary)")
        let kept = try view.artifacts()
        let types = Set(kept.compactMap { $0.metadata["source_type"] })
        #expect(types.isSuperset(of: ["web", "feed", "api", "dataset", "crawl", "exec", "file"]))
        let page = kept.filter { $0.rawSource == at("alpha", "/articles/1") }
        #expect(Set(page.map(\.contentType)) == ["html", "text"])
        #expect(page.allSatisfy { $0.metadata["title"]?.isEmpty == false && $0.metadata["collect.raw"] == nil })

        let asked = try Rookery.run(["node", "--status", "--data", directory.file("n1")], in: directory)
        #expect(asked.end == .exited(0))
        #expect(asked.output.contains("\"name\": \"n1\"") && asked.output.contains("\"session\": \"registered\""))
        #expect(try node.terminate() == .exited(0))
        let gone = try Rookery.run(["node", "--status", "--data", directory.file("n1")], in: directory)
        #expect(gone.end != .exited(0))
        #expect(gone.errors.contains("does not answer; is it running?"))
        let never = try Rookery.run(["node", "--status", "--data", directory.file("none")], in: directory)
        #expect(never.errors.contains("no node has run with the data directory"))
    }
}
