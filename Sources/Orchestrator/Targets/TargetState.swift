import Model

/// A target's place in the orchestrator's table; numbers are dense and never used again.
typealias TargetNumber = Int
/// A node's place in the fleet; numbers are dense and never used again.
typealias NodeNumber = Int

/// Where a target stands. Only `Target` changes it.
enum TargetState: Hashable, Sendable {
    /// Waits for its time → due.
    case scheduled(due: WallTime)
    /// Its time has come and it waits for a node → leased.
    case due(since: WallTime)
    /// A node has it → scheduled, done, retry or dead when the lease settles; due when it is given back.
    case leased(lease: UInt64, since: WallTime)
    /// Backs off after a failure → due.
    case retry(due: WallTime)
    /// An operator stopped it → scheduled when resumed.
    case paused
    /// Failed too often → scheduled when revived.
    case dead
    /// An operator gave it up. The end.
    case cancelled
    /// Collected once, as asked. The end, unless it is given an interval.
    case done
}

/// Whose fault a failed collection was, where it was not ours.
enum FailureKind: Hashable, Sendable {
    case target, content
}

/// How a lease ended for its target.
enum Settlement: Hashable, Sendable {
    case success
    /// The collector ended well and nothing came.
    case empty
    case failure(FailureKind, error: String, retryAfter: Span)
    /// The node could not do it; costs the target nothing.
    case handedBack(error: String)
}

/// The failures since the last collection that was none.
struct FailureRun: Hashable, Sendable {
    var ofTarget: UInt32 = 0
    var ofContent: UInt32 = 0
    /// Given back by a node, or timed out there.
    var ofNode: UInt32 = 0
    /// The first node that found the target at fault, and whether a second one has agreed.
    var firstBlamedBy: NodeNumber?
    var secondAgrees = false
}

/// What a target's collections have come to; stored with its state.
struct TargetProgress: Hashable, Sendable {
    /// Leases that ended with a result, or by the node's fault.
    var attempts: UInt64 = 0
    var successes: UInt64 = 0
    var run = FailureRun()
    var lastError = ""
    /// The node that failed it last: another one is preferred.
    var avoid: NodeNumber?
    /// The lease that settled last, so that a repeated outcome is known as such.
    var lastLease: UInt64 = 0
    /// The interval that an adaptive schedule has come to; zero: it has not begun.
    var pace = Span.zero
    /// When the last attempt ended, and the last that was a success; 0: none has.
    var lastAttempt = WallTime(milliseconds: 0)
    var lastSuccess = WallTime(milliseconds: 0)
}

extension WallTime {
    /// On the schedule's clock only: never across the wire.
    static func + (time: WallTime, span: Span) -> WallTime {
        WallTime(milliseconds: time.milliseconds + Int64(span.milliseconds))
    }
}
