import Model
import TestKit
import Testing
import Wire

/// A hub as an operator sees it, or the two processes in its place.
final class HubView {
    let peer: WirePeer
    /// The orchestrator's, where it is a process of its own.
    private let other: WirePeer?

    init(port: UInt16) throws {
        peer = try WirePeer(port: port, as: .operator, name: "watcher")
        other = nil
    }

    init(coordinator: UInt16, orchestrator: UInt16) throws {
        peer = try WirePeer(port: coordinator, as: .operator, name: "watcher")
        other = try WirePeer(port: orchestrator, as: .operator, name: "watcher")
    }

    /// Asks who knows.
    func ask(_ body: Proto.Envelope.Body) throws -> Proto.Envelope.Body {
        let answer = try peer.ask(body)
        guard let other, case .error(let error) = answer, error.code == .servedElsewhere else { return answer }
        return try other.ask(body)
    }

    func status() throws -> Proto.ClusterStatusReply {
        var whole = try status(of: peer)
        guard let other else { return whole }
        let orchestrator = try status(of: other)
        whole.nodes = orchestrator.nodes
        whole.counters += orchestrator.counters
        whole.alerts += orchestrator.alerts
        return whole
    }

    private func status(of peer: WirePeer) throws -> Proto.ClusterStatusReply {
        let answer = try peer.ask(.clusterStatus(Proto.ClusterStatus()))
        guard case .clusterStatusReply(let status) = answer else { throw WirePeer.Unexpected(description: "\(answer)") }
        return status
    }

    /// A counter's value; one that never counted is not there, and is 0.
    func counter(_ name: String) throws -> UInt64 { try status().value(name) }

    /// Asks until the hub says so, listening to the connection between two tries.
    @discardableResult
    func wait(
        for what: String, tries: Int = 6_000, sourceLocation: SourceLocation = #_sourceLocation,
        _ isThere: (Proto.ClusterStatusReply) throws -> Bool
    ) throws -> Proto.ClusterStatusReply {
        for _ in 0..<tries {
            let status = try status()
            if try isThere(status) { return status }
            try peer.listen(milliseconds: 20)
        }
        throw WirePeer.Unexpected(
            description: "\(sourceLocation): waited in vain for \(what): \(try status().summary)")
    }

    /// Every artifact that the ledger keeps with an id above this one, newest first.
    func artifacts(above floor: UInt64 = 0) throws -> [Proto.ArtifactInfo] {
        var found: [Proto.ArtifactInfo] = []
        var before: UInt64 = 0
        repeat {
            let answer = try peer.ask(.listArtifacts(Proto.ListArtifacts(before: before, limit: 1_000)))
            guard case .listArtifactsReply(let page) = answer else {
                throw WirePeer.Unexpected(description: "\(answer)")
            }
            found += page.artifacts.prefix { $0.id > floor }
            before = page.next
        } while before > floor + 1
        return found
    }

    func submit(_ targets: [Proto.TargetSpec], key: [UInt8]) throws -> [Proto.TargetVerdict] {
        let answer = try ask(.submitTargets(Proto.SubmitTargets(key: key[...], targets: targets)))
        guard case .submitTargetsReply(let reply) = answer else { throw WirePeer.Unexpected(description: "\(answer)") }
        return reply.verdicts
    }
}

extension Proto.ClusterStatusReply {
    func value(_ name: String) -> UInt64 { counters.first { $0.name == name }?.value ?? 0 }

    /// Without what never happened.
    var summary: String {
        "\(nodes.map { "\($0.name) \($0.state)" }) \(alerts) "
            + counters.filter { $0.value > 0 }.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    }

    func node(_ name: String) -> Proto.NodeInfo? { nodes.first { $0.name == name } }

    /// Rule: everything received is in exactly one state, and the states add up.
    var conserves: Bool {
        value("artifacts_received")
            == value("artifacts_stored") + value("artifacts_duplicate") + value("artifacts_refused")
            && value("targets_submitted")
                == ["scheduled", "due", "leased", "retry", "paused", "dead", "cancelled", "done"]
                .reduce(0) { $0 + value("targets_\($1)") }
    }
}
