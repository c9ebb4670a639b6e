import CSQLite
package import Model
import Synchronization

/// What a disk can be asked to do, and be made to fail at.
package struct DiskOperations: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let open = DiskOperations(rawValue: 1)
    package static let write = DiskOperations(rawValue: 2)
    package static let sync = DiskOperations(rawValue: 4)
    package static let truncate = DiskOperations(rawValue: 8)
    package static let delete = DiskOperations(rawValue: 16)
    package static let read = DiskOperations(rawValue: 32)
    /// Everything that changes what a disk holds.
    package static let changes: DiskOperations = [.write, .sync, .truncate]
}

/// How an operation fails.
package enum DiskFault: Hashable, Sendable {
    /// The disk reports an error and does nothing.
    case error
    /// The disk is full.
    case full
    /// Only the first half of a write, in whole sectors, is done; then an error.
    case torn
    /// Reported as done, and not done.
    case lie
    /// Done, later: the calling thread waits.
    case delay(Model.Span)
    /// The process ends before anything is done, as one that is killed.
    case kill
}

/// Which operation fails, and how.
package struct FaultRule: Hashable, Sendable {
    package var operations: DiskOperations
    /// Counts the operations of this rule from 1, from when the rule was set.
    package var nth: Int
    /// Every operation from the nth on, not it alone.
    package var sticky: Bool
    package var fault: DiskFault
    /// Only files whose names end so; "-wal" for the WAL.
    package var suffix: String?
    /// Only what follows at least so many writes to such files since the last sync of one.
    package var afterWrites: Int

    package init(
        _ operations: DiskOperations, nth: Int = 1, sticky: Bool = false, _ fault: DiskFault, suffix: String? = nil,
        afterWrites: Int = 0
    ) {
        self.operations = operations
        self.nth = nth
        self.sticky = sticky
        self.fault = fault
        self.suffix = suffix
        self.afterWrites = afterWrites
    }
}

/// The faults of one disk, set at run time from any thread.
package final class FaultInjector: Sendable {
    private struct State {
        var rules: [(rule: FaultRule, seen: Int, writes: Int)] = []
        var fired = 0
        var changes = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// These rules from now on, counted from zero, and none from before.
    package func set(_ rules: FaultRule...) {
        state.withLock { $0 = State(rules: rules.map { ($0, 0, 0) }) }
    }

    package func clear() { state.withLock { $0 = State() } }

    /// Faults that happened since the rules were set.
    package var fired: Int { state.withLock { $0.fired } }

    /// Writes, syncs and truncates since the rules were set.
    package var changes: Int { state.withLock { $0.changes } }

    /// What happens to this operation; nil: it is done as asked.
    func decide(_ operation: DiskOperations, on name: String) -> DiskFault? {
        state.withLock { state in
            if DiskOperations.changes.contains(operation) { state.changes += 1 }
            var found: DiskFault?
            for index in state.rules.indices {
                let rule = state.rules[index].rule
                guard rule.suffix.map(name.hasSuffix) ?? true else { continue }
                let writes = state.rules[index].writes
                switch operation {
                case .write: state.rules[index].writes += 1
                case .sync: state.rules[index].writes = 0
                default: break
                }
                guard rule.operations.contains(operation), writes >= rule.afterWrites else { continue }
                state.rules[index].seen += 1
                let seen = state.rules[index].seen
                if found == nil, seen == rule.nth || (rule.sticky && seen > rule.nth) { found = rule.fault }
            }
            if found != nil { state.fired += 1 }
            return found
        }
    }
}

extension DiskOperations {
    /// SQLite's code for this operation's failure.
    var failure: Int32 {
        switch self {
        case .open: SQLITE_CANTOPEN
        case .read: DiskOperations.code(1)
        case .write: DiskOperations.code(3)
        case .sync: DiskOperations.code(4)
        case .truncate: DiskOperations.code(6)
        case .delete: DiskOperations.code(10)
        default: SQLITE_IOERR
        }
    }

    /// SQLite's extended codes are macros with arithmetic in them, which Swift does not import.
    static func code(_ detail: Int32) -> Int32 { SQLITE_IOERR | detail << 8 }
    static let shortRead = code(2)
    static let missingFile = code(23)
}
