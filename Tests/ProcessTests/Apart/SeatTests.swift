import Glibc
import Model
import TestKit
import Testing
import Wire

/// A coordinator serves one orchestrator.
@Suite(.processes) struct SeatTests {
    private let directory = TemporaryDirectory()

    private func cluster() throws -> Cluster {
        try Cluster(.apart, directory)
    }

    private func another(_ cluster: Cluster, _ flags: String...) throws -> ChildProcess {
        try ChildProcess(
            [
                "orchestrator", "--coordinator", cluster.coordinator.address, "--data", directory.file("another"),
                "--listen", "127.0.0.1:0",
            ] + flags, in: directory)
    }

    private func seat(_ cluster: Cluster) throws -> (id: String, incarnation: UInt64) {
        let lines = (ProcFile.read(directory.file("orchestrator/orchestrator-id")) ?? "").split(separator: "\n")
        let id = try #require(lines.first { $0.hasPrefix("id ") }).dropFirst(3)
        let incarnation = try #require(lines.first { $0.hasPrefix("incarnation ") }).dropFirst(12)
        return (String(id), try #require(UInt64(incarnation)))
    }

    @Test func `a second is refused with words, and ends; the first goes on`() throws {
        let cluster = try cluster()
        let second = try another(cluster)
        #expect(try second.wait() == .exited(1))
        let id = try seat(cluster).id.prefix(8)
        let words =
            "rookery: \(cluster.coordinator.address) turned this orchestrator away: this coordinator serves the "
            + "orchestrator \(id) at \(cluster.orchestrator.address); stop that one, or start with --take-over where "
            + "it is gone for good\n"
        #expect(second.errorText.hasSuffix(words), "\(second.errorText)")
        #expect(try cluster.view().status().alerts.isEmpty)
        #expect(try cluster.terminate())
    }

    @Test func `a second has the seat when an operator says so, and the first ends`() throws {
        let cluster = try cluster()
        let second = try another(cluster, "--take-over")
        #expect(try cluster.orchestrator.process.wait() == .exited(1))
        #expect(
            cluster.orchestrator.process.errorText.contains("turned this orchestrator away: this coordinator serves"))
        let view = try HubView(port: cluster.coordinator.port)
        try view.wait(for: "the second to be there") { $0.alerts.isEmpty }
        #expect(view.peer.welcome?.orchestratorAddress != cluster.orchestrator.address)
        #expect(try second.terminate() == .exited(0))
    }

    @Test func `the seat outlasts the coordinator, and each start of the orchestrator is a new life`() throws {
        let cluster = try cluster()
        let before = try seat(cluster)
        cluster.killNow()
        try cluster.start()
        try cluster.view().wait(for: "the two to know each other again") { $0.alerts.isEmpty }
        let after = try seat(cluster)
        #expect(after.id == before.id && after.incarnation > before.incarnation)
        let second = try another(cluster)
        #expect(try second.wait() == .exited(1))
    }

    @Test func `a hub does not take what an orchestrator apart has, unless it is told to`() throws {
        let cluster = try cluster()
        let address = cluster.orchestrator.address
        #expect(try cluster.terminate())
        let words = ["hub", "--data", directory.file("coordinator"), "--listen", "127.0.0.1:0"]
        let (end, _, errors) = try Rookery.run(words, in: directory)
        #expect(end == .exited(1))
        #expect(
            errors.hasSuffix(
                "the orchestrator of this data directory is a process of its own, last at \(address); start it with: "
                    + "rookery coordinator, or give --take-over where a hub is to have its part\n"), "\(errors)")
        let hub = try Rookery.hub(directory, data: "coordinator", flags: ["--take-over"])
        #expect(try HubView(port: hub.port).status().alerts.isEmpty)
        #expect(try hub.process.terminate() == .exited(0))
        let again = try Rookery.hub(directory, data: "coordinator")
        #expect(try again.process.terminate() == .exited(0))
    }

    @Test func `a hub has no seat to give`() throws {
        let hub = try Rookery.hub(directory)
        let orchestrator = try ChildProcess(
            [
                "orchestrator", "--coordinator", hub.address, "--data", directory.file("orchestrator"), "--listen",
                "127.0.0.1:0",
            ], in: directory)
        #expect(try orchestrator.wait() == .exited(1))
        #expect(
            orchestrator.errorText.hasSuffix(
                "turned this orchestrator away: this hub has its own orchestrator; connect to a separate service\n"),
            "\(orchestrator.errorText)")
    }

    @Test func `commands find who knows, whichever address they are given`() throws {
        let cluster = try cluster()
        let site = try Rookery.site(directory)
        let node = try Rookery.node("n1", directory, hub: cluster.port(1))
        let view = try cluster.view()
        for number in 0..<2 {
            let page = "http://alpha.localhost:\(site.port)/articles/\(number + 1)"
            let (end, output, errors) = try Rookery.run(
                ["submit", "--once", page, "--hub", cluster.address(number)], in: directory)
            #expect(end == .exited(0) && output == "1 created, 0 updated, 0 refused\n", "\(errors)")
        }
        try view.wait(for: "both pages") { $0.value("targets_done") == 2 && $0.alerts.isEmpty }
        for words in [["status"], ["artifacts", "list"], ["targets", "list"], ["nodes", "list"], ["decisions"]] {
            let answers = try (0..<2).map { number in
                let (end, output, errors) = try Rookery.run(
                    words + ["--hub", cluster.address(number)], in: directory)
                #expect(end == .exited(0), "\(words): \(errors)")
                // Times pass between two answers.
                return output.split(separator: "\n").map { $0.prefix(10) }
            }
            #expect(answers[0] == answers[1] && answers[0].count >= 2, "\(words): \(answers)")
        }
        cluster.killNow(.orchestrator)
        let (end, output, _) = try Rookery.run(["status", "--hub", cluster.address()], in: directory)
        #expect(end == .exited(1))
        #expect(output.contains("ALERT      could not reach \(cluster.orchestrator.address): connection refused"))
        #expect(output.contains("artifacts  2 received = 2 stored"))
        node.killNow()
    }
}
