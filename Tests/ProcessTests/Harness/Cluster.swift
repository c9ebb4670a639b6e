import TestKit
import Testing
import Wire

/// How the roles of a cluster are spread over processes.
enum Arrangement: String, CaseIterable, CustomStringConvertible, Sendable {
    case hub
    case apart

    var description: String { self == .hub ? "one hub" : "two processes" }
}

/// Coordinator and orchestrator, in one process or in two, which can be killed and started again in their places.
final class Cluster {
    enum Part: CaseIterable {
        case coordinator
        case orchestrator
    }

    let arrangement: Arrangement
    private let directory: TemporaryDirectory
    private let flags: [String]
    /// The hub, where it has both roles.
    private(set) var coordinator: Running
    private(set) var orchestrator: Running
    /// Between the two; nil in a hub.
    let relay: Relay?

    private static let orchestrating: Set<String> = ["--host-delay", "--suspect-after", "--offline-after"]

    /// `flags` are a hub's; each process is given its own of them.
    init(_ arrangement: Arrangement, _ directory: TemporaryDirectory, flags: [String] = []) throws {
        self.arrangement = arrangement
        self.directory = directory
        self.flags = flags
        guard arrangement == .apart else {
            coordinator = try Rookery.hub(directory, flags: flags)
            orchestrator = coordinator
            relay = nil
            return
        }
        coordinator = try Cluster.startCoordinator(directory, flags)
        let relay = try Relay(to: coordinator.port)
        self.relay = relay
        orchestrator = try Cluster.startOrchestrator(directory, relay.port, flags)
        try view().wait(for: "the two to know each other") { $0.alerts.isEmpty }
    }

    /// Where a node or operator is sent that knows one address; by turns the one's and the other's.
    func port(_ number: Int = 0) -> UInt16 { number.isMultiple(of: 2) ? coordinator.port : orchestrator.port }

    func address(_ number: Int = 0) -> String { "127.0.0.1:\(port(number))" }

    func view() throws -> HubView {
        guard arrangement == .apart else { return try HubView(port: coordinator.port) }
        return try HubView(coordinator: coordinator.port, orchestrator: orchestrator.port)
    }

    // MARK: Death and return

    func killNow(_ part: Part) { running(part).process.killNow() }

    func killNow() { for part in Part.allCases { killNow(part) } }

    /// On the same port, and its data.
    func start(_ part: Part) throws {
        guard arrangement == .apart else {
            coordinator = try Rookery.hub(directory, port: coordinator.port, flags: flags)
            orchestrator = coordinator
            return
        }
        switch part {
        case .coordinator:
            coordinator = try Cluster.startCoordinator(directory, flags, port: coordinator.port)
        case .orchestrator:
            orchestrator = try Cluster.startOrchestrator(
                directory, relay?.port ?? coordinator.port, flags, port: orchestrator.port)
        }
    }

    func start() throws {
        for part in arrangement == .hub ? [.coordinator] : Part.allCases { try start(part) }
    }

    /// Asks both to stop; true when they have ended well.
    func terminate() throws -> Bool {
        let first = try orchestrator.process.terminate() == .exited(0)
        return try (arrangement == .hub || coordinator.process.terminate() == .exited(0)) && first
    }

    private func running(_ part: Part) -> Running { part == .coordinator ? coordinator : orchestrator }

    private static func startCoordinator(
        _ directory: TemporaryDirectory, _ flags: [String], port: UInt16 = 0
    ) throws -> Running {
        let words = ["coordinator", "--data", directory.file("coordinator"), "--listen", "127.0.0.1:\(port)"]
        return try Running(
            words + ["--disk-low-water", "0"] + only(flags) { !orchestrating.contains($0) }, in: directory)
    }

    private static func startOrchestrator(
        _ directory: TemporaryDirectory, _ coordinator: UInt16, _ flags: [String], port: UInt16 = 0
    ) throws -> Running {
        let words = [
            "orchestrator", "--coordinator", "127.0.0.1:\(coordinator)", "--data", directory.file("orchestrator"),
            "--listen", "127.0.0.1:\(port)",
        ]
        return try Running(words + flags, in: directory)
    }

    /// Flags that are wanted, each with its value if it has one.
    private static func only(_ flags: [String], _ isWanted: (String) -> Bool) -> [String] {
        var result: [String] = []
        var takes = false
        for word in flags {
            if word.hasPrefix("--") { takes = isWanted(word) }
            if takes { result.append(word) }
        }
        return result
    }
}
