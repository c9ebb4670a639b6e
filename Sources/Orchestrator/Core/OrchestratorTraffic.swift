package import Model
package import Wire

/// What comes to the orchestrator.
package enum OrchestratorInput: Sendable {
    /// A message that is the orchestrator's to answer, with the name its sender gave in Hello.
    case request(ConnectionID, name: String, Proto.Envelope)
    /// Any other valid frame.
    case signOfLife(ConnectionID)
    case disconnected(ConnectionID)
    /// What the ledger did; pages come in order, from `receiptPosition` on.
    case receipts(ReceiptPage)
    /// What sinks say of what nodes brought: all of it after a start, and then what changes. It is not kept on disk.
    case ratings([NodeRating])
    /// The ledger has stored that what this lease brought was late.
    case lateRecorded(LeaseRef)
    /// The coordinator took nothing more from this node, for want of quota.
    case outOfCredit(node: String, Span)
    case operate(TargetOperation, TargetID)
    /// Of a coordinator in a process of its own: until it is back, time takes no lease away.
    case coordinatorAway
    case coordinatorBack
    /// Nothing but the time.
    case tick
}

package enum TargetOperation: Sendable {
    case pause, resume, cancel, revive
}

/// What is to be done once a turn is on disk.
package enum OrchestratorEffect: Sendable {
    case send(ConnectionID, Proto.Envelope)
    /// Send the error where that is still possible, and close.
    case close(ConnectionID, reason: Proto.Error)
    /// A reply that lacks the stream positions, which only the ledger knows. Assignments of the same turn follow it.
    case registered(ConnectionID, inReplyTo: UInt64, Proto.Registered)
    /// What this lease brought came after it had been given out again. Repeated until it is recorded.
    case late(LeaseRef)
    /// To be enforced by the coordinator from now on.
    case quotas(QuotaOrder)
    /// Every receipt up to this position is accounted for, on disk.
    case receiptsRead(UInt64)
}
