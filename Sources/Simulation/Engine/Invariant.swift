/// What must hold in every run; docs/SIMULATION.md says why.
package enum Invariant: String, CaseIterable, Sendable {
    case ackedIsKept = "acked-is-kept"
    case spooledIsDelivered = "spooled-is-delivered"
    case storedOnce = "stored-once"
    case nothingInvented = "nothing-invented"
    case oneHolderPerFence = "one-holder-per-fence"
    case fencesGrow = "fences-grow"
    case staleChangesNothing = "stale-changes-nothing"
    case settledByReceipt = "settled-by-receipt"
    case countedOnce = "counted-once"
    case conserved = "conserved"
    case bookmarkIsReceipted = "bookmark-is-receipted"
    case logHasNoGap = "log-has-no-gap"
    case filesAreSound = "files-are-sound"
    case progress = "progress"
}

/// An invariant that did not hold, and where that was seen.
package struct Violation: Equatable, Sendable, CustomStringConvertible {
    package var invariant: Invariant
    package var detail: String

    package var description: String { "\(invariant.rawValue): \(detail)" }
}
