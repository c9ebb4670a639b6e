package import Model
package import Storage
import Wire

/// A node's decisions, over its spool. Confined to one thread; it reads no clock and no network, and its randomness is
/// given to it.
///
/// A call takes everything that happened since the last one, stores what it changes in one transaction, and only then
/// returns what is to be done.
package final class NodeCore {
    enum Session: Equatable {
        case offline  // to registering, when connected
        case registering(Proto.Welcome)  // to registered, by Registered; to offline, by a disconnect or an error
        case registered(Proto.Welcome)  // to offline, by a disconnect
    }

    /// Where batches go.
    enum Intake: Equatable {
        case inSession  // to offline, when the session is with an orchestrator alone
        case offline  // to registering, when connected; to inSession, when a hub has both roles
        case registering(Proto.Welcome)  // to open, by Registered; to offline, by a disconnect or an error
        case open  // to offline, by a disconnect
    }

    struct Draining {
        var handBackAt: Instant
        var stopAt: Instant
    }

    /// A request that is not a batch.
    enum Request: Equatable {
        case register
        case registerStreams
        case heartbeat
        case renew(lease: UInt64)
        case outcomes([UInt64])
        case budget(host: String)
    }

    let spool: Spool
    let identity: NodeIdentity
    var random: any RandomSource
    var session = Session.offline
    var intake = Intake.inSession
    var delivery: Delivery
    var collections = Collections()
    var draining: Draining?
    var restraint = Restraint()
    var isStopped = false
    var requests: [UInt64: (request: Request, sentAt: Instant)] = [:]
    var lastRequest: UInt64 = 0
    var heartbeatAt: Instant?
    var directives: [Proto.Directive] = []
    /// Outcomes to send on this connection, in the order they came.
    var unreported: [UInt64] = []
    var effects: [NodeEffect] = []
    var now = Instant.zero
    #if PLANTED_BUGS
        package var plantedBugs: Set<PlantedNodeBug> = []
    #endif

    package init(spool: Spool, identity: NodeIdentity, random: any RandomSource) {
        self.spool = spool
        self.identity = identity
        self.random = random
        delivery = Delivery(stream: spool.stream, firstUnacked: spool.firstUnacked, next: spool.next)
    }

    package func handle(
        _ inputs: [NodeInput], now: Instant, wall: WallTime
    ) throws(StorageError) -> [NodeEffect] {
        guard !isStopped else { return [] }
        self.now = now
        for input in inputs { try apply(input) }
        try passTime()
        try spool.commit()
        report()
        try deliver()
        resumeCollectors()
        finishDraining()
        defer { effects = [] }
        return effects
    }

    /// When `handle` wants to be called, though nothing else may have happened.
    package var nextDeadline: Instant? {
        guard !isStopped else { return nil }
        let requestsDue = requests.values.map { $0.sentAt + Limits.requestTimeout }.min()
        let draining = draining.map { now < $0.handBackAt ? $0.handBackAt : $0.stopAt }
        return [delivery.nextDeadline, collections.nextDeadline, requestsDue, heartbeatAt, draining]
            .compactMap { $0 }.min()
    }

    package func close() { spool.close() }

    /// The digest of what a collector yielded with this mark, if the ledger has told it.
    package func digest(of mark: UInt64) throws(StorageError) -> [UInt8]? { try spool.digest(of: mark) }

    private func apply(_ input: NodeInput) throws(StorageError) {
        switch input {
        case .connected(let welcome): connected(welcome)
        case .disconnected: disconnected()
        case .coordinatorConnected(let welcome): coordinatorConnected(welcome)
        case .coordinatorDisconnected: coordinatorDisconnected()
        case .message(let envelope): try received(envelope)
        case .yielded(let lease, let items): yielded(lease, items)
        case .progressed(let lease): collections.progressed(lease)
        case .finished(let lease, let result): finish(lease, result)
        case .budgetWanted(let host): askBudget(host)
        case .tick: break
        case .drain: drain()
        }
    }

    /// Everything that is due because of the time, not because of an input.
    private func passTime() throws(StorageError) {
        collections.areHeldUp = !isDelivering
        for late in collections.expired(now: now) {
            let reason = "the lease's time of \(late.span.milliseconds) ms ran out without renewal"
            effects.append(.stopCollecting(lease: late.lease.lease, reason: reason))
            finish(late.lease.lease, CollectionResult(.failedNode, error: reason))
        }
        if let draining, now >= draining.handBackAt { handBack() }
        restraint.pass(now: now)
        let late = requests.values.filter { $0.sentAt + Limits.requestTimeout <= now }.map(\.request)
        let noAnswer = "no answer for \(Limits.requestTimeout.milliseconds) ms"
        if late.contains(.registerStreams) || delivery.overdue(now: now) { leaveIntake(noAnswer) }
        if late.contains(where: { $0 != .registerStreams }) { reconnect(noAnswer) }
        guard case .registered(let welcome) = session else { return }
        for due in collections.renewable(now: now) { renew(due) }
        if let heartbeatAt, heartbeatAt <= now { heartbeat(welcome) }
    }

    // MARK: Sending

    /// Sends a request and returns its number.
    @discardableResult
    func ask(_ body: Proto.Envelope.Body, as request: Request? = nil) -> UInt64 {
        lastRequest += 1
        if let request { requests[lastRequest] = (request, now) }
        effects.append(.send(Proto.Envelope(id: lastRequest, body: body)))
        return lastRequest
    }

    /// The same, to whoever takes the batches.
    @discardableResult
    func askIntake(_ body: Proto.Envelope.Body, as request: Request? = nil) -> UInt64 {
        guard intake != .inSession else { return ask(body, as: request) }
        lastRequest += 1
        if let request { requests[lastRequest] = (request, now) }
        effects.append(.sendToCoordinator(Proto.Envelope(id: lastRequest, body: body)))
        return lastRequest
    }

    func reconnect(_ reason: String, retryAfter: Span = .zero) {
        guard session != .offline else { return }
        effects.append(.reconnect(reason: reason, retryAfter: retryAfter))
        disconnected()
    }
}

#if PLANTED_BUGS
    /// Bugs for the simulator to find.
    package enum PlantedNodeBug: Hashable, Sendable {
        /// Items are deleted when they are sent.
        case spoolDeletedBeforeFsyncAck
    }
#endif
