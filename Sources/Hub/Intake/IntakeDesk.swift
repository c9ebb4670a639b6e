package import Coordinator
package import Model
package import Wire

/// One connection's part in intake, apart from threads: what the peer may send, what is handed to the ledger, and how
/// the ledger's word is put to the peer.
package struct IntakeDesk: Sendable {
    /// A batch that the ledger has, until it answers.
    package struct Ticket: Sendable {
        let id: UInt64
        let stream: UInt64
        let firstSequence: UInt64
        let items: Int
    }

    package enum Admission {
        case hand(PreparedBatch, Ticket)
        case noCredit(Proto.Envelope)
    }

    private var window = IntakeWindow()
    private let shared: SharedCredit

    package init(_ shared: SharedCredit) { self.shared = shared }

    /// Items that the peer may have sent and not seen acked. A window and not what is left of it: what is on its way
    /// here is not known here, so a remainder would be out of date when it arrives.
    private var credit: UInt32 { shared.share }

    private mutating func take(items: Int) -> Bool {
        let wasEmpty = window.isEmpty
        guard window.take(items: items) else { return false }
        if wasEmpty { shared.began() }
        return true
    }

    private mutating func give(items: Int) {
        window.give(items: items)
        if window.isEmpty { shared.ended() }
    }

    /// The peer is gone; answers that still come are for nobody.
    package mutating func closed() {
        if !window.isEmpty { shared.ended() }
        window = IntakeWindow()
    }

    /// Throws when the batch as a whole makes no sense.
    package mutating func admit(
        _ batch: Proto.IngestBatch, id: UInt64, node: String, now: WallTime, intake: Intake
    ) throws(Refusal) -> Admission {
        let ticket = Ticket(
            id: id, stream: batch.stream, firstSequence: batch.firstSequence, items: batch.items.count)
        guard take(items: ticket.items) else {
            let why =
                "\(ticket.items) items in one more batch exceed the credit of \(Limits.credit) artifacts "
                + "and \(Limits.maxInFlight) batches; wait for acks"
            return .noCredit(noCredit(ticket, why))
        }
        do throws(Refusal) {
            return .hand(try intake.prepare(batch, node: node, now: now), ticket)
        } catch {
            give(items: ticket.items)
            throw error
        }
    }

    /// The ledger could not take the batch.
    package mutating func queueIsFull(_ ticket: Ticket) -> Proto.Envelope {
        give(items: ticket.items)
        return noCredit(ticket, "the intake queue is full; wait")
    }

    package mutating func answered(_ answer: LedgerAnswer, _ ticket: Ticket) -> Proto.Envelope {
        give(items: ticket.items)
        let ack = IngestReply.ack(
            answer, stream: ticket.stream, firstSequence: ticket.firstSequence, credit: credit)
        return Proto.Envelope(inReplyTo: ticket.id, body: .ingestAck(ack))
    }

    private func noCredit(_ ticket: Ticket, _ why: String) -> Proto.Envelope {
        let ack = IngestReply.noCredit(
            stream: ticket.stream, firstSequence: ticket.firstSequence, credit: credit,
            retryAfter: Limits.noCreditRetry, why: why)
        return Proto.Envelope(inReplyTo: ticket.id, body: .ingestAck(ack))
    }
}
