package import Model
package import Storage
import Wire

/// Where an item was put. Its position stays; its number is that of a stream.
package struct SpoolPlace: Hashable, Sendable {
    let position: UInt64
    package let stream: UInt64
    package let sequence: UInt64
}

/// What a node has collected and not yet delivered, in order, on disk. Confined to the node's thread.
///
/// Changes gather until `commit`, which stores all of them in one transaction. Nothing may leave the node before.
package final class Spool {
    package let instance: [UInt8]
    package private(set) var stream: UInt64
    package private(set) var items: UInt64
    package private(set) var bytes: UInt64
    /// Outcomes that the orchestrator does not know, or whose items the ledger does not have yet.
    package private(set) var outcomes: [UInt64: Outcome] = [:]

    private let database: Database
    private let compressor: any ByteCompressor
    private let limit: UInt64
    private var base: UInt64  // position - base = sequence
    private var nextPosition: UInt64
    private var firstPosition: UInt64  // of what is not deleted; nextPosition when there is nothing
    private var changes: [Change] = []
    private var bytesWritten: UInt64 = 0  // by the changes that wait
    private var sinceCheckpoint: UInt64 = 0
    private var leaseOfLast: [UInt64: UInt64] = [:]  // position of a lease's last item, to the lease

    enum Change {
        case insert(ItemRow)
        case delete(through: UInt64)
        case outcome(Outcome)
        case forgetOutcome(UInt64)
        /// Of those whose last item lies above the new base.
        case renumberOutcomes
        case digest(mark: UInt64, digest: [UInt8]?)
    }

    static let digestsKept: Int64 = 65_536
    private static let checkpointBytes: UInt64 = 16 << 20  // written; the log of changes stays about this long

    /// Opens the spool, or makes one with a new instance and stream.
    package static func open(
        path: String, limit: UInt64 = Limits.spoolBytes, options: DatabaseOptions = DatabaseOptions(),
        compressor: any ByteCompressor, random: inout some RandomSource
    ) throws(StorageError) -> Spool {
        let database = try Database.open(path: path, access: .writer, options: options)
        // What a killed process wrote may be read back before it is on disk; nothing of it may be sent before it is.
        try database.checkpoint(.truncate)
        try database.migrate(to: SpoolSchema.schema)
        let instance = random.bytes(16)
        let stream = random.next()
        try database.transaction { () throws(StorageError) in
            try database.run(
                """
                INSERT OR IGNORE INTO node(id, instance, stream, base, next, items, bytes)
                VALUES(1, ?, ?, 0, 1, 0, 0)
                """,
                .blob(instance), .int(stream))
        }
        return try Spool(database, limit: limit, compressor: compressor)
    }

    private init(_ database: Database, limit: UInt64, compressor: any ByteCompressor) throws(StorageError) {
        self.database = database
        self.limit = limit
        self.compressor = compressor
        let row = try database.first("SELECT instance, stream, base, next, items, bytes FROM node") {
            (
                instance: $0.blob(0), stream: $0.uint(1), base: $0.uint(2), next: $0.uint(3), items: $0.uint(4),
                bytes: $0.uint(5)
            )
        }
        guard let row else {
            throw StorageError(.corrupt, "\(database.path) names no node; stop and restore the node's directory")
        }
        (instance, stream, base, nextPosition, items, bytes) = row
        let first = try database.first("SELECT position FROM item ORDER BY position LIMIT 1") { $0.uint(0) }
        firstPosition = first ?? row.next
        try readOutcomes()
    }

    private func readOutcomes() throws(StorageError) {
        let rows = try database.all(SpoolSQL.outcomes) { (row: borrowing Row) throws(StorageError) in
            try row.outcome()
        }
        for outcome in rows { keep(outcome) }
    }

    package func close() { database.close() }

    // MARK: Where it stands

    package var firstUnacked: UInt64 { firstPosition - base }
    package var next: UInt64 { nextPosition - base }
    package var hasRoom: Bool { bytes < limit }
    package var isNearlyFull: Bool { Double(bytes) >= Double(limit) * Limits.spoolNearlyFull }
    package var hasChanges: Bool { !changes.isEmpty }

    /// By lease, so that a history can be replayed.
    var outcomesInOrder: [Outcome] { outcomes.values.sorted { $0.lease.lease < $1.lease.lease } }

    // MARK: Changes, stored by the next commit

    /// Numbers the item. The size is that of its encoding.
    package func append(_ item: CollectedItem, lease: LeaseRef) -> (place: SpoolPlace, size: Int) {
        let row = ItemRow(item, lease: lease, position: nextPosition, compressor: compressor)
        changes.append(.insert(row))
        nextPosition += 1
        items += 1
        bytes += row.stored
        bytesWritten += row.stored
        return (SpoolPlace(position: row.position, stream: stream, sequence: row.position - base), row.size)
    }

    /// The lease has ended; its last item, if it has any, is at `last`. Returns the outcome as it is kept.
    @discardableResult
    package func record(_ outcome: Outcome, last: SpoolPlace?) -> Outcome {
        var outcome = outcome
        if let last {
            let isHere = last.position > base
            outcome.stream = isHere ? stream : last.stream
            outcome.lastSequence = isHere ? last.position - base : last.sequence
            outcome.lastPosition = last.position
        }
        keep(outcome)
        changes.append(.outcome(outcome))
        return outcome
    }

    /// The orchestrator knows the outcome.
    package func acknowledgeOutcome(_ lease: UInt64) {
        guard var outcome = outcomes[lease] else { return }
        outcome.isAcknowledged = true
        outcomes[lease] = outcome
        if outcome.lastPosition < firstPosition { forgetOutcome(lease) } else { changes.append(.outcome(outcome)) }
    }

    /// Nobody wants to know the outcome any more. Its items stay.
    package func forgetOutcome(_ lease: UInt64) {
        guard let outcome = outcomes.removeValue(forKey: lease) else { return }
        leaseOfLast[outcome.lastPosition] = nil
        changes.append(.forgetOutcome(lease))
    }

    /// The ledger has every item up to `sequence` on disk.
    package func delete(through sequence: UInt64) throws(StorageError) {
        let through = sequence + base
        guard through >= firstPosition else { return }
        try database.query(
            "SELECT position, stored FROM item WHERE position BETWEEN ? AND ?", .int(firstPosition), .int(through)
        ) { (row: borrowing Row) throws(StorageError) in
            items -= 1
            bytes -= row.uint(1)
            settle(row.uint(0))
        }
        firstPosition = through + 1
        changes.append(.delete(through: through))
    }

    private func settle(_ position: UInt64) {
        guard let lease = leaseOfLast[position], outcomes[lease]?.isAcknowledged == true else { return }
        forgetOutcome(lease)
    }

    /// Everything not acked gets a number in a new stream, from 1 on, in the same order.
    package func openStream(_ id: UInt64) {
        stream = id
        base = firstPosition - 1
        for (lease, var outcome) in outcomes where outcome.lastPosition > base {
            outcome.stream = id
            outcome.lastSequence = outcome.lastPosition - base
            outcome.isAcknowledged = false
            outcomes[lease] = outcome
        }
        changes.append(.renumberOutcomes)
    }

    /// Nil forgets.
    package func remember(_ digest: [UInt8]?, of mark: UInt64) {
        changes.append(.digest(mark: mark, digest: digest))
    }

    private func keep(_ outcome: Outcome) {
        outcomes[outcome.lease.lease] = outcome
        if outcome.lastPosition > 0 { leaseOfLast[outcome.lastPosition] = outcome.lease.lease }
    }

    // MARK: Storing and reading

    /// Stores every change since the last commit in one transaction, synced.
    package func commit() throws(StorageError) {
        guard !changes.isEmpty else { return }
        let writer = SpoolWriter(database: database, base: base, stream: stream)
        try database.transaction { () throws(StorageError) in
            for change in changes { try writer.apply(change) }
            try database.run(
                "UPDATE node SET stream = ?, base = ?, next = ?, items = ?, bytes = ?", .int(stream), .int(base),
                .int(nextPosition), .int(items), .int(bytes))
        }
        changes.removeAll(keepingCapacity: true)
        sinceCheckpoint += bytesWritten
        bytesWritten = 0
        guard sinceCheckpoint >= Spool.checkpointBytes else { return }
        sinceCheckpoint = 0
        try database.checkpoint(.passive)
    }

    /// Items from `sequence` on, at most `count` and, beyond the first, at most `bytes` of encoding.
    package func read(from sequence: UInt64, count: Int, bytes: Int) throws(StorageError) -> [SpooledItem] {
        precondition(changes.isEmpty, "an item is read only when it is on disk")
        let statement = try database.prepare(SpoolSQL.read)
        defer { statement.reset() }
        try statement.bind([.int(sequence + base), .int(count)])
        var found: [SpooledItem] = []
        var total = 0
        while try statement.step() {
            let item = try statement.withRow { (row: borrowing Row) throws(StorageError) in try spooled(row) }
            total += item.size
            if !found.isEmpty, total > bytes { break }
            found.append(item)
        }
        return found
    }

    private func spooled(_ row: borrowing Row) throws(StorageError) -> SpooledItem {
        let body = row.blob(7)
        let size = Int(row.int(5))
        let plain = row.int(6) == ItemRow.Form.zstd.rawValue ? compressor.decompress(body[...], limit: size) : body
        guard let plain, let item = try? Proto.Item(decoding: plain) else {
            throw StorageError(
                .corrupt,
                "item \(row.uint(0)) of \(database.path) cannot be read; stop and restore the node's directory")
        }
        return SpooledItem(sequence: row.uint(0) - base, lease: try row.lease(1), item: item, size: size)
    }

    /// The marks among items `first` to `last`, by sequence.
    package func marks(from first: UInt64, through last: UInt64) throws(StorageError) -> [UInt64: UInt64] {
        var found: [UInt64: UInt64] = [:]
        try database.query(
            "SELECT position, mark FROM item WHERE position BETWEEN ? AND ? AND mark IS NOT NULL", .int(first + base),
            .int(last + base)
        ) { (row: borrowing Row) throws(StorageError) in found[row.uint(0) - base] = row.uint(1) }
        return found
    }

    /// The digest of the artifact that was yielded with this mark, if the ledger has told it.
    package func digest(of mark: UInt64) throws(StorageError) -> [UInt8]? {
        try database.first("SELECT digest FROM digest WHERE mark = ?", .int(mark)) { $0.blob(0) }
    }
}
