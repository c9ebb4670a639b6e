package import Model
package import Storage
import Wire

/// Targets, leases and the fleet, decided in memory and stored by turns. Confined to its owner's thread; reads no clock
/// and does no I/O but its database's. See docs/ORCHESTRATOR.md.
package final class OrchestratorCore {
    let database: Database
    let configuration: OrchestratorConfiguration
    let clock: ScheduleClock
    var random: any RandomSource
    let identity: TargetIdentity

    var targets: [TargetEntry] = []
    var numbers: [TargetID: TargetNumber] = [:]
    var states = StateCounts()
    var leases: [UInt64: Lease] = [:]
    var collecting: UInt64 = 0
    var fleet: Fleet
    var assigner: Assigner
    /// For each target the moment of what comes next by itself: due, a step of priority, the end of its lease.
    var timers = Ranking<Instant>()
    var totals = Totals()
    /// Not yet recorded by the ledger.
    var notices: Set<LeaseRef> = []
    /// When those are given again: the ledger may have been closed when it was asked.
    var noticesRepeat: Instant?
    /// When the oldest remembered reply may be forgotten.
    var submissionsExpire: Instant?
    var alerts: [String] = []
    /// Since when there is no word of the coordinator; nil while there is, and always where it shares the process.
    var coordinatorAway: Instant?
    /// When a node may be given something that it may not be given now.
    var nodeTimers = Ranking<Instant>()
    /// Operators, in the order in which they were first heard of.
    var actors: [String] = []
    var actorTrails: [Int: DecisionTrail] = [:]
    var decisionNumber: UInt64 = 0
    var hostMemories: [HostMemory] = []
    var hostNumbers: [String: Int] = [:]
    var quotas = QuotaPolicy()
    var quotaDirty: Set<NodeNumber> = []
    var quotasDue: Instant?

    var now: Instant
    var changes = Changes()
    var effects: [OrchestratorEffect] = []
    private var failure: StorageError?
    /// Changes that are in the journal and in no row yet.
    var unwritten = Unwritten()
    var journalEnd: Int64 = 0
    /// When rows follow though the journal is short: nothing has changed for a while.
    var rowsFollow: Instant?
    var pagesSinceCheckpoint = 0
    /// Bytes of the log that somebody's long read keeps; nil: there is room. No turn may be taken until then.
    var logHeld: Int?

    #if PLANTED_BUGS
        package var planted: Set<PlantedBug> = []
    #endif

    /// Brings the database up to date and reads it whole. Every running lease has its full time anew.
    package init(
        database: Database, configuration: OrchestratorConfiguration, random: any RandomSource, now: Instant,
        wall: WallTime
    ) throws(StorageError) {
        self.database = database
        self.configuration = configuration
        self.random = random
        self.now = now
        clock = ScheduleClock(now: now, wall: wall)
        identity = TargetIdentity()
        fleet = Fleet(suspectAfter: configuration.suspectAfter, offlineAfter: configuration.offlineAfter)
        assigner = Assigner(politeness: configuration.politeness)
        try load()
    }

    /// Takes everything that waits: decides, stores, and only then says what to do. `wall` is for records only.
    ///
    /// An error ends this core, since nobody knows what was stored: recover the database and build another one.
    package func turn(
        _ inputs: [OrchestratorInput], now: Instant, wall: WallTime
    ) throws(StorageError) -> [OrchestratorEffect] {
        if let failure { throw failure }
        self.now = max(now, self.now)
        let position = receiptPosition
        do throws(StorageError) {
            for input in inputs { try take(input) }
            passTime()
            try assign()
            try store()
            if receiptPosition > position { effects.append(.receiptsRead(receiptPosition)) }
        } catch {
            failure = error
            effects = []
            throw error
        }
        defer { effects = [] }
        return effects
    }

    /// Ends the core and its database connection.
    package func close() { database.close() }

    /// When a turn is needed though nothing comes in.
    package var nextDeadline: Instant? { [nextDecision, rowsFollow].compactMap(\.self).min() }

    /// When something is to be decided, apart from the rows that follow the journal.
    var nextDecision: Instant? {
        [
            timers.first?.key, fleet.wakes, assigner.wakes, submissionsExpire, noticesRepeat, nodeTimers.first?.key,
            quotasDue,
        ].compactMap(\.self).min()
    }

    /// Receipts up to this position are accounted for.
    package var receiptPosition: UInt64 { totals.receiptPosition }

    /// The time on the schedules' clock.
    var time: WallTime { clock.time(at: now) }

    private func take(_ input: OrchestratorInput) throws(StorageError) {
        switch input {
        case .request(let connection, let name, let envelope): try answer(envelope, from: name, on: connection)
        case .signOfLife(let connection): signOfLife(on: connection)
        case .disconnected(let connection):
            if let node = fleet.disconnected(connection) {
                assigner.setUnavailable(node)
                decide(.nodeState, node: node, "active to suspect: its connection broke")
            }
        case .receipts(let page): receive(page)
        case .ratings(let ratings): rate(ratings)
        case .outOfCredit(let node, let span): outOfCredit(node, for: span)
        case .lateRecorded(let ref):
            if notices.remove(ref) != nil { changes.notices.append(ref) }
            if notices.isEmpty { noticesRepeat = nil }
        case .operate(let operation, let id): operate(operation, on: id)
        case .coordinatorAway: coordinatorAway = coordinatorAway ?? self.now
        case .coordinatorBack: coordinatorIsBack()
        case .tick: break
        }
    }

    private func passTime() {
        for change in fleet.pass(now: now) {
            switch change {
            case .suspect(let node):
                assigner.setUnavailable(node)
                let silence = now.since(fleet[node].lastSign).milliseconds
                decide(.nodeState, node: node, "active to suspect: silent for \(silence) ms")
            case .offline(let node, let connection): wentOffline(node, connection)
            }
        }
        wakeNodes()
        refreshQuotas()
        while let first = timers.first, first.key <= now {
            timers.remove(first.id)
            ring(first.id)
        }
        assigner.openHosts(now: now)
        if let due = submissionsExpire, due <= now { changes.submissionsExpire = true }
        if let due = noticesRepeat, due <= now { repeatNotices() }
    }

    func repeatNotices() {
        noticesRepeat = now + Limits.requestTimeout
        for ref in notices.sorted(by: { $0.lease < $1.lease }) { effects.append(.late(ref)) }
    }

    /// A target's next moment has come.
    private func ring(_ number: TargetNumber) {
        switch targets[number].target.state {
        case .leased(let lease, _): expire(lease)
        case .scheduled: change(number) { _ = $0.fallDue(at: time) }
        case .retry:
            change(number) { _ = $0.fallDue(at: time) }
            // A row that is written later would say so: the journal must too.
            changes.progress.add(number)
        case .due: reposition(number)
        case .paused, .dead, .cancelled, .done: break
        }
    }

    /// The only way to a target's state: keeps the counts, the queues and the timers in step.
    func change(_ number: TargetNumber, _ body: (inout Target) -> Void) {
        let before = targets[number].target.state
        let demand = targets[number].target.demand
        body(&targets[number].target)
        let change = targets[number].target.demand - demand
        if change != 0 { assigner.addDemand(change, at: targets[number].place) }
        let after = targets[number].target.state
        guard before != after else { return }
        states.move(from: before, to: after)
        reposition(number)
    }

    /// Puts the target where its state belongs. A leased one's timer is its lease's.
    func reposition(_ number: TargetNumber) {
        // Not a copy of the entry: that would count references to all that it holds.
        let place = targets[number].place
        switch targets[number].target.state {
        case .due(let since):
            let rank = UInt8(Limits.maxPriority) - targets[number].target.effectivePriority(at: time)
            assigner.enqueue(DueKey(rank: rank, due: since.milliseconds, target: number), at: place, now: now)
            setTimer(number, at: targets[number].target.nextStep(at: time))
        case .scheduled, .retry:
            assigner.dequeue(number, at: place, now: now)
            setTimer(number, at: targets[number].target.wakes)
        case .leased: assigner.dequeue(number, at: place, now: now)
        case .paused, .dead, .cancelled, .done:
            assigner.dequeue(number, at: place, now: now)
            timers.remove(number)
        }
    }

    private func setTimer(_ number: TargetNumber, at time: WallTime?) {
        if let time { timers.set(number, clock.instant(of: time)) } else { timers.remove(number) }
    }
}

#if PLANTED_BUGS
    /// Bugs that the simulator must find. They exist in no other build.
    package enum PlantedBug: String, CaseIterable, Sendable {
        /// What comes under an old fence counts for whoever has the target now.
        case staleLeaseAccepted = "stale-lease-accepted"
        /// A word about a lease counts whoever says it.
        case anyonesWordAccepted = "anyones-word-accepted"
        /// A page of receipts that comes again counts again.
        case receiptAppliedTwice = "receipt-applied-twice"
    }
#endif
