import Synchronization

/// Confidence times reputation, in 65,535ths: a number that is the same wherever it is computed, and small enough to
/// stand beside every digest.
package struct Weight: Comparable, Hashable, Sendable {
    package static let unit: UInt16 = .max
    package let steps: UInt16

    package init(steps: UInt16) { self.steps = steps }

    /// A confidence that nobody stated weighs nothing.
    package init(confidence: Double?, reputation: Double) {
        let product = (confidence ?? 0) * reputation
        steps = product > 0 ? UInt16(min(product, 1) * Double(Weight.unit) + 0.5) : 0
    }

    package var value: Double { Double(steps) / Double(Weight.unit) }

    package static func < (a: Weight, b: Weight) -> Bool { a.steps < b.steps }
}

/// How far each node is believed, as of one moment.
package struct Reputations: Sendable {
    package static let unknown = Reputation.unknown
    private let scores: [String: Double]

    package init(_ scores: [String: Double] = [:]) { self.scores = scores }

    package subscript(_ node: String) -> Double { scores[node] ?? Reputations.unknown }
}

/// The latest reputations, written by whoever computes them and read by the ledger thread once a commit.
package final class ReputationBoard: Sendable {
    private let latest = Mutex(Reputations())

    package init() {}

    package var current: Reputations { latest.withLock { $0 } }

    package func publish(_ reputations: Reputations) { latest.withLock { $0 = reputations } }
}
