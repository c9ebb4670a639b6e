package import Model

/// When a sink is asked again: at once while it answers, after a growing random wait when it does not, and with one
/// record at a time once it has failed often.
package struct DeliveryMachine: Sendable {
    package enum State: Equatable, Sendable {
        case closed  // the circuit; to closed or open
        case open(trouble: String)  // to halfOpen, when the wait is over
        case halfOpen(trouble: String)  // to closed or open, after one record
    }

    package private(set) var state = State.closed
    package private(set) var failures = 0
    package private(set) var trouble: String?
    private var backoff: Backoff

    package init(base: Span = Limits.sinkBackoffBase, cap: Span = Limits.sinkBackoffCap) {
        backoff = Backoff(base: base, cap: cap)
    }

    /// How many records to hand over, of so many that the sink takes.
    package func batch(_ most: Int) -> Int { state == .closed ? most : 1 }

    package mutating func answered() {
        state = .closed
        failures = 0
        trouble = nil
        backoff.reset()
    }

    /// How long to wait before the sink is asked again.
    package mutating func failed(_ trouble: String, _ random: inout some RandomSource) -> Span {
        self.trouble = trouble
        failures += 1
        guard failures >= Limits.sinkFailuresUntilOpen else { return backoff.next(&random) }
        state = .open(trouble: trouble)
        // Never all hubs at once, and never more often than twice a cap.
        let half = backoff.cap / 2
        return half + Span(nanoseconds: random.below(half.nanoseconds + 1))
    }

    package mutating func waited() {
        if case .open(let trouble) = state { state = .halfOpen(trouble: trouble) }
    }
}
