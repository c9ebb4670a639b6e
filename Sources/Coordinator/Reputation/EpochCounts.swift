import Model
import Storage

/// What an epoch brought to light about one node.
struct EpochCounts: Equatable {
    var received: UInt64 = 0
    var refused: UInt64 = 0
    var corroborated: UInt64 = 0
    /// By other nodes, or rated under 0.5.
    var contradicted: UInt64 = 0
    var dropped: UInt64 = 0
    /// The first artifacts among those corroborated.
    var named: [UInt64] = []

    enum Verdict: String {
        case good, bad, neutral
    }

    /// Nothing was sent and nothing held against the node: such an epoch neither makes nor ends a run.
    var isSilent: Bool { received == 0 && contradicted == 0 }

    /// Bad comes first: an epoch cannot be both.
    var verdict: Verdict {
        let valid = Double(received - min(received, refused))
        let isUnderHalf = received > 0 && valid < Limits.badShare * Double(received)
        if isUnderHalf || contradicted > corroborated { return .bad }
        return received > 0 && valid >= Limits.goodShare * Double(received) && contradicted == 0 ? .good : .neutral
    }

    mutating func corroborate(_ artifact: UInt64) {
        corroborated += 1
        if named.count < Limits.artifactsNamed { named.append(artifact) }
    }
}

extension EpochCounts {
    func write(to state: inout StateWriter) {
        for count in [received, refused, corroborated, contradicted, dropped] { state.put(count) }
        state.put(each: named) { $0.put($1) }
    }

    init(from state: inout StateReader) throws(StorageError) {
        received = try state.uint()
        refused = try state.uint()
        corroborated = try state.uint()
        contradicted = try state.uint()
        dropped = try state.uint()
        named = try state.array { state throws(StorageError) in try state.uint() }
    }
}
