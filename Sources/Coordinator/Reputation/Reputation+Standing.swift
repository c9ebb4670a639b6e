package import Model
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

    /// Newcomers hold at most a tenth of feed slots together.
    package func isNewcomer(_ node: String) -> Bool {
        guard let serial = serials[node] else { return true }
        return isNewcomer(serial)
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
