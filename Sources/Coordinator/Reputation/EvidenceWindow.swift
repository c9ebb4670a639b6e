import Model
import Storage

/// One of a node's last artifacts, and what became of its claim.
struct Evidence: Equatable {
    enum Outcome: UInt8 {
        case unsettled, corroborated, ratedWell, contradicted, ratedLow, invalid

        /// What the artifact's confidence should have been.
        var value: Double {
            switch self {
            case .unsettled: 0.5
            case .corroborated, .ratedWell: 1
            case .contradicted, .ratedLow, .invalid: 0
            }
        }
    }

    /// 0: refused, and so without an id.
    var artifact: UInt64
    /// Of the raw source, hashed: which of a target's things it is.
    var source: UInt64 = 0
    /// The artifact whose content it has; itself, if that was new.
    var content: UInt64 = 0
    /// Nil: none was made.
    var claim: Double?
    var outcome = Outcome.unsettled
    /// Who settled it; 0: nobody.
    var judge: Int64 = 0

    /// Its part in the Brier figure. What is not known never counts as a good figure: a refused artifact's claim was
    /// not kept and counts as 1.
    var brier: Double {
        guard let claim else { return outcome == .invalid ? 1 : Limits.unknownBrier }
        return (claim - outcome.value) * (claim - outcome.value)
    }
}

/// A node's last 1,000 artifacts, in a ring whose places are stored in chunks.
struct EvidenceWindow {
    private(set) var entries: [Evidence] = []
    private(set) var next = 0
    /// How many entries each judge has settled. Follows from the entries.
    private var settled: [Int64: Int] = [:]
    private(set) var changedChunks: Set<Int> = []

    static let chunk = 50  // entries a row

    /// Returns the artifact that leaves the window for it; 0: none.
    mutating func append(_ evidence: Evidence) -> UInt64 {
        changedChunks.insert(next / EvidenceWindow.chunk)
        var left: UInt64 = 0
        if next == entries.count {
            entries.append(evidence)
        } else {
            left = entries[next].artifact
            unsettle(entries[next].judge)
            entries[next] = evidence
        }
        next = (next + 1) % Limits.evidenceArtifacts
        return left
    }

    /// The place that `append` will take.
    var place: Int { next }

    func settled(by judge: Int64) -> Int { settled[judge] ?? 0 }

    /// Whether one more settled by this judge stays within its share; one always does.
    func hasRoom(for judge: Int64) -> Bool {
        settled(by: judge) + 1 <= max(1, entries.count / Limits.judgeShare)
    }

    mutating func settle(_ place: Int, _ outcome: Evidence.Outcome, by judge: Int64) {
        unsettle(entries[place].judge)
        entries[place].outcome = outcome
        entries[place].judge = judge
        settled[judge, default: 0] += 1
        changedChunks.insert(place / EvidenceWindow.chunk)
    }

    private mutating func unsettle(_ judge: Int64) {
        guard judge != 0, let count = settled[judge] else { return }
        settled[judge] = count == 1 ? nil : count - 1
    }

    /// Mean over the window, in the order of places; nil when it is empty.
    var brier: Double? {
        entries.isEmpty ? nil : entries.reduce(0) { $0 + $1.brier } / Double(entries.count)
    }

    /// Whether any claim in it can be held against what came of it.
    var hasClaims: Bool { entries.contains { $0.claim != nil || $0.outcome == .invalid } }
}

// MARK: Stored form

extension EvidenceWindow {
    func chunk(_ number: Int) -> [UInt8] {
        var state = StateWriter()
        let from = number * EvidenceWindow.chunk
        for entry in entries[from..<min(entries.count, from + EvidenceWindow.chunk)] {
            state.put(entry.artifact)
            state.put(entry.source)
            state.put(entry.content)
            state.put(entry.claim ?? -1)
            state.put(UInt64(entry.outcome.rawValue))
            state.put(entry.judge)
        }
        return state.bytes
    }

    /// Chunks must come in order.
    mutating func restore(chunk bytes: [UInt8]) throws(StorageError) {
        var state = StateReader(bytes)
        while !state.isAtEnd {
            var entry = Evidence(
                artifact: try state.uint(), source: try state.uint(), content: try state.uint(),
                claim: try state.double())
            if entry.claim == -1 { entry.claim = nil }
            entry.outcome = Evidence.Outcome(rawValue: UInt8(truncatingIfNeeded: try state.uint())) ?? .unsettled
            entry.judge = try state.signed()
            entries.append(entry)
            if entry.judge != 0 { settled[entry.judge, default: 0] += 1 }
        }
    }

    mutating func restore(next: Int) { self.next = next }
    mutating func stored() { changedChunks = [] }
}
