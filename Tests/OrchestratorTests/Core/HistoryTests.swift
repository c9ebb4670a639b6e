import Model
import TestKit
import Testing
import Wire

@testable import Orchestrator

/// Random histories over the whole core, on a real database.
@Suite struct HistoryTests {
    @Test(arguments: 0..<200 as Range<UInt64>)
    func `whatever happens, the sums hold, fences only grow, and when faults end every target is collected again`(
        seed: UInt64
    ) throws {
        let world = try World(seed: seed)
        try world.live(150)
        try world.heal()
    }

    @Test func `the same seed makes the same history`() throws {
        func log(_ seed: UInt64) throws -> [UInt64] {
            let world = try World(seed: seed)
            try world.live(300)
            return world.log
        }
        #expect(try log(5) == log(5))
        #expect(try log(5) != log(6))
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `when rows follow the journal makes no difference to what happens`(seed: UInt64) throws {
        let small = try World(seed: seed)
        let large = try World(seed: seed, journal: JournalPolicy())
        for world in [small, large] {
            // A wait that a wrong clock made too long is cut at the start, and a row has it as it was cut.
            world.jumps = false
            try world.live(300)
        }
        #expect(small.log == large.log)
        #expect(small.rig.core.status() == large.rig.core.status())
    }

    @Test func `everything that can go wrong does so somewhere`() throws {
        var sum = OrchestratorStatus()
        let counters: [WritableKeyPath<OrchestratorStatus, UInt64>] = [
            \.successes, \.empties, \.failures, \.handedBack, \.released, \.fenced, \.lateNotices, \.delivering,
            \.targets.due, \.targets.retry, \.targets.paused, \.targets.dead, \.targets.cancelled, \.targets.done,
        ]
        for seed in 0..<12 as Range<UInt64> {
            let world = try World(seed: seed)
            try world.live(600)
            let status = world.rig.core.status()
            for counter in counters { sum[keyPath: counter] += status[keyPath: counter] }
        }
        for counter in counters { #expect(sum[keyPath: counter] > 0, "\(counter)") }
    }

    #if PLANTED_BUGS
        @Test(arguments: PlantedBug.allCases) func `a planted bug is seen`(bug: PlantedBug) throws {
            let seen = (0..<40 as Range<UInt64>).contains { seed in
                do {
                    let world = try World(seed: seed)
                    try world.live(150) { $0.planted = [bug] }
                    return false
                } catch is World.Broken {
                    return true
                } catch {
                    Issue.record(error)
                    return false
                }
            }
            #expect(seen)
        }
    #endif
}

extension World {
    /// `prepare` is given each core that the world has, before each step.
    fileprivate func live(_ steps: Int, _ prepare: (OrchestratorCore) -> Void = { _ in }) throws {
        try begin()
        for _ in 0..<steps {
            prepare(rig.core)
            try step()
        }
    }

    /// Faults end: everybody is there, everything that waits is delivered, and time passes from deadline to deadline
    /// until every target that is still wanted has been collected once more.
    fileprivate func heal() throws {
        faults = false
        rig.time.advance(by: Limits.offlineAfter)
        try turn([.tick])
        for node in nodes.indices { try register(node) }
        let before = rig.core.targets.map(\.target.progress.attempts)
        for _ in 0..<6_000 {
            for node in nodes.indices { try work(node) }
            while pages.last.map({ $0.position > rig.core.receiptPosition }) ?? false { try readReceipts() }
            let waiting = rig.core.targets.indices.filter { number in
                let target = rig.core.targets[number].target
                return target.state.isWanted && target.progress.attempts == before[number]
            }
            if waiting.isEmpty { return }
            guard let deadline = rig.core.nextDecision else { throw Broken(sentence: "\(waiting) wait for nothing") }
            rig.time.advance(by: max(.milliseconds(1), deadline.since(rig.time.now())))
            try turn(nodes.compactMap(\.connection).map { .signOfLife(ConnectionID($0)) } + [.tick])
        }
        throw Broken(sentence: "not every target was collected again")
    }

    /// Everything the node has in hand ends well and is in the ledger.
    private func work(_ node: Int) throws {
        for place in nodes[node].work.indices where nodes[node].work[place].outcome == nil { _ = place; spool(node) }
        while !nodes[node].spool.isEmpty { apply(node) }
        while !nodes[node].work.isEmpty { try finish(node) }
    }
}

extension TargetState {
    fileprivate var isWanted: Bool {
        switch self {
        case .scheduled, .due, .leased, .retry: true
        case .paused, .dead, .cancelled, .done: false
        }
    }
}
