package import Storage

/// Ranked candidates. Called on the derived thread, inside the transaction of a walk or a commit.
package protocol CandidateSource: AnyObject {
    func load(from database: Database) throws(StorageError)
    /// Takes what a commit brought; a source that follows the ledger by itself does nothing here.
    func apply(_ commit: ChangeCommit, in database: Database) throws(StorageError)
    /// Gives candidates, best first, until `body` answers false.
    func walk(in database: Database, _ body: (FeedCandidate) -> Bool) throws(StorageError)
    /// This artifact is a candidate no longer: it was fed, or never may be.
    func leave(_ artifact: UInt64, in database: Database) throws(StorageError)
    /// Score times calibration, 0…1.
    func effectiveReputation(of node: String) -> Double
    func isNewcomer(_ node: String) -> Bool
}

/// Tells texts that resemble one that was fed lately.
package protocol NoveltySource: AnyObject {
    /// The artifact it resembles, if there is one.
    func nearDuplicate(of candidate: FeedCandidate, content: ArraySlice<UInt8>) -> UInt64?
    /// This artifact was fed: what resembles it is not novel from now on.
    func fed(_ candidate: FeedCandidate, content: ArraySlice<UInt8>)
}

/// What pattern an artifact belongs to, as of now.
package protocol PatternSource: AnyObject {
    func pattern(of candidate: FeedCandidate, content: ArraySlice<UInt8>) -> PatternLabel?
}

package struct PatternLabel: Equatable, Sendable {
    package var id: String
    package var terms: [String]

    package init(id: String, terms: [String]) {
        self.id = id
        self.terms = terms
    }
}

/// No text resembles another.
package final class ExactNovelty: NoveltySource {
    package init() {}
    package func nearDuplicate(of candidate: FeedCandidate, content: ArraySlice<UInt8>) -> UInt64? { nil }
    package func fed(_ candidate: FeedCandidate, content: ArraySlice<UInt8>) {}
}

/// No artifact belongs to a pattern.
package final class NoPatterns: PatternSource {
    package init() {}
    package func pattern(of candidate: FeedCandidate, content: ArraySlice<UInt8>) -> PatternLabel? { nil }
}
