import Markup
import Testing

@testable import Node

@Suite("Feeds of every kind")
struct FeedDocumentTests {
    private func read(_ xml: String) -> FeedDocument? {
        XMLElement(document: Array(xml.utf8)).flatMap { FeedDocument($0) }
    }

    @Test("RSS 2.0: content before description, HTML made plain, a guid that is a link")
    func rss() throws {
        let feed = try #require(
            read(
                """
                <rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
                  xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
                <title>News &amp; more</title><language>en</language>
                <item><title>One</title><link> http://x.example/1 </link><description>short</description>
                <content:encoded><![CDATA[<p>Long <b>text</b></p><p>more</p>]]></content:encoded>
                <guid isPermaLink="false">id-1</guid><pubDate>Wed, 25 Nov 2026 12:00:00 GMT</pubDate>
                <dc:creator>Ann</dc:creator><category>a</category><category>b</category></item>
                <item><description>&lt;p&gt;only &amp;amp; text&lt;/p&gt;</description>
                <guid>http://x.example/2</guid></item>
                </channel></rss>
                """))
        #expect(feed.title == "News & more")
        #expect(feed.language == "en")
        #expect(feed.entries.count == 2)
        let first = FeedDocument.Entry(
            id: "id-1", title: "One", link: "http://x.example/1", text: "Long text\n\nmore",
            published: "Wed, 25 Nov 2026 12:00:00 GMT", author: "Ann", categories: ["a", "b"])
        #expect(feed.entries[0] == first)
        #expect(feed.entries[1].text == "only & text")
        #expect(feed.entries[1].link == "http://x.example/2")
    }

    @Test("RSS 0.91 without ids, and RDF with its items beside the channel")
    func old() throws {
        let old = try #require(
            read(
                "<rss version='0.91'><channel><title>T</title><item><link>u</link></item></channel></rss>"
            ))
        #expect(old.entries.map(\.id) == ["u"])
        let rdf = try #require(
            read(
                """
                <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
                 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="c"><title>T</title></channel>
                <item rdf:about="i1"><title>A</title><link>u</link><dc:date>2026-01-02</dc:date></item></rdf:RDF>
                """))
        #expect(rdf.title == "T")
        #expect(rdf.entries.map(\.id) == ["i1"])
        #expect(rdf.entries.first?.published == "2026-01-02")
    }

    @Test("Atom: alternate link, XHTML content, terms as categories")
    func atom() throws {
        let feed = try #require(
            read(
                """
                <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title type="html">A &amp;lt; B</title>
                <entry><id>urn:1</id><title>E</title><link rel="self" href="s"/><link href="http://x.example/e"/>
                <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hello <em>you</em></p>
                </div></content>
                <published>2026-01-01T00:00:00Z</published><updated>2026-01-02T00:00:00Z</updated>
                <author><name>Bo</name></author><category term="c"/></entry></feed>
                """))
        #expect(feed.title == "A < B")
        #expect(feed.language == "de")
        let entry = FeedDocument.Entry(
            id: "urn:1", title: "E", link: "http://x.example/e", text: "Hello you", published: "2026-01-01T00:00:00Z",
            updated: "2026-01-02T00:00:00Z", author: "Bo", categories: ["c"])
        #expect(feed.entries == [entry])
    }

    @Test(
        "a malformed feed gives what can be made out",
        arguments: [
            ("<rss><channel><item><title>A & B</title></item><item><title>C</title></item></channel></rss>", 2),
            ("\n\n<?xml version='1.0'?><rss><channel><item><title>A</title></item></channel></rss>", 1),
            ("<rss><channel><item><title>A</title><description>&nbsp;x&copy;</description></item>", 1),
            ("<rss><channel><item><title>A</item></title></channel>", 1), ("<RSS><channel></channel></RSS>", 0),
            ("<channel><item><title>A</title></item></channel>", 1),
            ("<rss><channel></channel><item><title>A</title></item></rss>", 1),
        ])
    func malformed(xml: String, entries: Int) { #expect(read(xml)?.entries.count == entries) }

    @Test("what is no feed is none", arguments: ["<html><body>x</body></html>", "", "{}", "<opml/>"])
    func none(xml: String) { #expect(read(xml) == nil) }
}
