import Model
package import Storage
package import Wire

/// What operators ask of the feed.
extension FeedConsumer {
    /// The newest decisions below `before` (0: from the newest on) that were taken at a state version (0: any) or
    /// before, newest first.
    package func list(
        before: UInt64, limit: Int, at version: UInt64 = 0, in database: Database
    ) throws(StorageError) -> Proto.ListScenariosReply {
        let upTo = version == 0 ? UInt64(Int64.max) : min(version, UInt64(Int64.max))
        let below = before == 0 ? UInt64(Int64.max) : min(before, UInt64(Int64.max))
        var reply = Proto.ListScenariosReply()
        reply.scenarios = try database.all(
            """
            SELECT incarnation, sequence, kind, artifact, at_ms, content_type, domain, node, novelty, objectives, state,
                refusals, reason, quality, version
            FROM feed_outbox WHERE sequence < ? AND version <= ? ORDER BY sequence DESC LIMIT ?
            """, .int(below), .int(upTo), .int(limit)
        ) { row in
            let states = ["waiting", "delivered", "quarantined"]
            return Proto.ScenarioInfo(
                id: ScenarioID(incarnation: row.uint(0), sequence: row.uint(1)).description, sequence: row.uint(1),
                kind: row.int(2) == 0 ? "scenario" : "tombstone", artifact: row.uint(3), fedAtMs: row.int(4),
                contentType: row.text(5), domain: row.text(6), node: row.text(7), novelty: row.double(8),
                objectives: Objectives(rawValue: row.int(9)).names,
                state: states.indices.contains(Int(row.int(10))) ? states[Int(row.int(10))] : "unknown",
                refusals: UInt32(clamping: row.int(11)), reason: row.text(12), quality: row.doubleOrNil(13),
                stateVersion: row.uint(14))
        }
        if let last = reply.scenarios.last, last.sequence > 1, reply.scenarios.count == limit {
            reply.next = last.sequence
        }
        return reply
    }

    /// What was passed over last, newest walk first.
    package func skipped(_ limit: Int, in database: Database) throws(StorageError) -> Proto.ListSkippedReply {
        Proto.ListSkippedReply(
            skipped: try database.all(
                "SELECT artifact, reason, at_ms FROM feed_skip ORDER BY walk DESC, artifact DESC LIMIT ?", .int(limit)
            ) { Proto.SkippedInfo(artifact: $0.uint(0), reason: $0.text(1), sinceAtMs: $0.int(2)) })
    }

    /// How it stands, without what the delivery knows.
    package var report: Proto.FeedStatusReply {
        let status = status
        let counters = FeedFigures.names.filter { $0.0 != "quality_read" }.map {
            Proto.Counter(name: $0.0, value: status.figures[keyPath: $0.1])
        }
        return Proto.FeedStatusReply(
            paused: status.figures.isPaused, rate: UInt32(clamping: status.rate),
            slots: UInt32(clamping: status.slots),
            counters: counters + [Proto.Counter(name: "waiting", value: status.figures.waiting)])
    }
}
