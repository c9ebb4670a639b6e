import Model
import Wire

/// The window on one stream: what may be sent, what is under way, and what an answer changes. Pure.
struct Delivery: Equatable {
    /// What the coordinator grants a connection.
    struct Terms: Equatable {
        var maxBatch: Int
        var maxInFlight: Int
        var credit: UInt64
        var maxBytes = Limits.batchBytes
    }

    private enum Link: Equatable {
        case closed  // to open, when registered
        case open(Terms)  // to closed, by any disconnect
    }

    private struct Flight: Equatable {
        var first: UInt64
        var count: Int
        var sentAt: Instant
        /// Sent behind a batch that was refused: its own refusal says nothing new.
        var isStale = false

        var last: UInt64 { first + UInt64(count) - 1 }
    }

    /// The next batch to read and send.
    struct Cut: Equatable {
        var first: UInt64
        var count: Int
        var bytes = Limits.batchBytes
    }

    enum Answer: Equatable {
        case nothing
        /// The ledger has everything up to here on disk.
        case applied(through: UInt64)
        case openStream
        /// The answer makes no sense, or did not come: only a new connection helps.
        case reconnect(String)
    }

    private(set) var stream: UInt64
    private var firstUnacked: UInt64
    private var next: UInt64
    private var toSend: UInt64
    private var sentThrough: UInt64 = 0  // in this life of the process
    private var limit: UInt64 = 0  // the last sequence the credit reaches
    private var link = Link.closed
    private var flights: [UInt64: Flight] = [:]
    /// Applied, while the answer to something before it is still to come: first to last.
    private var early: [UInt64: UInt64] = [:]
    private var blockedUntil: Instant?
    /// When the oldest item not sent has waited long enough for company.
    private var dueAt: Instant?
    private var unsentBytes = 0
    /// Nothing more will come: do not wait for company.
    var isFlushing = false

    init(stream: UInt64, firstUnacked: UInt64, next: UInt64) {
        self.stream = stream
        self.firstUnacked = firstUnacked
        self.next = next
        toSend = firstUnacked
    }

    // MARK: Events

    /// Items were put on disk.
    mutating func written(through sequence: UInt64, bytes: Int, now: Instant) {
        next = sequence + 1
        unsentBytes += bytes
        dueAt = dueAt ?? now + Limits.batchAge
    }

    /// Registered. `ledger` is the first sequence that the ledger does not have, if it said so.
    mutating func opened(_ terms: Terms, ledger: UInt64?, now: Instant) -> Answer {
        link = .open(terms)
        (flights, early, blockedUntil) = ([:], [:], nil)
        guard let ledger, ledger > 0 else {
            rewind(to: firstUnacked, credit: terms.credit)
            return .nothing
        }
        // It has more than was written, or lacks what was deleted: one of the two came from a copy.
        guard ledger >= firstUnacked, ledger <= next else { return .openStream }
        // What was not sent in this life is sent again, to be told whether the ledger's are these very items.
        let known = max(firstUnacked, min(ledger, sentThrough + 1))
        rewind(to: known, credit: terms.credit + (ledger - known))
        guard known > firstUnacked else { return .nothing }
        firstUnacked = known
        return .applied(through: known - 1)
    }

    mutating func closed() {
        link = .closed
        (flights, early, blockedUntil) = ([:], [:], nil)
        rewind(to: firstUnacked, credit: 0)
    }

    /// A new stream holds, from 1 on, what was not acked.
    mutating func renumbered(stream: UInt64) {
        let waiting = next - firstUnacked
        self.stream = stream
        firstUnacked = 1
        next = waiting + 1
        sentThrough = 0
        (flights, early, blockedUntil) = ([:], [:], nil)
        if case .open(let terms) = link { rewind(to: 1, credit: terms.credit) } else { rewind(to: 1, credit: 0) }
    }

    /// The next batch, if one is to be sent now.
    func cut(now: Instant) -> Cut? {
        guard let (terms, allowed) = allowance(now: now) else { return nil }
        let waiting = next - toSend
        let count = Int(min(waiting, allowed, UInt64(terms.maxBatch)))
        let isWhole = count < waiting || count == terms.maxBatch || unsentBytes >= terms.maxBytes
        let isOld = dueAt.map { $0 <= now } ?? true
        return isWhole || isOld || isFlushing ? Cut(first: toSend, count: count, bytes: terms.maxBytes) : nil
    }

    private func allowance(now: Instant) -> (Terms, UInt64)? {
        guard case .open(let terms) = link, toSend < next, flights.count < terms.maxInFlight else { return nil }
        if limit >= toSend {
            if let blockedUntil, blockedUntil > now { return nil }
            return (terms, limit - toSend + 1)
        }
        // Out of credit: when the time has come, one item asks for more.
        guard let blockedUntil, blockedUntil <= now else { return nil }
        return (terms, 1)
    }

    mutating func sent(_ id: UInt64, _ cut: Cut, bytes: Int, now: Instant) {
        flights[id] = Flight(first: cut.first, count: cut.count, sentAt: now)
        toSend = cut.first + UInt64(cut.count)
        sentThrough = max(sentThrough, toSend - 1)
        blockedUntil = nil
        unsentBytes = max(0, unsentBytes - bytes)
        if toSend == next { (dueAt, unsentBytes) = (nil, 0) }
    }

    func isUnderWay(_ id: UInt64) -> Bool { flights[id] != nil }

    /// The answer to batch `id`.
    mutating func answered(_ id: UInt64, _ ack: Proto.IngestAck, now: Instant) -> Answer {
        guard let flight = flights.removeValue(forKey: id) else { return .nothing }
        // Answers for a stream that was left are let go with its flights, so this one is about the present stream.
        guard ack.stream == stream, ack.firstSequence == flight.first, ack.lastApplied < UInt64.max / 2 else {
            return .reconnect("the answer to sequence \(flight.first) speaks of \(ack.firstSequence)")
        }
        switch ack.refusal {
        case .accepted: return accepted(flight, ack, now: now)
        case .gap: return gap(flight, ack)
        case .streamForked: return .openStream
        default:  // no_credit, unavailable, and what a later version may add
            if !flight.isStale { refused(flight, ack, now: now) }
            return .nothing
        }
    }

    /// The batch was answered with an error, or by nobody.
    mutating func failed(_ id: UInt64, retryAfter: Span, now: Instant) {
        guard let flight = flights.removeValue(forKey: id), !flight.isStale else { return }
        goBack(to: flight.first)
        blockedUntil = now + max(retryAfter, Limits.unavailableRetry)
    }

    private mutating func accepted(_ flight: Flight, _ ack: Proto.IngestAck, now: Instant) -> Answer {
        guard ack.verdicts.count == flight.count, ack.lastApplied >= flight.last, ack.lastApplied < next else {
            return .reconnect(
                "the answer to sequences \(flight.first) to \(flight.last) has \(ack.verdicts.count) verdicts "
                    + "and last_applied \(ack.lastApplied)")
        }
        guard ack.durability == .fsync else {
            goBack(to: flight.first)
            blockedUntil = now + Limits.unavailableRetry
            return .nothing
        }
        limit = max(limit, ack.lastApplied + UInt64(ack.credit))
        if limit < toSend, flights.isEmpty { blockedUntil = now + retry(ack, or: Limits.noCreditRetry) }
        return settle(flight)
    }

    /// An answer that overtook another deletes nothing before the other has come.
    private mutating func settle(_ flight: Flight) -> Answer {
        let before = firstUnacked
        early[flight.first] = flight.last
        while let range = early.first(where: { $0.key <= firstUnacked }) {
            early[range.key] = nil
            firstUnacked = max(firstUnacked, range.value + 1)
        }
        toSend = max(toSend, firstUnacked)
        return firstUnacked > before ? .applied(through: firstUnacked - 1) : .nothing
    }

    private mutating func refused(_ flight: Flight, _ ack: Proto.IngestAck, now: Instant) {
        limit = ack.lastApplied + UInt64(ack.credit)
        goBack(to: flight.first)
        blockedUntil = now + retry(ack, or: ack.refusal == .noCredit ? Limits.noCreditRetry : Limits.unavailableRetry)
    }

    private mutating func gap(_ flight: Flight, _ ack: Proto.IngestAck) -> Answer {
        guard !flight.isStale else { return .nothing }
        guard ack.lastApplied + 1 < flight.first else {
            return .reconnect("sequence \(flight.first) is called a gap behind \(ack.lastApplied)")
        }
        guard ack.lastApplied + 1 >= firstUnacked else { return .openStream }
        goBack(to: ack.lastApplied + 1)
        return .nothing
    }

    private mutating func goBack(to sequence: UInt64) {
        for id in flights.keys { flights[id]?.isStale = true }
        toSend = max(firstUnacked, min(sequence, toSend))
        dueAt = .zero
    }

    private mutating func rewind(to sequence: UInt64, credit: UInt64) {
        toSend = sequence
        limit = sequence - 1 + credit
        dueAt = toSend < next ? .zero : nil
        unsentBytes = 0
    }

    private func retry(_ ack: Proto.IngestAck, or usual: Span) -> Span {
        ack.retryAfterMs > 0 ? .milliseconds(UInt64(ack.retryAfterMs)) : usual
    }

    // MARK: Time

    /// A batch that nobody answers is a dead connection.
    func overdue(now: Instant) -> Bool { flights.values.contains { $0.sentAt + Limits.requestTimeout <= now } }

    var nextDeadline: Instant? {
        guard case .open(let terms) = link else { return nil }
        let unanswered = flights.values.map(\.sentAt).min().map { $0 + Limits.requestTimeout }
        guard toSend < next, flights.count < terms.maxInFlight else { return unanswered }
        let age = limit >= toSend ? dueAt : nil
        return [unanswered, max(blockedUntil, age)].compactMap { $0 }.min()
    }

    private func max(_ a: Instant?, _ b: Instant?) -> Instant? {
        guard let a, let b else { return a ?? b }
        return Swift.max(a, b)
    }

    private func max<T: Comparable>(_ a: T, _ b: T) -> T { Swift.max(a, b) }
}
