import Telemetry
import Testing

@Suite struct JSONValueTests {
    private func read(_ text: String) -> JSONValue? { JSONValue(text.utf8) }

    @Test func `every kind of value is read`() {
        #expect(
            read(" {\"a\": [1, -2.5e1, true, false, null], \"b\": {\"c\": \"d\"}} ")
                == .object([
                    "a": .array([.number(1), .number(-25), .bool(true), .bool(false), .null]),
                    "b": .object(["c": .string("d")]),
                ]))
        #expect(read("{}") == .object([:]))
        #expect(read("[]") == .array([]))
    }

    @Test func `escapes are undone, pairs of surrogates included`() {
        #expect(read(#""\" \\ \/ \n \t \u00e4 \ud83d\ude00""#) == .string("\" \\ / \n \t ä 😀"))
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\"}", "{\"a\":1,}", "\"a", "\"\\x\"", "\"\\ud83d\"", "\"\\ud83dx\"", "tru", "1 2", "+1",
        "nan", "infinity", "1.", "\"\u{1}\"", "'a'", "{1:2}", "-", "0x10",
    ])
    func `what is not JSON is nothing`(text: String) { #expect(read(text) == nil) }

    @Test func `bytes that are no UTF-8 are nothing`() {
        #expect(JSONValue([0x22, 0xC3, 0x28, 0x22]) == nil)
    }

    @Test func `depth is bounded`() {
        #expect(read(String(repeating: "[", count: 31) + String(repeating: "]", count: 31)) != nil)
        #expect(read(String(repeating: "[", count: 33) + String(repeating: "]", count: 33)) == nil)
        #expect(read(String(repeating: "[", count: 1_000_000)) == nil)
    }

    @Test func `whole numbers are told from others`() {
        #expect(read("10")?.integer(in: 0...10) == 10)
        #expect(read("11")?.integer(in: 0...10) == nil)
        #expect(read("1.5")?.integer(in: 0...10) == nil)
        #expect(read("-1")?.integer(in: 0...10) == nil)
        #expect(read("\"1\"")?.integer(in: 0...10) == nil)
    }
}
