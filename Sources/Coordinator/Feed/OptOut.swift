package import Wire

/// Which words of a source keep its content from being used for training.
package struct OptOutPolicy: Equatable, Sendable {
    /// Words in X-Robots-Tag, or in the robots group that was matched, that forbid it.
    package var robotsWords: Set<String> = ["noai", "noimageai", "notrain", "none"]
    package var honoursReservation = true
    package var honoursContentSignal = true

    package init() {}

    /// `noai,tdm-reservation`: the words that forbid it in X-Robots-Tag or a robots group, and which of the other two
    /// signals are heeded. Nil for a word that none of them could be.
    package init?(_ text: String) {
        var heeded: Set<String> = []
        for word in text.split(separator: ",").map({ $0.lowercased() }) {
            guard !word.isEmpty, words(word) == [word] else { return nil }
            heeded.insert(word)
        }
        honoursReservation = heeded.remove("tdm-reservation") != nil
        honoursContentSignal = heeded.remove("content-signal") != nil
        robotsWords = heeded
    }

    /// What forbids it, as the source said it; nil: nothing does.
    package func objection(in signals: StringMap) -> String? {
        for pair in signals where forbids(pair.key.lowercased(), pair.value.lowercased()) {
            return "\(pair.key): \(pair.value.prefix(200))"
        }
        return nil
    }

    private func forbids(_ name: String, _ value: String) -> Bool {
        switch name {
        case "x-robots-tag", "robots", "robots-group", "robots-meta": !robotsWords.isDisjoint(with: words(value))
        case "tdm-reservation": honoursReservation && words(value).first == "1"
        case "content-signal":
            honoursContentSignal
                && value.split(separator: ",").contains { part in
                    part.filter { $0 != " " && $0 != "\t" } == "ai-train=no"
                }
        default: false
        }
    }

    private func words(_ value: String) -> [String] {
        value.split { !($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }.map(String.init)
    }
}
