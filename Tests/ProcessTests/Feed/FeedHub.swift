import TestKit
import Testing
import Wire

/// A hub that has fed what one node brought: it walks when it starts, and then once a minute.
struct FeedHub {
    let directory: TemporaryDirectory
    let flags: [String]

    /// Serves what `program`, in Python, says; it prints where it listens.
    static func server(_ program: String, _ directory: TemporaryDirectory) throws -> Running {
        try Running(
            [program, directory.path], in: directory,
            through: ["/bin/sh", "-c", "exec /usr/bin/python3 -u -c \"$1\" \"$2\""])
    }

    /// One artifact of this node, fed and delivered.
    func fed(_ text: String, by node: String) throws -> Running {
        let first = try Rookery.hub(directory, flags: flags)
        let peer = try WirePeer(port: first.port, as: .node, name: node)
        let artifact = Proto.Artifact(
            contentType: "text", content: Array(text.utf8)[...], rawSource: "test://\(text)",
            metadata: ["domain": "a.example"], confidence: 0.9, threatLevel: 5)
        let answer = try peer.ask(
            .ingestBatch(
                Proto.IngestBatch(stream: 5, firstSequence: 1, items: [Proto.Item(kind: .artifact(artifact))])))
        guard case .ingestAck(let ack) = answer else { throw WirePeer.Unexpected(description: "\(answer)") }
        #expect(ack.verdicts.map(\.code) == [.stored])
        return try restarted(first, delivered: 1)
    }

    /// What the hub holds is fed when it starts again.
    func restarted(_ hub: Running, delivered: UInt64) throws -> Running {
        try HubView(port: hub.port).wait(for: "what follows the ledger") {
            $0.value("derived_version") == $0.value("ledger_version")
        }
        #expect(try hub.process.terminate() == .exited(0))
        let again = try Rookery.hub(directory, port: hub.port, flags: flags)
        try HubView(port: again.port).wait(for: "a scenario at the sink") { $0.value("feed_delivered") == delivered }
        return again
    }

    func command(_ words: [String], _ hub: Running) throws -> String {
        let (end, output, errors) = try Rookery.run(words + ["--hub", hub.address], in: directory)
        #expect(end == .exited(0), "\(errors)")
        return output
    }
}
