import Compression
import Model
import Node
import Storage
import Wire

/// A node's process: the product's core and spool, on a simulated disk, network and world.
final class NodeProcess: Process {
    let number: Int
    private(set) var disk: SimulatedDisk
    private var core: NodeCore?
    private(set) var spool: Spool?
    private var link: ClientLink?
    private var worker: Worker?
    private var inbox: [NodeInput] = []
    private var wake: Instant?
    private var visits: [UInt64: Visit] = [:]
    private var visitsBegun: UInt64 = 0
    /// Batches under way, by the core's request number.
    private var batches: [UInt64: Proto.IngestBatch] = [:]
    /// What was last yielded of each address, for collectors that ask whether it has changed.
    private var lastSeen: [Int: PageKey] = [:]
    private var backoff = Backoff(base: Limits.reconnectBase, cap: Limits.reconnectCap)
    private var dying: Death?

    enum Death {
        case killed, powerCut
        /// With an empty disk.
        case reinstalled
        /// With a disk as it was some time ago.
        case restored
    }

    private var copy: SimulatedDisk?
    /// Something is on disk, and nobody will be told.
    var diesAfterSpooling = false

    init(_ simulation: Simulation, number: Int) {
        self.number = number
        disk = SimulatedDisk(seed: simulation.random.next())
        super.init(simulation, name: "node-\(number)")
    }

    private var site: Site { simulation.site }

    var isIdle: Bool { isUp && spool?.items == 0 && spool?.outcomes.isEmpty == true && visits.isEmpty }
    var spooledItems: UInt64? { spool?.items }

    // MARK: Start

    func start() {
        guard !isUp else { return }
        rise()
        do throws(StorageError) {
            try open()
        } catch {
            if endedByFault() { return }
            simulation.note("node-start-failed", UInt64(number)) { "\(name): \(error)" }
            simulation.oracle.judge(error, of: self)
            return die(.killed)
        }
        simulation.note("node-started", UInt64(number)) { "\(name), \(spool?.items ?? 0) items" }
        connect()
    }

    private func open() throws(StorageError) {
        let spool = try Spool.open(
            path: "spool.db", limit: simulation.plan.spoolBytes,
            options: DatabaseOptions(cacheBytes: 256 << 10, vfs: disk.name), compressor: Zstd(),
            random: &simulation.random)
        self.spool = spool
        let core = NodeCore(
            spool: spool, identity: NodeIdentity(capabilities: ["web"], capacity: simulation.plan.capacity),
            random: SeededRandom(seed: simulation.random.next()))
        #if PLANTED_BUGS
            if simulation.bug == "spool-deleted-before-fsync-ack" { core.plantedBugs = [.spoolDeletedBeforeFsyncAck] }
        #endif
        self.core = core
        let worker = Worker(self)
        worker.round = { [unowned self] in round() }
        self.worker = worker
    }

    // MARK: Death

    func die(_ death: Death, inWrite nth: Int) {
        guard isUp, dying == nil else { return }
        dying = death
        switch death {
        case .killed, .reinstalled, .restored: disk.faults.set(FaultRule(.changes, nth: nth, sticky: true, .error))
        case .powerCut: disk.cutPower(atChange: nth)
        }
        after(.seconds(5)) { [unowned self] in if dying != nil { die(death) } }
    }

    var isDying: Bool { dying != nil }

    func closeFiles() { core?.close() }

    private func endedByFault() -> Bool {
        guard let dying, disk.faults.fired > 0 || !disk.isPowered else { return false }
        simulation.count(dying == .powerCut ? .nodePowerCutInWrite : .nodeKilledInWrite)
        die(dying)
        return true
    }

    func die(_ wanted: Death) {
        guard isUp else { return }
        // What was to come is off, unless it has happened already.
        let death = disk.isPowered || wanted != .killed ? wanted : .powerCut
        disk.cutPower(atChange: .max)
        simulation.note("node-died", UInt64(number)) { "\(name) \(death)" }
        simulation.count(NodeProcess.occurrence(death))
        if dying != nil { disk.faults.clear() }
        dying = nil
        fall()
        simulation.oracle.died(self)
        link?.die(silently: death != .killed)
        link = nil
        worker = nil
        core?.close()
        core = nil
        spool = nil
        inbox = []
        visits = [:]
        batches = [:]
        wake = nil
        switch death {
        case .killed: break
        case .powerCut:
            disk.crash()
            resetClock()
        case .reinstalled, .restored:
            simulation.oracle.lostSpool(of: self)
            let old = death == .restored ? copy : nil
            disk = old ?? SimulatedDisk(seed: simulation.random.next())
            copy = nil
            lastSeen = [:]
            resetClock()
        }
        simulation.after(.milliseconds(100 + simulation.random.below(12_000))) { [unowned self] in start() }
    }

    private static func occurrence(_ death: Death) -> Occurrence {
        switch death {
        case .killed: .nodeKilled
        case .powerCut: .nodePowerCut
        case .reinstalled: .nodeReinstalled
        case .restored: .nodeRestored
        }
    }

    var hasCopy: Bool { copy != nil }

    /// Somebody copies the node's disk, and some time later puts the copy back.
    func restoreOrCopy() {
        if copy == nil { copy = disk.image(seed: simulation.random.next()) } else { die(.restored) }
    }

    // MARK: Connection

    private func connect() {
        var made: ClientLink?
        let link = ClientLink(self, number: number, role: .node) { [unowned self] event in
            if self.link === made { take(event) }
        }
        made = link
        self.link = link
        link.connect()
    }

    private func reconnect(_ reason: String, retryAfter: Model.Span) {
        simulation.note("node-reconnects", UInt64(number)) { "\(name): \(reason)" }
        link?.stop("reconnecting")
        link = nil
        let wait = max(retryAfter, backoff.next(&simulation.random))
        after(wait) { [unowned self] in if link == nil { connect() } }
    }

    private func take(_ event: ClientLink.Event) {
        switch event {
        case .connected(let welcome):
            backoff.reset()
            add(.connected(welcome))
        case .message(let body):
            if case .assignment(let assignment) = body { simulation.oracle.assigned(assignment, to: self) }
            add(.message(Proto.Envelope(body: body)))
        case .answer(NodeProcess.lieTag, let body): simulation.oracle.answered(lieOf: self, body)
        case .answer(let tag, let body):
            if case .ingestAck(let ack) = body, let batch = batches.removeValue(forKey: tag) {
                simulation.oracle.acked(batch, ack, by: self)
            }
            if case .registered(let registered) = body { simulation.oracle.heard(registered) }
            add(.message(Proto.Envelope(inReplyTo: tag, body: body)))
        case .disconnected:
            batches = [:]
            add(.disconnected)
        }
    }

    // MARK: One turn

    private func add(_ input: NodeInput) {
        inbox.append(input)
        worker?.call()
    }

    private func round() -> (Model.Span, () -> Void)? {
        guard !inbox.isEmpty, let core else { return nil }
        let inputs = inbox
        inbox = []
        do throws(StorageError) {
            let effects = try core.handle(inputs, now: now, wall: wall)
            simulation.note("node-turn", UInt64(number), UInt64(effects.count)) {
                "\(name), \(inputs.count) inputs, \(effects.count) effects, \(spool?.items ?? 0) items"
            }
            simulation.oracle.spooled(inputs, effects, by: self)
            dieAfterSpooling(inputs)
            if spool?.hasRoom == false { simulation.count(.spoolFull) }
            return (.microseconds(100 + simulation.random.below(2_000)), { [unowned self] in perform(effects) })
        } catch {
            if endedByFault() { return nil }
            simulation.note("spool-failed", UInt64(number)) { error.description }
            simulation.oracle.judge(error, of: self)
            die(.killed)
            return nil
        }
    }

    private func dieAfterSpooling(_ inputs: [NodeInput]) {
        let hasYielded = inputs.contains { if case .yielded = $0 { true } else { false } }
        guard diesAfterSpooling, hasYielded else { return }
        diesAfterSpooling = false
        simulation.count(.crashAfterSpooling)
        let death: Death = simulation.random.oneIn(2) ? .killed : .powerCut
        after(.zero) { [unowned self] in die(death) }
    }

    private func perform(_ effects: [NodeEffect]) {
        for effect in effects {
            switch effect {
            case .send(let envelope): send(envelope)
            case .startCollecting(let assignment):
                visitsBegun += 1
                if assignment.bookmark != nil { simulation.count(.bookmarkGiven) }
                visits[assignment.lease] = Visit(
                    assignment, number: visitsBegun, site: site, plan: simulation.plan, &simulation.random)
            case .resumeCollector(let lease): resume(lease)
            case .stopCollecting(let lease, _): visits[lease] = nil
            case .ended(let outcome): visits[outcome.lease.lease] = nil
            case .budget: break  // its collectors visit nobody else
            case .reconnect(let reason, let retryAfter): reconnect(reason, retryAfter: retryAfter)
            case .stopped: break
            // The simulated hub has both roles.
            case .sendToCoordinator, .reconnectToCoordinator: break
            }
        }
        setWake()
    }

    private func send(_ envelope: Proto.Envelope) {
        guard let body = envelope.body else { return }
        if case .ingestBatch(let batch) = body { batches[envelope.id] = batch }
        if envelope.id == 0 { link?.tell(body) } else { link?.ask(body, tag: envelope.id) }
    }

    /// No request of the core has this number.
    private static let lieTag = UInt64.max

    /// Says what its core knows nothing of, beside what that says.
    func lie(_ body: Proto.Envelope.Body) {
        guard let link, link.isOpen else { return }
        simulation.note("lie", UInt64(number)) { "\(name): \(body)" }
        simulation.count(.lieTold)
        link.ask(body, tag: NodeProcess.lieTag)
    }

    private func setWake() {
        guard let deadline = core?.nextDeadline, deadline != wake else { return }
        wake = deadline
        at(deadline) { [unowned self] in
            guard wake == deadline else { return }
            wake = nil
            add(.tick)
        }
    }

    // MARK: Collecting

    private func resume(_ lease: UInt64) {
        guard var visit = visits[lease] else { return }
        let next = visit.next()
        visits[lease] = visit
        let number = visit.number
        func later(_ span: Model.Span, _ input: @escaping (NodeProcess) -> NodeInput) {
            after(span) { [unowned self] in
                if visits[lease]?.number == number { add(input(self)) }
            }
        }
        switch next {
        case .step(let step): later(step.time) { .yielded(lease: lease, items: $0.fetch(step.addresses)) }
        case .bookmark(let value): later(.milliseconds(1)) { _ in .yielded(lease: lease, items: [.bookmark(value)]) }
        case .end(let result, let span): later(span) { _ in .finished(lease: lease, result) }
        }
    }

    private func fetch(_ addresses: [Int]) -> [CollectedItem] {
        addresses.map { address in
            let key = site.key(address: address, at: simulation.now)
            let mark = UInt64(key.address) << 48 ^ UInt64(key.page) << 40 ^ key.version &+ 1
            if lastSeen[address] == key, let digest = (try? core?.digest(of: mark)) ?? nil {
                return .unchanged(Proto.Unchanged(digest: digest[...], rawSource: site.source(address)), mark: mark)
            }
            lastSeen[address] = key
            var artifact = site.artifact(key, variant: simulation.random.below(Site.variants), at: wall)
            simulation.oracle.yielded.insert(key)
            if simulation.random.oneIn(40) { artifact.content = [] }
            return .artifact(artifact, mark: mark)
        }
    }
}
