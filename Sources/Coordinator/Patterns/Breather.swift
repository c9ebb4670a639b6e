import Lifecycle
import Model
import Synchronization

/// Lets a long piece of work on a thread of its own give way to intake between its steps, and be ended there.
final class Breather: Sendable {
    private let pulse: IntakePulse
    private let time: any TimeSource
    private let bell = Doorbell()
    private let isEnded = Atomic(false)
    private let stepBegan = Atomic<UInt64>(0)

    private static let rest: UInt64 = 2  // times a step's length
    private static let shortestStep = Span.milliseconds(1)  // shorter ones are taken together
    private static let longestRest = Span.seconds(1)

    init(_ pulse: IntakePulse, time: any TimeSource) {
        self.pulse = pulse
        self.time = time
    }

    /// The work begins with its first step.
    func begin() { stepBegan.store(time.now().nanoseconds, ordering: .relaxed) }

    /// Called between two steps; rests while intake is busy. False: there are to be no more.
    func goesOn() -> Bool {
        let now = time.now()
        let step = now.since(Instant(nanoseconds: stepBegan.load(ordering: .relaxed)))
        guard step >= Breather.shortestStep, !ended else { return !ended }
        if pulse.isBusy(now) {
            bell.sleep(until: now + min(step * Breather.rest, Breather.longestRest))
        }
        begin()
        return !ended
    }

    /// The next step is not begun, until work is allowed again.
    func end() {
        isEnded.store(true, ordering: .relaxed)
        bell.ring()
    }

    func allow() { isEnded.store(false, ordering: .relaxed) }

    private var ended: Bool { isEnded.load(ordering: .relaxed) }
}
