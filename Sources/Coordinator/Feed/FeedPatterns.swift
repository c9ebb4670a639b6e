import Storage

struct PatternLabel: Equatable {
    var id: String
    var terms: [String]
}

/// Which pattern of the newest run a text belongs to. Patterns are found in texts alone.
final class FeedPatterns {
    private let patterns: Patterns
    private let stopWords: [String]
    private var judge: PatternJudge?
    /// The run that `judge` was made of.
    private var run: UInt64?

    init(_ patterns: Patterns, stopWords: [String]) {
        self.patterns = patterns
        self.stopWords = stopWords
    }

    func label(
        of text: ArraySlice<UInt8>, contentType: String, in database: Database
    ) throws(StorageError) -> PatternLabel? {
        guard contentType == "text" else { return nil }
        if run != patterns.runs {
            judge = try patterns.judge(in: database, stopWords: stopWords)
            run = patterns.runs
        }
        guard let judge else { return nil }
        let answer = judge.judge(text)
        guard answer.pattern != 0 else { return nil }
        return PatternLabel(id: "p\(answer.pattern)", terms: judge.topTerms(of: answer.pattern))
    }
}
