import Model

/// How a node says that a collection ended. Only what the ledger confirms decides what it was.
struct LeaseReport: Hashable, Sendable {
    enum Claim: UInt8, Sendable {
        case collected = 1
        case failedTarget = 2
        case failedNode = 3
        case failedContent = 4
    }

    var claim: Claim
    var error = ""
    var stream: UInt64 = 0
    /// The last sequence spooled under the lease; 0: nothing was.
    var lastSequence: UInt64 = 0
    var retryAfter = Span.zero
}

/// What the ledger has done with a lease's items so far. A stream that was replaced by another counts no more: what it
/// did not deliver, the other one does.
struct ReceiptTally: Hashable, Sendable {
    var stored: UInt64 = 0
    var duplicates: UInt64 = 0
    /// Of the duplicates.
    var corroborating: UInt64 = 0
    var unchanged: UInt64 = 0
    var refused: UInt64 = 0
    var stream: UInt64 = 0
    var lastSequence: UInt64 = 0

    mutating func add(_ receipt: Receipt) {
        stored += UInt64(receipt.stored)
        duplicates += UInt64(receipt.duplicates)
        corroborating += UInt64(receipt.corroborating)
        unchanged += UInt64(receipt.unchanged)
        refused += UInt64(receipt.refused)
        lastSequence = stream == receipt.stream ? max(lastSequence, receipt.lastSequence) : receipt.lastSequence
        stream = receipt.stream
    }

    func reaches(_ report: LeaseReport) -> Bool {
        report.lastSequence == 0 || (stream == report.stream && lastSequence >= report.lastSequence)
    }
}

/// One target in one node's hands.
struct Lease: Sendable {
    enum Phase: Hashable, Sendable {
        /// The node collects; renewed while progress grows → delivering, or given out again at the deadline.
        case collecting(deadline: Instant, progress: UInt64)
        /// The node has reported; what it spooled is on its way → settled, or given out again at the deadline.
        case delivering(LeaseReport, deadline: Instant)
    }

    let ref: LeaseRef
    let target: TargetNumber
    let node: NodeNumber
    private(set) var phase: Phase
    private(set) var tally: ReceiptTally
    /// When it was given; nil: before this start.
    private let given: Instant?
    /// How long the collecting took, as it was seen from here.
    private(set) var took: Span?

    init(
        ref: LeaseRef, target: TargetNumber, node: NodeNumber, phase: Phase, tally: ReceiptTally = ReceiptTally(),
        given: Instant? = nil
    ) {
        self.ref = ref
        self.target = target
        self.node = node
        self.phase = phase
        self.tally = tally
        self.given = given
    }

    var isCollecting: Bool {
        switch phase {
        case .collecting: true
        case .delivering: false
        }
    }

    var deadline: Instant {
        switch phase {
        case .collecting(let deadline, _), .delivering(_, let deadline): deadline
        }
    }

    /// The time left; more only where the collector has got on since the last renewal. Nil once it has ended.
    mutating func renew(progress: UInt64, until deadline: Instant, now: Instant) -> Span? {
        guard case .collecting(let current, let before) = phase else { return nil }
        guard progress > before else { return current.since(now) }
        phase = .collecting(deadline: deadline, progress: progress)
        return deadline.since(now)
    }

    /// A collector has all its time again: its node has come back with it. What delivers has its day once.
    mutating func restart(until deadline: Instant) {
        guard case .collecting(_, let progress) = phase else { return }
        phase = .collecting(deadline: deadline, progress: progress)
    }

    /// Time that was nobody's to use.
    mutating func extend(by span: Span) {
        switch phase {
        case .collecting(let deadline, let progress): phase = .collecting(deadline: deadline + span, progress: progress)
        case .delivering(let report, let deadline): phase = .delivering(report, deadline: deadline + span)
        }
    }

    /// Its collector has ended.
    mutating func end(now: Instant) { took = took ?? given.map { now.since($0) } }

    /// The node's report; a later one replaces it and has no more time. Not nil when the lease has settled.
    mutating func report(_ report: LeaseReport, deadline: Instant) -> Settlement? {
        let end = isCollecting ? deadline : self.deadline
        phase = .delivering(report, deadline: end)
        return settlement
    }

    /// What the ledger did. Not nil when the lease has settled.
    mutating func receive(_ receipt: Receipt) -> Settlement? {
        tally.add(receipt)
        return settlement
    }

    private var settlement: Settlement? {
        guard case .delivering(let report, _) = phase, tally.reaches(report) else { return nil }
        let known = tally.stored + tally.duplicates + tally.unchanged > 0
        switch report.claim {
        case .failedNode: return .handedBack(error: report.error)
        case _ where known: return .success
        case .failedTarget: return .failure(.target, error: report.error, retryAfter: report.retryAfter)
        case .failedContent: return .failure(.content, error: report.error, retryAfter: report.retryAfter)
        case .collected where tally.refused > 0:
            return .failure(.content, error: "every artifact was refused", retryAfter: report.retryAfter)
        case .collected: return .empty
        }
    }
}
