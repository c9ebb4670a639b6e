import Telemetry
import Testing

@Suite struct JSONWriterTests {
    private func write(pretty: Bool = false, _ body: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter(pretty: pretty)
        body(&json)
        return json.text
    }

    private func sample(_ json: inout JSONWriter) {
        json.object { json in
            json.field("name", "a")
            json.field("ids") { $0.array { json in (1...2).forEach { json.integer($0) } } }
            json.field("none") { $0.object { _ in } }
            json.field("empty") { $0.array { _ in } }
            json.nullField("gone")
            json.field("on", false)
            json.field("rate", 0.25)
        }
    }

    @Test func `Objects and arrays nest without white space`() {
        #expect(
            write(sample) == #"{"name":"a","ids":[1,2],"none":{},"empty":[],"gone":null,"on":false,"rate":0.25}"#)
    }

    @Test func `Pretty output is indented by two`() {
        #expect(
            write(pretty: true, sample) == """
                {
                  "name": "a",
                  "ids": [
                    1,
                    2
                  ],
                  "none": {},
                  "empty": [],
                  "gone": null,
                  "on": false,
                  "rate": 0.25
                }
                """)
    }

    @Test(arguments: [
        ("\"\\", #""\"\\""#), ("\n\r\t", #""\n\r\t""#), ("\u{0}\u{1F}\u{7F}", #""\u0000\u001f\u007f""#),
        ("größe ✓ 🐦", #""größe ✓ 🐦""#), ("", #""""#),
    ])
    func `Strings are escaped where JSON demands it`(value: String, expected: String) {
        #expect(write { $0.string(value) } == expected)
    }

    @Test(
        arguments: [
            (1.0, "1.0"), (-0.0, "-0.0"), (1e300, "1e+300"), (.infinity, "null"), (.nan, "null"),
        ] as [(Double, String)])
    func `Doubles that JSON cannot say are null`(value: Double, expected: String) {
        #expect(write { $0.double(value) } == expected)
    }

    @Test func `Integers of every width are exact`() {
        #expect(write { $0.integer(UInt64.max) } == "18446744073709551615")
        #expect(write { $0.integer(Int64.min) } == "-9223372036854775808")
    }

    @Test func `Several values are one a line`() {
        #expect(
            write { json in
                json.object { $0.field("a", 1) }
                json.bool(true)
            } == "{\"a\":1}\ntrue")
    }

    @Test func `An error inside a value comes out typed`() {
        struct Stop: Error {}
        var json = JSONWriter()
        #expect(throws: Stop.self) { try json.array { _ throws(Stop) in throw Stop() } }
    }
}
