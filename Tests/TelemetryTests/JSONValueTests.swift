import Testing

@testable import Telemetry

@Suite("JSON that is read")
struct JSONValueTests {
    private func read(_ text: String) -> JSONValue? { JSONValue(Array(text.utf8)) }

    @Test(
        "what is read is written alike",
        arguments: [
            "null", "true", "0", "-1.50e+10", "\"\"", "[]", "{}", "[1,[2,{\"a\":null}]]", "{\"b\":1,\"a\":2}",
            "12345678901234567890.123456789",
        ])
    func roundTrip(text: String) {
        #expect(read(text).map { String(decoding: $0.encoded, as: UTF8.self) } == text)
    }

    @Test(
        "anything else than one value of RFC 8259 is refused",
        arguments: [
            "", "nul", "01", "1.", ".5", "+1", "1e", "NaN", "[1,]", "[1 2]", "{\"a\"}", "{a:1}", "{\"a\":1,}", "\"\n\"",
            "\"\\x\"", "\"\\u12\"", "\"open", "1 2", "[", "}", "'a'",
        ])
    func refused(text: String) { #expect(read(text) == nil) }

    @Test("escapes are undone; half a pair is U+FFFD; bytes that are no UTF-8 are refused")
    func strings() {
        #expect(read(#""a\n\t\"\\\/\u00e9\ud83d\ude00""#)?.string == "a\n\t\"\\/é😀")
        #expect(read(#""\ud83dx""#)?.string == "\u{FFFD}x")
        #expect(JSONValue([34, 0xFF, 34]) == nil)
    }

    @Test("depth is bounded")
    func depth() {
        #expect(read(String(repeating: "[", count: 64) + String(repeating: "]", count: 64)) != nil)
        #expect(read(String(repeating: "[", count: 65) + String(repeating: "]", count: 65)) == nil)
        #expect(read(String(repeating: "[", count: 1_000_000)) == nil)
    }

    @Test("a path leads through members and places")
    func paths() throws {
        let value = try #require(read(#"{"a": {"b": [1, {"c": "x"}]}, "t": true}"#))
        #expect(value.at("a.b.1.c")?.string == "x")
        #expect(value.at("a.b.0")?.scalar == "1")
        #expect(value.at("") == value)
        #expect(value.at("t")?.scalar == "true")
        for path in ["a.c", "a.b.2", "a.b.x", "t.u"] { #expect(value.at(path) == nil) }
        #expect(value["t"]?.bool == true)
        #expect(value.scalar == nil)
    }

    @Test("whole numbers are told from others, and of a name that stands twice the last counts")
    func members() {
        #expect(read("10")?.integer(in: 0...10) == 10)
        for text in ["11", "1.5", "-1", "\"1\""] { #expect(read(text)?.integer(in: 0...10) == nil) }
        #expect(read("-2.5e1")?.number == -25)
        #expect(read(#"{"a": 1, "b": {"c": "d"}, "a": 2}"#)?.object?["a"] == .number("2"))
        #expect(read("[]")?.object == nil)
    }
}
