import Model

/// How one lease ended for its node's health.
struct HealthOutcome: Hashable, Sendable {
    enum Verdict: UInt8, Sendable {
        case success = 0
        /// Its own, as long as no other node repeats it → excused.
        case failure = 1
        /// Another node has failed the same target: it was not this node's fault.
        case excused = 2
    }

    var verdict: Verdict
    let target: TargetNumber
    /// From the assignment to the node's report; nil: part of it passed while nobody watched.
    let took: Span?
    let sent: UInt32
    let valid: UInt32
    /// Stored: new, or known content at another source, which corroborates.
    let fresh: UInt32
    /// Duplicates of what another node had brought.
    let corroborating: UInt32

    init(
        _ verdict: Verdict, target: TargetNumber, took: Span? = nil, sent: UInt32 = 0, valid: UInt32 = 0,
        fresh: UInt32 = 0, corroborating: UInt32 = 0
    ) {
        self.verdict = verdict
        self.target = target
        self.took = took
        self.sent = sent
        self.valid = valid
        self.fresh = fresh
        self.corroborating = corroborating
    }

    /// `ordinal` numbers the node's outcomes, so that the order is found again.
    func packed(ordinal: UInt64) -> [UInt8] {
        var packed = Packed()
        packed.add(ordinal)
        packed.add(UInt64(verdict.rawValue))
        packed.add(target)
        packed.add(orNil: took.map { Int($0.milliseconds) })
        for figure in [sent, valid, fresh, corroborating] { packed.add(UInt64(figure)) }
        return packed.bytes
    }

    static func unpacked(_ bytes: [UInt8]) -> (ordinal: UInt64, outcome: HealthOutcome) {
        var rest = Unpacked(bytes)
        let ordinal = rest.number()
        let verdict = Verdict(rawValue: UInt8(clamping: rest.number())) ?? .excused
        let target = rest.int()
        let took = rest.intOrNil().map { Span.milliseconds(UInt64($0)) }
        let figures = (0..<4).map { _ in UInt32(clamping: rest.number()) }
        return (
            ordinal,
            HealthOutcome(
                verdict, target: target, took: took, sent: figures[0], valid: figures[1], fresh: figures[2],
                corroborating: figures[3])
        )
    }
}
