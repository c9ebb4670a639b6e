import Model
import Sealing
import Wire

@testable import Coordinator

/// Writes commits as the ledger would, without one.
struct CommitWriter {
    var reputation = Reputation()
    private(set) var commits: [ChangeCommit] = []
    private(set) var lastArtifact: UInt64 = 0
    private(set) var pending: ChangeCommit
    private var homes: [UInt64: UInt64] = [:]

    static let start: Int64 = 1_700_000_040_000  // ms; begins an epoch
    private(set) var now = CommitWriter.start

    init() { pending = ChangeCommit(version: 1, at: WallTime(milliseconds: CommitWriter.start)) }

    var at: WallTime { WallTime(milliseconds: now) }

    /// A new artifact, and its tally.
    @discardableResult
    mutating func store(
        _ node: String, confidence: Double? = nil, target: UInt64? = nil, source: String = "s", sharing: UInt64? = nil
    ) -> UInt64 {
        lastArtifact += 1
        let digest = Digest(words: (lastArtifact, 0, 0, 0))
        let home = sharing.map { homes[$0] ?? $0 }
        if let home { homes[lastArtifact] = home }
        pending.stored.append(
            StoredChange(
                id: lastArtifact, digest: digest, contentDigest: digest, contentHome: home, node: node,
                target: target.map { TargetID(high: 0, low: $0) }, lease: 1, receivedAt: at, collectedAt: at,
                contentType: "text", contentLength: 1, rawSource: source, metadata: [:], confidence: confidence,
                threatLevel: nil, opportunityValue: nil, signals: [:]))
        if let home { sight(home, by: node, kind: .sameContent, tallied: false) }
        tally(node, received: 1)
        return lastArtifact
    }

    mutating func sight(
        _ artifact: UInt64, by node: String, kind: SightingChange.Kind = .exact, target: UInt64? = nil,
        tallied: Bool = true
    ) {
        pending.sightings.append(
            SightingChange(
                artifact: artifact, kind: kind, node: node, target: target.map { TargetID(high: 0, low: $0) }, lease: 1,
                collectedAt: at, confidence: nil))
        if tallied { tally(node, received: 1) }
    }

    mutating func tally(_ node: String, received: UInt32, refused: UInt32 = 0) {
        let place = pending.tallies.firstIndex { $0.node == node } ?? pending.tallies.endIndex
        if place == pending.tallies.endIndex {
            pending.tallies.append(ChangeCommit.Tally(node: node, received: 0, refused: 0))
        }
        pending.tallies[place].received += received
        pending.tallies[place].refused += refused
    }

    /// Gives what was written to the machine, and moves on in time.
    mutating func commit(then milliseconds: Int64 = 0) {
        reputation.apply(pending)
        commits.append(pending)
        now += milliseconds
        pending = ChangeCommit(version: pending.version + 1, at: at)
    }

    /// An epoch in which `body` happens, and the start of the next.
    mutating func epoch(_ body: (inout CommitWriter) -> Void) {
        body(&self)
        commit(then: Limits.epoch)
        commit()
    }

    // MARK: Looking

    func node(_ name: String) -> ReputationNode? {
        reputation.serials[name].flatMap { reputation.nodes[$0] }
    }

    func effective(_ name: String) -> Double { reputation.effective(name, at: at) }

    func decisions(_ name: String, _ kind: String) -> [Proto.ReputationDecision] {
        reputation.decisions.filter { $0.node == reputation.serials[name] && $0.entry.kind == kind }.map(\.entry)
    }
}

extension ChangeCommit {
    init(version: UInt64, at: WallTime) {
        self.init(version: version, at: at, stored: [], sightings: [], tallies: [])
    }
}

extension CommitWriter {
    /// Nodes that corroborated each other until none is a newcomer.
    static func established(_ names: [String]) -> CommitWriter {
        var writer = CommitWriter()
        for _ in 0..<20 {
            for name in names {
                for _ in 0..<30 {
                    let artifact = writer.store(name, confidence: 0.9)
                    for other in names where other != name { writer.sight(artifact, by: other, tallied: false) }
                }
            }
            writer.commit(then: 61 * Limits.epoch)
        }
        return writer
    }
}
