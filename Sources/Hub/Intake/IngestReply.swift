package import Coordinator
package import Model
package import Wire

/// The acks of intake, as the wire words them.
package enum IngestReply {
    package static func ack(
        _ answer: LedgerAnswer, stream: UInt64, firstSequence: UInt64, credit: UInt32
    ) -> Proto.IngestAck {
        var ack = Proto.IngestAck(stream: stream, firstSequence: firstSequence, credit: credit)
        switch answer {
        case .result(.applied(let verdicts, let replayed, let lastApplied)):
            ack.refusal = .accepted
            ack.durability = .fsync
            ack.lastApplied = lastApplied
            ack.verdicts = verdicts
            ack.replayed = UInt32(replayed)
        case .result(.gap(let lastApplied)):
            ack.refusal = .gap
            ack.lastApplied = lastApplied
            ack.message = "first_sequence is \(firstSequence) but the next one of this stream is \(lastApplied + 1)"
        case .result(.overQuota(let refusal, let lastApplied)):
            ack.refusal = .noCredit
            ack.lastApplied = lastApplied
            ack.message = refusal.reason
            ack.credit = min(credit, UInt32(clamping: refusal.room))
            ack.retryAfterMs = refusal.retryAfter.wireMilliseconds
            ack.suggestions = refusal.suggestions
        case .result(.forked(let sequence, let lastApplied)):
            ack.refusal = .streamForked
            ack.lastApplied = lastApplied
            ack.message =
                "item \(sequence) lies at or below the last applied sequence \(lastApplied) but was never stored: the "
                + "spool is a copy; open a new stream for what is not acked"
        case .unavailable(let message, let retryAfter):
            ack.refusal = .unavailable
            ack.message = message
            ack.retryAfterMs = UInt32(retryAfter.milliseconds)
        }
        return ack
    }

    package static func noCredit(
        stream: UInt64, firstSequence: UInt64, credit: UInt32, retryAfter: Span, why: String
    ) -> Proto.IngestAck {
        Proto.IngestAck(
            stream: stream, firstSequence: firstSequence, refusal: .noCredit, credit: credit,
            retryAfterMs: UInt32(retryAfter.milliseconds), message: why)
    }
}
