import Model

/// Tells when the wall clock was set, by comparing how far it and the monotonic clock have gone since the last look.
struct WallWatch {
    private var last: (now: Instant, wall: WallTime)?

    /// By how many milliseconds it was set, when that is more than the limit; what is slower is drift.
    mutating func jump(now: Instant, wall: WallTime) -> Int64? {
        defer { last = (now, wall) }
        guard let last else { return nil }
        let passed = Int64(clamping: now.since(last.now).milliseconds)
        let jump = wall.milliseconds - last.wall.milliseconds - passed
        return abs(jump) > Limits.wallJump ? jump : nil
    }
}
