import Testing

@testable import Markup

@Suite("XML as a value")
struct XMLElementTests {
    private func read(_ xml: String) -> XMLElement? { XMLElement(document: Array(xml.utf8)) }

    @Test("names lose their prefixes, text its references, and order stays")
    func tree() throws {
        let root = try #require(
            read("<?xml version='1.0'?><a xmlns:d='urn:x'><d:b k='v'>x &amp; y</d:b><c><![CDATA[<p>]]></c>z</a>"))
        #expect(root.name == "a")
        #expect(root.children.map(\.name) == ["b", "c"])
        #expect(root.child("b")?.namespace == "urn:x")
        #expect(root.child("b")?.attributes == ["k": "v"])
        #expect(root.text == "x & y<p>z")
    }

    @Test("what is broken is read as far as it can be made out")
    func broken() {
        #expect(read("\n <a><b>1</b><b>2 & 3</b>")?.children.map(\.text).first == "1")
        #expect(read("<a>x&nbsp;y</a>")?.text == "xy")
        #expect(read("no xml at all") == nil)
        #expect(read("") == nil)
    }

    @Test("entities of the document's own are not expanded, and nothing outside is loaded")
    func entities() {
        let laughs = (1..<12).map { "<!ENTITY l\($0) '&l\($0 - 1);&l\($0 - 1);&l\($0 - 1);&l\($0 - 1);'>" }.joined()
        let bomb = read("<!DOCTYPE a [<!ENTITY l0 'ha'>\(laughs)]><a>&l11;</a>")
        #expect((bomb?.text.utf8.count ?? 0) < 100)
        #expect(read("<!DOCTYPE a [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><a>&f;</a>")?.text == "")
    }

    @Test("a document says its charset, unless the one who sent it knows better")
    func charset() {
        let latin: [UInt8] = Array("<?xml version='1.0' encoding='iso-8859-1'?><a>".utf8) + [0xE4] + Array("</a>".utf8)
        #expect(XMLElement(document: latin)?.text == "ä")
        #expect(XMLElement(document: Array("<a>ä</a>".utf8), charset: "utf-8")?.text == "ä")
    }

    @Test("depth and number of elements are bounded")
    func bounds() {
        #expect(read(String(repeating: "<a>", count: 100_000)) != nil)
        let wide = read("<a>" + String(repeating: "<b/>", count: 210_000) + "</a>")
        #expect(wide?.children.count == 199_999)
    }
}
