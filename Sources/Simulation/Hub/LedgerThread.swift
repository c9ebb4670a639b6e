import Coordinator
import Model
import Orchestrator
import Storage

/// The ledger's thread: group commits, receipts, checkpoints and recovery, in the order and with the answers of the
/// product's ledger actor.
final class LedgerThread {
    struct Waiting {
        var batch: PreparedBatch
        var answer: (LedgerAnswer) -> Void
    }

    private enum Job {
        case markLate([LeaseRef])
        case follow(after: UInt64)
        case feed
        case positions([UInt64], ([UInt64]) -> Void)
        case recover
        case checkpoint
    }

    private unowned let hub: HubProcess
    private let worker: Worker
    private var batches: [Waiting] = []
    private var jobs: [Job] = []
    private var isOpen = true
    private var feed: ReceiptFeed?
    private var bytesInLog = 0
    private var recoveryDelay = LedgerThread.firstRecoveryDelay
    /// Commits whose answers nobody has heard yet.
    private var unanswered = 0

    private static let firstRecoveryDelay = Model.Span.milliseconds(100)
    private static let longestRecoveryDelay = Model.Span.seconds(5)
    private static let checkpointBytes = 256 * Limits.kibibyte
    private static let idleBeforeCheckpoint = Model.Span.milliseconds(500)

    init(_ hub: HubProcess) {
        self.hub = hub
        worker = Worker(hub)
        worker.round = { [unowned self] in round() }
    }

    private var simulation: Simulation { hub.simulation }

    // MARK: What others ask

    func ingest(_ batch: PreparedBatch, answer: @escaping (LedgerAnswer) -> Void) {
        batches.append(Waiting(batch: batch, answer: answer))
        worker.call()
    }

    func markLate(_ leases: [LeaseRef]) { add(.markLate(leases)) }
    func follow(after position: UInt64) { add(.follow(after: position)) }
    func positions(of streams: [UInt64], _ body: @escaping ([UInt64]) -> Void) { add(.positions(streams, body)) }

    private func add(_ job: Job) {
        jobs.append(job)
        worker.call()
    }

    func countCrash() {
        if unanswered > 0 { simulation.count(.crashBeforeAck) }
    }

    // MARK: One round

    private func round() -> (Model.Span, () -> Void)? {
        if !jobs.isEmpty, batches.isEmpty || simulation.random.oneIn(2) { return perform(jobs.removeFirst()) }
        guard !batches.isEmpty else { return nil }
        var artifacts = 0
        var bytes = 0
        let count = batches.prefix {
            artifacts += $0.batch.items.count
            bytes += $0.batch.bytes
            return artifacts <= Limits.groupArtifacts && bytes <= Limits.groupBytes
        }.count
        let group = Array(batches.prefix(max(1, count)))
        batches.removeFirst(group.count)
        return commit(group)
    }

    private func commit(_ group: [Waiting]) -> (Model.Span, () -> Void)? {
        guard isOpen, let ledger = hub.ledger else { return (.zero, { self.refuse(group, "the ledger is closed") }) }
        do throws(LedgerError) {
            let outcome = try ledger.commit(group.map(\.batch), now: hub.wall)
            simulation.note("commit", ledger.head.stateVersion, UInt64(group.count)) {
                "version \(ledger.head.stateVersion), \(group.count) batches"
            }
            simulation.oracle.committed(outcome, head: ledger.head)
            bytesInLog += group.reduce(0) { $0 + $1.batch.bytes }
            unanswered += 1
            hub.reach(.commit)
            return (hub.diskTime, { [unowned self] in publish(outcome, to: group) })
        } catch {
            guard failed(error) else { return nil }
            return (hub.diskTime, { self.refuse(group, error.description) })
        }
    }

    private func publish(_ outcome: GroupOutcome, to group: [Waiting]) {
        unanswered -= 1
        feedReceipts(outcome.page)
        for (waiting, result) in zip(group, outcome.results) { waiting.answer(.result(result)) }
        checkpointWhenDue()
    }

    private func refuse(_ group: [Waiting], _ message: String) {
        simulation.count(.unavailableAnswered)
        for waiting in group {
            waiting.answer(.unavailable(message: message, retryAfter: Limits.unavailableRetry))
        }
    }

    private func checkpointWhenDue() {
        if bytesInLog >= LedgerThread.checkpointBytes { return add(.checkpoint) }
        hub.after(LedgerThread.idleBeforeCheckpoint) { [weak self] in
            if let self, bytesInLog > 0 { add(.checkpoint) }
        }
    }

    // MARK: Jobs

    private func perform(_ job: Job) -> (Model.Span, () -> Void)? {
        guard let ledger = hub.ledger else { return nil }
        do throws(LedgerError) {
            switch job {
            case .markLate(let leases): return try mark(leases, ledger)
            case .follow(let position):
                feed = ReceiptFeed(after: position)
                feedReceipts()
                return (.zero, {})
            case .feed:
                feedReceipts()
                return (.zero, {})
            case .positions(let streams, let body):
                let applied = streams.map(ledger.lastApplied)
                return (.zero, { body(applied) })
            case .recover: return try recover(ledger)
            case .checkpoint:
                guard isOpen, bytesInLog > 0 else { break }
                bytesInLog = 0
                try ledger.checkpoint()
            }
            return (hub.diskTime, {})
        } catch {
            if case .recover = job {
                if hub.endedByFault() { return nil }
                simulation.oracle.judge(error)
                scheduleRecovery()
                return (hub.diskTime, {})
            }
            return failed(error) ? (hub.diskTime, {}) : nil
        }
    }

    private func mark(_ leases: [LeaseRef], _ ledger: Ledger) throws(LedgerError) -> (Model.Span, () -> Void)? {
        guard isOpen else { return (.zero, {}) }
        try ledger.markLate(leases, now: hub.wall)
        simulation.oracle.markedLate(leases, head: ledger.head)
        return (
            hub.diskTime,
            { [unowned self] in for ref in leases { hub.orchestratorThread?.submit(.lateRecorded(ref)) } }
        )
    }

    private func feedReceipts(_ fresh: ReceiptPage? = nil) {
        guard isOpen, let ledger = hub.ledger, var feed else { return }
        do throws(LedgerError) {
            try feed.advance(fresh, from: ledger) { hub.orchestratorThread?.submit(.receipts($0)) }
        } catch {
            simulation.note("receipts-failed") { error.description }
            hub.after(LedgerThread.longestRecoveryDelay) { [weak self] in self?.add(.feed) }
        }
        self.feed = feed
    }

    private func recover(_ ledger: Ledger) throws(LedgerError) -> (Model.Span, () -> Void)? {
        try ledger.recover()
        simulation.count(.ledgerRecovered)
        simulation.note("ledger-recovered", ledger.head.stateVersion) { "version \(ledger.head.stateVersion)" }
        try simulation.oracle.opened(ledger)
        recoveryDelay = LedgerThread.firstRecoveryDelay
        isOpen = true
        return (hub.diskTime, { [unowned self] in feedReceipts() })
    }

    // MARK: Failure

    /// False: the process died of it.
    private func failed(_ error: LedgerError) -> Bool {
        if hub.endedByFault() { return false }
        simulation.note("ledger-failed") { error.description }
        simulation.oracle.judge(error)
        if case .storage(let storage) = error, storage.code == .commitUnknown { simulation.count(.commitUnknown) }
        guard hub.ledger?.needsRecovery == true, isOpen else { return true }
        isOpen = false
        scheduleRecovery()
        return true
    }

    private func scheduleRecovery() {
        hub.after(recoveryDelay) { [weak self] in self?.add(.recover) }
        recoveryDelay = min(recoveryDelay * 2, LedgerThread.longestRecoveryDelay)
    }
}
