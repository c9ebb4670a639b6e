import Model

/// UTC as schedules know it: read once, then carried on by the monotonic clock, so that no jump moves a target.
struct ScheduleClock: Sendable {
    private let now: Instant
    private let wall: WallTime

    init(now: Instant, wall: WallTime) {
        self.now = now
        self.wall = wall
    }

    func time(at instant: Instant) -> WallTime { wall + instant.since(now) }

    /// The start for what lies before it.
    func instant(of time: WallTime) -> Instant {
        now + .milliseconds(UInt64(max(0, time.milliseconds - wall.milliseconds)))
    }
}
