import Glibc
import Model
import TestKit
import Testing
import Wire

/// Coordinator and orchestrator as two processes, and what happens when they cannot reach each other.
@Suite(.processes) struct LinkTests {
    private let directory = TemporaryDirectory()

    private func cluster() throws -> Cluster {
        try Cluster(
            .apart, directory,
            flags: ["--host-delay", "1ms", "--heartbeat", "200ms", "--suspect-after", "1s", "--offline-after", "20s"])
    }

    private func submit(_ numbers: ClosedRange<Int>, of site: Running, to view: HubView) throws {
        let specs = numbers.map { number in
            Proto.TargetSpec(
                type: "web",
                location:
                    "http://\(["alpha", "beta", "news"][number % 3]).localhost:\(site.port)/articles/\(number)",
                schedule: .once)
        }
        let verdicts = try view.submit(specs, key: [UInt8](repeating: UInt8(numbers.lowerBound), count: 16))
        #expect(verdicts.allSatisfy { $0.result == .created })
    }

    private func away(_ status: Proto.ClusterStatusReply) -> Bool {
        status.alerts.contains { $0.hasPrefix("the coordinator is away: ") }
            && status.alerts.contains("no orchestrator is connected: nodes deliver, and nothing new is given out")
    }

    @Test func `a cut between them costs no lease: nodes deliver, and what they brought settles when it is mended`()
        throws
    {
        let (site, cluster) = (try Rookery.site(directory), try cluster())
        let view = try cluster.view()
        let node = try Rookery.node("n1", directory, hub: cluster.port())
        try view.wait(for: "the node") { $0.value("nodes_live") == 1 && $0.alerts.isEmpty }
        site.process.signal(SIGSTOP)
        try submit(1...6, of: site, to: view)
        try view.wait(for: "its leases") { $0.node("n1")?.collecting == 6 }
        cluster.relay?.cut()
        try view.wait(for: "both to notice", away)
        site.process.signal(SIGCONT)
        let cut = try view.wait(for: "everything to be delivered") {
            $0.value("artifacts_stored") == 6 && $0.value("leases_delivering") == 6
        }
        #expect(cut.value("leases_success") == 0 && cut.value("leases_released") == 0, "\(cut.summary)")
        // What is submitted meanwhile is given out and collected too.
        try submit(7...10, of: site, to: view)
        try view.wait(for: "more") { $0.value("artifacts_stored") == 10 && $0.value("leases_delivering") == 10 }
        cluster.relay?.mend()
        let status = try view.wait(for: "every target to be done") {
            $0.value("targets_done") == 10 && $0.alerts.isEmpty
        }
        #expect(status.value("leases_given") == 10 && status.value("leases_success") == 10, "\(status.summary)")
        #expect(status.value("leases_fenced") == 0 && status.value("late_leases") == 0, "\(status.summary)")
        #expect(status.conserves, "\(status.summary)")
        #expect(try node.terminate() == .exited(0))
        #expect(try cluster.terminate())
    }

    @Test func `cut again and again while nodes work, everything is collected once`() throws {
        let (site, cluster) = (try Rookery.site(directory), try cluster())
        let view = try cluster.view()
        let nodes = try (0..<2).map { try Rookery.node("n\($0)", directory, hub: cluster.port($0)) }
        try view.wait(for: "the nodes") { $0.value("nodes_live") == 2 }
        try submit(1...10, of: site, to: view)
        for count in [1, 4, 8] as [UInt64] {
            try view.wait(for: "\(count) artifacts") { $0.value("artifacts_stored") >= count }
            cluster.relay?.cut()
            try view.wait(for: "both to notice", away)
            cluster.relay?.mend()
            try view.wait(for: "them to be together again") { $0.alerts.isEmpty }
        }
        let status = try view.wait(for: "every target to be done") { $0.value("targets_done") == 10 }
        #expect(status.value("leases_success") == 10 && status.value("artifacts_stored") == 10, "\(status.summary)")
        #expect(status.value("leases_fenced") == 0 && status.conserves, "\(status.summary)")
        for node in nodes { #expect(try node.terminate() == .exited(0)) }
    }

    @Test func `an orchestrator that starts while the coordinator is away gives work out, and settles it later`() throws
    {
        let (site, cluster) = (try Rookery.site(directory), try cluster())
        let node = try Rookery.node("n1", directory, hub: cluster.port(1))
        var view = try cluster.view()
        try view.wait(for: "the node") { $0.value("nodes_live") == 1 && $0.alerts.isEmpty }
        cluster.killNow()
        try cluster.start(.orchestrator)
        let alone = try HubView(port: cluster.orchestrator.port)
        try alone.wait(for: "the node to be back") { $0.value("nodes_live") == 1 }
        try submit(1...5, of: site, to: alone)
        let waiting = try alone.wait(for: "its collections") { status in
            status.value("leases_delivering") == 5 && status.node("n1")?.spooledItems ?? 0 >= 5
        }
        #expect(waiting.alerts.count == 1 && waiting.value("leases_released") == 0, "\(waiting.summary)")
        try cluster.start(.coordinator)
        view = try cluster.view()
        let status = try view.wait(for: "every target to be done") {
            $0.value("targets_done") == 5 && $0.alerts.isEmpty
        }
        #expect(status.value("leases_success") == 5 && status.value("artifacts_stored") == 5, "\(status.summary)")
        #expect(try node.terminate() == .exited(0))
    }

    @Test func `a coordinator alone takes what nodes hold, and tells who asks for leases where to go`() throws {
        let cluster = try cluster()
        cluster.killNow(.orchestrator)
        let node = try WirePeer(port: cluster.coordinator.port, as: .node, name: "n1")
        let address = cluster.orchestrator.address
        #expect(node.welcome?.serves == .coordinator && node.welcome?.orchestratorAddress == address)
        guard case .ingestAck(let ack) = try node.ask(.ingestBatch(Batches.numbered(1...3, stream: 4))) else {
            throw WirePeer.Unexpected(description: "no ack")
        }
        #expect(ack.refusal == .accepted && ack.lastApplied == 3)
        let elsewhere = Proto.Error(
            code: .servedElsewhere, message: "the orchestrator runs as a process of its own; ask it at \(address)")
        #expect(try node.ask(.heartbeat(Proto.Heartbeat())) == .error(elsewhere))
        let register = Proto.RegisterNode(
            instance: [UInt8](repeating: 1, count: 16)[...], capabilities: ["web"], capacity: 1,
            streams: [Proto.StreamPosition(stream: 4, firstUnacked: 1, next: 4)])
        let expected = Proto.Registered(streams: [Proto.StreamPosition(stream: 4, firstUnacked: 4, next: 4)])
        #expect(try node.ask(.registerNode(register)) == .registered(expected))
    }

    @Test func `an orchestrator takes no batches, and answers nothing that only the ledger knows`() throws {
        let cluster = try cluster()
        let address = cluster.coordinator.address
        let node = try WirePeer(port: cluster.orchestrator.port, as: .node, name: "n1")
        #expect(node.welcome?.serves == .orchestrator && node.welcome?.coordinatorAddress == address)
        let elsewhere = Proto.Error(
            code: .servedElsewhere, message: "the coordinator runs as a process of its own; ask it at \(address)")
        #expect(try node.ask(.ingestBatch(Batches.numbered(1...3, stream: 4))) == .error(elsewhere))
        let watcher = try WirePeer(port: cluster.orchestrator.port, as: .operator)
        #expect(try watcher.ask(.listArtifacts(Proto.ListArtifacts())) == .error(elsewhere))
        // Receipts are for the orchestrator alone.
        guard case .error(let refusal) = try watcher.ask(.readReceipts(Proto.ReadReceipts())) else {
            throw WirePeer.Unexpected(description: "no error")
        }
        #expect(refusal.code == .roleNotAllowed)
    }
}
