import Coordinator
import Model
import Testing
import Wire

@testable import Hub

@Suite("Credit that senders share")
struct SharedCreditTests {
    private let credit = SharedCredit()

    private func senders(_ count: Int) { for _ in 0..<count { credit.began() } }

    @Test("Alone a sender has all that one may have")
    func alone() {
        #expect(credit.share == UInt32(Limits.credit))
        senders(1)
        #expect(credit.share == UInt32(Limits.credit))
    }

    @Test("Beside others each has an equal part", arguments: [(4, 1_024), (16, 256), (64, 64)])
    func shared(count: Int, share: UInt32) {
        senders(count)
        #expect(credit.share == share)
    }

    @Test("Beside however many each may still send something, and what ends is shared anew")
    func many() {
        senders(5_000)
        #expect(credit.share == UInt32(Limits.leastCredit))
        for _ in 0..<4_999 { credit.ended() }
        #expect(credit.share == UInt32(Limits.credit))
    }

    // MARK: Who sends

    private func admit(_ desk: inout IntakeDesk, _ id: UInt64, items: Int = 1) throws -> IntakeDesk.Ticket {
        let unchanged = Proto.Item(kind: .unchanged(Proto.Unchanged(digest: Array(repeating: 7, count: 32)[...])))
        let batch = Proto.IngestBatch(
            stream: 9, firstSequence: id, items: Array(repeating: unchanged, count: items))
        let keys = IdentityKeys(secret: try DedupSecret(bytes: Array(0..<32)), salt: Array(0..<16), scope: .cluster)
        let intake = Intake(hasher: try IdentityHasher(keys))
        let now = WallTime(milliseconds: 0)
        let admission = try desk.admit(batch, id: id, node: "n1", now: now, intake: intake)
        guard case .hand(_, let ticket) = admission else { throw Unexpected() }
        return ticket
    }

    private struct Unexpected: Error {}

    private let applied = LedgerAnswer.result(.applied(verdicts: [], replayed: 0, lastApplied: 1))

    private func creditTold(by envelope: Proto.Envelope) -> UInt32? {
        if case .ingestAck(let ack)? = envelope.body { ack.credit } else { nil }
    }

    @Test("A connection sends from its first batch until its last is answered, or until it ends")
    func sending() throws {
        var desks = (0..<4).map { _ in IntakeDesk(credit) }
        var tickets: [IntakeDesk.Ticket] = []
        for place in desks.indices {
            tickets.append(try admit(&desks[place], 1))
            tickets.append(try admit(&desks[place], 2))
        }
        #expect(creditTold(by: desks[0].answered(applied, tickets[0])) == 1_024)
        #expect(creditTold(by: desks[0].answered(applied, tickets[1])) == UInt32(Limits.sharedCredit / 3))
        desks[1].closed()
        desks[2].closed()
        #expect(credit.share == UInt32(Limits.credit))
        desks[3].closed()
        desks[3].closed()
        senders(2)
        #expect(credit.share == 2_048)
    }

    @Test("What was sent by the greater credit of before is taken")
    func lateNews() throws {
        senders(64)
        var desk = IntakeDesk(credit)
        for id in 1...UInt64(Limits.maxInFlight) { _ = try admit(&desk, id, items: Limits.maxBatch) }
        #expect(credit.share == UInt32(Limits.leastCredit))
    }
}
