/// A moment on a monotonic clock, in nanoseconds. It means nothing outside the process (or simulation) it came from.
package struct Instant: Comparable, Hashable, Sendable {
    package var nanoseconds: UInt64

    package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    package static let zero = Instant(nanoseconds: 0)

    package static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }

    package static func + (a: Instant, b: Span) -> Instant { Instant(nanoseconds: a.nanoseconds &+ b.nanoseconds) }

    /// The time from `earlier` to this moment; zero when `earlier` is not earlier.
    package func since(_ earlier: Instant) -> Span {
        Span(nanoseconds: nanoseconds > earlier.nanoseconds ? nanoseconds - earlier.nanoseconds : 0)
    }
}

/// A length of time that is never negative. Only spans, never moments, cross the wire for deadlines.
package struct Span: Comparable, Hashable, Sendable {
    package var nanoseconds: UInt64

    package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    package static let zero = Span(nanoseconds: 0)

    package static func microseconds(_ n: UInt64) -> Span { Span(nanoseconds: n * 1_000) }
    package static func milliseconds(_ n: UInt64) -> Span { Span(nanoseconds: n * 1_000_000) }
    package static func seconds(_ n: UInt64) -> Span { Span(nanoseconds: n * 1_000_000_000) }
    package static func minutes(_ n: UInt64) -> Span { seconds(n * 60) }
    package static func hours(_ n: UInt64) -> Span { seconds(n * 3_600) }

    package var milliseconds: UInt64 { nanoseconds / 1_000_000 }
    package var seconds: Double { Double(nanoseconds) / 1e9 }

    /// For fields of 32 bits: longer than 49 days counts as that.
    package var wireMilliseconds: UInt32 { UInt32(clamping: milliseconds) }

    package static func < (a: Span, b: Span) -> Bool { a.nanoseconds < b.nanoseconds }
    package static func + (a: Span, b: Span) -> Span { Span(nanoseconds: a.nanoseconds + b.nanoseconds) }
    package static func * (a: Span, factor: UInt64) -> Span { Span(nanoseconds: a.nanoseconds * factor) }
    package static func / (a: Span, divisor: UInt64) -> Span { Span(nanoseconds: a.nanoseconds / divisor) }
}

/// Milliseconds since 1970 UTC: for people, for audit, and for fields that say when; never for deadlines.
package struct WallTime: Comparable, Hashable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func < (a: WallTime, b: WallTime) -> Bool { a.milliseconds < b.milliseconds }
}

/// Where a component's time comes from, so that a test can drive it.
package protocol TimeSource: Sendable {
    func now() -> Instant
    func wall() -> WallTime
}
