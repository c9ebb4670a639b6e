import Model

/// How regularly a node's heartbeats come: from it follows how much silence is suspicious. An accrual failure detector
/// whose measure is the mean of the gaps and their mean deviation, each new gap counting an eighth.
struct HeartbeatRhythm: Sendable {
    private var last: Instant?
    private var mean = 0.0  // ns
    private var deviation = 0.0  // ns
    private var gaps = 0

    private static let weight = 0.125
    private static let gapsUntilKnown = 3

    mutating func beat(now: Instant) {
        defer { last = now }
        guard let last else { return }
        let gap = Double(now.since(last).nanoseconds)
        if gaps == 0 {
            mean = gap
        } else {
            deviation += HeartbeatRhythm.weight * (abs(gap - mean) - deviation)
            mean += HeartbeatRhythm.weight * (gap - mean)
        }
        gaps += 1
    }

    /// A new session has a rhythm of its own.
    mutating func restart() { self = HeartbeatRhythm() }

    /// The silence that makes a suspect: two heartbeats, or more of an irregular node, and never more than `most`.
    func patience(most: Span) -> Span {
        guard gaps >= HeartbeatRhythm.gapsUntilKnown else { return most }
        let wait = mean + max(mean, 4 * deviation)
        let least = min(most, Limits.leastPatience)
        guard wait < Double(most.nanoseconds) else { return most }
        return max(least, Span(nanoseconds: UInt64(wait)))
    }
}
