import Compression
import Coordinator
import Hub
import Model
import Orchestrator
import Storage
import Wire

/// The hub's process: the product's ledger, orchestrator, sessions and intake, on a simulated disk and network. Threads
/// are workers; what a thread would see of another comes by scheduling, so that a crash falls between any two steps.
final class HubProcess: Process {
    let disk: SimulatedDisk
    let secret: DedupSecret
    var ledger: Ledger?
    var intake: Intake?
    private(set) var credit = SharedCredit()
    var core: OrchestratorCore?
    var gates: [UInt64: Gate] = [:]
    var ledgerThread: LedgerThread?
    var orchestratorThread: OrchestratorThread?
    /// A write is going to fail because the process is to die in it.
    private var dying: Death?
    private var armed: Failpoint?
    private(set) var isMachineUp = false
    /// Its wall clock was ever wrong. A hub that starts under a wrong clock takes stored waits for what they seem.
    var hasJumped = false
    /// A disk under load answers late until then.
    var isSlowUntil = Instant.zero

    init(_ simulation: Simulation) {
        disk = SimulatedDisk(seed: simulation.random.next())
        guard let secret = try? DedupSecret(bytes: Array(repeating: 7, count: DedupSecret.length)) else {
            preconditionFailure("OpenSSL has no BLAKE2BMAC")
        }
        self.secret = secret
        super.init(simulation, name: "hub")
    }

    var options: DatabaseOptions { DatabaseOptions(cacheBytes: 1 << 20, vfs: disk.name) }

    var place: LedgerPlace {
        LedgerPlace(path: "ledger.db", options: options, secretID: secret.id, compressor: Zstd())
    }

    /// What one commit takes, and its caller waits for.
    var diskTime: Model.Span {
        let usual = simulation.plan.diskLatency.nanoseconds
        let slow = isSlowUntil > simulation.now ? 50_000_000 + simulation.random.below(2_000_000_000) : 0
        return Span(nanoseconds: usual / 2 + simulation.random.below(usual + 1) + slow)
    }

    // MARK: Start

    /// Opens what the disk holds, as the service does; where that fails, its supervisor starts it again.
    func start() {
        guard !isUp else { return }
        isMachineUp = true
        rise()
        do {
            try open()
        } catch {
            simulation.note("hub-start-failed") { "\(error)" }
            if case LedgerError.damaged(let what) = error { simulation.fail(.filesAreSound, "the ledger: \(what)") }
            if let error = error as? StorageError, error.code == .corrupt {
                simulation.fail(.filesAreSound, error.sentence)
            }
            if !endedByFault() { die(.killed, downFor: .seconds(1)) }
            return
        }
        simulation.note("hub-started") { "version \(ledger?.head.stateVersion ?? 0)" }
        orchestratorThread?.started()
    }

    private func open() throws {
        let ledger = try openLedger()
        self.ledger = ledger
        intake = Intake(
            hasher: try IdentityHasher(secret: secret, salt: ledger.identity.salt),
            sealer: Sealer(known: ledger.known, compressor: place.compressor, atLeast: 2))
        try simulation.oracle.opened(ledger)
        let orchestratorThread = OrchestratorThread(self)
        ledgerThread = LedgerThread(self)
        self.orchestratorThread = orchestratorThread
        core = try orchestratorThread.openCore()
    }

    func openLedger() throws(LedgerError) -> Ledger {
        #if PLANTED_BUGS
            let planted = Coordinator.PlantedBug(rawValue: simulation.bug ?? "").map { Set([$0]) } ?? []
            return try Ledger(place, random: &simulation.random, planted: planted)
        #else
            return try Ledger(place, random: &simulation.random)
        #endif
    }

    // MARK: Death

    /// How a process ends without being asked.
    enum Death {
        /// The kernel keeps what was written, and closes its connections.
        case killed
        /// What was not synced is lost or torn, and nobody says goodbye.
        case powerCut
    }

    /// Dies in the nth write from now.
    func die(_ death: Death, inWrite nth: Int) {
        guard isUp, dying == nil else { return }
        dying = death
        switch death {
        case .killed: disk.faults.set(FaultRule(.changes, nth: nth, sticky: true, .error))
        case .powerCut: disk.cutPower(atChange: nth)
        }
        after(.seconds(5)) { [unowned self] in if dying != nil { die(death) } }
    }

    var isDying: Bool { dying != nil }

    /// True when the error of a storage call was the end of this process.
    func endedByFault() -> Bool {
        guard let dying, disk.faults.fired > 0 || !disk.isPowered else { return false }
        simulation.count(dying == .killed ? .hubKilledInWrite : .hubPowerCutInWrite)
        die(dying)
        return true
    }

    func die(_ wanted: Death, downFor: Model.Span? = nil) {
        guard isUp else { return }
        // What was to come is off, unless it has happened already.
        let death = disk.isPowered ? wanted : .powerCut
        disk.cutPower(atChange: .max)
        simulation.note("hub-died") { "\(death)" }
        simulation.count(death == .killed ? .hubKilled : .hubPowerCut)
        ledgerThread?.countCrash()
        orchestratorThread?.countCrash()
        if dying != nil { disk.faults.clear() }
        dying = nil
        fall()
        for number in gates.keys.sorted() { gates[number]?.die(silently: death == .powerCut) }
        gates = [:]
        ledgerThread = nil
        orchestratorThread = nil
        intake = nil
        credit = SharedCredit()
        ledger?.abandon()
        ledger = nil
        core?.close()
        core = nil
        if death == .powerCut {
            isMachineUp = false
            disk.crash()
            resetClock()
        }
        let pause = downFor ?? .milliseconds(100 + simulation.random.below(8_000))
        simulation.after(pause) { [unowned self] in start() }
    }

    func closeFiles() {
        ledger?.abandon()
        core?.close()
    }

    /// The reader of receipts comes again from an earlier position, as one may that does not know what was counted.
    func repeatReceipts() {
        guard isUp, let core else { return }
        let back = simulation.random.below(6)
        ledgerThread?.follow(after: core.receiptPosition > back ? core.receiptPosition - back : 0)
    }

    /// A moment at which something is on disk and nobody has been told.
    enum Failpoint { case commit, turn }

    func arm(_ failpoint: Failpoint) { armed = failpoint }

    /// Dies here, if that is what was wanted.
    func reach(_ failpoint: Failpoint) {
        guard armed == failpoint else { return }
        armed = nil
        let death: Death = simulation.random.oneIn(2) ? .killed : .powerCut
        after(.zero) { [unowned self] in die(death) }
    }

    // MARK: Connections

    func accept(_ cable: Cable) -> Bool {
        guard isUp, intake != nil else { return false }
        gates[cable.number] = Gate(self, cable)
        return true
    }

    func gate(_ id: ConnectionID) -> Gate? { gates[id.number] }

    /// Ends every node's connection, so that they come again and register.
    func closeNodes() {
        for number in gates.keys.sorted() where gates[number]?.peer?.role == .node { gates[number]?.close() }
    }
}
