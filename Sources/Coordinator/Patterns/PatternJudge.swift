import Model

/// Says which pattern of a run any text is nearest to, and why: what each of its terms adds to the similarity.
package struct PatternJudge: Sendable {
    package struct Contribution: Equatable, Sendable {
        package var term: String
        package var count: UInt32
        package var inText: Double
        package var inPattern: Double
        package var product: Double { inText * inPattern }
    }

    package struct Answer: Equatable, Sendable {
        /// 0: the text has no term of any pattern.
        package var pattern: UInt64
        package var similarity: Double
        /// Most first.
        package var contributions: [Contribution]
    }

    package let stateVersion: UInt64
    private let stopWords: [String]
    private let wordsPerText: Int
    private let terms: [String]
    private let idf: [Double]
    private let places: [String: Int]
    private let patterns: [(id: UInt64, weights: [Double])]
    private let top: [UInt64: [String]]

    init(_ run: LedgerFormat.StoredPatternRun, stopWords: [String]) {
        stateVersion = run.stateVersion
        self.stopWords = stopWords
        wordsPerText = Int(run.wordsPerText)
        terms = run.terms.map(\.text)
        idf = run.terms.map { TermVectors.idf(texts: Int(run.texts), having: $0.texts) }
        places = Dictionary(uniqueKeysWithValues: run.terms.indices.map { (run.terms[$0].text, $0) })
        top = Dictionary(
            run.patterns.map { ($0.id, PatternChanges.top($0, run.terms)) }, uniquingKeysWith: { first, _ in first })
        patterns = run.patterns.map { pattern in
            var weights = [Double](repeating: 0, count: run.terms.count)
            for (feature, weight) in zip(pattern.features, pattern.weights) { weights[Int(feature)] = weight }
            return (pattern.id, weights)
        }
    }

    /// The heaviest terms of a pattern, heaviest first; none of one that the run does not have.
    package func topTerms(of pattern: UInt64) -> [String] { top[pattern] ?? [] }

    package func judge(_ text: ArraySlice<UInt8>) -> Answer {
        let counts = count(text)
        let length = counts.indices.reduce(0.0) { $0 + square(Double(counts[$1]) * idf[$1]) }.squareRoot()
        guard length > 0 else { return Answer(pattern: 0, similarity: 0, contributions: []) }
        let vector = counts.indices.map { Double(counts[$0]) * idf[$0] / length }
        var best: (place: Int, similarity: Double)?
        for place in patterns.indices {
            let similarity = zip(vector, patterns[place].weights).reduce(0) { $0 + $1.0 * $1.1 }
            if similarity > best?.similarity ?? 0 { best = (place, similarity) }
        }
        guard let best else { return Answer(pattern: 0, similarity: 0, contributions: []) }
        let pattern = patterns[best.place]
        let contributions = counts.indices.filter { counts[$0] > 0 && pattern.weights[$0] > 0 }.map {
            Contribution(term: terms[$0], count: counts[$0], inText: vector[$0], inPattern: pattern.weights[$0])
        }
        return Answer(
            pattern: pattern.id, similarity: best.similarity,
            contributions: contributions.sorted { ($0.product, $1.term) > ($1.product, $0.term) })
    }

    /// How often each term occurs in the text.
    private func count(_ text: ArraySlice<UInt8>) -> [UInt32] {
        var corpus = Corpus(stopWords: stopWords, texts: 1, words: wordsPerText)
        corpus.add(text, artifact: 0, at: WallTime(milliseconds: 0), node: "", domain: "")
        var counts = [UInt32](repeating: 0, count: terms.count)
        var recent: [String] = []
        for word in corpus.words(of: 0) {
            let word = word == Corpus.unknown ? nil : String(decoding: corpus.table.word(Int(word)), as: UTF8.self)
            guard let word else {
                recent = []
                continue
            }
            recent.append(word)
            if recent.count > 3 { recent.removeFirst() }
            for length in 1...recent.count {
                if let place = places[recent.suffix(length).joined(separator: " ")] { counts[place] += 1 }
            }
        }
        return counts
    }

    private func square(_ x: Double) -> Double { x * x }
}
