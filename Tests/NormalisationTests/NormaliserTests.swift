import Testing

@testable import Normalisation

@Suite struct NormaliserTests {
    private let normaliser = Normaliser()

    private func form(_ text: String) -> String? {
        var output: [UInt8] = [1]
        switch normaliser.normalise(Array(text.utf8)[...], into: &output) {
        case .unchanged: return text
        case .changed: return String(decoding: output, as: UTF8.self)
        case .invalid: return nil
        }
    }

    @Test(arguments: [
        ("", ""), (" ", ""), ("a", "a"), ("A", "a"), ("  Hello\t\r\nWORLD ", "hello world"), ("a  b", "a b"),
        ("\u{FB01}ne", "fine"), ("ＦＵＬＬ　ｗｉｄｔｈ", "full width"), ("Straße", "strasse"), ("STRASSE", "strasse"),
        ("e\u{301}", "é"), ("E\u{301}", "é"), ("x E\u{301}", "x é"), ("no\u{A0}break", "no break"),
        ("a\u{A0}\u{2003} b", "a b"), ("zero\u{200D}width\u{200B}\u{FEFF}", "zerowidth"), ("so\u{AD}ft", "soft"),
        ("line\u{2028}two\u{85}three", "line two three"), ("Ⅷ ½ ①", "viii 1⁄2 1"), ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
        ("İ", "i\u{307}"), ("ﬀ ǅ", "ff dž"), ("\u{1E9E}", "ss"), ("ᾳ", "αι"), ("ᾳ\u{325}", "α\u{325}ι"),
        ("α\u{345}\u{325}", "α\u{325}ι"), ("K\u{212A}Å\u{212B}", "kkåå"),
        ("a\u{323}\u{307}", "ạ\u{307}"), ("a\u{307}\u{323}", "ạ\u{307}"), ("가\u{11A8}", "각"), ("\u{200B}", ""),
        ("\u{A8}x", "\u{308}x"), ("日本語", "日本語"), ("Ж\u{301} Ж", "ж\u{301} ж"), ("🏴\u{E0067}", "🏴"),
        ("tab\tat 16 byte.s\t\tand After the Block of Sixteen  ", "tab at 16 byte.s and after the block of sixteen"),
    ]) func textsThatLookAlikeHaveOneForm(text: String, expected: String) throws {
        let found = try #require(form(text))
        #expect(Array(found.unicodeScalars) == Array(expected.unicodeScalars))
        #expect(form(found).map { Array($0.unicodeScalars) } == Array(expected.unicodeScalars))
    }

    @Test(arguments: ["", "plain words, one space apart: 0123456789", "é ж 日本", "a\u{0}b", "~", "ascii then ж"])
    func aTextInNormalFormIsUnchanged(text: String) {
        #expect(normaliser.normalise(Array(text.utf8)[...]) == .unchanged)
    }

    @Test func differentTextsKeepDifferentForms() {
        let forms = ["a b", "ab", "a.b", "a\u{301}b", "á", "а", "a", "ı", "i", "0", "o", "rn", "m"].map(form)
        #expect(Set(forms.map { Array(($0 ?? "").utf8) }).count == forms.count)
    }

    @Test func whatIsNotUTF8IsInvalidAtItsFirstBadByte() {
        let texts: [([UInt8], Int)] = [
            ([0xFF], 0), ([0x41, 0x80], 1), (Array("Größe ".utf8) + [0xC3], 8), ([0x20, 0x20, 0xED, 0xA0, 0x80], 2),
            ([0xC3, 0xA9, 0x41, 0xC0, 0x80], 3),
        ]
        for (text, offset) in texts {
            #expect(normaliser.normalise(text[...]) == .invalid(at: offset))
            #expect(normaliser.normalise(([0x78] + text)[1...]) == .invalid(at: offset))
        }
        #expect(form("Still in order") == "still in order")
    }

    /// Every way through the block loops, against one byte at a time.
    @Test func theFastPathAgreesWithTheSlowOne() {
        var state: UInt64 = 3
        func next(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        let alphabets = ["abc ", "abcdefghijklmnopABC ", "aB \t\n", "ab    "].map { Array($0.utf8) }
        for round in 0..<20_000 {
            let letters = alphabets[round & 3]
            let text = (0..<next(80)).map { _ in letters[Int(next(UInt64(letters.count)))] }
            let words = text.split(whereSeparator: { $0 == 32 || $0 == 9 || $0 == 10 })
            let expected = Array(words.joined(separator: [32])).map { $0 >= 65 && $0 <= 90 ? $0 + 32 : $0 }
            var output: [UInt8] = []
            let result = normaliser.normalise(text[...], into: &output)
            #expect(result == (text == expected ? .unchanged : .changed))
            #expect(result == .unchanged || output == expected)
        }
    }

    @Test func aMebibyteOfCombiningMarksIsOrderedInReasonableTime() throws {
        let marks = Array(String(repeating: "\u{301}\u{327}\u{323}", count: 170_000).utf8)
        let time = ContinuousClock().measure { #expect(normaliser.normalise(marks[...]) == .changed) }
        let form = String(decoding: normaliser.form, as: UTF8.self).unicodeScalars
        #expect(form.count == 510_000)
        #expect(form.first == "\u{327}" && form.last == "\u{301}")
        // In quadratic time it takes minutes.
        #expect(time < .seconds(30))
    }

    @Test func formsAreThoseOfTheirDefinitionInPython() throws {
        let pairs = try Python.foldedTexts()
        #expect(pairs.count == 3_000)
        for (text, expected) in pairs {
            var output = text
            let result = normaliser.normalise(text[...], into: &output)
            #expect(output == expected, "\(String(decoding: text, as: UTF8.self).unicodeScalars.map(\.value))")
            #expect(result == (text == expected ? .unchanged : .changed))
            #expect(normaliser.normalise(expected[...]) == .unchanged)
        }
    }

    @Test func theVersionOfUnicodeIsPinned() {
        #expect(unicodeVersion == "15.0.0")
    }
}
