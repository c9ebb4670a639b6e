import Model
import Wire

extension Proto.ListPatternsReply {
    init(_ run: LedgerFormat.StoredPatternRun) {
        self.init(
            stateVersion: run.stateVersion, atMs: run.atMs, texts: run.texts, words: run.words,
            setAside: run.setAside, patterns: run.patterns.map { Proto.PatternInfo($0, of: run) }, gone: run.gone,
            wordsPerText: run.wordsPerText)
    }
}

extension Proto.PatternInfo {
    fileprivate init(_ pattern: LedgerFormat.StoredPattern, of run: LedgerFormat.StoredPatternRun) {
        self.init(
            id: pattern.id, members: pattern.members,
            terms: zip(pattern.features, pattern.weights).prefix(Limits.patternTerms).map { feature, weight in
                let term = run.terms[Int(feature)]
                return Proto.PatternTerm(text: term.text, weight: weight, texts: term.texts)
            },
            characteristics: pattern.characteristics.map {
                Proto.PatternCharacteristic(name: $0.name, weight: $0.weight)
            },
            nodes: pattern.nodes.map { Proto.PatternShare(name: $0.name, count: $0.count) },
            domains: pattern.domains.map { Proto.PatternShare(name: $0.name, count: $0.count) },
            firstAtMs: pattern.firstAtMs, lastAtMs: pattern.lastAtMs, sample: pattern.sample,
            excerpt: pattern.excerpt, confidence: pattern.confidence,
            change: pattern.change.map {
                Proto.PatternChange(
                    similarity: $0.similarity, membersDelta: Int64(pattern.members) - Int64($0.members),
                    newTerms: $0.newTerms, goneTerms: $0.goneTerms)
            })
    }
}

extension Proto.ExplainPatternReply {
    init(_ answer: PatternJudge.Answer, _ artifact: UInt64, _ version: UInt64) {
        self.init(
            artifact: artifact, pattern: answer.pattern, similarity: answer.similarity,
            contributions: answer.contributions.map {
                Proto.PatternContribution(
                    term: $0.term, count: $0.count, inArtifact: $0.inText, inPattern: $0.inPattern,
                    contribution: $0.product)
            }, stateVersion: version)
    }
}
