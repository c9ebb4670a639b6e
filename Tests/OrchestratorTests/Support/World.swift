import Model
import TestKit
import Wire

@testable import Orchestrator

/// A fleet, its operators and a ledger, all played by one random number: what reaches the core is lost, late, repeated
/// and out of order as on a bad day, and after every turn the core is compared with what must hold.
final class World {
    struct Work {
        var assignment: Proto.Assignment
        /// The last sequence spooled under the lease.
        var last: UInt64 = 0
        var outcome: Proto.OutcomeKind?
    }

    struct Node {
        let name: String
        var instance: UInt8
        var connection: UInt64?
        var stream: UInt64
        var work: [Work] = []
        var sequence: UInt64 = 0
        var applied: UInt64 = 0
        /// Spooled and not in the ledger: lease and sequence.
        var spool: [(LeaseRef, UInt64)] = []
    }

    let rig: Rig
    var random: SeededRandom
    var nodes: [Node]
    var connections: UInt64 = 0
    var pages: [ReceiptPage] = []
    /// What the ledger has stored by each of its positions.
    var storedUpTo: [(position: UInt64, stored: UInt64)] = []
    /// Every assignment that was ever pushed, for replays.
    var pushed: [Proto.Assignment] = []
    var lastFence = Fence(incarnation: 0, counter: 0)
    /// Leases that their holders have reported.
    var reported: Set<UInt64> = []
    var life: UInt64 = 1
    /// How often each event of `step` comes, drawn anew for each world.
    var weights: [Int]
    /// While false, collections end well and nothing is lost.
    var faults = true
    /// Whether the wall clock may be wrong after a crash.
    var jumps = true
    /// What happened, to be compared with another run of the seed.
    var log: [UInt64] = []
    static let capabilities = ["web", "feed", "file"]

    /// `journal`: nil makes it so small that most crashes come while rows are on their way.
    init(seed: UInt64, journal: JournalPolicy? = nil) throws {
        weights = []
        nodes = []
        rig = try Rig(seed: seed) {
            $0.politeness = Politeness(concurrency: 2, delay: .seconds(1), sharesAddresses: seed % 3 == 0)
            $0.journal.bytes = 1 << (seed % 4 * 3)
            $0.journal.slice = 1 + Int(seed % 5)
            if let journal { $0.journal = journal }
        }
        random = SeededRandom(seed: seed)
        // Work first, then what disturbs it; each may be missing from a world but the work.
        for weight in [5, 6, 6, 8, 4, 2] { weights.append(weight * (1 + pick(3))) }
        for weight in [1, 1, 2, 2, 1, 1, 1] { weights.append(weight * pick(4)) }
        nodes = (0..<3).map { Node(name: "n\($0)", instance: 1, stream: UInt64($0 + 1) << 32) }
    }

    func chance(_ n: UInt64) -> Bool { random.oneIn(n) }
    func pick(_ count: Int) -> Int { Int(random.below(UInt64(count))) }

    // MARK: Turns

    func turn(_ inputs: [OrchestratorInput]) throws {
        let effects = try rig.core.turn(inputs, now: rig.time.now(), wall: rig.time.wall())
        for effect in effects { try take(effect) }
        try check()
    }

    func send(_ body: Proto.Envelope.Body, from node: Int) throws {
        guard let connection = nodes[node].connection else { return }
        try turn([.request(ConnectionID(connection), name: nodes[node].name, Proto.Envelope(id: 1, body: body))])
    }

    private func take(_ effect: OrchestratorEffect) throws {
        switch effect {
        case .send(let connection, let envelope):
            if case .assignment(let assignment) = envelope.body { try push(assignment, to: connection) }
        case .close(let connection, _):
            for node in nodes.indices where nodes[node].connection == connection.number { nodes[node].connection = nil }
        case .registered(let connection, _, let message):
            guard let node = nodes.firstIndex(where: { $0.connection == connection.number }) else { return }
            for lease in message.leases where lease.keep {
                let holder = rig.core.leases[lease.lease].map { rig.core.fleet[$0.node].name }
                try must(holder == nil || holder == nodes[node].name, "only a node's own leases are kept for it")
            }
            let dropped = Set(message.leases.filter { !$0.keep }.map(\.lease))
            nodes[node].work.removeAll { dropped.contains($0.assignment.lease) }
        case .quotas, .receiptsRead: break
        case .late(let ref):
            log.append(ref.lease)
            if !faults || chance(2) { try turn([.lateRecorded(ref)]) }
        }
    }

    private func push(_ assignment: Proto.Assignment, to connection: ConnectionID) throws {
        let fence = assignment.ref.fence
        try must(fence > lastFence, "fences only grow")
        lastFence = fence
        log.append(fence.counter)
        pushed.append(assignment)
        guard let node = nodes.firstIndex(where: { $0.connection == connection.number }) else { return }
        if faults && chance(20) { return }
        nodes[node].work.append(Work(assignment: assignment))
    }

    // MARK: What must hold

    func check() throws {
        let core = rig.core
        let status = core.status()
        try must(status.alerts == [], "the sums add up: \(status.alerts)")
        var recount = StateCounts()
        for entry in core.targets { recount.move(from: nil, to: entry.target.state) }
        try must(recount == status.targets, "each target is in exactly one state")
        var collecting = Array(repeating: UInt32(0), count: core.fleet.nodes.count)
        var hosts: [Int: Int] = [:]
        for (number, lease) in core.leases {
            guard case .leased(number, _) = core.targets[lease.target].target.state else {
                throw Broken(sentence: "lease \(number) has a target that another has, or nobody")
            }
            guard lease.isCollecting else { continue }
            collecting[lease.node] += 1
            let host = core.assigner.keeper(of: core.targets[lease.target].place).keeper
            if host != Assigner.noHost { hosts[host, default: 0] += 1 }
        }
        try must(collecting == core.fleet.nodes.map(\.collecting), "nodes know what they collect")
        try must(core.fleet.nodes.allSatisfy { $0.collecting <= 4 }, "no node has more than it can take")
        // Hosts may be found to share an address while two leases collect from each.
        let shares = core.configuration.politeness.sharesAddresses
        try must(shares || hosts.allSatisfy { $0.value <= 2 }, "a host is treated politely")
        try checkHosts(collecting: hosts)
        let known = storedUpTo.last { $0.position <= core.receiptPosition }?.stored ?? 0
        try must(known == status.stored, "each receipt counts once")
        try must(
            core.targets.map(\.target.progress.lastLease).allSatisfy { $0 == 0 || reported.contains($0) },
            "a lease settles only by a report of its own")
    }

    private func checkHosts(collecting: [Int: Int]) throws {
        let core = rig.core
        var waiting: [Int: Int] = [:]
        var demand: [Int: Int64] = [:]
        for entry in core.targets {
            let host = core.assigner.keeper(of: entry.place).keeper
            demand[host, default: 0] += entry.target.demand
            if case .due = entry.target.state { waiting[host, default: 0] += 1 }
        }
        try must(
            core.assigner.hosts.enumerated().allSatisfy { number, host in
                Int(host.collecting) == collecting[number, default: 0] && host.waiting == waiting[number, default: 0]
                    && host.demand == demand[number, default: 0]
            }, "hosts know what waits, collects and is wanted there")
    }

    func must(_ condition: Bool, _ sentence: String) throws {
        if !condition { throw Broken(sentence: sentence) }
    }

    struct Broken: Error {
        let sentence: String
    }
}
