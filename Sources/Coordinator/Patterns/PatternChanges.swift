import Model

/// Finds again the patterns of the run before, so that they keep their ids.
enum PatternChanges {
    /// Cosine of two centres below which they are different patterns.
    private static let least = 0.3

    /// The most similar pairs are matched first; each pattern at most once.
    static func match(
        _ run: inout LedgerFormat.StoredPatternRun, with previous: LedgerFormat.StoredPatternRun?
    ) {
        var next = max(1, previous?.nextPattern ?? 1)
        let before = previous.map { old in old.patterns.map { weights($0, of: old) } } ?? []
        let now = run.patterns.map { weights($0, of: run) }
        var pairs: [(new: Int, old: Int, similarity: Double)] = []
        for new in now.indices {
            for old in before.indices {
                let similarity = similarity(now[new], before[old])
                if similarity >= least { pairs.append((new, old, similarity)) }
            }
        }
        pairs.sort { ($0.similarity, $1.new, $1.old) > ($1.similarity, $0.new, $0.old) }
        var matched: Set<Int> = []
        for pair in pairs where run.patterns[pair.new].id == 0 && !matched.contains(pair.old) {
            guard let old = previous?.patterns[pair.old], let terms = previous?.terms else { break }
            matched.insert(pair.old)
            run.patterns[pair.new].id = old.id
            run.patterns[pair.new].change = change(
                top(run.patterns[pair.new], run.terms), top(old, terms), old.members, pair.similarity)
        }
        for place in run.patterns.indices where run.patterns[place].id == 0 {
            run.patterns[place].id = next
            next += 1
        }
        run.nextPattern = next
        run.gone =
            previous.map { old in
                old.patterns.indices.filter { !matched.contains($0) }.map { "p\(old.patterns[$0].id)" }
            } ?? []
    }

    private static func change(
        _ now: [String], _ before: [String], _ size: UInt64, _ similarity: Double
    ) -> LedgerFormat.StoredPatternChange {
        LedgerFormat.StoredPatternChange(
            similarity: similarity, members: size, newTerms: now.filter { !before.contains($0) },
            goneTerms: before.filter { !now.contains($0) })
    }

    static func top(_ pattern: LedgerFormat.StoredPattern, _ terms: [LedgerFormat.StoredTerm]) -> [String] {
        pattern.features.prefix(Limits.patternTerms).map { terms[Int($0)].text }
    }

    private static func weights(
        _ pattern: LedgerFormat.StoredPattern, of run: LedgerFormat.StoredPatternRun
    ) -> [String: Double] {
        Dictionary(
            zip(pattern.features.map { run.terms[Int($0)].text }, pattern.weights), uniquingKeysWith: { a, _ in a })
    }

    /// Summed in the order of the terms, as a sum of doubles depends on it.
    private static func similarity(_ a: [String: Double], _ b: [String: Double]) -> Double {
        a.keys.filter { b[$0] != nil }.sorted().reduce(0) { $0 + (a[$1] ?? 0) * (b[$1] ?? 0) }
    }
}
