import Model
import Storage
import Telemetry
import TestKit
import Testing
import Wire

@testable import Orchestrator

/// Another program reads orchestrator.db in one transaction that does not end.
@Suite struct LogBoundTests {
    private static let bound = 256 * Limits.kibibyte
    private static let sentence =
        "the orchestrator gives nothing out and takes nothing in: orchestrator.db-wal holds 0 MiB that cannot be moved "
        + "into orchestrator.db, because another program reads it in one long transaction; end that program (fuser "
        + "names it)"

    private let directory = TemporaryDirectory()
    private let service: OrchestratorService
    private let effects: AsyncStream<OrchestratorEffect>
    private let starts: AsyncStream<UInt64>
    private let start: @Sendable (UInt64) -> Void

    init() throws {
        let (effects, effect) = AsyncStream.makeStream(of: OrchestratorEffect.self)
        let (starts, start) = AsyncStream.makeStream(of: UInt64.self)
        self.effects = effects
        self.starts = starts
        self.start = { start.yield($0) }
        var configuration = OrchestratorConfiguration(incarnation: 1)
        configuration.journal.logHeld = LogBoundTests.bound
        service = try OrchestratorService(
            path: directory.file("orchestrator.db"), configuration: configuration, time: SystemTime(), log: .none
        ) { for each in $0 { effect.yield(each) } }
    }

    private func ask(
        _ body: Proto.Envelope.Body, id: UInt64, as name: String = "op", on connection: UInt64 = 2
    ) async -> (answer: Proto.Envelope.Body?, before: [OrchestratorEffect]) {
        service.submit(.request(ConnectionID(connection), name: name, Proto.Envelope(id: id, body: body)))
        var before: [OrchestratorEffect] = []
        for await effect in effects {
            switch effect {
            case .send(ConnectionID(connection), let envelope) where envelope.inReplyTo == id:
                return (envelope.body, before)
            case .registered(ConnectionID(connection), id, let registered): return (.registered(registered), before)
            default: before.append(effect)
            }
        }
        return (nil, before)
    }

    /// A chunk of new targets that nobody has the capability for; under one number always the same.
    private func submit(_ number: UInt64) async -> Proto.Envelope.Body? {
        let targets = (0..<50).map { place in
            var spec = page(Int(number) * 100 + place)
            spec.capability = "none"
            return spec
        }
        let key = (0..<16).map { UInt8(truncatingIfNeeded: number >> ($0 % 8 * 8)) }
        return await ask(.submitTargets(Proto.SubmitTargets(key: key[...], targets: targets)), id: number).answer
    }

    private func register(_ leases: [Proto.HeldLease] = []) async -> (Proto.Registered?, [OrchestratorEffect]) {
        let message = Proto.RegisterNode(
            instance: Array(repeating: 1, count: 16)[...], capabilities: ["web"], capacity: 8, leases: leases)
        let (answer, before) = await ask(.registerNode(message), id: 1, as: "n", on: 1)
        guard case .registered(let registered) = answer else { return (nil, before) }
        return (registered, before)
    }

    private func walBytes() -> Int { TemporaryDirectory.size(of: directory.file("orchestrator.db-wal")) ?? .max }

    /// Chunks that were taken until one was refused, and the refusal.
    private func fill() async -> (taken: UInt64, refusal: Proto.Error?) {
        for number in 2..<500 as Range<UInt64> {
            switch await submit(number) {
            case .submitTargetsReply: continue
            case .error(let error): return (number - 2, error)
            default: return (number - 2, nil)
            }
        }
        return (498, nil)
    }

    @Test func `the log keeps its bound, status says why, and what was promised holds when the read has ended`()
        async throws
    {
        await service.onStart(start)
        #expect(await starts.first { _ in true } == 0)
        _ = await register()
        var web = Proto.SubmitTargets(key: Array(repeating: 9, count: 16)[...])
        web.targets = [page(1)]
        guard case .submitTargetsReply = await ask(.submitTargets(web), id: 2).answer else {
            return #expect(Bool(false), "the page was not taken")
        }
        var lease: Proto.Assignment?
        for await effect in effects {
            lease = [effect].assignments.first
            if lease != nil { break }
        }
        let given = try #require(lease)

        let foreign = try Database.open(path: directory.file("orchestrator.db"), access: .reader)
        try foreign.execute("BEGIN")
        #expect(try foreign.first("SELECT count(*) FROM targets") { $0.int(0) } == 1)
        let (taken, refusal) = await fill()
        #expect(taken > 3)
        let expected = Proto.Error(code: .unavailable, message: LogBoundTests.sentence, retryAfterMs: 1_000)
        #expect(refusal == expected)
        #expect(service.status.alerts == [LogBoundTests.sentence])
        #expect(service.status.submitted == 1 + 50 * taken)
        #expect(await service.nodes.map(\.name) == ["n"])
        let held = walBytes()
        #expect(held >= LogBoundTests.bound && held < LogBoundTests.bound + 300_000)
        for number in 600..<620 as Range<UInt64> { #expect(await submit(number) == .error(expected)) }
        #expect(walBytes() == held)

        try foreign.execute("COMMIT")
        foreign.close()
        #expect(await starts.first { _ in true } == 0)
        // The refused chunk is taken now; those that were acknowledged are there.
        guard case .submitTargetsReply(let reply) = await submit(taken + 2) else {
            return #expect(Bool(false), "it did not open again")
        }
        #expect(reply.verdicts.allSatisfy { $0.result == .created })
        #expect(service.status.submitted == 1 + 50 * (taken + 1) && service.status.alerts == [])
        let lives = [Proto.HeldLease(lease: given.lease, target: given.target, fence: given.fence)]
        #expect(await register(lives).0?.leases.map(\.keep) == [true])
        #expect(walBytes() < LogBoundTests.bound)
        await service.stop()
    }

    @Test func `that the coordinator is away is known when the read has ended, though it left meanwhile`() async throws
    {
        _ = await register()
        let quota = Proto.SetQuota(key: Array(repeating: 3, count: 16)[...], base: 100)
        #expect(await ask(.setQuota(quota), id: 2).answer != nil)
        let foreign = try Database.open(path: directory.file("orchestrator.db"), access: .reader)
        try foreign.execute("BEGIN")
        _ = try foreign.first("SELECT count(*) FROM targets") { $0.int(0) }
        await service.onStart(start)
        #expect(await starts.first { _ in true } == 0)
        #expect(await fill().refusal != nil)
        service.submit(.coordinatorAway)
        try foreign.execute("COMMIT")
        foreign.close()
        #expect(await starts.first { _ in true } == 0)
        _ = await ask(.getQuota(Proto.GetQuota()), id: 700)
        service.submit(.coordinatorBack)
        let before = await ask(.getQuota(Proto.GetQuota()), id: 701).before
        #expect(before.contains { if case .quotas(let order) = $0 { order.base == 100 } else { false } })
        await service.stop()
    }
}
