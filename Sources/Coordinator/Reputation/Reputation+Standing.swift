package import Model
import Storage
package import Wire

/// What others ask.
extension Reputation {
    /// What a node counts for that nothing is known about.
    package static let unknown = Limits.startScore * Calibration.unknown

    /// The score times how far its claims are believed, halved while the node stands out.
    package func effective(_ node: String, at now: WallTime) -> Double {
        guard let serial = serials[node] else { return Reputation.unknown }
        return nodes[serial]?.effective(at: now) ?? Reputation.unknown
    }

    package func isNewcomer(_ node: String) -> Bool {
        guard let serial = serials[node] else { return true }
        return isNewcomer(serial)
    }

    /// Newcomers hold at most a tenth of feed slots together. Before anyone is established everyone is a newcomer, and
    /// nobody is held back.
    package func isHeldBack(_ node: String) -> Bool { established > 0 && isNewcomer(node) }

    /// What the ledger weighs sightings with.
    package var figures: Reputations {
        Reputations(
            Dictionary(
                nodes.values.map { ($0.name, $0.effective(at: now)) }, uniquingKeysWith: { first, _ in first }))
    }

    /// The same as a stopped process left it in derived.db; nil when there is none, or it cannot be read.
    package static func figures(storedIn path: String, at now: WallTime) -> Reputations? {
        guard let database = try? Database.open(path: path, access: .reader) else { return nil }
        defer { database.close() }
        let rows = try? database.all("SELECT state FROM reputation_node") { $0.blob(0) }
        let nodes = (rows ?? []).compactMap { try? ReputationNode(stored: $0) }
        guard !nodes.isEmpty else { return nil }
        return Reputations(
            Dictionary(nodes.map { ($0.name, $0.effective(at: now)) }, uniquingKeysWith: { first, _ in first }))
    }

    package var nodeCount: Int { nodes.count }

    /// Nil when no commit named the node.
    package func standing(of name: String, at now: WallTime) -> Proto.GetNodeReputationReply? {
        guard let serial = serials[name], let node = nodes[serial] else { return nil }
        return Proto.GetNodeReputationReply(
            name: name, score: node.score(at: now), calibration: node.calibration, effective: node.effective(at: now),
            newcomer: node.isNewcomer, outlier: node.isOutlier, votesIgnored: node.judge.isIgnored(epoch),
            corroborated: node.corroborated, contradicted: node.contradicted, votesDropped: node.dropped,
            lastActiveMs: node.lastActive.milliseconds, brier: node.window.hasClaims ? node.window.brier : nil,
            run: Int32(clamping: node.run))
    }
}
