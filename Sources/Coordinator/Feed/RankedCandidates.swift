import Glibc
import Model
package import Storage

/// Candidates ranked by their scores and age alone, every node believed alike. All artifacts lose value at the same
/// rate, so that a rank never changes once it is given.
package final class RankedCandidates: CandidateSource {
    private let kept: Int
    private var count = 0

    private static let halfLife = 86_400_000.0  // ms
    private static let unscored = -1_000_000.0  // ranks behind everything that has a score

    package init(kept: Int) { self.kept = kept }

    package func load(from database: Database) throws(StorageError) {
        count = Int(try database.first("SELECT count(*) FROM feed_candidate") { $0.int(0) } ?? 0)
    }

    package func effectiveReputation(of node: String) -> Double { 0.5 }
    package func isNewcomer(_ node: String) -> Bool { false }

    /// 0…1, before reputation and age.
    package static func base(_ candidate: FeedCandidate) -> Double {
        0.4 * (candidate.threatLevel ?? 0) / 10 + 0.3 * (candidate.opportunityValue ?? 0) / 10
            + 0.2 * (candidate.confidence ?? 0)
    }

    static func rank(_ candidate: FeedCandidate) -> Double {
        let base = base(candidate)
        return (base > 0 ? log2(base) : unscored) + Double(candidate.receivedAt.milliseconds) / halfLife
    }

    package func apply(_ commit: ChangeCommit, in database: Database) throws(StorageError) {
        for change in commit.stored where change.contentHome == nil {
            let candidate = FeedCandidate(change)
            try database.run(
                "INSERT OR IGNORE INTO feed_candidate VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", .int(candidate.artifact),
                .double(RankedCandidates.rank(candidate)), .text(candidate.node), .text(candidate.domain),
                .text(candidate.contentType), .text(candidate.rawSource), .int(candidate.receivedAt.milliseconds),
                .double(orNull: candidate.confidence), .double(orNull: candidate.threatLevel),
                .double(orNull: candidate.opportunityValue))
            count += database.changes
        }
        if count > 2 * kept { try trim(database) }
    }

    /// Back to the best, in one sweep for many commits.
    private func trim(_ database: Database) throws(StorageError) {
        try database.run(
            """
            DELETE FROM feed_candidate WHERE artifact IN
            (SELECT artifact FROM feed_candidate ORDER BY rank DESC LIMIT -1 OFFSET ?)
            """, .int(kept))
        count -= database.changes
    }

    package func walk(in database: Database, _ body: (FeedCandidate) -> Bool) throws(StorageError) {
        let statement = try database.prepare(
            """
            SELECT artifact, node, domain, content_type, raw_source, received_ms, confidence, threat, opportunity
            FROM feed_candidate ORDER BY rank DESC, artifact
            """)
        defer { statement.reset() }
        while try statement.step() {
            guard statement.withRow({ body(FeedCandidate($0)) }) else { return }
        }
    }

    package func leave(_ artifact: UInt64, in database: Database) throws(StorageError) {
        try database.run("DELETE FROM feed_candidate WHERE artifact = ?", .int(artifact))
        count -= database.changes
    }
}

extension FeedCandidate {
    package init(_ change: StoredChange) {
        self.init(
            artifact: change.id, node: change.node, domain: change.domain, contentType: change.contentType,
            rawSource: change.rawSource, receivedAt: change.receivedAt, confidence: change.confidence,
            threatLevel: change.threatLevel, opportunityValue: change.opportunityValue)
    }

    fileprivate init(_ row: borrowing Row) {
        self.init(
            artifact: row.uint(0), node: row.text(1), domain: row.text(2), contentType: row.text(3),
            rawSource: row.text(4), receivedAt: .init(milliseconds: row.int(5)), confidence: row.doubleOrNil(6),
            threatLevel: row.doubleOrNil(7), opportunityValue: row.doubleOrNil(8))
    }
}

extension SQLValue {
    static func double(orNull value: Double?) -> SQLValue { value.map { .double($0) } ?? .null }
}
