import Model

/// English-like texts, the same from the same seed on every machine: a pinned vocabulary, a topic of few words that
/// each text keeps coming back to, small words between them, sentences with capitals and stops. Single texts of a
/// kibibyte shrink by about 2.4 with zstd 1, 64 of them together by about 3, as measured on English.
package struct TextGenerator {
    private static let octaves: UInt64 = 12
    package static let vocabularySize = (1 << Int(octaves)) - 1
    private static let onsets = [
        "b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "v", "w", "st", "tr", "ch",
    ]
    private static let vowels = ["a", "e", "i", "o", "u", "ea", "ou", "io"]
    private static let codas = ["", "", "n", "r", "s", "t", "l", "nd", "ng", "ck"]
    private static let common = [
        "the", "of", "and", "to", "in", "a", "is", "that", "for", "it", "as", "was", "with", "be", "by", "on", "not",
        "he", "this", "are", "or", "his", "from", "at", "which", "but", "have", "an", "had", "they", "you", "were",
    ]

    private static let vocabulary: [[UInt8]] = {
        var random = SeededRandom(seed: 0x5EED_0F_70_0D)
        func pick(_ list: [String]) -> String { random.oneOf(list) }
        var words = common
        var known = Set(words)
        while words.count < vocabularySize {
            let syllables = 1 + random.below(3)
            let word = (0..<syllables).map { _ in pick(onsets) + pick(vowels) }.joined() + pick(codas)
            if known.insert(word).inserted { words.append(word) }
        }
        return words.map { Array($0.utf8) }
    }()

    private static let topicWords = 16
    private var random: SeededRandom
    private var topic: [Int] = []

    package init(seed: UInt64) { random = SeededRandom(seed: seed) }

    /// A text of about `bytes` bytes: at least that many, and at most a sentence's end more.
    package mutating func text(bytes: Int) -> [UInt8] {
        let every = UInt64(TextGenerator.vocabularySize)
        topic = (0..<TextGenerator.topicWords).map { $0 % 4 == 0 ? rank() : Int(random.below(every)) }
        var text: [UInt8] = []
        text.reserveCapacity(bytes + 32)
        while text.count < bytes { appendSentence(to: &text, upTo: bytes) }
        return text
    }

    private mutating func appendSentence(to text: inout [UInt8], upTo bytes: Int) {
        let words = 5 + random.below(14)
        for place in 0..<words where text.count < bytes {
            let start = text.count
            text += TextGenerator.vocabulary[word()]
            if place == 0 { text[start] -= 32 }
            if place + 1 < words { text.append(UInt8(ascii: " ")) }
        }
        text += [UInt8(ascii: "."), UInt8(ascii: " ")]
    }

    /// Three words in five are the topic's, the others small and common.
    private mutating func word() -> Int {
        random.below(5) < 3
            ? topic[Int(random.below(UInt64(topic.count)))] : Int(random.below(UInt64(TextGenerator.common.count)))
    }

    /// Ranks fall off as one over the rank: each power of two is as likely as the next.
    private mutating func rank() -> Int {
        let size = UInt64(1) << random.below(TextGenerator.octaves)
        return Int(size - 1 + random.below(size))
    }
}
