import Model
import Testing
import Wire

@testable import Node

@Suite("Delivery")
struct DeliveryTests {
    private var delivery = Delivery(stream: 9, firstUnacked: 1, next: 1)
    private var now = Instant(nanoseconds: 1_000)
    private let terms = Delivery.Terms(maxBatch: 4, maxInFlight: 2, credit: 10)

    private mutating func write(_ count: UInt64, from first: UInt64 = 1) {
        for sequence in first..<first + count { delivery.written(through: sequence, bytes: 10, now: now) }
    }

    private mutating func send(_ id: UInt64) -> Delivery.Cut? {
        guard let cut = delivery.cut(now: now) else { return nil }
        delivery.sent(id, cut, bytes: cut.count * 10, now: now)
        return cut
    }

    private func ack(
        _ first: UInt64, _ count: Int, credit: UInt32 = 10, _ refusal: Proto.IngestRefusal = .accepted,
        lastApplied: UInt64? = nil, durability: Proto.Durability = .fsync, retry: UInt32 = 0
    ) -> Proto.IngestAck {
        var ack = Proto.IngestAck(
            stream: 9, firstSequence: first, refusal: refusal, durability: durability,
            lastApplied: lastApplied ?? first + UInt64(count) - 1, credit: credit, retryAfterMs: retry)
        if refusal == .accepted { ack.verdicts = Array(repeating: .init(code: .stored), count: count) }
        return ack
    }

    private mutating func open() { #expect(delivery.opened(terms, ledger: 1, now: now) == .nothing) }

    @Test("nothing is sent before it is registered; a lone item then waits 50 ms for company")
    mutating func age() {
        write(1)
        #expect(delivery.cut(now: now) == nil)
        open()
        #expect(send(1) == .init(first: 1, count: 1))  // it waited long enough already
        write(1, from: 2)
        #expect(delivery.cut(now: now) == nil)
        #expect(delivery.nextDeadline == now + Limits.batchAge)
        now = now + Limits.batchAge
        #expect(delivery.cut(now: now) == .init(first: 2, count: 1))
    }

    @Test("a batch is cut by count, at once; two are under way, the third waits for an answer")
    mutating func inFlight() {
        open()
        write(10)
        #expect(send(1) == .init(first: 1, count: 4))
        #expect(send(2) == .init(first: 5, count: 4))
        #expect(send(3) == nil)
        #expect(delivery.answered(1, ack(1, 4), now: now) == .applied(through: 4))
        now = now + Limits.batchAge
        #expect(send(3) == .init(first: 9, count: 2))
    }

    @Test("a batch is cut to the credit held; without any, one item asks again when the answer said")
    mutating func credit() {
        open()
        write(30)
        #expect(send(1)?.count == 4)
        #expect(send(2)?.count == 4)
        _ = delivery.answered(1, ack(1, 4, credit: 6), now: now)
        #expect(send(3) == .init(first: 9, count: 2))  // up to 10: 4 + 6, and no less than was granted before
        _ = delivery.answered(2, ack(5, 4, credit: 0), now: now)
        #expect(send(4) == nil)
        _ = delivery.answered(3, ack(9, 2, credit: 0, retry: 70), now: now)
        #expect(delivery.nextDeadline == now + .milliseconds(70))
        #expect(send(4) == nil)
        now = now + .milliseconds(70)
        #expect(send(4) == .init(first: 11, count: 1))
        #expect(send(5) == nil)
        _ = delivery.answered(4, ack(11, 1, credit: 3), now: now)
        #expect(send(5) == .init(first: 12, count: 3))
    }

    @Test(
        "a refusal goes back to its batch once; the gaps behind it change nothing",
        arguments: [Proto.IngestRefusal.noCredit, .unavailable])
    mutating func refusal(_ refusal: Proto.IngestRefusal) {
        open()
        write(10)
        _ = send(1)
        _ = send(2)
        #expect(delivery.answered(1, ack(1, 4, refusal, lastApplied: 0, retry: 40), now: now) == .nothing)
        #expect(send(3) == nil)
        #expect(delivery.answered(2, ack(5, 4, .gap, lastApplied: 0), now: now) == .nothing)
        #expect(send(3) == nil)
        now = now + .milliseconds(40)
        #expect(send(3) == .init(first: 1, count: 4))
    }

    @Test("a gap goes back to what the ledger lacks, and to a new stream when that is deleted here")
    mutating func gap() throws {
        open()
        write(10)
        for id in 1...2 as ClosedRange<UInt64> { _ = send(id) }
        _ = delivery.answered(1, ack(1, 4), now: now)
        var other = delivery
        now = now + Limits.batchAge
        #expect(other.answered(2, ack(5, 4, .gap, lastApplied: 2), now: now) == .openStream)
        _ = send(3)
        #expect(delivery.answered(3, ack(9, 2, .gap, lastApplied: 4), now: now) == .nothing)
        #expect(send(4) == .init(first: 5, count: 4))
        guard case .reconnect = delivery.answered(4, ack(5, 4, .gap, lastApplied: 4), now: now) else {
            throw TestFailure("a gap that is none was believed")
        }
    }

    @Test("an answer that overtakes another deletes nothing until the other has come")
    mutating func overtaking() {
        open()
        write(8)
        _ = send(1)
        _ = send(2)
        #expect(delivery.answered(2, ack(5, 4), now: now) == .nothing)
        #expect(delivery.answered(1, ack(1, 4), now: now) == .applied(through: 8))
    }

    @Test("an ack that is not on disk deletes nothing, and the batch is offered again")
    mutating func notDurable() {
        open()
        write(4)
        _ = send(1)
        #expect(delivery.answered(1, ack(1, 4, durability: .none), now: now) == .nothing)
        now = now + Limits.unavailableRetry
        #expect(send(2) == .init(first: 1, count: 4))
    }

    @Test("an answer that makes no sense ends the connection, and one nobody waits for changes nothing")
    mutating func nonsense() {
        open()
        write(4)
        _ = send(1)
        let before = delivery
        #expect(delivery.answered(77, ack(1, 4), now: now) == .nothing)
        #expect(delivery == before)
        for wrong in [
            ack(1, 3), ack(2, 4), ack(1, 4, lastApplied: 3), ack(1, 4, lastApplied: 5), ack(1, 4, lastApplied: .max),
        ] {
            var copy = before
            guard case .reconnect = copy.answered(1, wrong, now: now) else {
                Issue.record("accepted \(wrong)")
                continue
            }
        }
    }

    @Test("after a disconnect it goes on where the ledger is, but what this process never sent it sends")
    mutating func reconnected() {
        open()
        write(10)
        _ = send(1)
        _ = send(2)
        delivery.closed()
        #expect(delivery.opened(terms, ledger: 6, now: now) == .applied(through: 5))
        #expect(send(3) == .init(first: 6, count: 4))
        // A process that has just started does not know what it sent: the ledger's word alone deletes nothing.
        var restarted = Delivery(stream: 9, firstUnacked: 1, next: 11)
        #expect(restarted.opened(terms, ledger: 6, now: now) == .nothing)
        #expect(restarted.cut(now: now) == .init(first: 1, count: 4))
    }

    @Test(
        "a ledger that has more than was written, or lacks what was deleted, leads to a new stream",
        arguments: [1, 12] as [UInt64])
    mutating func copies(ledger: UInt64) {
        delivery = Delivery(stream: 9, firstUnacked: 3, next: 11)
        #expect(delivery.opened(terms, ledger: ledger, now: now) == .openStream)
        delivery.renumbered(stream: 10)
        #expect(delivery.cut(now: now) == .init(first: 1, count: 4))
    }
}
