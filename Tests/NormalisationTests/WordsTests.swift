import Normalisation
import Testing

@Suite struct WordsTests {
    private func words(_ text: String, atMost count: Int = .max) -> [String] {
        var found: [String] = []
        _ = Normaliser().withForm(of: Array(text.utf8)[...]) { form in
            Words.each(form) {
                found.append(String(decoding: $0, as: UTF8.self))
                return found.count < count
            }
        }
        return found
    }

    @Test func `words are the longest runs of letters, marks and digits`() {
        #expect(words("One, two-three 4½ x_y.") == ["one", "two", "three", "41", "2", "x", "y"])
        #expect(words("Straße ΑΣ нет!да 東京 हिन्दी") == ["strasse", "ασ", "нет", "да", "東京", "हिन्दी"])
        #expect(words(" — … 🦊 ") == [])
        #expect(words("🦊fuchs🦊") == ["fuchs"])
    }

    @Test func `it ends when it is told to`() {
        #expect(words("a b c d", atMost: 2) == ["a", "b"])
    }

    @Test func `what is not UTF-8 has no form`() {
        #expect(Normaliser().withForm(of: [0x61, 0xFF]) { _ in true } == nil)
    }
}
