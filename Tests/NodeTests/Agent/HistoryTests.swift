import Model
import Storage
import Synchronization
import Testing
import Wire

@testable import Node

/// A node, a connection that may break between any two messages, a disk whose power may fail at any write, and a model
/// of the hub.
struct History {
    var random: SeededRandom
    var hub = ModelHub()
    var core: NodeCore
    let disk: SimulatedDisk
    let prepare: (NodeCore) -> Void
    var now = Instant(nanoseconds: 1)
    var isConnected = false
    var toHub: [Proto.Envelope] = []
    var toNode: [Proto.Envelope] = []
    var pulled: Set<UInt64> = []
    var expected: [String] = []
    var lastLease: UInt64 = 0
    var crashes = 0
    var powerCuts = 0
    /// Yielded in a turn that failed: stored or not, but wholly.
    var unknown: [String] = []
    var isQuiet = false
    var violations: [String] = []

    init(seed: UInt64, prepare: @escaping (NodeCore) -> Void = { _ in }) throws {
        random = SeededRandom(seed: seed)
        disk = SimulatedDisk(seed: seed)
        self.prepare = prepare
        core = try History.open(disk, &random)
        prepare(core)
        hub.credit = UInt32(4 + random.below(30))
        hub.batch = UInt32(1 + random.below(8))
    }

    private static func open(_ disk: SimulatedDisk, _ random: inout SeededRandom) throws(StorageError) -> NodeCore {
        let spool = try Spool.open(
            path: "/spool.db", options: .init(vfs: disk.name), compressor: RunCompressor(), random: &random)
        return NodeCore(
            spool: spool, identity: NodeIdentity(capabilities: ["web"]), random: SeededRandom(seed: random.next()))
    }

    mutating func feed(_ inputs: [NodeInput]) throws {
        let effects: [NodeEffect]
        do throws(StorageError) {
            effects = try core.handle(inputs, now: now, wall: WallTime(milliseconds: 0))
        } catch {
            if disk.isPowered { violations.append("the disk was sound, yet: \(error)") }
            return try crash()
        }
        for effect in effects {
            switch effect {
            case .send(let envelope): if isConnected { toHub.append(envelope) }
            case .startCollecting, .ended, .stopped, .budget: break
            case .resumeCollector(let lease): pulled.insert(lease)
            case .stopCollecting(let lease, _): pulled.remove(lease)
            case .reconnect(let reason, _):
                violations.append("gave up a sound connection: \(reason)")
                cut()
            case .sendToCoordinator, .reconnectToCoordinator:
                violations.append("the hub has both roles, yet the node speaks to a coordinator alone")
            }
        }
    }

    mutating func cut() {
        (isConnected, toHub, toNode) = (false, [], [])
    }

    /// The process dies; if the power has failed, or fails while it starts again, the machine starts too.
    mutating func crash() throws {
        cut()
        pulled = []
        crashes += 1
        core.spool.close()
        while true {
            if !disk.isPowered {
                powerCuts += 1
                disk.crash()
            }
            do throws(StorageError) {
                core = try History.open(disk, &random)
                break
            } catch {
                guard !disk.isPowered else { throw error }
            }
        }
        prepare(core)
        if core.spool.next == UInt64(expected.count + unknown.count) + 1 { expected += unknown }
        unknown = []
        if core.spool.next != UInt64(expected.count) + 1 { violations.append("a commit was lost or torn") }
    }

    mutating func step() throws {
        let roll = random.below(100)
        switch roll {
        case 0 where !isQuiet: try crash()
        case 1 where !isQuiet: disk.cutPower(atChange: Int(1 + random.below(40)))
        case 2..<6 where !isQuiet && isConnected:
            cut()
            try feed([.disconnected])
        case 6..<12, 0..<6: try connect()
        case 12..<20 where !isQuiet: assign()
        case 20..<40 where !isQuiet: try yield()
        case 40..<46: try finish()
        case 46..<68 where !toHub.isEmpty:
            if let answer = hub.answer(toHub.removeFirst()) { toNode.append(answer) }
        case 68..<90 where !toNode.isEmpty:
            let count = Int(1 + random.below(UInt64(min(3, toNode.count))))
            let batch = toNode.prefix(count)
            toNode.removeFirst(count)
            try feed(batch.map { .message($0) })
        default:
            now = now + .milliseconds(random.below(120))
            try feed([.tick])
        }
        let deleted = core.spool.firstUnacked - 1
        if deleted > hub.lastApplied(core.spool.stream) { violations.append("deleted before the ledger had it") }
    }

    private mutating func connect() throws {
        guard !isConnected else { return }
        isConnected = true
        try feed([.connected(hub.welcome)])
    }

    private mutating func assign() {
        guard isConnected, core.session != .offline else { return }
        lastLease += 1
        hub.known.insert(lastLease)
        toNode.append(Proto.Envelope(body: .assignment(.sample(lastLease))))
    }

    private mutating func yield() throws {
        guard let lease = pulled.min() else { return }
        pulled.remove(lease)
        let texts = (0...random.below(4)).map { "\(lease): \(expected.count + Int($0))" }
        let before = crashes
        unknown = texts
        try feed([.yielded(lease: lease, items: texts.map { .sample($0) })])
        guard crashes == before else { return }
        expected += texts
        unknown = []
    }

    private mutating func finish() throws {
        guard let lease = pulled.min() else { return }
        pulled.remove(lease)
        try feed([.finished(lease: lease, CollectionResult(.collected))])
    }
}

extension History {
    /// Faults of every kind, then peace until the node is at rest; then everything must be where it belongs.
    mutating func run(steps: Int, seed: UInt64) throws {
        let dice = Mutex(SeededRandom(seed: seed &* 77))
        hub.refuse = { _ in
            switch dice.withLock({ $0.below(12) }) {
            case 0: (.noCredit, .none)
            case 1: (.unavailable, .none)
            case 2: (.accepted, .none)  // in memory, and forgotten
            default: nil
            }
        }
        for _ in 0..<steps { try step() }
        isQuiet = true
        disk.cutPower(atChange: .max)
        hub.refuse = { _ in nil }
        var left = 8_000
        while !isAtRest, left > 0 {
            try step()
            left -= 1
        }
        if left == 0 { violations.append("did not come to rest") }
        let stream = core.spool.stream
        if hub.applied[stream] ?? [] != expected { violations.append("applied is not what was spooled") }
        if hub.applied.count > 1 { violations.append("left its stream") }
        for (lease, outcome) in hub.outcomes where outcome.stream != 0 && outcome.stream != stream {
            violations.append("lease \(lease) ended in another stream")
        }
        core.spool.close()
    }

    private var isAtRest: Bool {
        core.spool.items == 0 && core.spool.outcomes.isEmpty && core.collections.count == 0
    }
}

@Suite("A node's histories")
struct HistoryTests {
    @Test(
        "through disconnects, refusals, crashes and power cuts, what is spooled is applied once, in order, and told",
        arguments: 1...24 as ClosedRange<UInt64>)
    func exactlyOnce(seed: UInt64) throws {
        var history = try History(seed: seed)
        try history.run(steps: 1_200, seed: seed)
        #expect(history.violations == [])
        #expect(history.crashes > 5 && history.powerCuts > 2 && history.expected.count > 20)
    }

    #if PLANTED_BUGS
        @Test("a spool that deletes before the ack is on disk is seen to lose items")
        func plantedBug() throws {
            var history = try History(seed: 1) { $0.plantedBugs = [.spoolDeletedBeforeFsyncAck] }
            try history.run(steps: 1_200, seed: 1)
            #expect(history.violations.contains("deleted before the ledger had it"))
        }
    #endif
}
