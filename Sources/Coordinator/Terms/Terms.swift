import Model

/// The features of a run: the terms of one to three words that occur most, at most 1,000. Of terms that occur equally
/// often those of fewer words come first, then those whose bytes sort first.
///
/// No term can occur more often than a term inside it. So a term of two words can only be among the first 1,000 if both
/// its words are, and one of three if both its pairs are: they are counted in two tables of at most 1,000 × 1,000, and
/// the result is the same as if every term of every text were counted.
struct Terms {
    struct Term: Equatable {
        var text: [UInt8]
        var words: Int
        var count: UInt32
    }

    static let none = UInt16.max

    private(set) var all: [Term] = []
    /// By word number: its place among the single words that count.
    private(set) var rankOfWord: [UInt16]
    /// By two ranks: the place of the pair among the pairs that count.
    private var pairs: [UInt16]
    private var width = 0
    private var pairCount = 0
    /// Features, by rank, by pair, by two pairs.
    private var singleFeature: [UInt16] = []
    private var pairFeature: [UInt16] = []
    private var tripleFeature: [UInt16] = []

    init(_ corpus: Corpus, limit: Int = Limits.patternFeatures) {
        let singles = Terms.mostFrequent(corpus, limit)
        width = singles.count
        rankOfWord = Array(repeating: Terms.none, count: corpus.table.count)
        for (rank, word) in singles.enumerated() { rankOfWord[word] = UInt16(rank) }
        pairs = Array(repeating: Terms.none, count: width * width)
        let text = singles.map { Array(corpus.table.word($0)) }
        var chosen = singles.enumerated().map {
            Choice(term: Term(text: text[$0], words: 1, count: corpus.table.counts[$1]), place: $0)
        }
        let kept = addPairs(corpus, text, limit, &chosen)
        addTriples(corpus, text, kept, limit, &chosen)
        number(chosen)
    }

    private struct Choice {
        var term: Term
        /// A rank, two ranks, or two pairs, according to the number of words.
        var place: Int

        static func precedes(_ a: Choice, _ b: Choice) -> Bool {
            if a.term.count != b.term.count { return a.term.count > b.term.count }
            if a.term.words != b.term.words { return a.term.words < b.term.words }
            return a.term.text.lexicographicallyPrecedes(b.term.text)
        }
    }

    private static func mostFrequent(_ corpus: Corpus, _ limit: Int) -> [Int] {
        let counts = corpus.table.counts
        var floor: UInt32 = 1
        if corpus.candidates.count > limit {
            floor = counts[corpus.candidates].sorted(by: >)[limit - 1]
        }
        let enough = corpus.candidates.filter { counts[$0] >= floor }
        let sorted = enough.sorted { a, b in
            if counts[a] != counts[b] { return counts[a] > counts[b] }
            return corpus.table.word(a).lexicographicallyPrecedes(corpus.table.word(b))
        }
        return Array(sorted.prefix(limit))
    }

    /// The least count that can still be among the first.
    private static func floor(_ chosen: [Choice], _ limit: Int) -> UInt32 {
        chosen.count < limit ? 1 : chosen[limit - 1].term.count
    }

    private mutating func addPairs(
        _ corpus: Corpus, _ text: [[UInt8]], _ limit: Int, _ chosen: inout [Choice]
    ) -> [(Int, Int)] {
        var counts = [UInt32](repeating: 0, count: width * width)
        eachText(corpus) { ranks in
            for place in ranks.indices.dropFirst() where ranks[place] != Terms.none && ranks[place - 1] != Terms.none {
                counts[Int(ranks[place - 1]) * width + Int(ranks[place])] += 1
            }
        }
        let floor = Terms.floor(chosen, limit)
        for place in counts.indices where counts[place] >= floor {
            let joined = text[place / width] + [0x20] + text[place % width]
            chosen.append(Choice(term: Term(text: joined, words: 2, count: counts[place]), place: place))
        }
        chosen.sort(by: Choice.precedes)
        chosen.removeLast(max(0, chosen.count - limit))
        var kept: [(Int, Int)] = []
        for choice in chosen where choice.term.words == 2 {
            pairs[choice.place] = UInt16(kept.count)
            kept.append((choice.place / width, choice.place % width))
        }
        pairCount = kept.count
        return kept
    }

    private mutating func addTriples(
        _ corpus: Corpus, _ text: [[UInt8]], _ kept: [(Int, Int)], _ limit: Int, _ chosen: inout [Choice]
    ) {
        var counts = [UInt32](repeating: 0, count: pairCount * pairCount)
        eachText(corpus) { ranks in
            var last = Terms.none
            for place in ranks.indices.dropFirst() {
                let pair = self.pair(ranks[place - 1], ranks[place])
                if last != Terms.none, pair != Terms.none { counts[Int(last) * pairCount + Int(pair)] += 1 }
                last = pair
            }
        }
        let floor = Terms.floor(chosen, limit)
        for place in counts.indices where counts[place] >= floor {
            let (first, second) = (kept[place / pairCount], kept[place % pairCount])
            let joined = text[first.0] + [0x20] + text[first.1] + [0x20] + text[second.1]
            chosen.append(Choice(term: Term(text: joined, words: 3, count: counts[place]), place: place))
        }
        chosen.sort(by: Choice.precedes)
        chosen.removeLast(max(0, chosen.count - limit))
    }

    private mutating func number(_ chosen: [Choice]) {
        singleFeature = Array(repeating: Terms.none, count: width)
        pairFeature = Array(repeating: Terms.none, count: pairCount)
        tripleFeature = Array(repeating: Terms.none, count: pairCount * pairCount)
        for (feature, choice) in chosen.enumerated() {
            switch choice.term.words {
            case 1: singleFeature[choice.place] = UInt16(feature)
            case 2: pairFeature[Int(pairs[choice.place])] = UInt16(feature)
            default: tripleFeature[choice.place] = UInt16(feature)
            }
            all.append(choice.term)
        }
    }

    // MARK: In a text

    private func pair(_ a: UInt16, _ b: UInt16) -> UInt16 {
        a == Terms.none || b == Terms.none ? Terms.none : pairs[Int(a) * width + Int(b)]
    }

    private func eachText(_ corpus: Corpus, _ body: ([UInt16]) -> Void) {
        var ranks: [UInt16] = []
        for text in 0..<corpus.count {
            ranks.removeAll(keepingCapacity: true)
            for word in corpus.words(of: text) { ranks.append(rank(word)) }
            body(ranks)
        }
    }

    private func rank(_ word: UInt32) -> UInt16 { word == Corpus.unknown ? Terms.none : rankOfWord[Int(word)] }

    /// Gives the feature of every term in a text, as often as it occurs.
    func each(in words: ArraySlice<UInt32>, _ body: (UInt16) -> Void) {
        var (lastRank, lastPair) = (Terms.none, Terms.none)
        for word in words {
            let rank = rank(word)
            if rank != Terms.none, singleFeature[Int(rank)] != Terms.none { body(singleFeature[Int(rank)]) }
            let pair = self.pair(lastRank, rank)
            if pair != Terms.none {
                if pairFeature[Int(pair)] != Terms.none { body(pairFeature[Int(pair)]) }
                if lastPair != Terms.none {
                    let feature = tripleFeature[Int(lastPair) * pairCount + Int(pair)]
                    if feature != Terms.none { body(feature) }
                }
            }
            (lastRank, lastPair) = (rank, pair)
        }
    }
}
