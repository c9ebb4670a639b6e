/// The targets by state. Together they are all that were ever submitted.
package struct StateCounts: Hashable, Sendable {
    package internal(set) var scheduled: UInt64 = 0
    package internal(set) var due: UInt64 = 0
    package internal(set) var leased: UInt64 = 0
    package internal(set) var retry: UInt64 = 0
    package internal(set) var paused: UInt64 = 0
    package internal(set) var dead: UInt64 = 0
    package internal(set) var cancelled: UInt64 = 0
    package internal(set) var done: UInt64 = 0

    package var sum: UInt64 { scheduled + due + leased + retry + paused + dead + cancelled + done }

    mutating func move(from old: TargetState?, to new: TargetState) {
        if let old { add(-1, to: old) }
        add(1, to: new)
    }

    private mutating func add(_ change: Int64, to state: TargetState) {
        func apply(_ count: inout UInt64) { count = UInt64(bitPattern: Int64(bitPattern: count) + change) }
        switch state {
        case .scheduled: apply(&scheduled)
        case .due: apply(&due)
        case .leased: apply(&leased)
        case .retry: apply(&retry)
        case .paused: apply(&paused)
        case .dead: apply(&dead)
        case .cancelled: apply(&cancelled)
        case .done: apply(&done)
        }
    }
}

/// What the orchestrator knows of itself, counted as it goes.
package struct OrchestratorStatus: Hashable, Sendable {
    package internal(set) var targets = StateCounts()
    package internal(set) var submitted: UInt64 = 0
    package internal(set) var collecting: UInt64 = 0
    package internal(set) var delivering: UInt64 = 0
    package internal(set) var nodes: UInt64 = 0
    package internal(set) var nodesLive: UInt64 = 0
    package internal(set) var leasesGiven: UInt64 = 0
    package internal(set) var successes: UInt64 = 0
    package internal(set) var empties: UInt64 = 0
    package internal(set) var failures: UInt64 = 0
    package internal(set) var handedBack: UInt64 = 0
    package internal(set) var released: UInt64 = 0
    package internal(set) var fenced: UInt64 = 0
    package internal(set) var lateNotices: UInt64 = 0
    /// What receipts said of all leases together.
    package internal(set) var stored: UInt64 = 0
    package internal(set) var duplicates: UInt64 = 0
    package internal(set) var refused: UInt64 = 0
    package internal(set) var unchanged: UInt64 = 0
    package internal(set) var receiptPosition: UInt64 = 0
    /// Sums that do not add up; empty while all is well.
    package internal(set) var alerts: [String] = []

    package init() {}
}
