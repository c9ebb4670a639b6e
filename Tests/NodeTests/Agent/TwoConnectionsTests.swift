import Model
import Storage
import TestKit
import Testing
import Wire

@testable import Node

/// A node whose leases come from an orchestrator and whose batches go to a coordinator, each a process of its own.
@Suite struct TwoConnectionsTests {
    private final class Rig {
        let directory: TemporaryDirectory
        let core: NodeCore
        var orchestrator = ModelHub()
        var coordinator = ModelHub()
        var now = Instant(nanoseconds: 1)
        var coordinatorAnswers = true

        init(limit: UInt64 = 1 << 20) throws {
            directory = TemporaryDirectory()
            var random = SeededRandom(seed: 5)
            let spool = try Spool.open(
                path: directory.path + "/spool.db", limit: limit, compressor: RunCompressor(), random: &random)
            core = NodeCore(
                spool: spool, identity: NodeIdentity(capabilities: ["web"]), random: SeededRandom(seed: 6))
            orchestrator.known = Set(1...100)
        }

        @discardableResult
        func feed(_ inputs: NodeInput...) throws -> [NodeEffect] {
            var all: [NodeEffect] = []
            var next = inputs
            while !next.isEmpty {
                let effects = try core.handle(next, now: now, wall: WallTime(milliseconds: 0))
                all += effects
                next = effects.compactMap { effect in
                    switch effect {
                    case .send(let envelope): orchestrator.answer(envelope).map { .message($0) }
                    case .sendToCoordinator(let envelope):
                        coordinatorAnswers ? coordinator.answer(envelope).map { .message($0) } : nil
                    default: nil
                    }
                }
            }
            return all
        }

        var orchestratorsWelcome: Proto.Welcome {
            var welcome = orchestrator.welcome
            welcome.serves = .orchestrator
            return welcome
        }

        var coordinatorsWelcome: Proto.Welcome {
            var welcome = coordinator.welcome
            welcome.serves = .coordinator
            return welcome
        }

        func connect() throws {
            try feed(.connected(orchestratorsWelcome))
            try feed(.coordinatorConnected(coordinatorsWelcome))
        }

        func collect(_ lease: UInt64, _ texts: String...) throws {
            try feed(.message(Proto.Envelope(body: .assignment(.sample(lease)))))
            try feed(.yielded(lease: lease, items: texts.map { .sample($0) }))
            try feed(.finished(lease: lease, CollectionResult(.collected)))
            try pass(Limits.batchAge)
        }

        @discardableResult
        func pass(_ span: Span) throws -> [NodeEffect] {
            now = now + span
            return try feed(.tick)
        }

        var stored: [String] { coordinator.applied[core.spool.stream] ?? [] }
    }

    @Test func `leases come from the one and batches go to the other`() throws {
        let rig = try Rig()
        try rig.connect()
        try rig.collect(1, "a", "b")
        #expect(rig.stored == ["a", "b"])
        #expect(rig.orchestrator.outcomes[1]?.lastSequence == 2)
        #expect(rig.orchestrator.log.allSatisfy { if case .ingestBatch = $0.body { false } else { true } })
        #expect(rig.coordinator.log.allSatisfy { if case .leaseOutcomes = $0.body { false } else { true } })
        // The one is told of leases, the other of streams.
        guard case .registerNode(let node)? = rig.coordinator.log.first?.body else { return #expect(Bool(false)) }
        #expect(node.leases == [] && node.streams.map(\.stream) == [rig.core.spool.stream])
    }

    @Test func `either may come first`() throws {
        let rig = try Rig()
        try rig.feed(.coordinatorConnected(rig.coordinatorsWelcome))
        try rig.feed(.connected(rig.orchestratorsWelcome))
        try rig.collect(1, "a")
        #expect(rig.stored == ["a"])
    }

    @Test func `while the coordinator is away it collects on, and delivers when that is back`() throws {
        let rig = try Rig()
        try rig.connect()
        try rig.feed(.coordinatorDisconnected)
        try rig.collect(1, "a")
        try rig.collect(2, "b")
        #expect(rig.stored == [] && rig.core.spool.items == 2 && rig.orchestrator.outcomes.count == 2)
        try rig.feed(.coordinatorConnected(rig.coordinatorsWelcome))
        #expect(rig.stored == ["a", "b"] && rig.core.spool.items == 0)
    }

    @Test func `while the orchestrator is away it delivers on, and reports when that is back`() throws {
        let rig = try Rig()
        try rig.connect()
        try rig.feed(.message(Proto.Envelope(body: .assignment(.sample(1)))))
        try rig.feed(.disconnected)
        try rig.feed(.yielded(lease: 1, items: [.sample("a")]))
        try rig.feed(.finished(lease: 1, CollectionResult(.collected)))
        try rig.pass(Limits.batchAge)
        #expect(rig.stored == ["a"] && rig.orchestrator.outcomes.isEmpty)
        try rig.feed(.connected(rig.orchestratorsWelcome))
        #expect(rig.orchestrator.outcomes[1]?.kind == .collected)
    }

    @Test func `a coordinator that does not answer is left, and the orchestrator is not`() throws {
        let rig = try Rig()
        try rig.connect()
        rig.coordinatorAnswers = false
        try rig.collect(1, "a")
        let left = try rig.pass(Limits.requestTimeout)
        let reason = "no answer for 30000 ms"
        #expect(left.contains(.reconnectToCoordinator(reason: reason, retryAfter: .zero)))
        #expect(!left.contains(.reconnect(reason: reason, retryAfter: .zero)))
        rig.coordinatorAnswers = true
        try rig.feed(.coordinatorConnected(rig.coordinatorsWelcome))
        #expect(rig.stored == ["a"])
    }

    @Test func `a coordinator that refuses is asked again after its time`() throws {
        let rig = try Rig()
        rig.coordinatorAnswers = false
        let asked = try rig.feed(.coordinatorConnected(rig.coordinatorsWelcome))
        guard case .sendToCoordinator(let envelope)? = asked.first else { return #expect(Bool(false)) }
        let error = Proto.Error(code: .unavailable, message: "closed", retryAfterMs: 700)
        let left = try rig.feed(.message(Proto.Envelope(inReplyTo: envelope.id, body: .error(error))))
        #expect(
            left == [
                .reconnectToCoordinator(
                    reason: "registration was refused: closed", retryAfter: .milliseconds(700))
            ])
    }

    @Test func `a collector that a full spool holds up keeps its lease while the coordinator is away`() throws {
        let rig = try Rig(limit: 64)
        try rig.connect()
        try rig.feed(.coordinatorDisconnected)
        try rig.feed(.message(Proto.Envelope(body: .assignment(.sample(1)))))
        try rig.feed(.yielded(lease: 1, items: [.sample(String((0..<100).map { Character("\($0 % 10)") }))]))
        #expect(!rig.core.spool.hasRoom)
        for _ in 0..<90 {
            let effects = try rig.pass(.minutes(1))
            #expect(effects.allSatisfy { if case .stopCollecting = $0 { false } else { true } })
        }
        let resumed = try rig.feed(.coordinatorConnected(rig.coordinatorsWelcome))
        #expect(resumed.contains(.resumeCollector(lease: 1)))
    }

    @Test func `a hub in place of the two takes both`() throws {
        let rig = try Rig()
        try rig.connect()
        try rig.feed(.coordinatorDisconnected, .disconnected)
        try rig.feed(.connected(rig.orchestrator.welcome))
        try rig.collect(1, "a")
        #expect(rig.orchestrator.applied[rig.core.spool.stream] == ["a"])
        #expect(rig.core.spool.items == 0)
    }
}
