package import Model
package import Storage

/// Leads consumers along the ledger. Confined to its thread; reads no clock. Each consumer has a position of its own,
/// so that one that is new, or was thrown away, begins at the beginning while the others wait for nothing.
package final class DerivedCore {
    private let database: Database
    private let reader: ChangeReader
    private let consumers: [any DerivedConsumer]
    private var positions: [UInt64]

    private static let commitsAtOnce = 64
    package static let artifactsAtOnce = 4_096

    package init(
        database: Database, reader: ChangeReader, consumers: [any DerivedConsumer]
    ) throws(LedgerError) {
        self.database = database
        self.reader = reader
        self.consumers = consumers
        positions = try storing { () throws(StorageError) in
            try database.migrate(to: DerivedSchema.current)
            for consumer in consumers { try consumer.load(from: database) }
            return try DerivedCore.positions(of: consumers, in: database)
        }
    }

    private static func positions(
        of consumers: [any DerivedConsumer], in database: Database
    ) throws(StorageError) -> [UInt64] {
        var positions: [UInt64] = []
        for consumer in consumers { positions.append(try position(of: consumer.name, in: database)) }
        return positions
    }

    /// The last commit that this consumer has taken; 0: none.
    static func position(of consumer: String, in database: Database) throws(StorageError) -> UInt64 {
        try database.first("SELECT position FROM consumer WHERE name = ?", .text(consumer)) { $0.uint(0) } ?? 0
    }

    /// Every commit up to this version has been taken by every consumer.
    package var position: UInt64 { positions.min() ?? 0 }

    /// Takes the next commits of those furthest behind, in one transaction. False when there is nothing to take.
    ///
    /// Where `isStopping` says so between two commits, nothing of it is stored and `interrupted` is thrown: consumers
    /// hold then what nobody has stored, and are of no more use. A thread that is let work last of all may take very
    /// long for one step, and who stops the process waits for it.
    package func advance(
        artifacts: Int = artifactsAtOnce, isStopping: () -> Bool = { false }
    ) throws(LedgerError) -> Bool {
        let from = position
        let behind = positions.indices.filter { positions[$0] == from }
        let withContent = behind.contains { consumers[$0].needsContent }
        let commits = try reader.commits(
            after: from, limit: DerivedCore.commitsAtOnce, artifacts: artifacts,
            withArtifacts: behind.contains { consumers[$0].needsArtifacts }, withContent: withContent)
        let ahead = positions.filter { $0 > from }.min()
        let taken = commits.filter { commit in ahead.map { commit.version <= $0 } ?? true }
        guard let last = taken.last?.version else { return false }
        try storing { () throws(StorageError) in
            try database.transaction { () throws(StorageError) in
                for place in behind {
                    for commit in taken {
                        if isStopping() { throw StorageError(.interrupted, "the process stops") }
                        try consumers[place].apply(commit, in: database)
                    }
                    try consumers[place].settle(in: database)
                    try database.run(
                        """
                        INSERT INTO consumer VALUES(?, ?)
                        ON CONFLICT(name) DO UPDATE SET position = excluded.position
                        """, .text(consumers[place].name), .int(last))
                }
            }
        }
        for place in behind { positions[place] = last }
        return true
    }

    /// Lets the time pass for every consumer.
    package func pass(now: Instant, wall: WallTime) throws(LedgerError) {
        try storing { () throws(StorageError) in
            try database.transaction { () throws(StorageError) in
                for consumer in consumers { try consumer.pass(now: now, wall: wall, in: database) }
            }
        }
    }

    /// Moves the log into the database. Nil: there is room; otherwise the bytes that somebody's long read keeps.
    package func settleLog(limit: Int = Limits.logHeld) throws(LedgerError) -> Int? {
        try storing { () throws(StorageError) in try database.settleLog(limit: limit) }
    }

    package func close() {
        for consumer in consumers { consumer.close() }
        reader.close()
        database.close()
    }
}
