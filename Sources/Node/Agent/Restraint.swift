import Model

/// How far a node holds back when what it sends is refused for want of quota: each time it offers half as much, and
/// each quiet minute twice as much again. Targets come by urgency, so what it still takes is the most urgent. Pure.
struct Restraint: Equatable {
    private static let steps = 4
    private static let between = Span.seconds(10)  // refusals come in crowds
    private static let quiet = Span.minutes(1)

    private(set) var step = 0
    private var changedAt = Instant.zero

    mutating func refused(now: Instant) {
        guard step == 0 || now.since(changedAt) >= Restraint.between else { return }
        step = min(step + 1, Restraint.steps)
        changedAt = now
    }

    mutating func pass(now: Instant) {
        guard step > 0, now.since(changedAt) >= Restraint.quiet else { return }
        step -= 1
        changedAt = now
    }

    func limited(_ capacity: UInt32) -> UInt32 { max(1, capacity >> UInt32(step)) }
}
