import Model
import Testing

@testable import Coordinator

@Suite struct PatternFinderTests {
    private static func corpus(
        _ texts: [String], stopWords: [String] = StopWords.english, words: Int = 1 << 20, vocabulary: Int = 1 << 16
    ) -> Corpus {
        var corpus = Corpus(stopWords: stopWords, texts: texts.count, words: words, vocabulary: vocabulary)
        for (place, text) in texts.enumerated() {
            corpus.add(
                Array(text.utf8)[...], artifact: UInt64(place) + 1, at: WallTime(milliseconds: Int64(place)),
                node: "n\(place % 2)", domain: place % 3 == 0 ? "a.example" : "b.example")
        }
        return corpus
    }

    private static func find(
        _ texts: [String], options: PatternOptions = PatternOptions(),
        after previous: LedgerFormat.StoredPatternRun? = nil
    ) throws -> PatternFinder.Found {
        let finder = PatternFinder(corpus(texts, stopWords: options.stopWords), options) { true }
        return try #require(finder).found(after: previous)
    }

    /// Three subjects, each text with its own numbers.
    private static func known(_ count: Int, from first: Int = 0) -> [String] {
        (first..<first + count).map { number in
            switch number % 3 {
            case 0: "The attack used an exploit for a known vulnerability, case \(number) of the malware breach."
            case 1: "Nightly backup of the database \(number) to cold storage, then recovery of the data."
            default: "Bread needs flour, water and salt; knead the dough \(number) times and bake the bread."
            }
        }
    }

    // MARK: Terms

    private static func bruteForce(_ corpus: Corpus, limit: Int) -> [Terms.Term] {
        var counts: [[UInt8]: (UInt32, Int)] = [:]
        for text in 0..<corpus.count {
            let words = corpus.words(of: text).map { Array(corpus.table.word(Int($0))) }
            for length in 1...3 where words.count >= length {
                for start in 0...(words.count - length) {
                    let term = Array(words[start..<start + length].joined(separator: [0x20]))
                    counts[term, default: (0, length)].0 += 1
                }
            }
        }
        let all = counts.map { Terms.Term(text: $0.key, words: $0.value.1, count: $0.value.0) }
        let sorted = all.sorted { a, b in
            if a.count != b.count { return a.count > b.count }
            if a.words != b.words { return a.words < b.words }
            return a.text.lexicographicallyPrecedes(b.text)
        }
        return Array(sorted.prefix(limit))
    }

    @Test(arguments: [5, 40, 300, 5_000], [1 as UInt64, 2, 3])
    func `the features are those that counting every term of every text gives`(limit: Int, seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let texts = (0..<60).map { _ in
            (0..<30).map { _ in "w\(min(random.below(40), random.below(40)))" }.joined(separator: " ")
        }
        let corpus = PatternFinderTests.corpus(texts)
        let terms = Terms(corpus, limit: limit)
        #expect(terms.all == PatternFinderTests.bruteForce(corpus, limit: limit))
        var seen = [UInt32](repeating: 0, count: terms.all.count)
        for text in 0..<corpus.count { terms.each(in: corpus.words(of: text)) { seen[Int($0)] += 1 } }
        #expect(seen == terms.all.map(\.count))
    }

    @Test func `stop words, single letters and over-long words are no words`() {
        let long = String(repeating: "x", count: 65)
        let corpus = PatternFinderTests.corpus(["The cat, THE Katze! é 7 42 \(long) naïve"])
        let words = corpus.words(of: 0).map { String(decoding: corpus.table.word(Int($0)), as: UTF8.self) }
        #expect(words == ["cat", "katze", "42", "naïve"])
    }

    @Test(arguments: [
        ("GRÜNE Straßen, Äpfel", ["grüne", "strassen", "äpfel"]),
        ("Зелёное ПОЛЕ — 2024 год", ["зелёное", "поле", "2024", "год"]),
        ("L'ÉTÉ à Besançon: œuvre", ["été", "besançon", "œuvre"]),
        ("ｆｕｌｌ ﬁle हिन्दी", ["full", "file", "हिन्दी"]),
    ])
    func `words of any script are letters, marks and digits of the normal form`(text: String, expected: [String]) {
        let corpus = PatternFinderTests.corpus([text])
        let words = corpus.words(of: 0).map { String(decoding: corpus.table.word(Int($0)), as: UTF8.self) }
        #expect(words == expected)
    }

    // MARK: Patterns

    @Test func `a known corpus gives its terms and characteristics`() throws {
        let found = try PatternFinderTests.find(PatternFinderTests.known(300))
        #expect(found.run.texts == 300)
        let about = found.run.patterns.reduce(into: [String: UInt64]()) { sums, pattern in
            sums[pattern.characteristics.first?.name ?? "none", default: 0] += pattern.members
        }
        #expect(about == ["security": 100, "data": 100, "none": 100])
        for pattern in found.run.patterns {
            let terms = Set(PatternChanges.top(pattern, found.run.terms))
            switch pattern.characteristics.first?.name {
            case "security": #expect(terms.isSuperset(of: ["attack", "exploit", "malware"]))
            case "data": #expect(terms.isSuperset(of: ["backup", "database", "recovery"]))
            default: #expect(terms.contains("bread"))
            }
            #expect(pattern.weights.allSatisfy { $0 > 0 && $0 <= 1 })
            #expect(pattern.weights == pattern.weights.sorted(by: >))
            #expect(pattern.confidence > 0.25 || pattern.members < 3)
            #expect(pattern.nodes.map(\.count).reduce(0, +) == pattern.members)
            #expect(pattern.domains.map(\.count).reduce(0, +) == pattern.members)
        }
        #expect(found.members.artifacts == Array(1...300))
        #expect(!found.members.patterns.contains(0))
    }

    @Test func `the same texts and seed give the same, another seed may not`() throws {
        let texts = PatternFinderTests.known(120)
        let first = try PatternFinderTests.find(texts)
        let second = try PatternFinderTests.find(texts)
        #expect(first.run == second.run)
        #expect(first.members == second.members)
    }

    @Test func `below three members the confidence is 0`() throws {
        let found = try PatternFinderTests.find((0..<10).map { "alone\($0) single\($0)" })
        #expect(found.run.patterns.map(\.members) == Array(repeating: 1, count: 10))
        #expect(found.run.patterns.allSatisfy { $0.confidence == 0 })
    }

    @Test func `texts without a word are in no pattern`() throws {
        let found = try PatternFinderTests.find(Array(repeating: "… the ! of", count: 12))
        #expect(found.run.patterns.isEmpty)
        #expect(found.members.patterns == Array(repeating: 0, count: 12))
    }

    @Test func `a pattern that is found again keeps its id and says what has changed`() throws {
        let first = try PatternFinderTests.find(PatternFinderTests.known(90))
        #expect(first.run.patterns.allSatisfy { $0.change == nil })
        let second = try PatternFinderTests.find(
            PatternFinderTests.known(90).map { $0 + " Update follows." }, after: first.run)
        let kept = second.run.patterns.filter { $0.change != nil }
        #expect(kept.count >= 3)
        for pattern in kept {
            let before = try #require(first.run.patterns.first { $0.id == pattern.id })
            let (now, then) = (
                PatternChanges.top(pattern, second.run.terms), PatternChanges.top(before, first.run.terms)
            )
            #expect(pattern.change?.members == before.members)
            #expect(pattern.change?.newTerms == now.filter { !then.contains($0) })
            #expect(pattern.change?.goneTerms == then.filter { !now.contains($0) })
        }
        #expect(Set(second.run.patterns.map(\.id)).count == second.run.patterns.count)
        let third = try PatternFinderTests.find((0..<12).map { "entirely other words \($0)" }, after: second.run)
        #expect(third.run.patterns.allSatisfy { $0.id >= second.run.nextPattern })
        #expect(third.run.gone == second.run.patterns.map { "p\($0.id)" })
    }

    @Test func `why adds up to the similarity and names the pattern that the text is in`() throws {
        let texts = PatternFinderTests.known(150)
        let found = try PatternFinderTests.find(texts)
        let judge = PatternJudge(found.run, stopWords: StopWords.english)
        for pattern in found.run.patterns {
            #expect(judge.topTerms(of: pattern.id) == PatternChanges.top(pattern, found.run.terms))
        }
        #expect(judge.topTerms(of: 99) == [])
        for (place, text) in texts.enumerated() {
            let answer = judge.judge(Array(text.utf8)[...])
            #expect(answer.pattern == found.members.patterns[place])
            #expect(abs(answer.contributions.reduce(0) { $0 + $1.product } - answer.similarity) < 1e-12)
        }
        #expect(
            judge.judge(Array("zzz".utf8)[...]) == PatternJudge.Answer(pattern: 0, similarity: 0, contributions: []))
    }

    @Test func `a run ends when it is told to`() {
        #expect(
            PatternFinder(PatternFinderTests.corpus(PatternFinderTests.known(30)), PatternOptions()) { false } == nil)
    }

    // MARK: Bounds

    @Test func `words of one run and different words stay within their bounds, and what is frequent stays`() {
        var random = SeededRandom(seed: 4)
        let texts = (0..<400).map { number in
            "common word " + (0..<200).map { _ in "r\(random.next())" }.joined(separator: " ") + " number \(number)"
        }
        let corpus = PatternFinderTests.corpus(texts, words: 400 * 100, vocabulary: 2_000)
        #expect(corpus.words.count <= 400 * 100)
        #expect(corpus.table.count <= 2_000 + 100)
        #expect(corpus.setAside > 30_000)
        let terms = Terms(corpus, limit: 3)
        #expect(terms.all.map { String(decoding: $0.text, as: UTF8.self) } == ["common", "word", "common word"])
        #expect(terms.all.map(\.count) == [400, 400, 400])
    }
}

@Suite struct PatternOptionsTests {
    @Test func `stop words of a file are brought to normal form`() throws {
        var options = PatternOptions()
        try options.setStopWords(Array("Die\tDER\nÜBER".utf8))
        #expect(options.stopWords == ["die", "der", "über"])
        #expect(throws: PatternOptionFault("the stop words are not UTF-8; save the file as UTF-8")) {
            try options.setStopWords([0xFF])
        }
    }

    @Test func `characteristics of a file replace the standard ones`() throws {
        var options = PatternOptions()
        #expect(options.characteristics.map(\.name) == ["security", "performance", "data"])
        try options.setCharacteristics(Array("# food\nfood: Bread dough\nsea: fish\n".utf8))
        #expect(
            options.characteristics == [
                PatternOptions.Characteristic(name: "food", words: ["bread", "dough"]),
                PatternOptions.Characteristic(name: "sea", words: ["fish"]),
            ])
        #expect(
            throws: PatternOptionFault(
                "the line “food” is no characteristic; a name, a colon and words are accepted, such as "
                    + "security: attack breach")
        ) { try options.setCharacteristics(Array("food".utf8)) }
    }
}
