import Model

/// What was decided. The numbers are stored.
enum DecisionKind: Int, CaseIterable, Sendable {
    case assigned = 0
    /// A lease was taken back, or given back.
    case released = 1
    case targetState = 2
    case nodeState = 3
    case quota = 4
    case rejected = 5
    case operated = 6
    /// What came under an old fence was not counted.
    case fenced = 7

    var name: String {
        switch self {
        case .assigned: "assigned"
        case .released: "released"
        case .targetState: "target_state"
        case .nodeState: "node_state"
        case .quota: "quota"
        case .rejected: "rejected"
        case .operated: "operated"
        case .fenced: "fenced"
        }
    }
}

/// Who, what, when, where, why, how. Figures are kept as such, and become words when somebody asks.
struct Decision: Hashable, Sendable {
    /// Grows with each decision.
    var number: UInt64 = 0
    var at: WallTime
    var kind: DecisionKind
    /// An operator's place among the actors; nil: the orchestrator itself.
    var actor: Int?
    var target: TargetNumber?
    var node: NodeNumber?
    /// Of an assignment; empty else.
    var figures: [UInt64] = []
    var note = ""

    func packed(_ trail: DecisionTrail) -> [UInt8] {
        var packed = Packed()
        packed.add(number)
        packed.add(at.milliseconds)
        packed.add(kind.rawValue)
        for place in [actor, target, node] { packed.add(orNil: place) }
        packed.add(figures.count)
        for figure in figures { packed.add(figure) }
        packed.add(note)
        for kind in DecisionKind.allCases { packed.add(UInt64(trail.counts[kind.rawValue])) }
        return packed.bytes
    }

    static func unpacked(_ bytes: [UInt8]) -> (decision: Decision, trail: DecisionTrail) {
        var rest = Unpacked(bytes)
        let number = rest.number()
        let at = WallTime(milliseconds: Int64(bitPattern: rest.number()))
        let kind = DecisionKind(rawValue: rest.int()) ?? .fenced
        var decision = Decision(number: number, at: at, kind: kind)
        decision.actor = rest.intOrNil()
        decision.target = rest.intOrNil()
        decision.node = rest.intOrNil()
        decision.figures = (0..<min(64, max(0, rest.int()))).map { _ in rest.number() }
        decision.note = rest.text()
        var trail = DecisionTrail(isKnown: true)
        for kind in DecisionKind.allCases { trail.counts[kind.rawValue] = UInt32(clamping: rest.number()) }
        return (decision, trail)
    }
}

/// How many decisions there were about one thing, by kind. The newest are kept in a ring;
/// a place in it follows from the sum.
struct DecisionTrail: Sendable {
    /// False: not yet read from disk since the start.
    var isKnown: Bool
    var counts = InlineArray<8, UInt32>(repeating: 0)

    var count: UInt64 { counts.indices.reduce(0) { $0 + UInt64(counts[$1]) } }

    /// Counts one more; returns its place in a ring of this length.
    mutating func next(_ kind: DecisionKind, ring: Int) -> Int {
        let place = Int(count % UInt64(ring))
        counts[kind.rawValue] &+= 1
        return place
    }

    /// By kind, those of which only the number is kept.
    func older(than kept: [Decision]) -> [(DecisionKind, UInt32)] {
        DecisionKind.allCases.compactMap { kind in
            let here = UInt32(kept.count { $0.kind == kind })
            let all = counts[kind.rawValue]
            return all > here ? (kind, all - here) : nil
        }
    }
}
