import Model

/// One target's life: its state, its counters, and the rules by which they change.
struct Target: Sendable {
    let id: TargetID
    private(set) var timing: Timing
    var priority: UInt8
    private(set) var state: TargetState
    private(set) var progress: TargetProgress

    init(
        id: TargetID, timing: Timing, priority: UInt8, state: TargetState, progress: TargetProgress = TargetProgress()
    ) {
        self.id = id
        self.timing = timing
        self.priority = priority
        self.state = state
        self.progress = progress
    }

    /// The time at which it falls due by itself; nil where it does not.
    var wakes: WallTime? {
        switch state {
        case .scheduled(let due), .retry(let due): due
        case .due, .leased, .paused, .dead, .cancelled, .done: nil
        }
    }

    /// True when it has just fallen due.
    mutating func fallDue(at now: WallTime) -> Bool {
        guard let due = wakes, due <= now else { return false }
        state = .due(since: due)
        return true
    }

    /// Its priority with a step for each interval it has waited.
    func effectivePriority(at now: WallTime) -> UInt8 {
        guard case .due(let since) = state, since < now else { return priority }
        let steps = UInt64(now.milliseconds - since.milliseconds) / max(1, step.milliseconds)
        return UInt8(min(UInt64(Limits.maxPriority), UInt64(priority) + steps))
    }

    /// When waiting will have earned it the next step; nil at the top.
    func nextStep(at now: WallTime) -> WallTime? {
        guard case .due(let since) = state else { return nil }
        let effective = effectivePriority(at: now)
        guard UInt32(effective) < Limits.maxPriority else { return nil }
        return since + step * UInt64(effective - priority + 1)
    }

    private var step: Span { timing.step(pace: progress.pace) }

    mutating func lease(_ lease: UInt64) {
        guard case .due(let since) = state else { preconditionFailure("leased while \(state)") }
        state = .leased(lease: lease, since: since)
    }

    /// After a restart: the lease is stored, and what is stored of the target says since when it was due.
    mutating func resumeLease(_ lease: UInt64) {
        guard let since = waitsSince else { preconditionFailure("a lease was stored while \(state)") }
        state = .leased(lease: lease, since: since)
    }

    /// Since when it is or will be due; nil where it is not waiting.
    var waitsSince: WallTime? {
        if case .due(let since) = state { since } else { wakes }
    }

    /// The lease's end is confirmed. `changed`: it brought something new. `others`: whether another node could judge it
    /// too.
    mutating func settle(
        _ settlement: Settlement, changed: Bool = false, by node: NodeNumber, others: Bool, at now: WallTime,
        _ random: inout any RandomSource
    ) {
        guard case .leased(let lease, let since) = state else { preconditionFailure("settled while \(state)") }
        progress.attempts += 1
        progress.lastAttempt = now
        progress.lastLease = lease
        switch settlement {
        case .success:
            progress.successes += 1
            progress.lastSuccess = now
            endRun(changed: changed, at: now)
        case .empty: endRun(changed: false, at: now)
        case .failure(let kind, let error, let retryAfter):
            count(kind, error, by: node)
            if progress.run.ofTarget >= Limits.failuresUntilDead && (progress.run.secondAgrees || !others) {
                state = .dead
            } else {
                state = .retry(due: now + max(backoff(of: kind, &random), min(retryAfter, Limits.maxInterval)))
            }
        case .handedBack(let error):
            progress.lastError = error
            giveBack(from: node, since: since, at: now)
        }
    }

    /// The lease ended without a result. `node`: the one that let its time run out; nil: the node is gone, or never
    /// knew of the lease, and the target is due as if nothing had been.
    mutating func release(failedBy node: NodeNumber?, at now: WallTime) {
        guard case .leased(_, let since) = state else { preconditionFailure("released while \(state)") }
        guard let node else {
            state = .due(since: since)
            return
        }
        progress.attempts += 1
        progress.lastAttempt = now
        progress.lastError = "the lease's time ran out"
        giveBack(from: node, since: since, at: now)
    }

    private mutating func endRun(changed: Bool, at now: WallTime) {
        progress.run = FailureRun()
        progress.avoid = nil
        if timing.plan == .adaptive { progress.pace = timing.pace(after: progress.pace, changed: changed) }
        state = timing.next(after: now, pace: progress.pace).map { .scheduled(due: $0) } ?? .done
    }

    /// At once the first time; a node that gives everything back at once must not make a busy loop.
    private mutating func giveBack(from node: NodeNumber, since: WallTime, at now: WallTime) {
        let before = progress.run.ofNode
        progress.avoid = node
        progress.run.ofNode += 1
        guard before > 0 else {
            state = .due(since: since)
            return
        }
        let wait = Backoff.ceiling(attempt: UInt64(before - 1), base: Limits.handBackBase, cap: timing.minRetry)
        state = .retry(due: now + wait)
    }

    private mutating func count(_ kind: FailureKind, _ error: String, by node: NodeNumber) {
        progress.lastError = error
        progress.avoid = node
        progress.run.ofNode = 0
        switch kind {
        case .content: progress.run.ofContent += 1
        case .target:
            progress.run.ofTarget += 1
            if let first = progress.run.firstBlamedBy {
                progress.run.secondAgrees = progress.run.secondAgrees || first != node
            } else {
                progress.run.firstBlamedBy = node
            }
        }
    }

    /// Anything from min_retry_interval to min_retry_interval · 2ⁿ after n failures.
    private func backoff(of kind: FailureKind, _ random: inout any RandomSource) -> Span {
        let failures = kind == .target ? progress.run.ofTarget : progress.run.ofContent
        let ceiling = Backoff.ceiling(attempt: UInt64(failures), base: timing.minRetry, cap: Limits.maxInterval)
        let room = ceiling.nanoseconds - min(ceiling.nanoseconds, timing.minRetry.nanoseconds)
        return Span(nanoseconds: timing.minRetry.nanoseconds + random.below(room + 1))
    }
}

/// What operators do to a target. Each says whether anything changed; a lease that was running is the caller's to
/// revoke.
extension Target {
    mutating func pause() -> Bool {
        switch state {
        case .scheduled, .due, .leased, .retry: state = .paused
        case .paused, .dead, .cancelled, .done: return false
        }
        return true
    }

    mutating func resume(at now: WallTime) -> Bool {
        guard state == .paused else { return false }
        state = .scheduled(due: timing.first(at: now))
        return true
    }

    mutating func cancel() -> Bool {
        switch state {
        case .scheduled, .due, .leased, .retry, .paused, .dead: state = .cancelled
        case .cancelled, .done: return false
        }
        return true
    }

    /// Gives a dead or waiting target a new chance at once.
    mutating func revive(at now: WallTime) -> Bool {
        switch state {
        case .dead, .retry:
            progress.run = FailureRun()
            state = .scheduled(due: now)
        case .scheduled, .due, .leased, .paused, .cancelled, .done: return false
        }
        return true
    }

    /// A new interval counts at once where it ends sooner than the wait that is running; a new cron line always.
    mutating func reschedule(_ new: Timing, at now: WallTime) -> Bool {
        guard new != timing else { return false }
        let hasNewPlan = new.plan != timing.plan
        timing = new
        if hasNewPlan { progress.pace = .zero }
        switch state {
        case .scheduled(let due):
            if case .cron = new.plan {
                if hasNewPlan { state = .scheduled(due: new.first(at: now)) }
            } else if let next = new.next(after: now, pace: new.interval) {
                state = .scheduled(due: min(due, next))
            }
        case .done where !new.once: state = .scheduled(due: new.first(at: now))
        case .due, .leased, .retry, .paused, .dead, .cancelled, .done: break
        }
        return true
    }
}
