import Model

/// The credit of one connection: how much it may have unacked. Pressure is told in numbers, never by an unread socket.
package struct IntakeWindow: Equatable, Sendable {
    private var artifacts = 0
    private var batches = 0

    package init() {}

    /// Items that the peer may have sent and not seen acked. A window and not what is left of it: what is on its way
    /// here is not known here, so a remainder would be out of date when it arrives.
    package var credit: UInt32 { UInt32(Limits.credit) }

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
