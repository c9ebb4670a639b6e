import Model

/// The credit of one connection: how much it may have unacked. Pressure is told in numbers, never by an unread socket.
package struct IntakeWindow: Equatable, Sendable {
    private var artifacts = 0
    private var batches = 0

    package init() {}

    /// Artifacts that the peer may still send.
    package var credit: UInt32 { UInt32(max(0, Limits.credit - artifacts)) }

    /// False when the peer sent more than it had credit for, in artifacts or in batches; nothing has changed then.
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
