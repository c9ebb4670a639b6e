import Model
import Normalisation

/// The texts of one run as rows of word numbers: what is left of them once stop words, single letters and over-long
/// words are out. Four bytes a word; the words of all texts together are bounded.
struct Corpus {
    /// Stands for a word that was set aside; no term holds it.
    static let unknown = UInt32.max

    /// What a text brought with it.
    struct Origin {
        var artifact: UInt64
        var at: WallTime
        var node: Int
        var domain: Int
    }

    private let normaliser = Normaliser()
    let wordsPerText: Int
    private let vocabulary: Int
    private let stopWords: Int
    private(set) var table = WordTable()
    private(set) var words: [UInt32] = []
    /// Where the words of each text end.
    private(set) var ends: [Int] = []
    private(set) var origins: [Origin] = []
    private(set) var names: [String] = []
    private var nameNumbers: [String: Int] = [:]
    /// Different words dropped as rare, to keep the vocabulary bounded.
    private(set) var setAside = 0

    /// `texts` is how many will come.
    init(stopWords: [String], texts: Int, words: Int = Limits.patternWords, vocabulary: Int = Limits.patternVocabulary)
    {
        wordsPerText = max(1, words / max(1, texts))
        // The stop words come first, so that a number tells whether a word is one.
        var table = WordTable()
        for word in stopWords { _ = Array(word.utf8).withUnsafeBytes { table.add($0) } }
        self.table = table
        self.stopWords = table.count
        self.vocabulary = max(vocabulary, 2 * table.count)
    }

    var count: Int { ends.count }

    func words(of text: Int) -> ArraySlice<UInt32> { words[(text == 0 ? 0 : ends[text - 1])..<ends[text]] }

    /// The terms of one word that may become features: all but the stop words.
    var candidates: Range<Int> { stopWords..<table.count }

    mutating func add(_ text: ArraySlice<UInt8>, artifact: UInt64, at: WallTime, node: String, domain: String) {
        append(text)
        origins.append(Origin(artifact: artifact, at: at, node: number(of: node), domain: number(of: domain)))
        ends.append(words.count)
        if table.count > vocabulary { setRareWordsAside() }
    }

    private mutating func append(_ text: ArraySlice<UInt8>) {
        var room = wordsPerText
        var (table, words) = (self.table, self.words)
        (self.table, self.words) = (WordTable(), [])
        let stopWords = UInt32(stopWords)
        _ = normaliser.withForm(of: text) { form in
            Words.each(form) { word in
                guard Corpus.counts(word) else { return true }
                let number = table.add(word)
                guard number >= stopWords else { return true }
                words.append(number)
                room -= 1
                return room > 0
            }
        }
        (self.table, self.words) = (table, words)
    }

    /// Two characters at least, and not over-long.
    private static func counts(_ word: UnsafeRawBufferPointer) -> Bool {
        guard word.count > 1, word.count <= Limits.patternWordBytes else { return false }
        return word[0] < 0x80 || word.count(where: { $0 & 0xC0 != 0x80 }) > 1
    }

    private mutating func setRareWordsAside() {
        let before = table.count
        let numbers = table.halve(pinned: stopWords)
        setAside += before - table.count
        for place in words.indices where words[place] != Corpus.unknown {
            words[place] = numbers[Int(words[place])] ?? Corpus.unknown
        }
    }

    private mutating func number(of name: String) -> Int {
        if let known = nameNumbers[name] { return known }
        nameNumbers[name] = names.count
        names.append(name)
        return names.count - 1
    }
}
