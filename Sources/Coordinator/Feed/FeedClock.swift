package import Model

/// The feed's own time: it never runs backwards and goes on over a restart. Within a process it follows the monotonic
/// clock; from one process to the next the wall clock, believed for an hour at most, so that a clock set wrong can
/// neither free the rate many times over nor hold the feed up for days.
package struct FeedClock: Equatable, Sendable {
    package private(set) var elapsed: Int64
    /// When `elapsed` was read last.
    package private(set) var wall: WallTime?
    private var now: Instant?

    private static let longestGap: Int64 = 3_600_000  // ms

    package init(elapsed: Int64 = 0, wall: WallTime? = nil) {
        self.elapsed = elapsed
        self.wall = wall
    }

    package mutating func tick(now: Instant, wall: WallTime) {
        if let before = self.now {
            elapsed += Int64(now.since(before).milliseconds)
            // What is less than a millisecond is counted next time.
            self.now = before + .milliseconds(now.since(before).milliseconds)
        } else {
            if let last = self.wall {
                elapsed += max(0, min(FeedClock.longestGap, wall.milliseconds - last.milliseconds))
            }
            self.now = now
        }
        self.wall = wall
    }
}
