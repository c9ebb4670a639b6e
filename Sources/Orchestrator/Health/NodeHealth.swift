import Model

/// How well a node does, from its last settled leases and from what sinks say of what it brought; nothing that it says
/// of itself counts.
struct NodeHealth: Sendable {
    enum State: Hashable, Sendable {
        /// → degraded
        case healthy
        /// Does too badly to be given more than one target a minute → healthy.
        case degraded(reason: String)
    }

    private(set) var state = State.healthy
    /// Of sinks, from 0 to 1; nil while they have said nothing. The coordinator tells it again after each start.
    var rating: Double?
    /// The first failed attempt after the last success.
    private(set) var failingSince: WallTime?
    /// The next outcome's number.
    private(set) var ordinal: UInt64 = 0
    /// By ordinal modulo the window's length.
    private var window: [HealthOutcome] = []
    private var sums = Sums()

    private struct Sums: Sendable {
        var successes = 0
        var failures = 0
        var sent: UInt64 = 0
        var valid: UInt64 = 0
        /// New, or corroborating what another node had brought.
        var telling: UInt64 = 0
        var timed = 0
        var time: UInt64 = 0  // ms

        mutating func count(_ outcome: HealthOutcome, _ sign: Int) {
            switch outcome.verdict {
            case .success: successes += sign
            case .failure: failures += sign
            case .excused: break
            }
            let factor = UInt64(bitPattern: Int64(sign))
            sent &+= UInt64(outcome.sent) &* factor
            valid &+= UInt64(outcome.valid) &* factor
            telling &+= (UInt64(outcome.fresh) + UInt64(outcome.corroborating)) &* factor
            guard let took = outcome.took else { return }
            timed += sign
            time &+= took.milliseconds &* factor
        }
    }

    // MARK: Figures

    /// Outcomes that say something about the node.
    var outcomes: Int { sums.successes + sums.failures }
    private var isKnown: Bool { outcomes >= Limits.outcomesUntilKnown }

    var successRate: Double { isKnown ? Double(sums.successes) / Double(outcomes) : Limits.unknownHealth }

    var quality: Double {
        guard isKnown else { return Limits.unknownHealth }
        let sent = Double(max(1, sums.sent))
        return 0.5 * Double(sums.valid) / sent + 0.2 * Double(sums.telling) / sent
            + 0.3 * (rating ?? Limits.unknownRating)
    }

    var meanTime: Span? { sums.timed == 0 ? nil : .milliseconds(sums.time / UInt64(sums.timed)) }

    /// A time that is not known counts as a long one.
    var usefulness: Double {
        let share = meanTime.map { min(1, $0.seconds / Limits.slowCollection.seconds) } ?? 1
        return 0.4 * successRate + 0.4 * quality + 0.2 * (1 - share)
    }

    var isDegraded: Bool { state != .healthy }

    // MARK: Events

    /// Returns the outcome's place in the window, where it is to be stored. Says nothing of the state: see `judge`.
    mutating func add(_ outcome: HealthOutcome, at now: WallTime) -> (place: Int, ordinal: UInt64) {
        let place = Int(ordinal % UInt64(Limits.healthWindow))
        put(outcome, at: place)
        defer { ordinal += 1 }
        switch outcome.verdict {
        case .success: failingSince = nil
        case .failure: failingSince = failingSince ?? now
        case .excused: break
        }
        return (place, ordinal)
    }

    private mutating func put(_ outcome: HealthOutcome, at place: Int) {
        if place < window.count {
            sums.count(window[place], -1)
            window[place] = outcome
        } else {
            window.append(outcome)
        }
        sums.count(outcome, 1)
    }

    /// Another node has failed the target too: of this node's failures of it, the last one was not its own. Not nil
    /// when there was one, to be stored again.
    mutating func excuse(_ target: TargetNumber) -> (place: Int, ordinal: UInt64, outcome: HealthOutcome)? {
        let count = UInt64(window.count)
        for back in 1...max(1, count) where back <= count {
            let number = ordinal - back
            let place = Int(number % UInt64(Limits.healthWindow))
            guard window[place].target == target, window[place].verdict == .failure else { continue }
            var outcome = window[place]
            outcome.verdict = .excused
            put(outcome, at: place)
            if sums.failures == 0 { failingSince = nil }
            return (place, number, outcome)
        }
        return nil
    }

    /// Looks at the figures anew. Not nil when the state has changed: why.
    mutating func judge(at now: WallTime) -> String? {
        let usefulness = usefulness
        let figure = "usefulness \(NodeHealth.shown(usefulness))"
        let isFailing = failingSince.map { $0 + Limits.successExpected <= now } ?? false
        switch state {
        case .healthy where isFailing:
            state = .degraded(reason: "no success for an hour despite attempts")
            return "no success for an hour despite attempts"
        case .healthy where usefulness < Limits.degradedBelow:
            state = .degraded(reason: "\(figure) is below \(Limits.degradedBelow)")
            return "\(figure) is below \(Limits.degradedBelow)"
        case .degraded where !isFailing && usefulness >= Limits.healthyFrom:
            state = .healthy
            return "\(figure) has reached \(Limits.healthyFrom)"
        case .healthy, .degraded: return nil
        }
    }

    // MARK: Restart

    mutating func restore(_ outcomes: [(ordinal: UInt64, outcome: HealthOutcome)]) {
        for (number, outcome) in outcomes.sorted(by: { $0.ordinal < $1.ordinal }) {
            ordinal = number
            while window.count < Int(number % UInt64(Limits.healthWindow)) {
                window.append(HealthOutcome(.excused, target: -1))
            }
            put(outcome, at: Int(number % UInt64(Limits.healthWindow)))
            ordinal = number + 1
        }
    }

    mutating func restore(_ state: State, failingSince: WallTime?) {
        self.state = state
        self.failingSince = failingSince
    }

    static func shown(_ figure: Double) -> String { "\((figure * 100).rounded() / 100)" }
}
