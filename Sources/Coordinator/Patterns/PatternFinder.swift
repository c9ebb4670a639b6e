import Model

/// From the texts of a run to its patterns: the same texts, options and run before give the same. Nothing here reads a
/// clock or a file.
struct PatternFinder {
    private let corpus: Corpus
    private let options: PatternOptions
    private let terms: Terms
    private let vectors: TermVectors
    private let clusters: Clusters

    struct Found {
        var run: LedgerFormat.StoredPatternRun
        var members: LedgerFormat.StoredMembers
    }

    /// Nil when `goesOn` said no. It is asked between two steps.
    init?(_ corpus: Corpus, _ options: PatternOptions, goesOn: () -> Bool) {
        self.corpus = corpus
        self.options = options
        terms = Terms(corpus)
        guard goesOn() else { return nil }
        vectors = TermVectors(corpus, terms)
        guard
            let clusters = Clusters(
                vectors, features: terms.all.count, seed: options.seed, goesOn: goesOn)
        else { return nil }
        self.clusters = clusters
    }

    /// The patterns, largest first, matched with those of the run before. Excerpts are left for who has the texts.
    func found(after previous: LedgerFormat.StoredPatternRun?) -> Found {
        var run = LedgerFormat.StoredPatternRun(
            texts: UInt64(corpus.count), words: UInt64(corpus.words.count), setAside: UInt64(corpus.setAside),
            wordsPerText: UInt64(corpus.wordsPerText))
        run.seed = options.seed
        run.terms = terms.all.indices.map {
            LedgerFormat.StoredTerm(
                text: String(decoding: terms.all[$0].text, as: UTF8.self), count: UInt64(terms.all[$0].count),
                texts: vectors.texts[$0])
        }
        let groups = members()
        run.patterns = groups.map { pattern($0) }
        PatternChanges.match(&run, with: previous)
        var patternOf = [UInt64](repeating: 0, count: corpus.count)
        for (pattern, group) in zip(run.patterns, groups) {
            for text in group { patternOf[text] = pattern.id }
        }
        return Found(
            run: run,
            members: LedgerFormat.StoredMembers(artifacts: corpus.origins.map(\.artifact), patterns: patternOf))
    }

    private func members() -> [[Int]] {
        var groups = [[Int]](repeating: [], count: Limits.patternCount)
        for (text, cluster) in clusters.members.enumerated() where cluster != Clusters.noCluster {
            groups[Int(cluster)].append(text)
        }
        return groups.filter { !$0.isEmpty }.sorted { ($0.count, $1[0]) > ($1.count, $0[0]) }
    }

    // MARK: One pattern

    private func pattern(_ group: [Int]) -> LedgerFormat.StoredPattern {
        let centre = self.centre(group)
        let order = centre.indices.filter { centre[$0] > 0 }.sorted { (centre[$0], $1) > (centre[$1], $0) }
        let times = group.map { corpus.origins[$0].at.milliseconds }
        var pattern = LedgerFormat.StoredPattern(
            members: UInt64(group.count), features: order.map { UInt32($0) }, weights: order.map { centre[$0] },
            characteristics: characteristics(centre), nodes: shares(group, \.node),
            domains: shares(group, \.domain))
        pattern.firstAtMs = times.min() ?? 0
        pattern.lastAtMs = times.max() ?? 0
        pattern.sample = corpus.origins[nearest(to: centre, in: group)].artifact
        pattern.confidence = confidence(group)
        return pattern
    }

    /// The mean of the members' vectors, brought to length 1.
    private func centre(_ group: [Int]) -> [Double] {
        var sum = [Double](repeating: 0, count: terms.all.count)
        for text in group {
            for at in vectors.range(text) { sum[Int(vectors.features[at])] += Double(vectors.weights[at]) }
        }
        let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return sum.map { $0 / length }
    }

    private func nearest(to centre: [Double], in group: [Int]) -> Int {
        var best = (text: group[0], similarity: -1.0)
        for text in group {
            let similarity = vectors.range(text).reduce(0.0) {
                $0 + centre[Int(vectors.features[$1])] * Double(vectors.weights[$1])
            }
            if similarity > best.similarity { best = (text, similarity) }
        }
        return best.text
    }

    /// The mean similarity of every pair among at most 64 members, taken at even distances; 0 below three members.
    private func confidence(_ group: [Int]) -> Double {
        guard group.count >= 3 else { return 0 }
        let count = min(group.count, Limits.patternPairs)
        let chosen = (0..<count).map { group[$0 * group.count / count] }
        var sum = 0.0
        for first in chosen.indices {
            for second in chosen[..<first] { sum += vectors.similarity(chosen[first], second) }
        }
        return sum / Double(count * (count - 1) / 2)
    }

    /// How much of the centre lies in terms with a word that begins like one of the vocabulary: the sum of the squares
    /// of their weights, which over all terms is 1.
    private func characteristics(_ centre: [Double]) -> [LedgerFormat.StoredCharacteristic] {
        options.characteristics.compactMap { characteristic in
            let words = characteristic.words.map { Array($0.utf8) }
            let weight = centre.indices.reduce(0.0) { sum, feature in
                guard centre[feature] > 0 else { return sum }
                let parts = terms.all[feature].text.split(separator: 0x20)
                let belongs = parts.contains { part in words.contains { part.starts(with: $0) } }
                return belongs ? sum + centre[feature] * centre[feature] : sum
            }
            guard weight >= PatternFinder.leastCharacteristic else { return nil }
            return LedgerFormat.StoredCharacteristic(name: characteristic.name, weight: weight)
        }
        .sorted { ($0.weight, $1.name) > ($1.weight, $0.name) }
    }

    private static let leastCharacteristic = 0.01
    private static let shares = 16  // nodes and domains named of a pattern; the rest are counted together

    private func shares(_ group: [Int], _ name: KeyPath<Corpus.Origin, Int>) -> [LedgerFormat.StoredShare] {
        var counts = [Int](repeating: 0, count: corpus.names.count)
        for text in group { counts[corpus.origins[text][keyPath: name]] += 1 }
        let order = counts.indices.filter { counts[$0] > 0 && !corpus.names[$0].isEmpty }
            .sorted { (counts[$0], $1) > (counts[$1], $0) }
        var shares = order.prefix(PatternFinder.shares).map {
            LedgerFormat.StoredShare(name: corpus.names[$0], count: UInt64(counts[$0]))
        }
        let rest = order.dropFirst(PatternFinder.shares).reduce(0) { $0 + counts[$1] }
        if rest > 0 { shares.append(LedgerFormat.StoredShare(name: "others", count: UInt64(rest))) }
        return shares
    }
}
