import Glibc
import Model
import TestKit
import Testing
import Wire

/// Faults on purpose, on real processes. Each ends by itself.
@Suite(.processes) struct ChaosTests {
    private let directory = TemporaryDirectory()

    private func hub(port: UInt16 = 0) throws -> Running {
        try Rookery.hub(directory, port: port, flags: ["--allow-chaos", "--heartbeat", "200ms"])
    }

    /// By the wire, so that the fault does not end before a command has.
    private func inject(
        _ fault: Proto.FaultKind, _ node: String, _ view: HubView, milliseconds: UInt32, by delay: UInt32 = 0,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let request = Proto.ChaosInject(
            key: [UInt8](repeating: 3, count: 16)[...], fault: fault, node: node, durationMs: milliseconds,
            delayMs: delay)
        guard case .chaosFaults(let reply) = try view.peer.ask(.chaosInject(request)) else {
            throw WirePeer.Unexpected(description: "no faults")
        }
        #expect(reply.faults.map(\.fault) == [fault], sourceLocation: sourceLocation)
        #expect(reply.faults.map(\.node) == [node], sourceLocation: sourceLocation)
    }

    private func faults(_ view: HubView) throws -> [Proto.FaultInfo] {
        guard case .chaosFaults(let reply) = try view.peer.ask(.chaosList(Proto.ChaosList())) else { return [] }
        return reply.faults
    }

    @Test func `faults are off unless the hub is started for them`() throws {
        let hub = try Rookery.hub(directory)
        let view = try HubView(port: hub.port)
        let request = Proto.ChaosInject(
            key: [UInt8](repeating: 3, count: 16)[...], fault: .killNode, node: "n1", durationMs: 1_000)
        guard case .error(let error) = try view.peer.ask(.chaosInject(request)) else {
            throw WirePeer.Unexpected(description: "no error")
        }
        #expect(error.code == .chaosNotAllowed)
        let (end, _, errors) = try Rookery.run(
            ["chaos", "inject", "kill-node", "n1", "--hub", hub.address], in: directory)
        #expect(end == .exited(1))
        #expect(
            errors == "rookery: faults are off in this cluster; start the hub with --allow-chaos to allow them\n")
    }

    @Test func `a node that is not connected cannot be hurt`() throws {
        let hub = try hub()
        let (end, _, errors) = try Rookery.run(
            ["chaos", "inject", "delay", "n7", "--hub", hub.address], in: directory)
        #expect(end == .exited(1))
        #expect(errors == "rookery: node: node is n7, which is not connected; rookery status lists the nodes\n")
    }

    @Test func `a cut node is gone, and comes back by itself when the fault ends`() throws {
        let hub = try hub()
        let node = try Rookery.node("n1", directory, hub: hub.port)
        let view = try HubView(port: hub.port)
        try view.wait(for: "the node") { $0.value("nodes_live") == 1 }
        try inject(.cutConnection, "n1", view, milliseconds: 5_000)
        try view.wait(for: "the cut, and an attempt that is turned away") {
            $0.value("connection_closed_fault_cut") == 1 && $0.value("connection_closed_refused") >= 1
        }
        try view.wait(for: "the node to be back") { [view] status in
            try faults(view).isEmpty && status.value("connections_open") == 2 && status.value("nodes_live") == 1
        }
        #expect(try node.terminate() == .exited(0))
    }

    @Test func `a delay holds each frame of one node, and ends`() throws {
        let hub = try hub()
        let slow = try WirePeer(port: hub.port, as: .node, name: "slow")
        let other = try WirePeer(port: hub.port, as: .node, name: "other")
        let view = try HubView(port: hub.port)
        try inject(.delay, "slow", view, milliseconds: 8_000, by: 3_000)
        #expect(try pingTime(slow) >= .milliseconds(3_000))
        #expect(try pingTime(other) < .milliseconds(3_000))
        try view.wait(for: "its end") { _ in try faults(view).isEmpty }
        #expect(try pingTime(slow) < .milliseconds(3_000))
    }

    private func pingTime(_ peer: WirePeer) throws -> Span {
        let time = SystemTime()
        let began = time.now()
        #expect(try peer.ask(.ping(Proto.Ping())) == .pong(Proto.Pong()))
        return time.now().since(began)
    }

    @Test func `a cleared fault is over`() throws {
        let hub = try hub()
        let slow = try WirePeer(port: hub.port, as: .node, name: "slow")
        let words = ["inject", "delay", "slow", "--by", "10s", "--for", "10m"]
        let table = "FAULT  KIND               NODE  ENDS IN\n1      delay by 10000 ms  slow  9 min\n"
        #expect(try chaos(words, hub) == table)
        #expect(try chaos(["list"], hub) == table)
        #expect(try chaos(["clear", "1"], hub) == "no fault is in force\n")
        #expect(try chaos(["list"], hub) == "no fault is in force\n")
        #expect(try pingTime(slow) < .seconds(5))
    }

    private func chaos(_ words: [String], _ hub: Running) throws -> String {
        let (end, output, errors) = try Rookery.run(["chaos"] + words + ["--hub", hub.address], in: directory)
        #expect(end == .exited(0), "\(errors)")
        return output
    }

    @Test func `a paused node goes on by itself, although the hub is killed meanwhile`() throws {
        let first = try hub()
        let node = try Rookery.node("n1", directory, hub: first.port)
        let view = try HubView(port: first.port)
        try view.wait(for: "the node") { $0.value("nodes_live") == 1 }
        try inject(.pauseNode, "n1", view, milliseconds: 8_000)
        try view.wait(for: "the node to be stopped") { _ in ProcFile.state(of: node.pid) == "T" }
        first.process.killNow()
        let second = try hub(port: first.port)
        #expect(ProcFile.state(of: node.pid) == "T")
        try HubView(port: second.port).wait(for: "the node to be back") { $0.value("nodes_live") == 1 }
        #expect(ProcFile.state(of: node.pid) != "T")
        #expect(try node.terminate() == .exited(0))
    }

    @Test func `a paused node goes on although its guard is killed, and keeps no dead children`() throws {
        let hub = try hub()
        let node = try Rookery.node("n1", directory, hub: hub.port)
        let view = try HubView(port: hub.port)
        try view.wait(for: "the node") { $0.value("nodes_live") == 1 }
        try inject(.pauseNode, "n1", view, milliseconds: 5_000)
        try view.wait(for: "the node to be stopped") { _ in ProcFile.state(of: node.pid) == "T" }
        let guards = ProcFile.processes(with: ["chaos-guard", "pause", "\(node.pid)"])
        #expect(guards.count == 1)
        for pid in guards { kill(pid, SIGKILL) }
        try view.wait(for: "the node to go on") { _ in ProcFile.state(of: node.pid) != "T" }
        try view.wait(for: "its guards to be gone") { _ in ProcFile.children(of: node.pid).isEmpty }
        #expect(try node.terminate() == .exited(0))
    }

    @Test func `a killed node is started again with its arguments and its data`() throws {
        let hub = try hub()
        let node = try Rookery.node("n1", directory, hub: hub.port)
        let words = ["node", "--name", "n1", directory.file("n1")]
        let restarted = Descendants(words: words)
        let view = try HubView(port: hub.port)
        try view.wait(for: "the node") { $0.value("nodes_live") == 1 }
        try inject(.killNode, "n1", view, milliseconds: 5_000)
        #expect(node.reap() == .killed(SIGKILL))
        try view.wait(for: "the connection to be gone") { $0.value("connections_open") == 1 }
        try view.wait(for: "the node to be back") { $0.value("connections_open") == 2 && $0.value("nodes_live") == 1 }
        let pids = restarted.pids
        #expect(pids.count == 1 && pids != [node.pid])
        for pid in pids { kill(pid, SIGTERM) }
        try view.wait(for: "its end") { _ in restarted.pids.isEmpty }
    }
}

/// Processes that a process under test has started: found by their words, and ended with the test.
private final class Descendants {
    let words: [String]

    init(words: [String]) { self.words = words }

    deinit {
        // The words hold a directory that is this test's alone.
        for pid in ProcFile.processes(with: words) { kill(pid, SIGKILL) }
    }

    /// The nodes; one that is to start a node later has the same words and one of its own.
    var pids: [pid_t] {
        let guards = ProcFile.processes(with: words + ["chaos-guard"])
        return ProcFile.processes(with: words).filter { !guards.contains($0) }
    }
}
