import Model

/// What one connection has unacked. Pressure is told in numbers, never by an unread socket.
package struct IntakeWindow: Equatable, Sendable {
    private var artifacts = 0
    private var batches = 0

    package init() {}

    package var isEmpty: Bool { batches == 0 }

    /// False when the peer sent more than anybody has credit for, in artifacts or in batches; nothing has changed then.
    /// A share of the credit that has become smaller since is no reason: what it is measured by was on its way.
    package mutating func take(items: Int) -> Bool {
        guard artifacts + items <= Limits.credit, batches < Limits.maxInFlight else { return false }
        artifacts += items
        batches += 1
        return true
    }

    package mutating func give(items: Int) {
        artifacts -= items
        batches -= 1
    }
}
