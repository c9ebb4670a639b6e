import Model
import TestKit
import Testing
import Wire

/// A quota that an operator sets, as nodes meet it.
@Suite(.processes) struct QuotaCommandTests {
    private let directory = TemporaryDirectory()

    private func run(_ words: [String], _ hub: Cluster, _ status: Int32 = 0) throws -> String {
        let (end, output, errors) = try Rookery.run(words + ["--hub", hub.address(words.count)], in: directory)
        #expect(end == .exited(status), "\(words): \(errors)")
        return output
    }

    private func ingest(_ peer: WirePeer, _ sequences: ClosedRange<UInt64>, stream: UInt64) throws -> Proto.IngestAck {
        let answer = try peer.ask(.ingestBatch(Batches.numbered(sequences, stream: stream)))
        guard case .ingestAck(let ack) = answer else { throw WirePeer.Unexpected(description: "\(answer)") }
        return ack
    }

    @Test(arguments: Arrangement.allCases)
    func `exactly the quota passes, over a restart, and what is refused is told why`(
        _ arrangement: Arrangement
    ) throws {
        let hub = try Cluster(arrangement, directory)
        #expect(
            try run(["quota", "set", "--base", "25"], hub)
                == "base     25 artifacts in any hour\ncluster  none\n")
        var node = try WirePeer(port: hub.port(), as: .node, name: "n1")
        #expect(try ingest(node, 1...20, stream: 7).refusal == .accepted)
        let refused = try ingest(node, 21...30, stream: 7)
        #expect(refused.refusal == .noCredit)
        #expect(refused.lastApplied == 20)
        #expect(refused.credit == 5)
        #expect(refused.message == "the quota of n1 is 25 artifacts an hour; 10 more exceed it by 5")
        #expect(refused.suggestions == ["prefer higher-priority targets"])
        #expect(try ingest(node, 21...25, stream: 7).refusal == .accepted)
        let full = try ingest(node, 26...26, stream: 7)
        #expect(full.credit == 0)
        #expect(full.retryAfterMs > 3_000_000)
        #expect(try ingest(node, 1...25, stream: 7).replayed == 25, "what was stored is answered again")
        hub.killNow(.coordinator)
        try hub.start(.coordinator)
        try hub.view().wait(for: "the two to know each other again") { $0.alerts.isEmpty }
        node = try WirePeer(port: hub.port(), as: .node, name: "n1")
        #expect(try ingest(node, 26...26, stream: 7).refusal == .noCredit)
        _ = try run(["quota", "set", "--base", "0"], hub)
        #expect(try run(["quota", "show"], hub) == "base     none\ncluster  none\n")
        #expect(try ingest(node, 26...30, stream: 7).refusal == .accepted)
        #expect(try hub.view().counter("artifacts_received") == 30)
    }

    @Test func `many that send too much at once are held to the cluster's quota exactly`() throws {
        let hub = try Cluster(.hub, directory)
        _ = try run(["quota", "set", "--cluster", "40"], hub)
        let nodes = try (0..<4).map { try WirePeer(port: hub.port(), as: .node, name: "n\($0)") }
        for round in 0..<20 as Range<UInt64> {
            for (place, node) in nodes.enumerated() {
                _ = try ingest(node, (round + 1)...(round + 1), stream: UInt64(place) + 1)
            }
        }
        #expect(try hub.view().counter("artifacts_received") == 40)
    }
}
