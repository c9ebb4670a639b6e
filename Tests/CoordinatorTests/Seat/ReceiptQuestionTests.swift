import Model
import Sealing
import Storage
import Telemetry
import TestKit
import Testing
import Wire

@testable import Coordinator

/// An orchestrator elsewhere asks for receipts by position.
@Suite struct ReceiptQuestionTests {
    private struct DiscardingSink: LogSink {
        func write(_ entry: LogEntry) {}
    }

    private let directory = TemporaryDirectory()
    private let lease = LeaseRef(
        lease: 77, target: TargetID(high: 1, low: 2), fence: Fence(incarnation: 1, counter: 9))

    private func service() throws -> CoordinatorService {
        var random = SeededRandom(seed: 4)
        return try CoordinatorService(
            CoordinatorConfiguration(directory: directory.path, diskLowWater: 0), time: SystemTime(), random: &random,
            log: Logger(level: .error, sink: DiscardingSink(), time: SystemTime()))
    }

    private func send(_ sequence: UInt64, to service: CoordinatorService, leased: Bool = true) async throws {
        let batch = Proto.IngestBatch(
            stream: 1, firstSequence: sequence,
            items: [
                Proto.Item(lease: leased ? 1 : 0, kind: .artifact(LedgerFixture.artifact("text \(sequence)")))
            ],
            leases: [lease.wire])
        let prepared = try service.makeIntake().prepare(batch, node: "n", now: SystemTime().wall())
        let answer = await withCheckedContinuation { continuation in
            _ = service.ingest(prepared) { continuation.resume(returning: $0) }
        }
        guard case .result(.applied) = answer else { throw LedgerError.unavailable("\(answer)") }
    }

    private func ask(
        _ service: CoordinatorService, after position: UInt64, wait: Span = .zero
    ) async throws -> [ReceiptPage] {
        let found: Result<[ReceiptPage], LedgerError> = await withCheckedContinuation { continuation in
            Task {
                await service.readReceipts(after: position, wait: wait) { continuation.resume(returning: $0) }
            }
        }
        return try found.get()
    }

    @Test func `what is there is told at once, a page for each commit`() async throws {
        let service = try service()
        for sequence in 1...3 as ClosedRange<UInt64> { try await send(sequence, to: service) }
        let pages = try await ask(service, after: 1)
        #expect(pages.map(\.position) == [2, 3])
        #expect(pages.flatMap(\.receipts).map(\.lastSequence) == [2, 3])
        #expect(try await ask(service, after: 3) == [])
        await service.stop()
    }

    @Test func `a question waits for the next commit, and one that nothing answers ends with its time`() async throws {
        let service = try service()
        try await send(1, to: service)
        async let next = ask(service, after: 1, wait: .minutes(10))
        try await send(2, to: service)
        #expect(try await next.map(\.position) == [2])
        #expect(try await ask(service, after: 2, wait: .milliseconds(5)) == [])
        await service.stop()
    }

    @Test func `commits without receipts are told of when the ledger rests`() async throws {
        let service = try service()
        async let next = ask(service, after: 0, wait: .minutes(10))
        try await send(1, to: service, leased: false)
        let pages = try await next
        #expect(pages.map(\.position) == [1] && pages.map(\.receipts) == [[]])
        await service.stop()
    }

    @Test func `a new question takes the old one's place`() async throws {
        let service = try service()
        async let old = ask(service, after: 0, wait: .minutes(10))
        async let new = ask(service, after: 0, wait: .minutes(10))
        try await send(1, to: service)
        let answers = try await [old, new].map { $0.map(\.position) }
        #expect(answers.contains([1]))
        #expect(answers.allSatisfy { $0 == [1] || $0 == [] })
        await service.stop()
    }

    @Test func `an orchestrator that has read nothing begins where it got the seat`() async throws {
        let service = try service()
        for sequence in 1...2 as ClosedRange<UInt64> { try await send(sequence, to: service) }
        let claim = Proto.Seat(id: [UInt8](repeating: 1, count: 16)[...], incarnation: 1, address: "a:1")
        #expect(try await service.takeSeat(claim).since == 2)
        try await send(3, to: service)
        #expect(try await ask(service, after: 0) == [ReceiptPage(after: 0, position: 2, receipts: [])])
        #expect(try await ask(service, after: 2).flatMap(\.receipts).map(\.lastSequence) == [3])
        // One that comes from a hub has a position, and what it was to read is its own.
        #expect(try await ask(service, after: 1).flatMap(\.receipts).map(\.lastSequence) == [2, 3])
        await service.stop()
    }

    @Test func `one that has read more than there is closes intake: the ledger is an older copy`() async throws {
        let service = try service()
        try await send(1, to: service)
        do {
            _ = try await ask(service, after: 9)
            Issue.record("it was answered")
        } catch let error as LedgerError {
            guard case .behind(let why) = error else { throw error }
            #expect(
                why == "closed: the orchestrator has read receipts up to state version 9 but the ledger ends at 1: "
                    + "ledger.db is an older copy; restore a later backup, or stop the hub and run rookery restore "
                    + "--accept-loss --data DIR")
        }
        #expect(service.status.intake.sentence.hasPrefix("closed: the orchestrator has read"))
        #expect(try await ask(service, after: 1, wait: .milliseconds(5)) == [], "others are answered all the same")
        await service.stop()
    }

    private func restored(at limit: UInt64, with seat: Bool) throws {
        let database = try Database.open(path: directory.file("ledger.db"), access: .writer)
        defer { database.close() }
        try database.run("INSERT INTO meta VALUES('receipts_limit', ?)", .int(limit))
        let text = "01010101010101010101010101010101 1 0 a:1"
        if seat { try database.run("INSERT INTO meta VALUES('orchestrator', ?)", .text(text)) }
    }

    @Test func `a restored ledger that has gone on all the same refuses who knows what it lacked`() async throws {
        var service = try service()
        for sequence in 1...5 as ClosedRange<UInt64> { try await send(sequence, to: service) }
        await service.stop()
        try restored(at: 3, with: true)
        let why =
            "closed: the orchestrator has read receipts up to state version 4 but the ledger was restored at 3: "
            + "ledger.db is an older copy; restore a later backup, or stop both processes and run rookery restore "
            + "--accept-loss --state-version 3 --data DIR on the orchestrator's directory"
        // A restart changes nothing of it.
        for _ in 0..<2 {
            service = try self.service()
            let error = await #expect(throws: LedgerError.self) { try await ask(service, after: 4) }
            #expect(error?.description == why && service.status.intake.sentence == why)
            await service.stop()
        }
        // One that knows no more than was restored goes on, and from then on with what is new.
        service = try self.service()
        #expect(try await ask(service, after: 3).map(\.position) == [4, 5])
        #expect(try await ask(service, after: 4).map(\.position) == [5])
        await service.stop()
        service = try self.service()
        #expect(try await ask(service, after: 5, wait: .milliseconds(5)) == [])
        await service.stop()
    }

    @Test func `an orchestrator's new life has its quotas enforced though its numbers begin lower`() async throws {
        let service = try service()
        func quota(_ base: UInt64, revision: UInt64) -> QuotaOrder {
            QuotaOrder(
                base: base, cluster: 0, revision: revision,
                nodes: [.init(name: "n", quota: base, revision: revision)])
        }
        var claim = Proto.Seat(id: [UInt8](repeating: 1, count: 16)[...], incarnation: 1, address: "a:1")
        _ = try await service.takeSeat(claim)
        await service.setQuotas(quota(1, revision: 9))
        await service.setQuotas(quota(50, revision: 8))
        try await send(1, to: service)
        await #expect(throws: LedgerError.self, "the older order is none") { try await send(2, to: service) }
        claim.incarnation = 2
        _ = try await service.takeSeat(claim)
        await #expect(throws: LedgerError.self, "the last order stands") { try await send(2, to: service) }
        await service.setQuotas(quota(50, revision: 3))
        try await send(2, to: service)
        await service.stop()
    }
}
