import Coordinator
import Model
import Orchestrator
import Storage
import Wire

/// The orchestrator's thread: a turn for all that waits, and then its effects, as the product's actor and bridge do it.
final class OrchestratorThread {
    private unowned let hub: HubProcess
    private let worker: Worker
    private var inbox: [OrchestratorInput] = []
    private var isServing = true
    private var wake: Instant?
    private var recoveryDelay = OrchestratorThread.firstRecoveryDelay
    private var hasUnseenEffects = false

    private static let firstRecoveryDelay = Model.Span.milliseconds(100)
    private static let longestRecoveryDelay = Model.Span.seconds(5)
    private static let path = "orchestrator.db"

    init(_ hub: HubProcess) {
        self.hub = hub
        worker = Worker(hub)
        worker.round = { [unowned self] in round() }
    }

    private var simulation: Simulation { hub.simulation }

    func openCore() throws(StorageError) -> OrchestratorCore {
        let database = try Database.recover(path: OrchestratorThread.path, options: hub.options)
        let plan = simulation.plan
        var configuration = OrchestratorConfiguration(incarnation: hub.ledger?.identity.incarnation ?? 0)
        configuration.suspectAfter = plan.suspectAfter
        configuration.offlineAfter = plan.offlineAfter
        configuration.collectingDeadline = plan.collectingDeadline
        configuration.deliveringDeadline = plan.deliveringDeadline
        // Small, so that most crashes come while rows are on their way.
        configuration.journal.bytes = 2_048
        configuration.journal.slice = 4
        let core = try OrchestratorCore(
            database: database, configuration: configuration, random: SeededRandom(seed: simulation.random.next()),
            now: hub.now, wall: hub.wall)
        #if PLANTED_BUGS
            core.planted = Orchestrator.PlantedBug(rawValue: simulation.bug ?? "").map { [$0] } ?? []
        #endif
        simulation.oracle.began(core)
        return core
    }

    func started() {
        restarted()
        submit(.tick)
    }

    /// The core needs every receipt after its position, and its nodes must register.
    private func restarted() {
        hub.closeNodes()
        hub.ledgerThread?.follow(after: hub.core?.receiptPosition ?? 0)
    }

    func submit(_ input: OrchestratorInput) {
        inbox.append(input)
        worker.call()
    }

    func countCrash() {
        if hasUnseenEffects { simulation.count(.crashBeforeEffects) }
    }

    // MARK: One turn

    private func round() -> (Model.Span, () -> Void)? {
        guard !inbox.isEmpty else { return nil }
        let inputs = inbox
        inbox = []
        guard isServing, let core = hub.core else { return (.zero, {}) }
        simulation.oracle.turns(inputs)
        do throws(StorageError) {
            let effects = try core.turn(inputs, now: hub.now, wall: hub.wall)
            simulation.oracle.turned(core, inputs, effects)
            hasUnseenEffects = !effects.isEmpty
            if hasUnseenEffects { hub.reach(.turn) }
            return (hub.diskTime, { [unowned self] in perform(effects, core) })
        } catch {
            if hub.endedByFault() { return nil }
            simulation.note("orchestrator-failed") { error.description }
            simulation.oracle.judge(.storage(error))
            core.close()
            isServing = false
            recoverLater()
            return (hub.diskTime, {})
        }
    }

    private func perform(_ effects: [OrchestratorEffect], _ core: OrchestratorCore) {
        hasUnseenEffects = false
        var late: [LeaseRef] = []
        for effect in effects {
            switch effect {
            case .send(let id, let envelope):
                if case .assignment(let assignment)? = envelope.body { simulation.oracle.issued(assignment) }
                hub.gate(id)?.send(envelope)
            case .registered(let id, let request, var registered):
                guard let gate = hub.gate(id) else { continue }
                registered.streams = gate.takeStreams()
                gate.send(Proto.Envelope(inReplyTo: request, body: .registered(registered)))
            case .close(let id, let reason):
                hub.gate(id)?.send(Proto.Envelope(body: .error(reason)))
                hub.gate(id)?.close()
            case .late(let ref): late.append(ref)
            // No operator sets a quota here.
            case .quotas: break
            // The ledger's thread gives pages without being asked for each.
            case .receiptsRead: break
            }
        }
        if !late.isEmpty { hub.ledgerThread?.markLate(late) }
        setWake(core.nextDeadline)
    }

    private func setWake(_ deadline: Instant?) {
        guard deadline != wake else { return }
        wake = deadline
        guard let deadline else { return }
        hub.at(deadline) { [weak self] in
            guard let self, wake == deadline else { return }
            wake = nil
            submit(.tick)
        }
    }

    // MARK: Recovery

    private func recoverLater() {
        wake = nil
        hub.after(recoveryDelay) { [weak self] in self?.recover() }
        recoveryDelay = min(recoveryDelay * 2, OrchestratorThread.longestRecoveryDelay)
    }

    private func recover() {
        guard !isServing else { return }
        do throws(StorageError) {
            hub.core = try openCore()
            isServing = true
            recoveryDelay = OrchestratorThread.firstRecoveryDelay
            simulation.count(.orchestratorRecovered)
            started()
        } catch {
            if hub.endedByFault() { return }
            simulation.oracle.judge(.storage(error))
            recoverLater()
        }
    }
}
