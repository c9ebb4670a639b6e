import Coordinator
import Model
import Orchestrator
import Storage

extension Simulation {
    /// Faults, then health, in which everything must come to its end; then the audit of what is on the disks.
    ///
    /// It seeds SQLite's random numbers, which are the process's: one simulation at a time.
    package func run() -> RunReport {
        SimulatedDisk.seedRandomness(Int32(truncatingIfNeeded: seed & 0x7FFF_FFFE) + 1)
        start()
        Faults(self).schedule()
        run(until: now + plan.faultsLast)
        heal()
        demandProgress()
        demandRest()
        if violation == nil { Audit(self).run() }
        tearDown()
        return report
    }

    private func start() {
        network.isHubReachable = { [unowned self] in hub.isMachineUp }
        network.accept = { [unowned self] in hub.accept($0) }
        hub.start()
        after(.milliseconds(random.below(500))) { [unowned self] in submitter.start() }
        for node in nodes { after(.milliseconds(random.below(3_000))) { node.start() } }
    }

    /// Faults leave nodes degraded, and those are given one target a minute until they have proved themselves.
    private static let patience = Span.hours(1)

    /// After the faults every target that lives is collected again, and every lease from before comes to its end.
    private func demandProgress() {
        let fence = oracle.highestFence
        var attempts: [TargetID: UInt64] = [:]
        if let core = hub.core, hub.isUp {
            for id in core.targetIDs { attempts[id] = core.standing(of: id)?.attempts }
        }
        let isDone = run(for: Simulation.patience) { [unowned self] in
            guard submitter.isDone, hub.isUp, let core = hub.core, core.targetIDs.count == plan.targets else {
                return false
            }
            return core.targetIDs.allSatisfy { id in
                guard let standing = core.standing(of: id) else { return false }
                if let lease = standing.lease, lease.ref.fence <= fence { return false }
                if hub.hasJumped, standing.state == "retry" { return true }
                return standing.attempts > attempts[id, default: 0] || standing.isOver
            }
        }
        if !isDone { fail(.progress, "an hour after the last fault: \(unfinished(fence, attempts))") }
    }

    private func unfinished(_ fence: Fence, _ attempts: [TargetID: UInt64]) -> String {
        guard submitter.isDone else { return "the operator has no answer" }
        guard hub.isUp, let core = hub.core else { return "the hub is down" }
        let targets = core.targetIDs.compactMap { core.standing(of: $0) }
        let held = targets.filter { $0.lease.map { $0.ref.fence <= fence } ?? false }.count
        let waiting = core.targetIDs.map { "\(core.standing(of: $0)?.state ?? "") (\(core.gates(before: $0)))" }
        return "\(held) leases from before run, targets \(waiting)"
    }

    /// Nothing new is given out: every lease settles, every spool empties, and the two roles agree.
    private func demandRest() {
        guard violation == nil else { return }
        let isDone = run(for: .seconds(600)) { [unowned self] in
            guard hub.isUp, let core = hub.core, let ledger = hub.ledger else { return false }
            for id in core.targetIDs {
                if let standing = core.standing(of: id), !standing.isOver, standing.lease == nil {
                    hub.orchestratorThread?.submit(.operate(.pause, id))
                }
            }
            let status = core.status()
            return status.targets.leased == 0 && status.lateNotices == 0 && nodes.allSatisfy(\.isIdle)
                && oracle.receipts.position <= status.receiptPosition
                && ledger.head.stateVersion >= status.receiptPosition
                && core.targetIDs.allSatisfy { core.standing(of: $0)?.isOver ?? false }
        }
        guard !isDone, violation == nil else { return }
        let status = hub.core?.status()
        let spools = nodes.map { "\($0.name) \($0.spooledItems.map(String.init) ?? "down")" }.joined(separator: ", ")
        fail(
            .progress,
            "600 s after the last lease: \(status?.targets.leased ?? 0) leased, "
                + "\(status?.lateNotices ?? 0) late notices, receipts to \(status?.receiptPosition ?? 0) "
                + "of \(oracle.receipts.position), spooled: \(spools)"
        )
    }

    private func tearDown() {
        hub.closeFiles()
        for node in nodes { node.closeFiles() }
    }
}

extension TargetStanding {
    var isOver: Bool { ["paused", "dead", "cancelled", "done"].contains(state) }
}
