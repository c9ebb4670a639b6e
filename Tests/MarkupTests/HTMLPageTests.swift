import Testing

@testable import Markup

@Suite("What is read out of HTML")
struct HTMLPageTests {
    private func page(_ html: String) -> HTMLPage { HTMLPage(Array(html.utf8)) }

    @Test("title, main text and links are taken out; navigation, scripts and forms are not text")
    func whole() {
        let page = page(
            """
            <!doctype html><html lang="en-GB"><head><title> A &amp; B
            page </title><script>var x = "<p>no</p>"</script><style>p{}</style></head><body>
            <header><a href="/">Home</a></header><nav><ul><li><a href="/a">A</a><li><a href="/b">B</a></ul></nav>
            <main><h1>Head</h1><p>First <b>bold</b> words.<br>Second line.</p><ul><li>one<li>two</ul>
            <p hidden>unseen</p><form><p>Sign up</p></form></main><footer>Imprint</footer></body></html>
            """)
        #expect(page.title == "A & B page")
        #expect(page.text == "Head\n\nFirst bold words.\nSecond line.\n\none\ntwo")
        #expect(page.links.map(\.reference) == ["/", "/a", "/b"])
        #expect(page.language == "en-GB")
    }

    @Test("without a main part, an article is what the page is about; without either, all but the lists of links")
    func parts() {
        let words = String(repeating: "words ", count: 50)
        #expect(page("<body><div>Teaser</div><article><p>\(words)</p></article></body>").blocks.count == 1)
        let plain = page("<body><p>\(words)</p><p><a href=x>one</a> <a href=y>two</a></p><p>end</p></body>")
        #expect(plain.blocks.map(\.text) == [String(words.dropLast()), "end"])
        #expect(page("<nav>Only this</nav>").text == "Only this")
        #expect(page("just text").text == "just text")
        #expect(page("").blocks.isEmpty)
        #expect(page("").title == "")
    }

    @Test("code keeps its lines and its language; headings keep their level and anchor")
    func code() {
        let page = page(
            """
            <main><h2 id="use">Use</h2><pre><code class="hljs language-swift">
            let a = 1
              let b = 2
            </code></pre><h3>Then</h3><p>x</p></main>
            """)
        #expect(
            page.blocks == [
                .init(kind: .heading(level: 2, anchor: "use"), text: "Use"),
                .init(kind: .code(language: "swift"), text: "let a = 1\n  let b = 2"),
                .init(kind: .heading(level: 3, anchor: ""), text: "Then"),
                .init(kind: .paragraph, text: "x"),
            ])
    }

    @Test(
        "a page says when it was published in several ways, of which the most exact is believed",
        arguments: [
            ("<meta property=article:published_time content='2026-01-02'><time datetime=2020-01-01>", "2026-01-02"),
            ("<time datetime='2026-03-04'>March</time>", "2026-03-04"),
            ("<time datetime='2020-01-01'></time><time pubdate datetime='2026-05-06'></time>", "2026-05-06"),
            ("<meta itemprop=datePublished content='2026-07-08'>", "2026-07-08"),
            (
                "<script type='application/ld+json'>{\"a\":1, \"datePublished\" : \"2026-09-10\"}</script>"
                    + "<meta name=date content='2001-01-01'>", "2026-09-10"
            ),
            ("<meta name=DC.date content=' Mon,  5 Jan '>", "Mon, 5 Jan"), ("<p>no date</p>", nil),
        ])
    func published(html: String, date: String?) { #expect(page("<body>\(html)</body>").published == date) }

    @Test("canonical address, base, robots and nofollow are kept as written")
    func head() {
        let page = page(
            """
            <head><base href="/deep/"><link rel=canonical href="http://x.example/p"><meta name=ROBOTS content=noai>
            <meta name="tdm-reservation" content="1"></head><a href=q rel="external nofollow">q</a><a href="#here">h</a>
            """)
        #expect(page.base == "/deep/")
        #expect(page.canonical == "http://x.example/p")
        #expect(page.metas["robots"] == "noai")
        #expect(page.metas["tdm-reservation"] == "1")
        #expect(page.links == [.init(reference: "q", isNofollow: true)])
    }

    @Test(
        "hostile pages are read in bounded time",
        arguments: [
            "<a " + (0..<150_000).map { "a\($0)" }.joined(separator: " ") + ">x",
            "<a b=\">\" " + (0..<120_000).map { "a\($0)" }.joined(separator: " ") + ">x",
            "<a a=b=\" c=\">\" " + (0..<120_000).map { "a\($0)" }.joined(separator: " ") + ">x",
            String(repeating: "<div>", count: 200_000),
            String(repeating: "<i>", count: 100_000)
                + String(repeating: "</b>", count: 100_000),
            String(repeating: "<a b=\"", count: 150_000), String(repeating: "&amp", count: 200_000),
            String(repeating: "<!--", count: 250_000), String(repeating: "<br>", count: 250_000),
            String(repeating: "<table><tr><td>", count: 60_000), String(repeating: "</p>", count: 250_000),
            String(repeating: "<script>", count: 120_000), String(repeating: "<p a='", count: 160_000),
        ].map(HostilePage.init))
    func hostile(given: HostilePage) {
        let html = given.html
        let clock = ContinuousClock()
        var page = HTMLPage()
        let time = clock.measure { page = self.page(html) }
        #expect(time < .seconds(10))
        #expect(page.text.utf8.count <= html.utf8.count)
    }

    @Test("a tag with more than a thousand attributes ends the reading where it begins")
    func attributes() {
        let many = (0..<1_001).map { "a\($0)" }.joined(separator: " ")
        #expect(page("<p>before</p><p \(many)>inside</p><p>after</p>").text == "before")
        #expect(page("<p \(many.dropLast(6))>inside</p>").text == "inside")
    }
}

/// Told by its beginning: reports would hold a megabyte of each.
struct HostilePage: CustomTestStringConvertible {
    let html: String

    var testDescription: String { String(html.prefix(24)) }
}
