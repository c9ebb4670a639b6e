import Model
import Storage
import Synchronization
import Testing
import Wire

@testable import Node

/// A node, a connection that may break between any two messages, a disk that survives crashes, and a model of the hub.
struct History {
    var random: SeededRandom
    var hub = ModelHub()
    var core: NodeCore
    var open: (inout SeededRandom) throws -> NodeCore
    var now = Instant(nanoseconds: 1)
    var isConnected = false
    var toHub: [Proto.Envelope] = []
    var toNode: [Proto.Envelope] = []
    var pulled: Set<UInt64> = []
    var expected: [String] = []
    var lastLease: UInt64 = 0
    var crashes = 0
    var isQuiet = false
    var violations: [String] = []

    init(seed: UInt64, open: @escaping (inout SeededRandom) throws -> NodeCore) throws {
        random = SeededRandom(seed: seed)
        self.open = open
        core = try open(&random)
        hub.credit = UInt32(4 + random.below(30))
        hub.batch = UInt32(1 + random.below(8))
    }

    mutating func feed(_ inputs: [NodeInput]) throws {
        for effect in try core.handle(inputs, now: now, wall: WallTime(milliseconds: 0)) {
            switch effect {
            case .send(let envelope): if isConnected { toHub.append(envelope) }
            case .startCollecting, .ended, .stopped: break
            case .resumeCollector(let lease): pulled.insert(lease)
            case .stopCollecting(let lease, _): pulled.remove(lease)
            case .reconnect(let reason, _):
                violations.append("gave up a sound connection: \(reason)")
                cut()
            }
        }
    }

    mutating func cut() {
        (isConnected, toHub, toNode) = (false, [], [])
    }

    mutating func crash() throws {
        cut()
        pulled = []
        crashes += 1
        core.spool.close()
        core = try open(&random)
    }

    mutating func step() throws {
        let roll = random.below(100)
        switch roll {
        case 0..<2 where !isQuiet: try crash()
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
        try feed([.yielded(lease: lease, items: texts.map { .sample($0) })])
        expected += texts
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
    private func history(_ seed: UInt64, in directory: TemporaryDirectory) throws -> History {
        try History(seed: seed) { random in
            let spool = try Spool.open(
                path: directory.path + "/spool.db", options: .init(synchronous: .off), compressor: RunCompressor(),
                random: &random)
            return NodeCore(
                spool: spool, identity: NodeIdentity(capabilities: ["web"]), random: SeededRandom(seed: random.next()))
        }
    }

    @Test(
        "through disconnects, refusals and crashes, everything spooled is applied once, in order, and every outcome told",
        arguments: 1...24 as ClosedRange<UInt64>)
    func exactlyOnce(seed: UInt64) throws {
        let directory = try TemporaryDirectory()
        var history = try history(seed, in: directory)
        try history.run(steps: 1_200, seed: seed)
        #expect(history.violations == [])
        #expect(history.crashes > 5 && history.expected.count > 20)
    }

    #if PLANTED_BUGS
        @Test("a spool that deletes before the ack is on disk is seen to lose items")
        func plantedBug() throws {
            let directory = try TemporaryDirectory()
            var history = try history(1, in: directory)
            let open = history.open
            history.open = { random in
                let core = try open(&random)
                core.plantedBugs = [.spoolDeletedBeforeFsyncAck]
                return core
            }
            try history.crash()
            try history.run(steps: 1_200, seed: 1)
            #expect(history.violations.contains("deleted before the ledger had it"))
        }
    #endif
}
