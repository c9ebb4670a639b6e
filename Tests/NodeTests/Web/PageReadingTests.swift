import Fetching
import Model
import Testing

@testable import Node

@Suite("How pages are read")
struct PageReadingTests {
    @Test(
        "a language is guessed by script and by common words",
        arguments: [
            ("The cat is on the mat and that is not what it was for.", "en"),
            ("Der Hund ist nicht mit der Katze auf das Dach gegangen.", "de"),
            ("Le chat est dans la maison avec les enfants pour que tout aille.", "fr"),
            ("El perro y los gatos se van por la noche con una luz para ver.", "es"),
            ("Il gatto che non sono per la casa della nonna con gli altri.", "it"),
            ("O que não foi dito em uma carta para os pais do menino.", "pt"),
            ("De kat en het huis zijn van een man die dat niet wil.", "nl"),
            ("Det är inte den som har ett hus och att bo på.", "sv"),
            ("To jest pies, który nie lubi się bawić na dworze ale lubi dla siebie.", "pl"),
            ("Это русский текст о погоде", "ru"), ("Це український текст про її погоду", "uk"),
            ("これは日本語の文章です", "ja"), ("这是一个中文句子", "zh"), ("이것은 한국어 문장입니다", "ko"),
            ("هذا نص عربي", "ar"), ("זה טקסט בעברית", "he"), ("Αυτό είναι ελληνικό", "el"),
        ])
    func language(text: String, language: String) { #expect(LanguageGuess.language(of: text) == language) }

    @Test("what speaks for none is not guessed", arguments: ["", "42 17", "Lorem", "the of"])
    func noLanguage(text: String) { #expect(LanguageGuess.language(of: text) == nil) }

    @Test(
        "dates are read as mail and ISO write them",
        arguments: [
            ("2026-11-25T12:30:05Z", "2026-11-25T12:30:05Z"), ("2026-11-25T12:30:05+02:00", "2026-11-25T10:30:05Z"),
            ("2026-11-25T12:30:05.123-0130", "2026-11-25T14:00:05Z"), ("2026-11-25", "2026-11-25T00:00:00Z"),
            ("2026-11", "2026-11-01T00:00:00Z"), ("2026-11-25 12:30", "2026-11-25T12:30:00Z"),
            ("Wed, 25 Nov 2026 12:30:05 GMT", "2026-11-25T12:30:05Z"),
            ("25 Nov 26 12:30 +0100", "2026-11-25T11:30:00Z"),
            ("Wed, 25 Nov 2026 12:30:05 -0500", "2026-11-25T17:30:05Z"),
            ("Wednesday, 25-Nov-26 12:30:05 GMT", "2026-11-25T12:30:05Z"),
            ("25 November 2026", "2026-11-25T00:00:00Z"), ("Wed, 25 Nov 2026 12:30:05 EST", "2026-11-25T17:30:05Z"),
        ])
    func dates(text: String, date: String) { #expect(DateText.time(text).map(DateText.text) == date) }

    @Test(
        "what is no date is none", arguments: ["", "soon", "2026", "2026-13-01", "99 Nov 2026", "2026-11-25Tx", "--"])
    func noDates(text: String) { #expect(DateText.time(text) == nil) }

    @Test("charsets go by what pages mean, and broken bytes become U+FFFD")
    func charsets() {
        #expect(Charset.readable([0x93, 0x61], from: "ISO-8859-1") == Array("\u{201C}a".utf8))
        #expect(Charset.readable([0x82, 0xA0], from: "shift_jis") == Array("あ".utf8))
        #expect(Charset.readable([0xC4, 0xE3], from: "gb2312") == Array("你".utf8))
        #expect(Charset.readable([0x61, 0xFF, 0x62], from: "utf-8") == Array("a\u{FFFD}b".utf8))
        #expect(Charset.readable([0x61, 0x82], from: "shift_jis") == Array("a\u{FFFD}".utf8))
        #expect(Charset.readable([0x61], from: "x-unheard-of") == nil)
        #expect(Charset.marked([0xFF, 0xFE, 0x61, 0])?.charset == "utf-16le")
        #expect(
            Charset.declared(inHTML: Array("<META http-equiv=c content='text/html; charset=KOI8-R'>".utf8)) == "koi8-r")
        #expect(Charset.declared(inHTML: Array("<meta name=a><meta charset = \"utf-8\" >".utf8)) == "utf-8")
        #expect(Charset.declared(inHTML: Array("<meta charset=>".utf8)) == nil)
    }

    @Test("a robots.txt is kept as long as its server asks, within reason")
    func kept() {
        #expect(RobotsBook.keptFor(nil) == .hours(24))
        #expect(RobotsBook.keptFor("public, max-age=3600") == .hours(1))
        #expect(RobotsBook.keptFor("max-age=1") == .minutes(5))
        #expect(RobotsBook.keptFor("max-age=99999999999") == .hours(24))
        #expect(RobotsBook.keptFor("no-store") == .minutes(5))
        #expect(RobotsBook.keptFor("max-age=soon") == .hours(24))
    }

    @Test("relative addresses are meant as on the page they stand on")
    func locations() throws {
        let base = try Location("http://a.example/x/y?z#f")
        #expect(base.pathAndQuery == "/x/y?z")
        #expect(Location("../b c", on: base)?.pathAndQuery == "/b%20c")
        #expect(Location("//c.example/d", on: base)?.host == "c.example")
        #expect(Location("#g", on: base)?.description == base.description)
        #expect(Location("mailto:x@y", on: base) == nil)
        #expect(Location("javascript:alert(1)", on: base) == nil)
        #expect(base.origin == "http://a.example:80")
        for (text, expected) in [
            ("HTTP://A.Example:80/X", "http://a.example/X"), ("https://a.example:443", "https://a.example/"),
            ("http://a.example:443/", "http://a.example:443/"), ("http://[::1]:80/?q", "http://[::1]/?q"),
            ("http://a.example:8080/b#c", "http://a.example:8080/b"),
        ] { #expect(try Location(text).description == expected) }
    }
}
