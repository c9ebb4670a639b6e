import Model
import Wire

/// What an operator says about a target's times.
struct Timing: Hashable, Sendable {
    enum Plan: Hashable, Sendable {
        case interval
        case once
        indirect case cron(Cron)
        /// An interval that follows how often something changes.
        case adaptive
    }

    var plan = Plan.interval
    /// Between two collections; of cron the gap at the time it was given, of adaptive the interval to begin with.
    var interval = Limits.defaultInterval
    var minRetry = Limits.minRetryInterval

    init(
        _ plan: Plan = .interval, interval: Span = Limits.defaultInterval, minRetry: Span = Limits.minRetryInterval
    ) {
        self.plan = plan
        self.interval = interval
        self.minRetry = minRetry
    }

    var once: Bool { plan == .once }

    /// When a target that has this from now on is first due.
    func first(at now: WallTime) -> WallTime {
        guard case .cron(let cron) = plan else { return now }
        return cron.next(after: now) ?? now + Limits.maxInterval
    }

    /// When it is due again after a collection that has just ended; nil: never.
    func next(after now: WallTime, pace: Span) -> WallTime? {
        switch plan {
        case .interval: now + interval
        case .once: nil
        case .cron: first(at: now)
        case .adaptive: now + pace
        }
    }

    /// The interval of an adaptive schedule after one more collection.
    func pace(after pace: Span, changed: Bool) -> Span {
        let base = pace == .zero ? interval : pace
        let next = changed ? base / 2 : base * 3 / 2
        return min(max(next, minRetry), Limits.maxInterval)
    }

    /// By this much of waiting a due target gains one step of priority.
    func step(pace: Span) -> Span { plan == .adaptive && pace > .zero ? pace : interval }

    // MARK: As submitted

    /// With the fields that are given, which are known to be good.
    func given(_ spec: Proto.TargetSpec, at now: WallTime) -> Timing {
        var timing = self
        if let interval = spec.intervalS { timing.interval = .seconds(UInt64(interval)) }
        if let retry = spec.minRetryIntervalS { timing.minRetry = .seconds(UInt64(retry)) }
        timing.take(spec.schedule, cron: spec.cron)
        if case .cron(let cron) = timing.plan, timing.plan != plan { timing.interval = cron.gap(after: now) }
        if case .cron = plan, timing.plan != plan, spec.intervalS == nil { timing.interval = Limits.defaultInterval }
        return timing
    }

    /// The plan of a stored target: `details` names it where it is neither an interval nor once.
    mutating func take(_ kind: Proto.ScheduleKind, cron: String) {
        switch kind {
        case .interval: plan = .interval
        case .once: plan = .once
        case .adaptive: plan = .adaptive
        case .cron, .unspecified, .unrecognized:
            if !cron.isEmpty, let cron = try? Cron(cron) { plan = .cron(cron) }
        }
    }

    static func check(_ spec: Proto.TargetSpec) throws(FieldError) {
        if case .unrecognized(let number) = spec.schedule {
            throw FieldError(
                "schedule", "\(number) is no schedule; use 1 (interval), 2 (once), 3 (cron) or 4 (adaptive)")
        }
        if spec.cron.isEmpty {
            guard spec.schedule == .cron else { return }
            throw FieldError("cron", "the schedule is cron but there is no line; give five fields, in UTC")
        }
        guard spec.schedule == .cron || spec.schedule == .unspecified, spec.intervalS == nil else {
            throw FieldError("cron", "\(quoted(spec.cron)) comes with another schedule; give one of them")
        }
        if spec.cron.utf8.count > Limits.maxCron {
            throw FieldError("cron", "it has \(spec.cron.utf8.count) bytes; at most \(Limits.maxCron) are accepted")
        }
        _ = try Cron(spec.cron)
    }
}
