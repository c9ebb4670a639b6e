package import Model
package import Storage

/// What a sink is given: one line, to be delivered in order of the sequence.
package struct OutboxRecord: Equatable, Sendable {
    package enum Kind: Int64, Sendable, CaseIterable {
        case scenario = 0
        case tombstone = 1
    }

    package var id: ScenarioID
    package var kind: Kind
    package var line: [UInt8]
    /// How often the sink refused it so far.
    package var refusals: Int

    package init(id: ScenarioID, kind: Kind, line: [UInt8], refusals: Int = 0) {
        self.id = id
        self.kind = kind
        self.line = line
        self.refusals = refusals
    }
}

/// A file of the `jsonl` sink, as far as its bytes are known to be on disk and counted.
package struct ShardRecord: Equatable, Sendable {
    package var kind: OutboxRecord.Kind
    package var number: UInt64
    package var incarnation: UInt64
    package var records: UInt64 = 0
    package var length: UInt64 = 0
    package var firstSequence: UInt64 = 0
    package var lastSequence: UInt64 = 0
    package var openedAt: WallTime
    package var isClosed = false

    package init(kind: OutboxRecord.Kind, number: UInt64, incarnation: UInt64, openedAt: WallTime) {
        self.kind = kind
        self.number = number
        self.incarnation = incarnation
        self.openedAt = openedAt
    }
}

/// What became of records at a sink, to be stored in one transaction.
package struct DeliveryReport: Sendable {
    /// Whose word it is.
    package var sink = ""
    package var delivered: [ScenarioID] = []
    package var refused: [(id: ScenarioID, reason: String)] = []
    /// Never to be tried again.
    package var quarantined: [(id: ScenarioID, reason: String)] = []
    package var qualities: [(id: ScenarioID, quality: Double)] = []
    package var shards: [ShardRecord] = []
    /// How far the file of qualities has been read, where that has changed.
    package var qualityRead: UInt64?

    package init() {}
}

/// The other end of the outbox. Called between two transactions of the derived thread; each call that writes is one.
extension FeedConsumer {
    package func waiting(_ limit: Int, in database: Database) throws(StorageError) -> [OutboxRecord] {
        try database.all(
            """
            SELECT incarnation, sequence, kind, line, refusals FROM feed_outbox
            WHERE state = 0 ORDER BY sequence LIMIT ?
            """, .int(limit)
        ) { row in
            OutboxRecord(
                id: ScenarioID(incarnation: row.uint(0), sequence: row.uint(1)),
                kind: OutboxRecord.Kind(rawValue: row.int(2)) ?? .scenario, line: row.blob(3),
                refusals: Int(row.int(4)))
        }
    }

    package func store(_ report: DeliveryReport, in database: Database) throws(StorageError) {
        var next = figures
        try database.transaction { () throws(StorageError) in
            for id in report.delivered { next.delivered += try settle(id, in: database) }
            for (id, reason) in report.refused { try refuse(id, reason, &next, in: database) }
            for (id, reason) in report.quarantined { try refuse(id, reason, final: true, &next, in: database) }
            for (id, quality) in report.qualities { _ = try rate(id, quality, by: report.sink, &next, in: database) }
            for shard in report.shards { try put(shard, in: database) }
            if let read = report.qualityRead { next.qualityRead = read }
            try store(next, in: database)
        }
        figures = next
    }

    /// Its line is kept for a while, for those who ask what was fed.
    private func settle(_ id: ScenarioID, in database: Database) throws(StorageError) -> UInt64 {
        try database.run(
            "UPDATE feed_outbox SET state = 1 WHERE sequence = ? AND incarnation = ? AND state = 0",
            .int(id.sequence), .int(id.incarnation))
        let settled = database.changes
        if id.sequence > FeedConsumer.linesKept {
            try database.run(
                "UPDATE feed_outbox SET line = x'' WHERE sequence = ? AND state = 1",
                .int(id.sequence - FeedConsumer.linesKept))
        }
        return UInt64(settled)
    }

    private static let linesKept: UInt64 = 1_000  // delivered records whose line is kept

    private func refuse(
        _ id: ScenarioID, _ reason: String, final: Bool = false, _ next: inout FeedFigures, in database: Database
    ) throws(StorageError) {
        try database.run(
            """
            UPDATE feed_outbox SET refusals = refusals + 1, reason = ?, state = iif(refusals + 1 >= ?, 2, 0)
            WHERE sequence = ? AND incarnation = ? AND state = 0
            """, .text(reason), .int(final ? 0 : Limits.sinkRefusals), .int(id.sequence), .int(id.incarnation))
        guard database.changes > 0 else { return }
        next.refusals += 1
        let state = try database.first("SELECT state FROM feed_outbox WHERE sequence = ?", .int(id.sequence)) {
            $0.int(0)
        }
        if state == 2 { next.quarantined += 1 }
    }

    // MARK: Quality

    /// Stores what a sink or an operator thinks of a scenario. False: there is no such scenario.
    package func rate(
        _ id: ScenarioID, _ quality: Double, by judge: String, in database: Database
    ) throws(StorageError) -> Bool {
        var next = figures
        let known = try database.transaction { () throws(StorageError) in
            let known = try rate(id, quality, by: judge, &next, in: database)
            try store(next, in: database)
            return known
        }
        figures = next
        return known
    }

    private func rate(
        _ id: ScenarioID, _ quality: Double, by judge: String, _ next: inout FeedFigures, in database: Database
    ) throws(StorageError) -> Bool {
        guard quality >= 0, quality <= 1 else { return false }
        let known = try database.first(
            "SELECT artifact, node, quality FROM feed_outbox WHERE sequence = ? AND incarnation = ? AND kind = 0",
            .int(id.sequence), .int(id.incarnation)
        ) { (artifact: $0.uint(0), node: $0.text(1), quality: $0.doubleOrNil(2)) }
        guard let known else { return false }
        // The same word twice is one judgement.
        guard known.quality != quality else { return true }
        try database.run("UPDATE feed_outbox SET quality = ? WHERE sequence = ?", .double(quality), .int(id.sequence))
        if known.quality == nil { next.rated += 1 }
        try reputation.rated(
            sink: judge, node: known.node, artifact: known.artifact, quality: quality, at: lastPass, in: database)
        return true
    }

    // MARK: Shards

    private func put(_ shard: ShardRecord, in database: Database) throws(StorageError) {
        try database.run(
            "INSERT OR REPLACE INTO feed_shard VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)", .int(shard.kind.rawValue),
            .int(shard.number), .int(shard.incarnation), .int(shard.records), .int(shard.length),
            .int(shard.firstSequence), .int(shard.lastSequence), .int(shard.openedAt.milliseconds),
            .int(shard.isClosed ? 1 : 0))
    }

    /// All of a kind, oldest first.
    package func shards(_ kind: OutboxRecord.Kind, in database: Database) throws(StorageError) -> [ShardRecord] {
        try database.all(
            """
            SELECT number, incarnation, records, length, first_sequence, last_sequence, opened_ms, closed
            FROM feed_shard WHERE kind = ? ORDER BY number
            """, .int(kind.rawValue)
        ) { row in
            var shard = ShardRecord(
                kind: kind, number: row.uint(0), incarnation: row.uint(1),
                openedAt: WallTime(milliseconds: row.int(6)))
            shard.records = row.uint(2)
            shard.length = row.uint(3)
            shard.firstSequence = row.uint(4)
            shard.lastSequence = row.uint(5)
            shard.isClosed = row.bool(7)
            return shard
        }
    }
}
