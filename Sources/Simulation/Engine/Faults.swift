import Model
import Storage

/// Makes the faults of the plan happen, each kind in its own time, until the cluster is healed.
struct Faults {
    private unowned let simulation: Simulation
    private let end: Instant

    init(_ simulation: Simulation) {
        self.simulation = simulation
        end = simulation.now + simulation.plan.faultsLast
    }

    func schedule() {
        for kind in FaultKind.allCases {
            if let gap = simulation.plan.gaps[kind] { scheduleNext(kind, gap) }
        }
        if simulation.plan.isCalm { simulation.count(.calmRun) }
    }

    private func scheduleNext(_ kind: FaultKind, _ gap: Model.Span) {
        let wait = Span(nanoseconds: simulation.random.below(gap.nanoseconds * 2))
        guard simulation.now + wait < end else { return }
        simulation.after(wait) {
            perform(kind)
            scheduleNext(kind, gap)
        }
    }

    private func below(_ bound: UInt64) -> UInt64 { simulation.random.below(bound) }

    private var node: NodeProcess { simulation.random.oneOf(simulation.nodes) }

    private func perform(_ kind: FaultKind) {
        simulation.note("fault") { "\(kind)" }
        switch kind {
        case .killHub: simulation.hub.die(.killed)
        case .killHubInWrite: simulation.hub.die(.killed, inWrite: 1 + Int(below(12)))
        case .cutHubPower: simulation.hub.die(.powerCut)
        case .cutHubPowerInWrite: simulation.hub.die(.powerCut, inWrite: 1 + Int(below(12)))
        case .pauseHub:
            simulation.hub.pause(for: .milliseconds(100 + below(20_000)))
            simulation.count(.hubPaused)
        case .killNode: node.die(.killed)
        case .killNodeInWrite: node.die(.killed, inWrite: 1 + Int(below(8)))
        case .cutNodePower: node.die(.powerCut)
        case .cutNodePowerInWrite: node.die(.powerCut, inWrite: 1 + Int(below(8)))
        case .pauseNode:
            node.pause(for: .milliseconds(100 + below(simulation.plan.collectingDeadline.milliseconds * 2)))
            simulation.count(.nodePaused)
        case .reinstallNode: node.die(.reinstalled)
        case .restoreNode: (simulation.nodes.first { $0.hasCopy } ?? node).restoreOrCopy()
        case .crashAfterCommit: simulation.hub.arm(.commit)
        case .crashAfterTurn: simulation.hub.arm(.turn)
        case .crashAfterSpooling: node.diesAfterSpooling = true
        case .partition, .oneWay, .reset, .blackHole: disturbNetwork(kind)
        case .hubDisk: disturb(simulation.hub.disk, isTaken: { simulation.hub.isDying })
        case .nodeDisk:
            let node = node
            disturb(node.disk, isTaken: { node.isDying })
        case .slowDisk:
            simulation.hub.isSlowUntil = simulation.now + .milliseconds(500 + below(15_000))
            simulation.count(.slowDisk)
        case .wallJump: jumpWall()
        case .repeatReceipts: simulation.hub.repeatReceipts()
        case .lie: Liar(simulation, node: node).speak()
        }
    }

    // MARK: Network

    private func disturbNetwork(_ kind: FaultKind) {
        let network = simulation.network
        let client = Int(below(UInt64(network.paths.count)))
        let until = simulation.now + .milliseconds(100 + below(30_000))
        switch kind {
        case .partition:
            let everybody = simulation.random.oneIn(4)
            for place in network.paths.indices where everybody || place == client {
                network.paths[place].blockedUntil = [until, until]
            }
            simulation.count(.partitionBothWays)
        case .oneWay:
            network.paths[client].blockedUntil[Int(below(2))] = until
            simulation.count(.partitionOneWay)
        default:
            guard let cable = network.cables(of: client).last else { return }
            if kind == .reset { cable.reset() } else { cable.swallow(below(2) == 0 ? .up : .down) }
            simulation.count(kind == .reset ? .connectionReset : .connectionBlackHole)
        }
    }

    // MARK: Disk and clock

    private func disturb(_ disk: SimulatedDisk, isTaken: @escaping () -> Bool) {
        guard !isTaken() else { return }
        let suffix = simulation.random.oneOf([nil] + disk.paths.filter { $0.hasSuffix("-wal") })
        let nth = 1 + Int(below(8))
        let rule: FaultRule
        switch below(6) {
        case 0: rule = FaultRule(.sync, nth: nth, .error, suffix: suffix)
        case 1: rule = FaultRule(.sync, nth: nth, sticky: true, .error, suffix: suffix)
        case 2: rule = FaultRule(.write, nth: nth, .error, suffix: suffix)
        case 3: rule = FaultRule(.write, nth: nth, .torn, suffix: suffix)
        case 4: rule = FaultRule(.read, nth: nth, .error, suffix: suffix)
        default: rule = FaultRule(.write, nth: nth, sticky: true, .full, suffix: suffix)
        }
        disk.faults.set(rule)
        simulation.after(.milliseconds(200 + below(8_000))) { [simulation] in
            guard !isTaken() else { return }
            if disk.faults.fired > 0 { simulation.count(rule.fault == .full ? .diskFull : .diskError) }
            disk.faults.clear()
        }
    }

    private func jumpWall() {
        let days: Int64 = 86_400_000
        let offset = Int64(below(UInt64(2 * days))) - days
        let process: Process = simulation.random.oneIn(2) ? simulation.hub : node
        process.wallOffset = simulation.random.oneIn(3) ? 0 : offset
        if process === simulation.hub { simulation.hub.hasJumped = true }
        simulation.count(.wallJump)
    }
}

extension Simulation {
    /// The last fault ends, and what was broken works again.
    func heal() {
        note("healed")
        network.heal()
        hub.wallOffset = 0
        hub.isSlowUntil = .zero
        if !hub.isDying { hub.disk.faults.clear() }
        for node in nodes {
            node.wallOffset = 0
            if !node.isDying { node.disk.faults.clear() }
        }
    }
}
