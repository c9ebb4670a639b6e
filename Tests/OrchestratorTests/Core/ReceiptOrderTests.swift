import Model
import Storage
import TestKit
import Testing
import Wire

@testable import Orchestrator

/// An orchestrator that can be started again under another wall clock.
private final class Restarts {
    let disk = SimulatedDisk(seed: 2)
    private(set) var core: OrchestratorCore
    private(set) var now = Instant(nanoseconds: 1_000_000_000)
    private let operators = ConnectionID(1)

    init() throws { core = try Restarts.open(disk, Instant(nanoseconds: 1_000_000_000), wall: 0) }

    deinit { core.close() }

    private static func open(_ disk: SimulatedDisk, _ now: Instant, wall: Int64) throws -> OrchestratorCore {
        try OrchestratorCore(
            database: Database.recover(path: "orchestrator.db", options: DatabaseOptions(vfs: disk.name)),
            configuration: OrchestratorConfiguration(incarnation: 1), random: SeededRandom(seed: 1), now: now,
            wall: WallTime(milliseconds: 1_700_000_000_000 + wall))
    }

    func restart(wallJump: Span = .zero) throws {
        core.close()
        core = try Restarts.open(disk, now, wall: Int64(wallJump.milliseconds))
    }

    @discardableResult
    func turn(_ inputs: OrchestratorInput..., after wait: Span = .zero) throws -> [OrchestratorEffect] {
        now = now + wait
        return try core.turn(inputs, now: now, wall: WallTime(milliseconds: 0))
    }

    func submit() throws -> Proto.SubmitResult? {
        let request = Proto.SubmitTargets(
            key: Array(repeating: 4, count: 16)[...],
            targets: [Proto.TargetSpec(type: "web", location: "http://a.example/")])
        let effects = try turn(
            .request(operators, name: "op", Proto.Envelope(id: 1, body: .submitTargets(request))), .tick)
        guard case .send(_, let envelope)? = effects.first, case .submitTargetsReply(let reply)? = envelope.body else {
            return nil
        }
        return reply.verdicts.first?.result
    }

    /// A receipt under a lease that nobody holds.
    static func page(after: UInt64, position: UInt64) -> ReceiptPage {
        var receipt = Receipt(
            lease: LeaseRef(
                lease: position, target: TargetID(high: 1, low: 1), fence: Fence(incarnation: 1, counter: position)),
            node: "n", stream: 1, lastSequence: 1)
        receipt.stored = 1
        return ReceiptPage(after: after, position: position, receipts: [receipt])
    }
}

extension [OrchestratorEffect] {
    fileprivate var lateLeases: [UInt64] {
        compactMap { if case .late(let ref) = $0 { ref.lease } else { nil } }
    }
}

@Suite("What comes twice, too early, or not at all")
struct ReceiptOrderTests {
    @Test("A page of receipts with a gap before it waits until it comes again, and none counts twice")
    func gap() throws {
        let restarts = try Restarts()
        try restarts.turn(.receipts(Restarts.page(after: 0, position: 1)))
        try restarts.turn(.receipts(Restarts.page(after: 2, position: 3)))
        #expect(restarts.core.receiptPosition == 1)
        try restarts.turn(
            .receipts(Restarts.page(after: 1, position: 2)), .receipts(Restarts.page(after: 2, position: 3)),
            .receipts(Restarts.page(after: 1, position: 2)))
        #expect(restarts.core.receiptPosition == 3)
        #expect(restarts.core.status().stored == 3)
    }

    @Test("A late lease is told again until it is recorded")
    func lateNotices() throws {
        let restarts = try Restarts()
        #expect(try restarts.turn(.receipts(Restarts.page(after: 0, position: 7))).lateLeases == [7])
        #expect(try restarts.turn(.tick, after: .seconds(29)).lateLeases == [])
        #expect(try restarts.turn(.tick, after: .seconds(1)).lateLeases == [7])
        try restarts.restart()
        #expect(try restarts.turn(.tick).lateLeases == [7])
        let ref = Restarts.page(after: 0, position: 7).receipts[0].lease
        try restarts.turn(.lateRecorded(ref))
        #expect(try restarts.turn(.tick, after: .minutes(2)).lateLeases == [])
        #expect(restarts.core.nextDeadline == nil)
    }

    @Test("A submission's key is remembered over a restart under a wall clock that has jumped ahead")
    func submissionAfterJump() throws {
        let restarts = try Restarts()
        #expect(try restarts.submit() == .created)
        try restarts.restart(wallJump: .hours(30))
        #expect(try restarts.submit() == .created)
        try restarts.turn(.tick, after: .minutes(61))
        #expect(try restarts.submit() == .updated)
    }
}
