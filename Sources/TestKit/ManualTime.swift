package import Model
import Synchronization

/// A clock that moves only when a test says so.
package final class ManualTime: TimeSource {
    private struct Reading {
        var now: Instant
        var wall: WallTime
    }

    private let reading: Mutex<Reading>

    package init(now: Instant = .zero, wall: WallTime = WallTime(milliseconds: 1_700_000_000_000)) {
        reading = Mutex(Reading(now: now, wall: wall))
    }

    package func now() -> Instant { reading.withLock { $0.now } }
    package func wall() -> WallTime { reading.withLock { $0.wall } }

    package func advance(by span: Span) {
        reading.withLock {
            $0.now = $0.now + span
            $0.wall.milliseconds += Int64(span.milliseconds)
        }
    }

    /// Moves only what people read, as an administrator or NTP would.
    package func jumpWall(byMilliseconds delta: Int64) {
        reading.withLock { $0.wall.milliseconds += delta }
    }
}
