import Model

/// English-like text from a seed: the same seed gives the same words on every machine.
struct Prose {
    private var random: SeededRandom
    private let topic: Topic

    init(topic: Topic, seed: UInt64) {
        self.topic = topic
        random = SeededRandom(seed: seed)
    }

    private mutating func pick(_ words: [String]) -> String { random.oneOf(words) }

    mutating func title() -> String {
        let text = "\(pick(topic.adjectives)) \(pick(topic.nouns)) \(pick(topic.verbs)) the \(pick(topic.nouns))"
        return Prose.capitalised(text)
    }

    mutating func sentence() -> String {
        let start = "the \(pick(topic.adjectives)) \(pick(topic.nouns)) \(pick(topic.verbs))"
        let end: String
        switch random.below(5) {
        case 0: end = "the \(pick(topic.nouns))"
        case 1: end = "a \(pick(topic.nouns)) while the \(pick(topic.nouns)) \(pick(topic.verbs))"
        case 2: end = "every \(pick(topic.adjectives)) \(pick(topic.nouns)) before the \(pick(topic.nouns))"
        case 3: end = "\(random.below(90) + 10) of the \(pick(topic.adjectives)) \(pick(topic.nouns)) reports"
        default: end = "each \(pick(topic.nouns)), and then the \(pick(topic.adjectives)) \(pick(topic.nouns))"
        }
        return Prose.capitalised("\(start) \(end).")
    }

    mutating func paragraph(sentences: ClosedRange<UInt64> = 3...6) -> String {
        let count = sentences.lowerBound + random.below(sentences.upperBound - sentences.lowerBound + 1)
        return (0..<count).map { _ in sentence() }.joined(separator: " ")
    }

    mutating func number(below bound: UInt64) -> UInt64 { random.below(bound) }
    mutating func word() -> String { pick(topic.nouns) }
    mutating func bytes(_ count: Int) -> [UInt8] { random.bytes(count) }

    private static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
