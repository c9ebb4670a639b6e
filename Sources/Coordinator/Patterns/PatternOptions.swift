import Normalisation

/// What an operator can choose about patterns.
package struct PatternOptions: Sendable {
    /// In normal form.
    package private(set) var stopWords = StopWords.english
    package private(set) var characteristics = PatternOptions.standard
    package var seed: UInt64 = 0x0005_EED0_FA77

    package struct Characteristic: Equatable, Sendable {
        package var name: String
        package var words: [String]
    }

    package static let standard = [
        Characteristic(name: "security", words: ["attack", "vulnerability", "exploit", "malware", "breach"]),
        Characteristic(name: "performance", words: ["slow", "performance", "latency", "throughput", "optimization"]),
        Characteristic(name: "data", words: ["data", "database", "storage", "backup", "recovery"]),
    ]

    package init() {}

    /// Words between white space, instead of the English ones.
    package mutating func setStopWords(_ text: [UInt8]) throws(PatternOptionFault) {
        var words: [String] = []
        try PatternOptions.read(text, what: "stop words") { words.append($0) }
        stopWords = words
    }

    /// Lines of a name, a colon, and words; what begins with # is passed over.
    package mutating func setCharacteristics(_ text: [UInt8]) throws(PatternOptionFault) {
        var found: [Characteristic] = []
        for line in text.split(separator: UInt8(ascii: "\n")) where line.first != UInt8(ascii: "#") {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else {
                throw PatternOptionFault(
                    "the line “\(String(decoding: line, as: UTF8.self))” is no characteristic; "
                        + "a name, a colon and words are accepted, such as security: attack breach")
            }
            var words: [String] = []
            try PatternOptions.read(Array(line[(colon + 1)...]), what: "characteristics") { words.append($0) }
            found.append(Characteristic(name: String(decoding: line[..<colon], as: UTF8.self), words: words))
        }
        characteristics = found
    }

    private static func read(
        _ text: [UInt8], what: String, _ body: (String) -> Void
    ) throws(PatternOptionFault) {
        let read: Void? = Normaliser().withForm(of: text[...]) { form in
            Words.each(form) { word in
                body(String(decoding: word, as: UTF8.self))
                return true
            }
        }
        if read == nil { throw PatternOptionFault("the \(what) are not UTF-8; save the file as UTF-8") }
    }
}

package struct PatternOptionFault: Error, Equatable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
