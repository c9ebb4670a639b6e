import Model
import Storage
import Wire

/// What the journal says beyond the rows: for each thing the last that it says.
struct JournalTail {
    private(set) var progress: [TargetNumber: StoredFormat.Progress] = [:]
    private(set) var leases: [UInt64: StoredFormat.Lease] = [:]
    private(set) var ended: Set<UInt64> = []
    private(set) var counters: [NodeNumber: StoredFormat.Counter] = [:]
    private(set) var bookmarks: [TargetNumber: [UInt8]] = [:]
    /// Nil: it is there no more.
    private(set) var records: [RecordKey: [UInt8]?] = [:]
    private(set) var lastRow: Int64 = 0
    private(set) var bytes = 0

    /// Groups come in the order in which they were written.
    mutating func add(_ group: StoredFormat.Group, row: Int64, bytes: Int) {
        for entry in group.progress { progress[Int(clamping: entry.target)] = entry }
        for entry in group.leases { leases[entry.number] = entry }
        for number in group.ended {
            leases[number] = nil
            ended.insert(number)
        }
        for entry in group.counters { counters[Int(clamping: entry.node)] = entry }
        for entry in group.bookmarks { bookmarks[Int(clamping: entry.target)] = Array(entry.value) }
        for entry in group.records {
            guard let kind = RecordKind(rawValue: Int64(entry.kind)) else { continue }
            records.updateValue(entry.value.map { Array($0) }, forKey: RecordKey(kind, Int(clamping: entry.number)))
        }
        lastRow = row
        self.bytes += bytes
    }

    init() {}

    init(of database: Database) throws(StorageError) {
        var damaged: Int64?
        try database.query("SELECT number, entries FROM journal ORDER BY number") { row in
            let entries = row.blob(1)
            guard let group = try? StoredFormat.Group(decoding: entries) else {
                damaged = damaged ?? row.int(0)
                return
            }
            add(group, row: row.int(0), bytes: entries.count)
        }
        if let damaged {
            throw StorageError(
                .corrupt,
                "could not read \(database.path): row \(damaged) of journal makes no sense; restore it from a backup")
        }
    }
}
