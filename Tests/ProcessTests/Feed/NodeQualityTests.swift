import TestKit
import Testing
import Wire

/// What a sink thinks of a node's scenario is part of the node's quality, in one process and over the link.
@Suite(.processes) struct NodeQualityTests {
    private let directory = TemporaryDirectory()

    private func near(_ figure: Double?, _ expected: Double) -> Bool { abs((figure ?? -1) - expected) < 1e-9 }

    /// One artifact of n1, which the coordinator feeds when it starts again.
    private func feed(_ cluster: Cluster) throws {
        let peer = try WirePeer(port: cluster.coordinator.port, as: .node, name: "n1")
        let artifact = Proto.Artifact(
            contentType: "text", content: Array("fed".utf8)[...], rawSource: "test://fed",
            metadata: ["domain": "a.example"], confidence: 0.9, threatLevel: 5)
        let batch = Proto.IngestBatch(stream: 5, firstSequence: 1, items: [Proto.Item(kind: .artifact(artifact))])
        guard case .ingestAck(let ack) = try peer.ask(.ingestBatch(batch)) else {
            throw WirePeer.Unexpected(description: "no ack")
        }
        #expect(ack.verdicts.map(\.code) == [.stored])
        try cluster.view().wait(for: "what follows the ledger") {
            $0.value("derived_version") == $0.value("ledger_version")
        }
        cluster.killNow(.coordinator)
        try cluster.start(.coordinator)
        try cluster.view().wait(for: "a scenario at the sink") {
            $0.value("feed_delivered") == 1 && $0.alerts.isEmpty
        }
    }

    /// Five collections of this node, settled.
    private func collect(_ cluster: Cluster, _ site: Running) throws -> ChildProcess {
        let node = try Rookery.node("n1", directory, hub: cluster.port())
        let view = try cluster.view()
        let specs = (1...5).map { number in
            Proto.TargetSpec(
                type: "web", location: "http://news.localhost:\(site.port)/articles/\(number)", schedule: .once)
        }
        #expect(try view.submit(specs, key: [UInt8](repeating: 1, count: 16)).allSatisfy { $0.result == .created })
        try view.wait(for: "five successes") { $0.value("leases_success") == 5 }
        return node
    }

    private func command(_ words: [String], _ running: Running) throws -> String {
        let (end, output, errors) = try Rookery.run(words + ["--hub", running.address], in: directory)
        #expect(end == .exited(0), "\(errors)")
        return output
    }

    @Test(arguments: Arrangement.allCases)
    func `a rating changes the quality that is shown, and is told again to an orchestrator that starts`(
        _ arrangement: Arrangement
    ) throws {
        let cluster = try Cluster(arrangement, directory, flags: ["--host-delay", "1ms"])
        try feed(cluster)
        let node = try collect(cluster, try Rookery.site(directory))
        let before = try cluster.view().status().node("n1")
        #expect(before?.rating == nil)
        // All of it was valid and new.
        #expect(near(before?.quality, 0.5 + 0.2 + 0.3 * 0.5))
        #expect(try command(["nodes", "show", "n1"], cluster.coordinator).contains("sink rating     none\n"))
        _ = try command(["feed", "rate", "s1-1", "0.25"], cluster.coordinator)
        let rated = try cluster.view().wait(for: "the rating") { $0.node("n1")?.rating == 0.25 }
        #expect(near(rated.node("n1")?.quality, 0.5 + 0.2 + 0.3 * 0.25))
        #expect(try command(["nodes", "show", "n1"], cluster.coordinator).contains("sink rating     0.25\n"))
        #expect(
            try command(["explain", "node", "n1"], cluster.orchestrator)
                .contains("quality 0.775, sink rating 0.25\n"))
        cluster.killNow(.orchestrator)
        try cluster.start(.orchestrator)
        let again = try cluster.view().wait(for: "the rating to be told again") { $0.node("n1")?.rating == 0.25 }
        #expect(near(again.node("n1")?.quality, 0.5 + 0.2 + 0.3 * 0.25))
        #expect(try node.terminate() == .exited(0))
        #expect(try cluster.terminate())
    }
}
