extension Corpus {
    /// Seeds by name: small documents of every kind that collectors read, sound and broken.
    package static func documents() -> [(name: String, bytes: [UInt8])] {
        (pages + feeds + values + tables + robots).map { ($0.0, Array($0.1.utf8)) }
            + [
                ("html-latin1", Array("<meta charset=latin1><p>caf".utf8) + [0xE9]),
                ("html-zero", Array("<p>a".utf8) + [0] + Array("b</p>".utf8)),
                ("xml-utf16", [0xFF, 0xFE] + "<rss/>".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }),
                ("json-bad-utf8", Array("[\"".utf8) + [0xC3, 0x28] + Array("\"]".utf8)),
            ]
    }

    private static let pages = [
        (
            "html-page",
            """
            <!doctype html><html lang=en><head><title>T &amp; t</title><meta name=robots content=noindex><base href=/x/>
            <link rel=canonical href=/c></head><body><nav><a href=/n>n</a></nav><main><h1 id=a>H</h1><p>One <b>two</b>
            <a rel=nofollow href="b?c=1&d">l</a></p><ul><li>i<li>j</ul><pre class=language-sh>x</pre></main></body>
            """
        ),
        ("html-broken", "<table><tr><p>a<td><div>b</table></p><a href='x><b>c"),
        ("html-entities", "<p>&#x110000;&#0;&nbsp;&unknown;&lt;&#65"),
        ("html-script", "<script>if (a<b) {'</p>'}</script><style>p{}</style><noscript>n</noscript><p>t"),
        (
            "html-dates",
            "<time datetime=2026-01-02 pubdate>x</time><script type='application/ld+json'>{\"datePublished\":\"y\"}"
        ),
        ("html-nested", String(repeating: "<div>", count: 300) + "x"),
        ("html-attributes", "<p " + (0..<60).map { "a\($0)=\($0) " }.joined() + ">x"),
        ("html-comment", "<!-- <p>a --><![CDATA[b]]><?php c ?><p>d<!--"),
    ]

    private static let feeds = [
        (
            "feed-rss",
            """
            <?xml version="1.0"?><rss version="2.0"><channel><title>t</title><item><title>a &lt;b&gt;</title>
            <link>http://x/1</link><guid isPermaLink="false">g</guid><description><![CDATA[<p>d</p>]]></description>
            <pubDate>Tue, 03 Feb 2026 04:05:06 GMT</pubDate></item></channel></rss>
            """
        ),
        (
            "feed-atom",
            """
            <feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><id>i</id><link href="u"/>
            <content type="xhtml"><div>x <b>y</b></div></content><updated>2026-01-01T00:00:00Z</updated></entry></feed>
            """
        ),
        (
            "feed-rdf",
            "<rdf:RDF xmlns:rdf='r'><channel><title>t</title></channel><item rdf:about='a'><title>i</title></item>"
        ),
        (
            "feed-laughs",
            "<!DOCTYPE r [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;'>]><rss><channel><item><title>&b;</title></item>"
        ),
        ("feed-outside", "<!DOCTYPE r [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><feed><title>&f;</title></feed>"),
        ("feed-cut", "\n\n<rss><channel><item><title>a</title><link>"),
        ("sitemap", "<urlset><url><loc> http://x/a </loc></url></urlset>"),
        ("sitemap-index", "<sitemapindex><sitemap><loc>http://x/s</loc></sitemap></sitemapindex>"),
        ("sitemap-lines", "http://x/a\r\nhttp://x/b\n"),
    ]

    private static let values = [
        ("json-object", #"{"a":[1,-2.5e+3,true,false,null],"b":{"c":"d\n\"\\\u00e9\ud83d\ude00"}}"#),
        ("json-lone-surrogate", #"["\ud800","\udc00\ud800x"]"#), ("json-delete", "[\"\u{7F}\u{7F}\"]"),
        ("json-deep", String(repeating: "[", count: 70)), ("json-numbers", "[0,-0,00,1.,.5,1e,1e5]"),
        ("json-comma", "{\"a\":1,}"), ("json-two", "1 2"),
    ]

    private static let tables = [
        ("csv-quoted", "a,b\r\n\"x,\"\"y\",\"two\nlines\"\r\n1,2"), ("csv-short", "a,b\n1\n1,2,3\n,\n"),
        ("csv-open-quote", "a\n\"never closed"), ("csv-stray-quotes", "a,b\nx\"y\",\"z\"w\n"),
        ("csv-mark", "\u{FEFF}a\n1\n\n2"), ("csv-long", "a\n" + String(repeating: "x", count: 600) + "\nb\n"),
        ("jsonl", "{\"a\":1}\n\n [2] \r\nx\n3"), ("tsv", "a\tb\n1\t\"2\n"),
    ]

    private static let robots = [
        (
            "robots-groups",
            """
            User-agent: rookery # us
            User-agent: other/1.0
            Disallow: /a*b$
            Allow: /a
            Crawl-delay: 2.5
            Content-Signal: ai-train=no
            User-agent: *
            Disallow: /
            Sitemap: http://x/s
            """
        ),
        ("robots-odd", "\u{FEFF}user-agent:*\rdisallow:/%7e%2F%zz\rdisallow:\rcrawl-delay: -1\rcrawl-delay: inf"),
        ("robots-stars", "user-agent: *\ndisallow: /*a*b*c*a*b*c*$\nallow: **\ndisallow: $\n"),
        ("robots-html", "<html>user-agent: *\ndisallow: /</html>"),
    ]
}
