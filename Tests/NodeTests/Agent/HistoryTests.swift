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
    let open: (inout SeededRandom) throws -> NodeCore
    var now = Instant(nanoseconds: 1)
    var isConnected = false
    var toHub: [Proto.Envelope] = []
    var toNode: [Proto.Envelope] = []
    var pulled: Set<UInt64> = []
    var expected: [String] = []
    var lastLease: UInt64 = 0
    var crashes = 0
    var isQuiet = false

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
                Issue.record("the node gave up a sound connection: \(reason)")
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
        #expect(deleted <= hub.lastApplied(core.spool.stream), "deleted before the ledger had it")
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

@Suite("A node's histories")
struct HistoryTests {
    @Test(
        "through disconnects, refusals and crashes, everything spooled is applied once, in order, and every outcome told",
        arguments: 1...24 as ClosedRange<UInt64>)
    func exactlyOnce(seed: UInt64) throws {
        let directory = try TemporaryDirectory()
        var history = try History(seed: seed) { random in
            let spool = try Spool.open(
                path: directory.path + "/spool.db", options: .init(synchronous: .off), compressor: RunCompressor(),
                random: &random)
            return NodeCore(
                spool: spool, identity: NodeIdentity(capabilities: ["web"]), random: SeededRandom(seed: random.next()))
        }
        let dice = Mutex(SeededRandom(seed: seed &* 77))
        history.hub.refuse = { _ in
            switch dice.withLock({ $0.below(12) }) {
            case 0: (.noCredit, .none)
            case 1: (.unavailable, .none)
            case 2: (.accepted, .none)  // in memory, and forgotten
            default: nil
            }
        }
        for _ in 0..<1_200 { try history.step() }
        history.isQuiet = true
        history.hub.refuse = { _ in nil }
        let stream = history.core.spool.stream
        var left = 8_000
        while history.core.spool.items > 0 || !history.core.spool.outcomes.isEmpty
            || history.core.collections.count > 0,
            left > 0
        {
            try history.step()
            left -= 1
        }
        #expect(left > 0, "the node did not come to rest")
        #expect(!history.expected.isEmpty)
        #expect(history.hub.applied[stream] ?? [] == history.expected)
        #expect(history.hub.applied.count == 1)
        for (lease, outcome) in history.hub.outcomes {
            #expect(outcome.stream == 0 || outcome.stream == stream, "\(lease)")
        }
        history.core.spool.close()
    }
}
