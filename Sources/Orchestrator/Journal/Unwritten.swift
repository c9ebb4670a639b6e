import Model

/// What the journal holds and the rows do not yet: bookkeeping alone, so that it can be tested without a database.
///
/// A sweep takes everything that is unwritten at its start, writes it slice by slice as it then stands in memory, and
/// ends by trimming the journal up to where it began. What changes meanwhile is in the journal after that point, and
/// waits for the next sweep. So rows may be newer than the journal's start, but what the rest of the journal says of
/// a thing last is never older than its row.
struct Unwritten: Sendable {
    /// What one sweep has yet to write, the next at the end.
    struct Sweep: Sendable {
        /// The last row of the journal that it makes superfluous.
        let through: Int64
        fileprivate(set) var progress: [TargetNumber]
        fileprivate(set) var leases: [UInt64]
        fileprivate(set) var counters: [NodeNumber]
        fileprivate(set) var bookmarks: [TargetNumber]
        fileprivate(set) var records: [RecordKey]
        fileprivate let recordValues: RecordTable
    }

    /// What to write now.
    enum Piece: Hashable, Sendable {
        case progress(TargetNumber)
        case lease(UInt64)
        case counter(NodeNumber)
        case bookmark(TargetNumber, [UInt8])
        /// Nil: the row goes.
        case record(RecordKey, [UInt8]?)
    }

    private var progress = Touched<TargetNumber>()
    private var leases = Touched<UInt64>()
    private var counters = Touched<NodeNumber>()
    /// Bookmarks that are in no row; also those that a sweep has yet to write.
    private var bookmarks: [TargetNumber: [UInt8]] = [:]
    private var records = RecordTable()
    /// Leases that have a row.
    private var leaseRows: Set<UInt64> = []
    private(set) var sweep: Sweep?
    /// Of the journal's rows that no sweep covers.
    private(set) var journalBytes = 0

    var isEmpty: Bool { journalBytes == 0 && sweep == nil }

    mutating func add(progress number: TargetNumber) { progress.add(number) }
    mutating func add(counter node: NodeNumber) { counters.add(node) }
    /// It runs, or it has ended: the sweep looks which. One that came and went between two sweeps never costs a row.
    mutating func add(lease number: UInt64) { leases.add(number) }

    mutating func add(bookmark value: [UInt8], of number: TargetNumber) {
        bookmarks[number] = value
    }

    mutating func add(record key: RecordKey, _ value: [UInt8]?) {
        records.set(key, value)
    }

    /// Those of a kind in a range that may be in no row yet; without a value where they are there no more.
    func records(_ kind: RecordKind, _ range: ClosedRange<Int>) -> [(key: RecordKey, value: [UInt8]?)] {
        var found: [(key: RecordKey, value: [UInt8]?)] = []
        for table in [sweep?.recordValues, records].compactMap(\.self) where !table.isEmpty {
            // What is asked for is a short range or all of a kind: whichever is less to look at.
            if range.upperBound - range.lowerBound < table.count {
                for key in range.lazy.map({ RecordKey(kind, $0) }) {
                    if let value = table[key] { found.append((key, value)) }
                }
            } else {
                for key in table.keys where key.kind == kind && range.contains(Int(key.number)) {
                    if let value = table[key] { found.append((key, value)) }
                }
            }
        }
        return found
    }

    /// Nil: its row has it.
    func bookmark(of number: TargetNumber) -> [UInt8]? { bookmarks[number] }

    mutating func journalGrew(by bytes: Int) { journalBytes += bytes }

    mutating func hasRow(lease number: UInt64) { leaseRows.insert(number) }

    mutating func beginSweep(through: Int64) {
        sweep = Sweep(
            through: through, progress: progress.order.sorted(by: >), leases: leases.order.sorted(by: >),
            counters: counters.order.sorted(by: >), bookmarks: bookmarks.keys.sorted(by: >),
            records: records.keys.map(\.packed).sorted(by: >).map(RecordKey.init(packed:)), recordValues: records)
        progress.removeAll()
        leases.removeAll()
        counters.removeAll()
        records = RecordTable()
        journalBytes = 0
    }

    /// The next piece of the sweep that needs a row; nil when all are written. `isRunning`: whether a lease still is.
    mutating func next(isRunning: (UInt64) -> Bool) -> Piece? {
        guard sweep != nil else { return nil }
        if let number = sweep?.progress.popLast() { return .progress(number) }
        while let number = sweep?.leases.popLast() {
            if isRunning(number) {
                leaseRows.insert(number)
                return .lease(number)
            }
            if leaseRows.remove(number) != nil { return .lease(number) }
        }
        if let node = sweep?.counters.popLast() { return .counter(node) }
        while let number = sweep?.bookmarks.popLast() {
            if let value = bookmarks.removeValue(forKey: number) { return .bookmark(number, value) }
        }
        while let key = sweep?.records.popLast() {
            // One that has changed since waits for the next sweep.
            if records[key] == nil, let value = sweep?.recordValues[key] { return .record(key, value) }
        }
        return nil
    }

    /// The journal is trimmed.
    mutating func endSweep() { sweep = nil }
}
