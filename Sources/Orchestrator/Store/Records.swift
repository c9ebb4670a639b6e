import Model
import Storage

/// What a row of the table of records is about. The numbers are stored.
enum RecordKind: Int64 {
    /// One outcome in a node's health window: node · 256 + its place.
    case outcome = 1
    /// What operators and health have made of a node, by its number.
    case standing = 2
    /// 0: what operators set; from 1 on: what was decided for each node, by its number + 1.
    case quota = 3
    /// One decision about a target: target · 16 + its place.
    case targetDecision = 4
    /// One decision about a node: node · 1,024 + its place.
    case nodeDecision = 5
    /// One decision that an operator made: actor · 1,024 + its place.
    case actorDecision = 6
    /// The name of an actor, by its number.
    case actor = 7
    /// What is known of a host, by the order in which hosts were first heard of.
    case host = 8
    /// The number of the latest decision.
    case decisionCounter = 9
}

struct RecordKey: Hashable, Sendable {
    let kind: RecordKind
    let number: Int64

    init(_ kind: RecordKind, _ number: Int) {
        self.kind = kind
        self.number = Int64(number)
    }

    /// In the order of kinds, and of numbers within a kind.
    var packed: UInt64 { UInt64(kind.rawValue) << 56 | UInt64(number) }

    init(packed: UInt64) {
        guard let kind = RecordKind(rawValue: Int64(packed >> 56)) else { preconditionFailure("no key packs so") }
        self.kind = kind
        number = Int64(packed & (1 << 56 - 1))
    }
}

/// Small things that are stored under a number: each is packed by its own type, and read whole at the start or when it
/// is asked for.
extension OrchestratorCore {
    /// Nil: it is there no more.
    func record(_ key: RecordKey, _ value: [UInt8]?) {
        changes.records.append((key, value))
    }

    /// In the order of their numbers, what this turn has changed included.
    func records(_ kind: RecordKind, _ range: ClosedRange<Int>) throws(StorageError) -> [(number: Int, value: [UInt8])]
    {
        var found = try database.all(
            "SELECT number, value FROM records WHERE kind = ? AND number BETWEEN ? AND ? ORDER BY number",
            .int(kind.rawValue), .int(range.lowerBound), .int(range.upperBound)
        ) { row in (number: Int(row.int(0)), value: row.blob(1)) }
        var fresh: [Int: [UInt8]?] = [:]
        for (key, value) in unwritten.records(kind, range) { fresh.updateValue(value, forKey: Int(key.number)) }
        for (key, value) in changes.records where key.kind == kind && range.contains(Int(key.number)) {
            fresh.updateValue(value, forKey: Int(key.number))
        }
        guard !fresh.isEmpty else { return found }
        found.removeAll { fresh[$0.number] != nil }
        for (number, value) in fresh { if let value { found.append((number, value)) } }
        return found.sorted { $0.number < $1.number }
    }
}
