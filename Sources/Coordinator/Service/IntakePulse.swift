import Model
import Synchronization

/// When intake last stored something, for work behind it that gives way: both share processors and disk, and only one
/// of them has somebody waiting.
final class IntakePulse: Sendable {
    /// Times a step's length to rest after it, while intake is busy: a tenth of a processor.
    static let rest: UInt64 = 9

    /// The same for what nobody waits for, such as the full check: a fiftieth, but on a machine where a step takes
    /// seconds.
    static func longRest(after step: Span) -> Span { min(step * 49, .seconds(5)) }

    private static let busy = Span.milliseconds(200)  // since the last commit
    private let last = Atomic<UInt64>(0)

    func beat(_ now: Instant) { last.store(now.nanoseconds, ordering: .relaxed) }

    /// Asked at any moment: whoever is in the middle of a long step could not have been told.
    func isBusy(_ now: Instant) -> Bool {
        let last = last.load(ordering: .relaxed)
        return last > 0 && now < Instant(nanoseconds: last) + IntakePulse.busy
    }
}
