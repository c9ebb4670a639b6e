package import Model
import Sealing
import Storage
import Wire

/// What a commit did.
package struct GroupOutcome: Sendable {
    /// One a batch, in order.
    package var results: [BatchResult]
    package var page: ReceiptPage?
}

/// The append-only log: appends a group at its head, reads from a position. Confined to the ledger thread.
package final class Ledger {
    package let identity: ClusterIdentity
    package private(set) var head: LedgerHead
    /// What is stored, for those who prepare batches.
    package let known = KnownDigests()
    private(set) var database: Database
    private(set) var table: IdentityTable
    private var records: CurrentRecords
    var losses: LossBook
    var quotas = QuotaBook()
    var seat: OrchestratorSeat?
    /// After a restore, until the first orchestrator has come: receipts beyond it are of a life that is gone.
    var receiptsLimit: UInt64?
    let place: LedgerPlace
    package internal(set) var keys: KeyState
    /// Hashes what was prepared under other keys than the current ones.
    var renewer: IdentityHasher?
    var compaction: Compaction
    /// In the file, after the last compaction: what is freed is used again, and not given back to the file system.
    var freeBytes: UInt64 = 0
    /// The last version that has receipts.
    private(set) var lastReceipts: UInt64 = 0
    #if PLANTED_BUGS
        package var planted: Set<PlantedBug> = []
        private var ackedButNotStored: [PreparedBatch] = []
    #endif

    /// Opens the ledger, makes it when it is not there, and checks what must agree before it serves.
    package init(_ place: LedgerPlace, random: inout some RandomSource) throws(LedgerError) {
        self.place = place
        do throws(StorageError) {
            database = try Database.open(path: place.path, access: .writer, options: place.options)
            // What a killed process wrote can be read back before it is on disk; nothing of it may be acknowledged
            // before it is, and a replay would be.
            try database.checkpoint(.truncate)
            try database.migrate(to: LedgerSchema.current)
        } catch {
            throw .storage(error)
        }
        identity = try ClusterIdentity.loadOrCreate(in: database, place, random: &random)
        keys = try KeyState(from: database)
        try keys.check(place)
        compaction = try Compaction(from: database)
        head = try LedgerHead(from: database)
        table = IdentityTable(database: database, known: known)
        records = CurrentRecords(database, place.compressor)
        losses = try LossBook(from: database)
        try load()
    }

    #if PLANTED_BUGS
        package convenience init(
            _ place: LedgerPlace, random: inout some RandomSource, planted: Set<PlantedBug>
        ) throws(LedgerError) {
            try self.init(place, random: &random)
            self.planted = planted
            if planted.contains(.dedupOnlyInMemory) { table.forgetArtifacts() }
        }
    #endif

    /// At a clean stop the log is moved into the database first, so that the next start has nothing to recover.
    package func close() {
        if !database.isPoisoned { _ = try? database.checkpoint(.truncate) }
        database.close()
    }

    /// Leaves the files as a process that is killed now would.
    package func abandon() { database.close() }

    private func load() throws(LedgerError) {
        head = try LedgerHead(from: database)
        table = IdentityTable(database: database, known: known)
        records = CurrentRecords(database, place.compressor)
        let counts = try rebuild()
        losses = try LossBook(from: database)
        quotas = try storing { () throws(StorageError) in try Ledger.loadQuotas(from: database) }
        seat = try storing { () throws(StorageError) in try Ledger.loadSeat(from: database) }
        receiptsLimit = try storing { () throws(StorageError) in try Ledger.loadReceiptsLimit(from: database) }
        keys = try KeyState(from: database)
        compaction = try Compaction(from: database)
        try countFreeBytes()
        lastReceipts = try storing { () throws(StorageError) in
            try database.first("SELECT max(version) FROM log WHERE receipts IS NOT NULL") { $0.uint(0) } ?? 0
        }
        lastReceipts = max(lastReceipts, compaction.floor)
        try LedgerCheck.beforeReady(database, head: head, counts: counts, compacted: compaction)
        #if PLANTED_BUGS
            if planted.contains(.dedupOnlyInMemory) { table.forgetArtifacts() }
        #endif
    }

    private func rebuild() throws(LedgerError) -> IdentityTable.Counts {
        let ahead = ReadAhead(place, artifacts: head.stored)
        defer { ahead?.end() }
        return try table.rebuild()
    }

    /// Bytes of memory that the indexes take.
    package var indexBytes: Int { table.indexBytes }

    /// True after a commit or sync of unknown outcome: nothing more is stored until `recover`.
    package var needsRecovery: Bool { database.isPoisoned }

    /// Opens the database again after a failed commit, makes what it holds durable, and rebuilds everything from it.
    /// Every reader of this process must be closed before.
    package func recover() throws(LedgerError) {
        database.close()
        do throws(StorageError) {
            database = try Database.recover(path: place.path, options: place.options)
        } catch {
            throw .storage(error)
        }
        try load()
    }

    // MARK: Appending

    /// Decides about every batch, stores what is new in one transaction, and returns the answers once it is durable.
    package func commit(
        _ batches: [PreparedBatch], now: WallTime, reputations: Reputations = Reputations()
    ) throws(LedgerError) -> GroupOutcome {
        #if PLANTED_BUGS
            if planted.contains(.ackBeforeCommit) { return try commitTooLate(batches, now: now) }
        #endif
        var group = LedgerGroup(
            head: head, committed: table, reputations: reputations, records: records,
            quotas: quotas.isSet ? quotas : nil, now: now)
        for batch in batches { try group.add(try current(batch)) }
        guard group.hasChanges else {
            // Nothing was counted but refusals.
            if let book = group.quotas { quotas = book }
            return GroupOutcome(results: group.results)
        }
        let at = group.stamp(now)
        let version = group.head.stateVersion
        var segments = SegmentWriter(database: database, compressor: place.compressor, version: version, at: at)
        segments.identityVersion = keys.version
        do throws(StorageError) {
            try database.transaction { () throws(StorageError) in
                try segments.write(group.stored, sealed: group.sealed)
                try write(group, at: at)
                if let book = group.quotas { try writeSlots(book) }
            }
        } catch {
            throw .storage(error)
        }
        head = group.head
        if var book = group.quotas {
            book.stored()
            quotas = book
        }
        for (first, packed) in segments.written { table.add(first: first, packed: packed) }
        table.add(group.book, nodes: group.newNodes)
        for (id, state) in group.streams { move(stream: id, to: state) }
        let receipts = group.orderedReceipts
        guard !receipts.isEmpty else { return GroupOutcome(results: group.results) }
        let page = ReceiptPage(after: lastReceipts, position: version, receipts: receipts)
        lastReceipts = version
        return GroupOutcome(results: group.results, page: page)
    }

    /// Nothing is looked up under one secret that may be stored under another.
    private func current(_ batch: PreparedBatch) throws(LedgerError) -> PreparedBatch {
        if batch.identityVersion == keys.version { return batch }
        guard let renewer else { throw .unavailable("the dedup secret is being changed; send the batch again") }
        return batch.renewed(by: renewer)
    }

    private func write(_ group: LedgerGroup, at: WallTime) throws(StorageError) {
        let version = group.head.stateVersion
        for (id, state) in group.streams {
            try database.run(
                """
                INSERT INTO stream VALUES(?, ?, ?, ?, ?)
                ON CONFLICT(id) DO UPDATE SET last_applied = excluded.last_applied, version = excluded.version,
                    recent = excluded.recent
                """, .int(id), .text(state.node), .int(state.lastApplied), .int(version), .blob(state.recent.packed))
        }
        for (place, name) in group.newNodes.enumerated() {
            try database.run("INSERT INTO node VALUES(?, ?)", .int(table.nodes + place + 1), .text(name))
        }
        try group.book.write(to: database, compressor: place.compressor, version: version)
        var row = LogRow(version: version, at: at)
        row.firstArtifact = group.head.stored - UInt64(group.stored.count) + 1
        row.artifacts = group.stored.count
        row.receipts = group.orderedReceipts
        row.sightings = group.sightings
        row.tallies = group.tallies
        row.versions = group.book.versions.map(LedgerFormat.StoredVersion.init)
        try row.write(to: database, compressor: place.compressor)
        try group.head.write(to: database)
    }

    /// Notes that the artifacts of a lease came when it had ended. Saying it again changes nothing.
    package func markLate(_ leases: [LeaseRef], now: WallTime) throws(LedgerError) {
        var late: UInt64 = 0
        try append(now: now) { version, _ throws(StorageError) in
            for ref in leases {
                try database.run("INSERT OR IGNORE INTO late_lease VALUES(?, ?)", .int(ref.lease), .int(version))
                late += UInt64(database.changes)
            }
            return late
        }
    }

    /// One commit that brings no artifacts; the body says how many leases it marks late.
    func append(
        now: WallTime, _ body: (_ version: UInt64, _ at: WallTime) throws(StorageError) -> UInt64
    ) throws(LedgerError) {
        var next = head
        next.stateVersion += 1
        let at = next.advance(to: now)
        do throws(StorageError) {
            try database.transaction { () throws(StorageError) in
                next.late += try body(next.stateVersion, at)
                var row = LogRow(version: next.stateVersion, at: at)
                row.firstArtifact = next.stored + 1
                try row.write(to: database, compressor: place.compressor)
                try next.write(to: database)
            }
        } catch {
            throw .storage(error)
        }
        head = next
    }

    /// The wall clock was set; told with the next commit.
    package func noteWallJump() { head.wallJumps += 1 }

    // MARK: Reading

    /// The receipts of versions above `position`, oldest first, from at most `limit` commits that have any.
    package func receipts(after position: UInt64, limit: Int) throws(LedgerError) -> ReceiptPage {
        var page = ReceiptPage(after: position, position: position, receipts: [])
        var damaged = false
        var commits = 0
        do throws(StorageError) {
            try database.query(
                "SELECT version, receipts FROM log WHERE version > ? AND receipts IS NOT NULL ORDER BY version LIMIT ?",
                .int(position), .int(limit)
            ) { row in
                page.position = row.uint(0)
                commits += 1
                guard let stored = try? LedgerFormat.StoredReceipts(decoding: row.blob(1)) else {
                    return damaged = true
                }
                page.receipts += stored.receipts.compactMap(Receipt.init)
            }
        } catch {
            throw .storage(error)
        }
        if damaged { throw .damaged(what: "a receipt at or below version \(page.position) cannot be read") }
        if commits < limit { page.position = max(position, head.stateVersion) }
        return page
    }

    /// The last applied sequence of a stream; 0 when it is not known.
    func streamState(_ id: UInt64) -> StreamState? { table.stream(id) }

    /// Makes a committed position visible, as of the version that it was committed with.
    func move(stream id: UInt64, to state: StreamState) {
        table.streams[id] = state
        table.streams[id]?.version = head.stateVersion
    }

    package func lastApplied(stream: UInt64) -> UInt64 { table.stream(stream)?.lastApplied ?? 0 }

    package func find(digest: [UInt8]) throws(LedgerError) -> UInt64? {
        guard let digest = Digest(digest) else { return nil }
        return try table.artifact(with: digest)?.id
    }

    // MARK: Checkpoints

    /// Moves the WAL into the database; called between groups, by the one connection that writes.
    package func checkpoint() throws(LedgerError) {
        do throws(StorageError) { try database.checkpoint(.passive) } catch { throw .storage(error) }
    }

    /// The same for a log that others read. Nil: there is room; otherwise the bytes that somebody's long read keeps.
    func settleLog(limit: Int) throws(LedgerError) -> Int? {
        try storing { () throws(StorageError) in try database.settleLog(limit: limit) }
    }
}

#if PLANTED_BUGS
    extension Ledger {
        /// The bug: the answers are given now, the commit follows with the next group, unless there is none.
        private func commitTooLate(_ batches: [PreparedBatch], now: WallTime) throws(LedgerError) -> GroupOutcome {
            planted.remove(.ackBeforeCommit)
            defer { planted.insert(.ackBeforeCommit) }
            var outcome = GroupOutcome(results: [])
            if !ackedButNotStored.isEmpty { outcome.page = try commit(ackedButNotStored, now: now).page }
            ackedButNotStored = batches
            var group = LedgerGroup(head: head, committed: table)
            for batch in batches { try group.add(batch) }
            outcome.results = group.results
            return outcome
        }
    }

    /// Known bugs, for the simulator to find.
    package enum PlantedBug: String, CaseIterable, Sendable {
        case ackBeforeCommit = "ack-before-commit"
        case dedupOnlyInMemory = "dedup-only-in-memory"
    }
#endif
