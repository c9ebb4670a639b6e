import Model
import Storage
import Wire

/// The machine's state as rows: what is read back goes on exactly as what was stored would have.
extension Reputation {
    init(from database: Database) throws(StorageError) {
        self.init()
        let seen = try database.all("SELECT entries FROM reputation_observation ORDER BY chunk") { $0.blob(0) }
        for entries in seen { try observations.restore(chunk: entries) }
        let state = try database.first("SELECT state FROM reputation") { $0.blob(0) }
        if let state { try restore(state) }
        let rows = try database.all("SELECT serial, state FROM reputation_node ORDER BY serial") {
            ($0.int(0), $0.blob(1))
        }
        for (serial, state) in rows { nodes[serial] = try ReputationNode(stored: state) }
        let chunks = try database.all("SELECT serial, entries FROM reputation_window ORDER BY serial, chunk") {
            ($0.int(0), $0.blob(1))
        }
        for (serial, entries) in chunks { try nodes[serial]?.window.restore(chunk: entries) }
        follow()
    }

    private mutating func restore(_ row: [UInt8]) throws(StorageError) {
        var state = StateReader(row)
        lastSerial = try state.signed()
        epoch = try state.signed()
        now = WallTime(milliseconds: try state.signed())
        forgotten = try state.uint()
        sinks = try state.array { state throws(StorageError) in
            SinkJudge(name: try state.string(), record: try JudgeRecord(from: &state))
        }
        let observed = try state.uint()
        observations.restore(count: observed)
    }

    /// What follows from the nodes alone.
    private mutating func follow() {
        for (serial, node) in nodes {
            serials[node.name] = serial
            if node.counts != nil { active.insert(serial) }
            if !node.isNewcomer { established += 1 }
            for (place, entry) in node.window.entries.enumerated() where entry.artifact != 0 {
                places[entry.artifact] = Place(node: serial, place: place)
            }
        }
    }

    /// Writes what has changed since the last time.
    mutating func store(in database: Database) throws(StorageError) {
        guard !changed.isEmpty || !removed.isEmpty || !decisions.isEmpty else { return }
        try storeSelf(in: database)
        for serial in removed.sorted() {
            try database.run("DELETE FROM reputation_node WHERE serial = ?", .int(serial))
            try database.run("DELETE FROM reputation_window WHERE serial = ?", .int(serial))
            try database.run("DELETE FROM reputation_decision WHERE serial = ?", .int(serial))
        }
        for serial in changed.sorted() { try store(node: serial, in: database) }
        for decision in decisions {
            try database.run(
                "INSERT INTO reputation_decision VALUES(?, ?, ?)", .int(decision.node), .int(decision.entry.number),
                .blob(decision.entry.encoded()))
            guard decision.entry.number > Limits.decisionsKept else { continue }
            try database.run(
                "DELETE FROM reputation_decision WHERE serial = ? AND number <= ?", .int(decision.node),
                .int(decision.entry.number - Limits.decisionsKept))
        }
        changed = []
        removed = []
        decisions = []
    }

    private mutating func storeSelf(in database: Database) throws(StorageError) {
        var state = StateWriter()
        state.put(lastSerial)
        state.put(epoch)
        state.put(now.milliseconds)
        state.put(forgotten)
        state.put(each: sinks) { state, sink in
            state.put(sink.name)
            sink.record.write(to: &state)
        }
        state.put(observations.count)
        try database.run("INSERT OR REPLACE INTO reputation VALUES(1, ?)", .blob(state.bytes))
        for chunk in observations.changedChunks.sorted() {
            try database.run(
                "INSERT OR REPLACE INTO reputation_observation VALUES(?, ?)", .int(chunk),
                .blob(observations.chunk(chunk)))
        }
        observations.stored()
    }

    private mutating func store(node serial: Int64, in database: Database) throws(StorageError) {
        guard let node = nodes[serial] else { return }
        try database.run("INSERT OR REPLACE INTO reputation_node VALUES(?, ?)", .int(serial), .blob(node.stored))
        for chunk in node.window.changedChunks.sorted() {
            try database.run(
                "INSERT OR REPLACE INTO reputation_window VALUES(?, ?, ?)", .int(serial), .int(chunk),
                .blob(node.window.chunk(chunk)))
        }
        nodes[serial]?.window.stored()
    }
}
