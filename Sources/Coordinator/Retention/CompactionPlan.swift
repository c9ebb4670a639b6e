import Storage
import Wire

/// One stretch of the log as it is to stand afterwards. Computed from what was read, and applied only if the stretch
/// still begins where it did.
struct CompactionPlan: Sendable {
    /// The floor that it was read at, and the one after it.
    var base: UInt64
    var floor: UInt64
    /// What stands between them from now on, the floor's own row last. They hold artifacts and versions alone.
    var rows: [LogRow] = []
    /// Versions that no state version from the floor on can ask for.
    var ended: [EndedVersion] = []
    /// Rows below the stretch, without the versions that ended in it; nil: nothing is left in the row.
    var rewritten: [UInt64: LogRow?] = [:]
    var commits = 0
    var receipts = 0
    var sightings = 0
    /// About what it writes.
    var bytes = 0

    struct EndedVersion: Hashable, Sendable {
        var artifact: UInt64
        var number: UInt32
    }
}

extension Ledger {
    /// False when the log's old end is not where the plan begins.
    func compact(_ plan: CompactionPlan) throws(LedgerError) -> Bool {
        guard plan.base == compaction.floor, plan.floor > plan.base, plan.floor <= head.stateVersion else {
            return false
        }
        var next = compaction
        next.floor = plan.floor
        next.commits += UInt64(plan.commits)
        next.receipts += UInt64(plan.receipts)
        next.sightings += UInt64(plan.sightings)
        next.versions += UInt64(plan.ended.count)
        let compressor = place.compressor
        try maintain { database throws(StorageError) in
            try database.run(
                "DELETE FROM log WHERE version >= ? AND version <= ?", .int(plan.base), .int(plan.floor))
            for (version, row) in plan.rewritten {
                try database.run("DELETE FROM log WHERE version = ?", .int(version))
                if let row { try row.write(to: database, compressor: compressor) }
            }
            for row in plan.rows { try row.write(to: database, compressor: compressor) }
            for ended in plan.ended {
                try database.run(
                    "DELETE FROM version WHERE artifact = ? AND number = ?", .int(ended.artifact), .int(ended.number))
            }
            try next.write(to: database)
        }
        compaction = next
        try countFreeBytes()
        return true
    }

    /// Asks SQLite, which keeps the figure at hand.
    func countFreeBytes() throws(LedgerError) {
        freeBytes = try storing { () throws(StorageError) in
            let pages = try database.first("PRAGMA freelist_count") { $0.uint(0) } ?? 0
            return pages * (try database.first("PRAGMA page_size") { $0.uint(0) } ?? 0)
        }
    }
}
