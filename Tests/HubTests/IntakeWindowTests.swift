import Coordinator
import Model
import Testing
import Wire

@testable import Hub

@Suite struct IntakeWindowTests {
    @Test func aBatchBeyondTheCreditIsNotTakenAndChangesNothing() {
        var window = IntakeWindow()
        let taken = (0..<Limits.maxInFlight).map { _ in window.take(items: Limits.maxBatch) }
        #expect(taken.allSatisfy { $0 })
        let full = window
        let more = window.take(items: 1)
        #expect(!more)
        #expect(window == full)
        window.give(items: Limits.maxBatch)
        let again = window.take(items: Limits.maxBatch)
        #expect(again)
    }

    @Test func manySmallBatchesMeetTheBoundOfBatches() {
        var window = IntakeWindow()
        let answers = (0...Limits.maxInFlight).map { _ in window.take(items: 1) }
        #expect(answers == Array(repeating: true, count: Limits.maxInFlight) + [false])
        window.give(items: 1)
        let again = window.take(items: 1)
        #expect(again)
    }
}

@Suite struct IngestReplyTests {
    private func ack(_ answer: LedgerAnswer) -> Proto.IngestAck {
        IngestReply.ack(answer, stream: 7, firstSequence: 11, credit: 5)
    }

    @Test func onlyAnAppliedBatchIsDurable() {
        let verdict = Proto.Verdict(code: .stored, artifact: 3)
        let applied = ack(.result(.applied(verdicts: [verdict], replayed: 1, lastApplied: 11)))
        #expect(applied.refusal == .accepted)
        #expect(applied.durability == .fsync)
        #expect(applied.verdicts == [verdict])
        #expect(applied.replayed == 1)
        #expect(applied.lastApplied == 11)
        #expect(applied.credit == 5)
        let others: [LedgerAnswer] = [
            .result(.gap(lastApplied: 4)), .result(.forked(sequence: 2, lastApplied: 4)),
            .unavailable(message: "closed", retryAfter: .seconds(1)),
        ]
        for other in others {
            #expect(ack(other).durability == .none)
            #expect(ack(other).verdicts.isEmpty)
        }
    }

    @Test func aRefusalSaysWhatToDo() {
        #expect(
            ack(.result(.gap(lastApplied: 4))).message
                == "first_sequence is 11 but the next one of this stream is 5")
        #expect(ack(.result(.forked(sequence: 2, lastApplied: 4))).refusal == .streamForked)
        let closed = ack(.unavailable(message: "intake is closed", retryAfter: .seconds(1)))
        #expect(closed.refusal == .unavailable)
        #expect(closed.retryAfterMs == 1_000)
        #expect(closed.message == "intake is closed")
    }
}
