import Glibc
import Model
import TestKit
import Testing
import Wire

/// Nodes that are killed and paused while they hold leases.
@Suite(.processes) struct FleetTroubleTests {
    private let directory = TemporaryDirectory()
    private static let detection = Span.seconds(4)

    private func cluster(_ arrangement: Arrangement) throws -> Cluster {
        try Cluster(
            arrangement, directory,
            flags: ["--host-delay", "1ms", "--heartbeat", "200ms", "--suspect-after", "1s", "--offline-after", "4s"])
    }

    private func submit(_ count: Int, of site: Running, to view: HubView) throws -> [Proto.TargetSpec] {
        let specs = (0..<count).map { number in
            Proto.TargetSpec(
                type: "web",
                location:
                    "http://\(["alpha", "beta", "news"][number % 3]).localhost:\(site.port)/articles/\(number + 1)",
                schedule: .once)
        }
        #expect(try view.submit(specs, key: [UInt8](repeating: 4, count: 16)).allSatisfy { $0.result == .created })
        return specs
    }

    private func targets(_ view: HubView) throws -> [Proto.TargetInfo] {
        guard case .listTargetsReply(let reply) = try view.ask(.listTargets(Proto.ListTargets())) else {
            throw WirePeer.Unexpected(description: "no targets")
        }
        return reply.targets
    }

    @Test(arguments: Arrangement.allCases)
    func `a killed node's targets are with another within twice the time of detection`(
        _ arrangement: Arrangement
    ) throws {
        let (site, hub) = (try Rookery.site(directory), try cluster(arrangement))
        let view = try hub.view()
        let first = try Rookery.node("n1", directory, hub: hub.port())
        try view.wait(for: "the first node") { $0.value("nodes_live") == 1 }
        // A site that does not answer keeps the leases where they are.
        site.process.signal(SIGSTOP)
        _ = try submit(6, of: site, to: view)
        try view.wait(for: "its leases") { $0.node("n1")?.collecting == 6 }
        let second = try Rookery.node("n2", directory, hub: hub.port(1))
        try view.wait(for: "the second node") { $0.value("nodes_live") == 2 }
        let time = SystemTime()
        let killed = time.now()
        first.killNow()
        try view.wait(for: "the leases to move") { $0.node("n2")?.collecting == 6 }
        #expect(time.now().since(killed) <= FleetTroubleTests.detection * 2)
        site.process.signal(SIGCONT)
        let status = try view.wait(for: "every target to be done") { $0.value("targets_done") == 6 }
        #expect(status.value("leases_released") == 6 && status.value("leases_success") == 6, "\(status.summary)")
        #expect(status.conserves && status.alerts.isEmpty, "\(status.summary)")
        // The loss of a node is no fault of its targets.
        #expect(try targets(view).allSatisfy { $0.attempts == 1 && $0.lastError.isEmpty })
        #expect(try second.terminate() == .exited(0))
    }

    @Test(arguments: Arrangement.allCases)
    func `a paused node that wakes with a stale lease changes neither the target nor anyone's health`(
        _ arrangement: Arrangement
    ) throws {
        let (site, hub) = (try Rookery.site(directory), try cluster(arrangement))
        let view = try hub.view()
        let sleeper = try Rookery.node("n1", directory, hub: hub.port())
        try view.wait(for: "the first node") { $0.value("nodes_live") == 1 }
        site.process.signal(SIGSTOP)
        let specs = try submit(3, of: site, to: view)
        try view.wait(for: "its leases") { $0.node("n1")?.collecting == 3 }
        sleeper.signal(SIGSTOP)
        let other = try Rookery.node("n2", directory, hub: hub.port(1))
        site.process.signal(SIGCONT)
        try view.wait(for: "the other node to be done") { $0.value("targets_done") == 3 }
        sleeper.signal(SIGCONT)
        let status = try view.wait(for: "the sleeper to have woken and delivered") { status in
            status.value("nodes_live") == 2 && status.value("leases_fenced") >= 3
                && status.node("n1")?.spooledItems == 0 && status.value("late_notices") == 0
        }
        #expect(status.node("n1").map { [$0.successes, $0.failures] } == [0, 0], "\(status.summary)")
        #expect(status.node("n2").map { [$0.successes, $0.failures] } == [3, 0], "\(status.summary)")
        #expect(status.value("targets_done") == 3 && status.value("leases_success") == 3, "\(status.summary)")
        #expect(try targets(view).allSatisfy { $0.attempts == 1 && $0.successes == 1 })
        let kept = try view.artifacts()
        #expect(Set(kept.map(\.rawSource)) == Set(specs.map(\.location)) && kept.count == 3)
        #expect(status.conserves && status.alerts.isEmpty, "\(status.summary)")
        #expect(try other.terminate() == .exited(0))
        #expect(try sleeper.terminate() == .exited(0))
    }
}
