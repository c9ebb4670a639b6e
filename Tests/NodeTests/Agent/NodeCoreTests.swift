import Model
import Storage
import TestKit
import Testing
import Wire

@testable import Node

/// A core whose hub answers at once, unless a test takes the messages itself.
private final class Rig {
    let directory: TemporaryDirectory
    var core: NodeCore
    var hub = ModelHub()
    var now = Instant(nanoseconds: 1)
    var effects: [NodeEffect] = []
    var answers = true
    let limit: UInt64

    init(limit: UInt64 = 1 << 20, capacity: UInt32 = 4) throws {
        directory = TemporaryDirectory()
        self.limit = limit
        core = try Rig.open(directory, limit, capacity)
        hub.known = Set(1...100)
    }

    static func open(_ directory: TemporaryDirectory, _ limit: UInt64, _ capacity: UInt32) throws -> NodeCore {
        var random = SeededRandom(seed: 5)
        let spool = try Spool.open(
            path: directory.path + "/spool.db", limit: limit, compressor: RunCompressor(), random: &random)
        return NodeCore(
            spool: spool, identity: NodeIdentity(capabilities: ["web"], capacity: capacity),
            random: SeededRandom(seed: 6))
    }

    /// Feeds inputs, and the hub's answers to what they cause; returns all effects.
    @discardableResult
    func feed(_ inputs: NodeInput...) throws -> [NodeEffect] {
        var all: [NodeEffect] = []
        var next = inputs
        while !next.isEmpty {
            let effects = try core.handle(next, now: now, wall: WallTime(milliseconds: 0))
            all += effects
            next = answers ? effects.compactMap { $0.envelope.flatMap { hub.answer($0) } }.map { .message($0) } : []
        }
        effects += all
        return all
    }

    func connect() throws { try feed(.connected(hub.welcome)) }
    func assign(_ lease: UInt64, deadline: Span = .minutes(10)) throws -> [NodeEffect] {
        try feed(.message(Proto.Envelope(body: .assignment(.sample(lease, deadline: deadline)))))
    }
    func pass(_ span: Span) throws -> [NodeEffect] {
        now = now + span
        return try feed(.tick)
    }
}

extension NodeEffect {
    fileprivate var envelope: Proto.Envelope? { if case .send(let envelope) = self { envelope } else { nil } }
}

extension Array where Element == NodeEffect {
    fileprivate var bodies: [Proto.Envelope.Body] { compactMap { $0.envelope?.body } }
    fileprivate var batches: [Proto.IngestBatch] {
        bodies.compactMap { if case .ingestBatch(let b) = $0 { b } else { nil } }
    }
    fileprivate var outcomes: [Proto.LeaseOutcome] {
        bodies.flatMap { body -> [Proto.LeaseOutcome] in
            if case .leaseOutcomes(let report) = body { report.outcomes } else { [] }
        }
    }
    fileprivate var stops: [String] {
        compactMap { if case .stopCollecting(let lease, let reason) = $0 { "\(lease): \(reason)" } else { nil } }
    }
}

@Suite("The agent")
struct NodeCoreTests {
    @Test("an assignment starts a collector; its items are delivered, then its outcome is told, then both are gone")
    func wholeLease() throws {
        let rig = try Rig()
        try rig.connect()
        #expect(try rig.assign(1) == [.startCollecting(.sample(1)), .resumeCollector(lease: 1)])
        let yielded = try rig.feed(.yielded(lease: 1, items: [.sample("a"), .bookmark(Array("b".utf8))]))
        #expect(yielded == [.resumeCollector(lease: 1)])
        let ended = try rig.feed(.finished(lease: 1, CollectionResult(.collected, status: 200)))
        #expect(ended.outcomes.map(\.lastSequence) == [2])
        #expect(ended.outcomes.map(\.items) == [2])
        #expect(ended.batches.isEmpty)
        let late = try rig.pass(Limits.batchAge)
        #expect(late.batches.map { $0.items.map(\.text) } == [["a", "bookmark b"]])
        #expect(
            late.batches[0].leases == [
                .init(lease: 1, target: LeaseRef.sample(1).target.bytes[...], fence: .init(incarnation: 1, counter: 1))
            ])
        #expect(late.batches[0].items.map(\.lease) == [1, 1])
        #expect(rig.core.spool.items == 0 && rig.core.spool.outcomes.isEmpty)
    }

    @Test("work it cannot do is handed back with the reason")
    func refusals() throws {
        let rig = try Rig(capacity: 1)
        try rig.connect()
        let wrong = try rig.feed(.message(Proto.Envelope(body: .assignment(.sample(1, type: "exec")))))
        #expect(wrong.outcomes.map(\.error) == ["this node has no collector of type \"exec\"; it has web"])
        #expect(try rig.assign(2).contains(.startCollecting(.sample(2))))
        #expect(try rig.assign(2).isEmpty)
        let over = try rig.assign(3)
        #expect(over.outcomes.map(\.kind) == [.failedNode])
        #expect(over.outcomes.map(\.lease) == [3])
    }

    @Test("a collector waits while the spool is full, and the node takes no work when it is nearly full")
    func backPressure() throws {
        let rig = try Rig(limit: 2_000)
        try rig.connect()
        _ = try rig.assign(1)
        rig.answers = false
        let big = (0..<20).map { CollectedItem.sample("\($0)") }
        let held = try rig.feed(.yielded(lease: 1, items: big))
        #expect(!held.contains(.resumeCollector(lease: 1)))
        #expect(rig.core.freeCapacity == 0)
        rig.answers = true
        let answers = held.compactMap { $0.envelope.flatMap { rig.hub.answer($0) } }
        var resumed = try answers.flatMap { try rig.feed(.message($0)) }
        resumed += try rig.pass(.milliseconds(60))
        #expect(resumed.filter { $0 == .resumeCollector(lease: 1) }.count == 1)
        #expect(rig.core.freeCapacity == 3)
    }

    @Test("a lease's time is counted from its receipt; with progress it is renewed at half time, without it runs out")
    func leaseTime() throws {
        let rig = try Rig()
        try rig.connect()
        _ = try rig.assign(1, deadline: .seconds(4))
        _ = try rig.assign(2, deadline: .seconds(4))
        try rig.feed(.progressed(lease: 1))
        let half = try rig.pass(.seconds(2))
        #expect(half.bodies == [.renewLease(.init(lease: 1, fence: .init(incarnation: 1, counter: 1), progress: 1))])
        let end = try rig.pass(.seconds(2))
        let reason = "the lease's time of 4000 ms ran out without renewal"
        #expect(end.stops == ["2: \(reason)"])
        #expect(end.outcomes.map(\.error) == [reason])
        #expect(rig.core.collections[1]?.deadline == Instant(nanoseconds: 1) + .seconds(602))
    }

    @Test("what is revoked, not renewed or not kept stops, and what it spooled is delivered")
    func revoked() throws {
        let rig = try Rig()
        try rig.connect()
        for lease in 1...3 as ClosedRange<UInt64> { _ = try rig.assign(lease) }
        try rig.feed(.yielded(lease: 1, items: [.sample("kept")]))
        let stops = try rig.feed(
            .message(Proto.Envelope(body: .leaseRevoked(.init(lease: 1, reason: "the target is gone"))))
        ).stops
        #expect(stops == ["1: the target is gone"])
        rig.answers = false
        #expect(try rig.feed(.yielded(lease: 1, items: [.sample("late")])).isEmpty)
        try rig.feed(.disconnected)
        rig.answers = true
        rig.hub.known = [3]
        try rig.connect()
        #expect(rig.effects.stops.last == "2: the orchestrator does not know the lease")
        #expect(rig.core.collections[3] != nil)
        _ = try rig.pass(.milliseconds(60))
        #expect(rig.hub.applied.values.map { $0 } == [["kept"]])
    }

    @Test("a restarted node names its delivering leases with their outcomes, and tells them again")
    func restart() throws {
        let rig = try Rig()
        _ = try rig.connect()
        _ = try rig.assign(1)
        try rig.feed(.disconnected)
        try rig.feed(
            .yielded(lease: 1, items: [.sample("a")]),
            .finished(lease: 1, CollectionResult(.failedTarget, error: "half", status: 500)))
        rig.core.close()
        rig.core = try Rig.open(rig.directory, rig.limit, 4)
        let effects = try rig.feed(.connected(rig.hub.welcome))
        guard case .registerNode(let node) = effects.bodies.first else { throw TestFailure("it did not register") }
        #expect(node.leases.map(\.phase) == [.delivering])
        #expect(node.leases.map(\.outcome) == [.failedTarget])
        #expect(node.leases.map(\.error) == ["half"])
        #expect(node.streams == [.init(stream: rig.core.spool.stream, firstUnacked: 1, next: 2)])
        #expect(effects.outcomes.map(\.status) == [500])
        #expect(rig.hub.outcomes[1]?.lastSequence == 1)
    }

    @Test("a spool that was copied, or a ledger that was, leads to a new stream, and nothing is lost")
    func copies() throws {
        for applied in [["x", "y", "z"], ["other"]] {  // more than was written; something else
            let rig = try Rig()
            let old = rig.core.spool.stream
            rig.hub.applied[old] = applied
            try rig.connect()
            _ = try rig.assign(1)
            try rig.feed(.yielded(lease: 1, items: [.sample("a"), .sample("b")]))
            _ = try rig.pass(.milliseconds(60))
            _ = try rig.pass(.milliseconds(60))
            #expect(rig.hub.applied[old] == applied)
            #expect(rig.hub.applied[rig.core.spool.stream] == ["a", "b"])
            #expect(rig.core.spool.items == 0)
        }
        let rig = try Rig()
        try rig.connect()
        _ = try rig.assign(1)
        try rig.feed(.yielded(lease: 1, items: [.sample("a")]))
        _ = try rig.pass(.milliseconds(60))
        let old = rig.core.spool.stream
        rig.hub.applied = [:]
        try rig.feed(.disconnected)
        try rig.feed(.yielded(lease: 1, items: [.sample("b")]))
        try rig.connect()
        #expect(rig.hub.applied == [rig.core.spool.stream: ["b"]])
        #expect(rig.core.spool.stream != old)
    }

    @Test("silence ends a connection, heartbeats show what the node holds")
    func silence() throws {
        let rig = try Rig()
        try rig.connect()
        _ = try rig.assign(1)
        let beat = try rig.pass(.seconds(10))
        #expect(beat.bodies == [.heartbeat(.init(collecting: 1, freeCapacity: 3))])
        rig.answers = false
        _ = try rig.pass(.seconds(10))
        #expect(try rig.pass(.seconds(29)).contains { if case .reconnect = $0 { true } else { false } } == false)
        #expect(try rig.pass(.seconds(1)).contains(.reconnect(reason: "no answer for 30000 ms", retryAfter: .zero)))
    }

    @Test("a refused registration is tried again when the answer says")
    func nameTaken() throws {
        let rig = try Rig()
        rig.answers = false
        try rig.connect()
        let error = Proto.Error(code: .nameTaken, message: "the name is taken", retryAfterMs: 700)
        let effects = try rig.feed(.message(Proto.Envelope(inReplyTo: 1, body: .error(error))))
        #expect(
            effects == [
                .reconnect(
                    reason: "registration was refused: the name is taken", retryAfter: .milliseconds(700))
            ])
    }

    @Test("draining takes no work, hands back what does not end, flushes, says goodbye and stops")
    func draining() throws {
        let rig = try Rig()
        try rig.connect()
        _ = try rig.assign(1)
        _ = try rig.assign(2)
        try rig.feed(.yielded(lease: 1, items: [.sample("a")]))
        #expect(rig.core.freeCapacity == 2)
        let first = try rig.feed(.drain)
        #expect(
            first.bodies.contains(.heartbeat(.init(collecting: 2, spooledItems: 1, spooledBytes: rig.hub.spooledBytes)))
        )
        #expect(first.batches.map { $0.items.count } == [1])
        try rig.feed(.finished(lease: 1, CollectionResult(.collected)))
        let handedBack = try rig.pass(NodeLimits.drainCollecting)
        #expect(handedBack.stops == ["2: the node is shutting down"])
        #expect(rig.hub.outcomes[2]?.kind == .failedNode)
        #expect(handedBack.bodies.last == .goodbye(.init(reason: "the node is shutting down")))
        #expect(handedBack.last == .stopped(undelivered: 0))
        #expect(rig.core.nextDeadline == nil)
    }

    @Test("draining without a hub ends when its time is up, and says what is left")
    func drainingAlone() throws {
        let rig = try Rig()
        try rig.connect()
        _ = try rig.assign(1)
        try rig.feed(.disconnected)
        try rig.feed(.yielded(lease: 1, items: [.sample("a")]), .drain)
        #expect(rig.core.nextDeadline == rig.now + NodeLimits.drainCollecting)
        _ = try rig.pass(NodeLimits.drainCollecting)
        #expect(try rig.pass(.seconds(20)) == [.stopped(undelivered: 1)])
    }

    @Test("the digest of an artifact is kept under its mark, and forgotten when the ledger does not know it")
    func marks() throws {
        let rig = try Rig()
        try rig.connect()
        _ = try rig.assign(1)
        try rig.feed(.yielded(lease: 1, items: [.sample("page", mark: 42), .sample("other")]))
        _ = try rig.pass(.milliseconds(60))
        #expect(try rig.core.digest(of: 42) == Array("page".utf8))
        rig.answers = false
        try rig.feed(.yielded(lease: 1, items: [.unchanged(.init(digest: [1]), mark: 42)]))
        let sent = try rig.pass(.milliseconds(60))
        var ack = Proto.IngestAck(
            stream: rig.core.spool.stream, firstSequence: 3, durability: .fsync, lastApplied: 3, credit: 9)
        ack.verdicts = [.init(code: .unknownDigest)]
        let id = try #require(sent.compactMap(\.envelope).last?.id)
        try rig.feed(.message(Proto.Envelope(inReplyTo: id, body: .ingestAck(ack))))
        #expect(try rig.core.digest(of: 42) == nil)
    }
}

extension ModelHub {
    /// Of the last heartbeat.
    var spooledBytes: UInt64 {
        log.reversed().lazy.compactMap { if case .heartbeat(let beat) = $0.body { beat.spooledBytes } else { nil } }
            .first ?? 0
    }

    @Test("a budget is asked of the orchestrator; offline, refused, or when the connection is lost, nobody can tell")
    func budgets() throws {
        let rig = try Rig()
        let unknown = NodeEffect.budget(host: "h", nil)
        #expect(try rig.feed(.budgetWanted(host: "h")) == [unknown])
        try rig.connect()
        rig.answers = false
        let id = { (effects: [NodeEffect]) in effects.compactMap { $0.envelope }.last?.id ?? 0 }
        let asked = try rig.feed(.budgetWanted(host: "h"))
        #expect(asked.bodies == [.hostBudgetRequest(Proto.HostBudgetRequest(host: "h"))])
        let budget = Proto.HostBudget(host: "h", concurrency: 2, delayMs: 5)
        let told = try rig.feed(.message(Proto.Envelope(inReplyTo: id(asked), body: .hostBudget(budget))))
        #expect(told == [.budget(host: "h", budget)])
        let again = try rig.feed(.budgetWanted(host: "h"))
        let refused = Proto.Envelope(inReplyTo: id(again), body: .error(Proto.Error(code: .unavailable)))
        #expect(try rig.feed(.message(refused)) == [unknown])
        _ = try rig.feed(.budgetWanted(host: "h"))
        #expect(try rig.feed(.disconnected) == [unknown])
    }

    @Test("what a host asks for is in the outcome, also after a restart")
    func hostReports() throws {
        let rig = try Rig()
        try rig.connect()
        _ = try rig.assign(1)
        rig.answers = false  // so that the outcome is kept
        var result = CollectionResult(.failedTarget, error: "busy", status: 503, retryAfter: .seconds(9))
        result.crawlDelay = .seconds(2)
        result.address = "192.0.2.7"
        let outcome = try #require(try rig.feed(.finished(lease: 1, result)).outcomes.first)
        #expect(outcome.crawlDelayMs == 2_000)
        #expect(outcome.address == "192.0.2.7")
        #expect(outcome.retryAfterMs == 9_000)
        rig.core.close()
        rig.core = try Rig.open(rig.directory, rig.limit, 4)
        #expect(rig.core.spool.outcomes[1]?.result == result)
    }

    @Test("refused for want of quota, a node offers less and less, and after quiet minutes more again")
    func restraint() throws {
        let rig = try Rig(capacity: 16)
        rig.answers = false
        try rig.connect()
        let registration = try #require(rig.effects.last?.envelope)
        let answer = rig.hub.answer(registration)
        let registered = try #require(answer)
        try rig.feed(.message(registered))
        let assigned = try rig.assign(1)
        #expect(assigned.contains { if case .startCollecting = $0 { true } else { false } })
        try rig.feed(.yielded(lease: 1, items: [.sample("a")]))
        #expect(rig.core.freeCapacity == 15)
        func refuse(_ suggestions: [String]) throws {
            let sent = try rig.pass(.seconds(11)).compactMap(\.envelope)
            let batch = try #require(
                sent.compactMap { envelope -> (UInt64, Proto.IngestBatch)? in
                    guard case .ingestBatch(let batch) = envelope.body else { return nil }
                    return (envelope.id, batch)
                }.last)
            let ack = Proto.IngestAck(
                stream: batch.1.stream, firstSequence: 1, refusal: .noCredit, retryAfterMs: 1, suggestions: suggestions)
            try rig.feed(.message(Proto.Envelope(inReplyTo: batch.0, body: .ingestAck(ack))))
        }
        try refuse([])
        #expect(rig.core.freeCapacity == 15)
        try refuse(["prefer higher-priority targets"])
        #expect(rig.core.freeCapacity == 7)
        try refuse(["prefer higher-priority targets"])
        #expect(rig.core.freeCapacity == 3)
        var restraint = rig.core.restraint
        restraint.refused(now: rig.now)
        #expect(restraint == rig.core.restraint)
        restraint.pass(now: rig.now + .seconds(60))
        #expect(restraint.step == 1 && restraint.limited(16) == 8 && restraint.limited(1) == 1)
        for second in 1...200 { restraint.refused(now: rig.now + .seconds(100 + UInt64(second))) }
        #expect(restraint.limited(16) == 1)
    }
}
