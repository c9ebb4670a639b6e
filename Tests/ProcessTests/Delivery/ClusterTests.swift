import Glibc
import Model
import TestKit
import Testing
import Wire

/// Hub, nodes and site as processes of their own, some of which die; and the same with a hub's roles apart.
@Suite(.processes) struct ClusterTests {
    private let directory = TemporaryDirectory()
    /// Pages that are there, one for each target.
    private static let pages: [(host: String, pages: ClosedRange<Int>)] = [
        ("alpha", 1...14), ("beta", 1...12), ("news", 1...10),
    ]

    private func specs(_ site: Running) -> [Proto.TargetSpec] {
        ClusterTests.pages.flatMap { host, numbers in
            numbers.map {
                Proto.TargetSpec(
                    type: "web", location: "http://\(host).localhost:\(site.port)/articles/\($0)", schedule: .once)
            }
        }
    }

    private func cluster(_ arrangement: Arrangement) throws -> Cluster {
        try Cluster(arrangement, directory, flags: ["--host-delay", "5ms", "--heartbeat", "200ms"])
    }

    private func submit(_ specs: [Proto.TargetSpec], to cluster: Cluster) throws {
        let verdicts = try cluster.view().submit(specs, key: [UInt8](repeating: 1, count: 16))
        #expect(verdicts.allSatisfy { $0.result == .created })
    }

    private func spooled(_ node: String) throws -> Int {
        try Python.number("SELECT count(*) FROM item", in: directory.file(node + "/spool.db"))
    }

    /// All targets are done, everything is delivered, and each artifact is kept once.
    private func expectComplete(_ cluster: Cluster, _ specs: [Proto.TargetSpec]) throws {
        let view = try cluster.view()
        let status = try view.wait(for: "every target to be done") { status in
            status.value("targets_done") == UInt64(specs.count) && status.value("leases_delivering") == 0
                && status.nodes.allSatisfy { $0.spooledItems == 0 } && status.alerts.isEmpty
        }
        #expect(status.conserves && status.alerts.isEmpty, "\(status.summary)")
        let kept = try view.artifacts()
        #expect(Set(kept.map { $0.rawSource + "\($0.digest)" }).count == kept.count)
        #expect(Set(kept.map(\.rawSource)) == Set(specs.map(\.location)))
        #expect(UInt64(kept.count) == status.value("artifacts_stored"))
    }

    @Test(arguments: Arrangement.allCases)
    func `what a killed node had spooled is delivered once when it starts again`(_ arrangement: Arrangement) throws {
        let (site, cluster) = (try Rookery.site(directory), try cluster(arrangement))
        let specs = specs(site)
        let node = try Rookery.node("n1", directory, hub: cluster.port())
        // A site that does not answer yet keeps the node in the middle of its work.
        site.process.signal(SIGSTOP)
        try submit(specs, to: cluster)
        try cluster.view().wait(for: "the node at its door") { _ in
            ProcFile.unaccepted(at: site.port) > 0
        }
        // Without a hub the node goes on with what it has, and keeps what it finds.
        cluster.killNow()
        site.process.signal(SIGCONT)
        let other = try Rookery.node("n2", directory, hub: cluster.port(1))
        var items = 0
        for _ in 0..<200 where items == 0 { items = try spooled("n1") }
        try #require(items > 0)
        node.killNow()
        let again = try Rookery.node("n1", directory, hub: cluster.port())
        try cluster.start()
        try expectComplete(cluster, specs)
        #expect(try spooled("n1") == 0)
        #expect(try again.terminate() == .exited(0))
        #expect(try other.terminate() == .exited(0))
    }

    /// Two processes die one after the other, and then together.
    @Test(arguments: Arrangement.allCases)
    func `nodes outlive the hub, spool, and deliver when it is back`(_ arrangement: Arrangement) throws {
        let (site, cluster) = (try Rookery.site(directory), try cluster(arrangement))
        let specs = specs(site)
        let nodes = try (0..<2).map { try Rookery.node("n\($0 + 1)", directory, hub: cluster.port($0)) }
        try cluster.view().wait(for: "two nodes") { $0.value("nodes_live") == 2 }
        try submit(specs, to: cluster)
        let deaths: [(count: UInt64, parts: [Cluster.Part])] = [
            (1, [.coordinator]), (10, [.orchestrator]), (20, [.coordinator, .orchestrator]),
        ]
        for (count, parts) in deaths {
            try cluster.view().wait(for: "\(count) artifacts") { $0.value("artifacts_stored") >= count }
            for part in parts { cluster.killNow(part) }
            for part in arrangement == .hub ? [.coordinator] : parts { try cluster.start(part) }
        }
        try expectComplete(cluster, specs)
        for node in nodes { #expect(try node.terminate() == .exited(0), "\(node.errorText)") }
        #expect(try cluster.terminate())
    }

    @Test(arguments: Arrangement.allCases)
    func `killed and started again and again, a node finishes its work`(_ arrangement: Arrangement) throws {
        let (site, hub) = (try Rookery.site(directory), try cluster(arrangement))
        let specs = specs(site)
        try submit(specs, to: hub)
        for count in [1, 8, 16, 24] {
            let node = try Rookery.node("n1", directory, hub: hub.port(Int(count)))
            try hub.view().wait(for: "\(count) artifacts") {
                $0.value("artifacts_stored") >= UInt64(count)
            }
            node.killNow()
        }
        let node = try Rookery.node("n1", directory, hub: hub.port())
        try expectComplete(hub, specs)
        // All may have been done before: a node that has only begun to start is ended by the kernel.
        try hub.view().wait(for: "the node") { _ in node.errorText.contains("connected node=n1") }
        #expect(try node.terminate() == .exited(0))
    }
}
