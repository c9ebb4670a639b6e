import Model
import Storage
import Wire

@testable import Coordinator

/// What must hold of a pipeline whatever happened to it; each breach in words.
struct PipelineCheck {
    struct Row {
        var sequence: UInt64
        var isTombstone: Bool
        var artifact: UInt64
        var source: String
        var elapsed: Int64
        var domain: String
        var node: String
        var isNewcomer: Bool
    }

    let rows: [Row]
    let policy: FeedPolicy
    let database: Database

    private static let hour: Int64 = 3_600_000  // ms

    init(_ world: PipelineWorld) throws {
        policy = world.policy
        database = world.database
        rows = try database.all(
            """
            SELECT sequence, kind, artifact, source, elapsed_ms, domain, node, newcomer FROM feed_outbox
            ORDER BY sequence
            """
        ) { row in
            Row(
                sequence: row.uint(0), isTombstone: row.int(1) == 1, artifact: row.uint(2), source: row.text(3),
                elapsed: row.int(4), domain: row.text(5), node: row.text(6), isNewcomer: row.bool(7))
        }
    }

    private var scenarios: [Row] { rows.filter { !$0.isTombstone } }

    /// All of it; `files` and `withdrawn` are the ids in the sink's shards, in order.
    func breaches(files: [String], withdrawn: [String]) throws -> [String] {
        once() + rates() + windows() + (try tombstones()) + delivered(files, withdrawn) + (try scores())
            + (try judges())
    }

    private func once() -> [String] {
        Dictionary(grouping: scenarios, by: \.artifact).filter { $0.value.count > 1 }.keys.sorted().map {
            "a\($0) was fed more than once"
        } + (rows.map(\.sequence) == rows.indices.map { UInt64($0) + 1 } ? [] : ["the outbox has a gap"])
    }

    private func rates() -> [String] {
        var found: [String] = []
        for (name, most, times) in [
            ("scenarios", policy.rate, scenarios.map(\.elapsed)),
            ("newcomers", policy.newcomerSlots, scenarios.filter(\.isNewcomer).map(\.elapsed)),
        ] where times.count > most {
            for place in most..<times.count where times[place] - times[place - most] < PipelineCheck.hour {
                found.append("more than \(most) \(name) in 60 minutes")
            }
        }
        return found
    }

    private func windows() -> [String] {
        scenarios.indices.flatMap { place -> [String] in
            let row = scenarios[place]
            func count(_ window: Int, _ matches: (Row) -> Bool) -> Int {
                scenarios[max(0, place - window + 1)..<place].filter {
                    $0.elapsed + PipelineCheck.hour > row.elapsed && matches($0)
                }.count
            }
            let domains = count(Limits.feedDomain.of) { $0.domain == row.domain }
            let nodes = count(Limits.feedNode.of) { $0.node == row.node }
            return (domains >= Limits.feedDomain.most ? ["s1-\(row.sequence): too many of \(row.domain)"] : [])
                + (nodes >= Limits.feedNode.most ? ["s1-\(row.sequence): too many of \(row.node)"] : [])
        }
    }

    /// Each scenario of a source that has withdrawn since has one, and no other has.
    private func tombstones() throws -> [String] {
        let withdrawn = Dictionary(
            try database.all("SELECT source, artifact FROM feed_withdrawn") { ($0.text(0), $0.uint(1)) },
            uniquingKeysWith: max)
        let told = Dictionary(grouping: rows.filter(\.isTombstone), by: \.artifact)
        return scenarios.compactMap { row in
            let expected = withdrawn[row.source].map { row.artifact < $0 } == true ? 1 : 0
            let count = told[row.artifact]?.count ?? 0
            return count == expected ? nil : "a\(row.artifact) has \(count) tombstones, not \(expected)"
        }
    }

    private func delivered(_ files: [String], _ withdrawn: [String]) -> [String] {
        let ids = { (rows: [Row]) in rows.map { "s1-\($0.sequence)" } }
        return (files == ids(scenarios) ? [] : ["the sink's scenarios are not the outbox's"])
            + (withdrawn == ids(rows.filter(\.isTombstone)) ? [] : ["the sink's tombstones are not the outbox's"])
    }

    /// Scores stay in their range and move by a step, after three epochs that agree.
    private func scores() throws -> [String] {
        var found: [String] = []
        let nodes = try database.all("SELECT state FROM reputation_node") { $0.blob(0) }
        for node in nodes {
            let node = try ReputationNode(stored: node)
            if !Limits.scoreRange.contains(node.score) { found.append("\(node.name) has a score of \(node.score)") }
        }
        let serials = try database.all("SELECT DISTINCT serial FROM reputation_decision") { $0.int(0) }
        for serial in serials {
            let decisions = try database.all(
                "SELECT entry FROM reputation_decision WHERE serial = ? ORDER BY number", .int(serial)
            ) { $0.blob(0) }.map { try Proto.ReputationDecision(decoding: $0) }
            let epochs = decisions.filter { $0.kind == "epoch" && $0.verdict != "silent" }
            for (place, epoch) in epochs.enumerated() where epoch.scoreAfter != epoch.scoreBefore {
                let step = epoch.scoreAfter - epoch.scoreBefore
                let last = epochs[max(0, place - 2)...place].map(\.verdict)
                let agrees = last == Array(repeating: step > 0 ? "good" : "bad", count: 3)
                if !agrees || step > Limits.goodStep + 1e-9 || step < -Limits.badStep - 1e-9 {
                    found.append("a score moved by \(step) after \(last)")
                }
            }
        }
        return found
    }

    /// No judge counts for more than its share of a subject, or more often than ten times an hour; one that says too
    /// much is not listened to; newcomers together are a tenth of what corroborates anybody.
    private func judges() throws -> [String] {
        let reputation = try Reputation(from: database)
        var found: [String] = []
        for node in reputation.nodes.values {
            let settled = Dictionary(grouping: node.window.entries.filter { $0.judge != 0 }, by: \.judge)
            let share = max(1, node.window.entries.count / Limits.judgeShare)
            for (judge, entries) in settled where entries.count > share {
                let name = reputation.judgeName(judge)
                found.append(
                    "\(name) settles \(entries.count) of \(node.name)'s \(node.window.entries.count) artifacts")
            }
            for (judge, votes) in node.votes.judges {
                let name = reputation.judgeName(judge)
                if votes.counted(votes.last) > Limits.votesPerHour {
                    found.append("\(name) counts \(votes.counted(votes.last)) times an hour about \(node.name)")
                }
                let isHeard = reputation.nodes[judge].map { !$0.judge.isIgnored(votes.last) } ?? false
                if votes.cast(votes.last) > Limits.votesSuspicious, isHeard {
                    found.append("\(name) speaks \(votes.cast(votes.last)) times an hour and is listened to")
                }
            }
            if node.newcomerWeight > Limits.newcomerShare * node.weight + 1e-9 {
                found.append("newcomers are \(node.newcomerWeight) of the \(node.weight) that corroborate \(node.name)")
            }
        }
        return found
    }
}
