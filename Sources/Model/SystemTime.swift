import Glibc

/// The machine's own clocks.
package struct SystemTime: TimeSource {
    package init() {}

    package func now() -> Instant {
        var t = timespec()
        clock_gettime(CLOCK_MONOTONIC, &t)
        return Instant(nanoseconds: UInt64(t.tv_sec) * 1_000_000_000 + UInt64(t.tv_nsec))
    }

    package func wall() -> WallTime {
        var t = timespec()
        clock_gettime(CLOCK_REALTIME, &t)
        return WallTime(milliseconds: Int64(t.tv_sec) * 1_000 + Int64(t.tv_nsec) / 1_000_000)
    }
}
