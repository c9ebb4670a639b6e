/// Which language a text is in, by its script and its commonest words. Pure.
enum LanguageGuess {
    private static let looked = 4_096  // characters
    private static let fewest = 3  // common words that make a guess one

    private static let common: [(language: String, words: Set<String>)] = [
        ("en", ["the", "and", "of", "to", "is", "that", "for", "with", "was", "this", "are", "from", "have", "not"]),
        ("de", ["der", "die", "und", "das", "ist", "nicht", "mit", "ein", "eine", "den", "von", "auf", "für", "sich"]),
        ("fr", ["le", "les", "des", "est", "une", "dans", "pour", "que", "qui", "sur", "pas", "avec", "du", "et"]),
        ("es", ["el", "los", "las", "del", "una", "por", "con", "para", "que", "se", "es", "más", "como", "y"]),
        ("it", ["il", "che", "di", "della", "una", "per", "non", "sono", "con", "gli", "nel", "più", "alla", "è"]),
        ("pt", ["que", "não", "uma", "para", "com", "os", "dos", "das", "mais", "foi", "ao", "são", "em", "do"]),
        ("nl", ["de", "het", "een", "van", "en", "niet", "dat", "voor", "met", "zijn", "aan", "ook", "wordt", "naar"]),
        ("sv", ["och", "att", "det", "som", "är", "på", "för", "med", "inte", "den", "till", "av", "ett", "har"]),
        ("pl", ["nie", "się", "na", "jest", "że", "do", "jak", "ale", "przez", "oraz", "dla", "są", "od", "który"]),
    ]

    /// Nil when nothing speaks for any.
    static func language(of text: String) -> String? {
        let sample = text.unicodeScalars.prefix(looked)
        if let language = byScript(sample) { return language }
        var counts = [Int](repeating: 0, count: common.count)
        let words = String(String.UnicodeScalarView(sample)).lowercased().split { !$0.isLetter }
        for word in words {
            for (index, entry) in common.enumerated() where entry.words.contains(String(word)) { counts[index] += 1 }
        }
        guard let most = counts.max(), most >= fewest, counts.count(where: { $0 == most }) == 1,
            let index = counts.firstIndex(of: most)
        else { return nil }
        return common[index].language
    }

    private static func byScript(_ sample: String.UnicodeScalarView.SubSequence) -> String? {
        var counts: [String: Int] = [:]
        var letters = 0
        for scalar in sample where scalar.properties.isAlphabetic {
            letters += 1
            if let script = script(of: scalar.value) { counts[script, default: 0] += 1 }
        }
        // Japanese is written with Chinese characters too, and shows by its own.
        if let kana = counts["ja"], kana * 20 > letters { return "ja" }
        guard let most = counts.max(by: { $0.value < $1.value }), most.value * 2 > letters else { return nil }
        guard most.key == "ru" else { return most.key }
        return sample.contains { "іїєґІЇЄҐ".unicodeScalars.contains($0) } ? "uk" : "ru"
    }

    private static func script(of value: UInt32) -> String? {
        switch value {
        case 0x370...0x3FF: "el"
        case 0x400...0x4FF: "ru"
        case 0x590...0x5FF: "he"
        case 0x600...0x6FF: "ar"
        case 0x900...0x97F: "hi"
        case 0xE00...0xE7F: "th"
        case 0x3040...0x30FF: "ja"
        case 0x4E00...0x9FFF: "zh"
        case 0xAC00...0xD7AF: "ko"
        default: nil
        }
    }
}
