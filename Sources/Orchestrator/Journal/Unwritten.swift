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

    private var progress: Set<TargetNumber> = []
    private var leases: Set<UInt64> = []
    private var counters: Set<NodeNumber> = []
    private var marked: Set<TargetNumber> = []
    /// Bookmarks that are in no row; also those that a sweep has yet to write.
    private var bookmarks: [TargetNumber: [UInt8]] = [:]
    private var touched: Set<RecordKey> = []
    /// Records that are in no row; also those that a sweep has yet to write.
    private var records: [RecordKey: [UInt8]?] = [:]
    /// Leases that have a row.
    private var leaseRows: Set<UInt64> = []
    private(set) var sweep: Sweep?
    /// Of the journal's rows that no sweep covers.
    private(set) var journalBytes = 0

    var isEmpty: Bool { journalBytes == 0 && sweep == nil }

    mutating func add(progress number: TargetNumber) { progress.insert(number) }
    mutating func add(counter node: NodeNumber) { counters.insert(node) }
    mutating func add(lease number: UInt64) { leases.insert(number) }

    mutating func end(lease number: UInt64) {
        // A lease that came and went between two sweeps never costs a row.
        if leaseRows.contains(number) { leases.insert(number) } else { leases.remove(number) }
    }

    mutating func add(bookmark value: [UInt8], of number: TargetNumber) {
        bookmarks[number] = value
        marked.insert(number)
    }

    mutating func add(record key: RecordKey, _ value: [UInt8]?) {
        records.updateValue(value, forKey: key)
        touched.insert(key)
    }

    /// Those of a kind in a range that are in no row yet; without a value where they are there no more.
    func records(_ kind: RecordKind, _ range: ClosedRange<Int>) -> [(key: RecordKey, value: [UInt8]?)] {
        // What is asked for is a short range or all of a kind: whichever is less to look at.
        if range.upperBound - range.lowerBound < records.count {
            return range.compactMap { number in
                let key = RecordKey(kind, number)
                return records[key].map { (key, $0) }
            }
        }
        return records.compactMap { key, value in
            key.kind == kind && range.contains(Int(key.number)) ? (key, value) : nil
        }
    }

    /// Nil: its row has it.
    func bookmark(of number: TargetNumber) -> [UInt8]? { bookmarks[number] }

    mutating func journalGrew(by bytes: Int) { journalBytes += bytes }

    mutating func hasRow(lease number: UInt64) { leaseRows.insert(number) }

    mutating func beginSweep(through: Int64) {
        sweep = Sweep(
            through: through, progress: progress.sorted(by: >), leases: leases.sorted(by: >),
            counters: counters.sorted(by: >), bookmarks: marked.sorted(by: >),
            records: touched.sorted { ($0.kind.rawValue, $0.number) > ($1.kind.rawValue, $1.number) })
        progress = []
        leases = []
        counters = []
        marked = []
        touched = []
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
            if let value = records.removeValue(forKey: key) { return .record(key, value) }
        }
        return nil
    }

    /// The journal is trimmed.
    mutating func endSweep() { sweep = nil }
}
