import Model

/// The bodies of the pages, each from its topic, a number and a revision alone.
enum SiteBodies {
    /// Links are relative, so that the same article is the same bytes on every host.
    static func article(_ topic: Topic, _ number: UInt64, revision: UInt64 = 0, paragraphs: Int = 5) -> [UInt8] {
        var prose = Prose(topic: topic, seed: seed(topic, number, revision))
        let title = prose.title()
        let body = (0..<paragraphs).map { _ in "<p>\(prose.paragraph())</p>" }.joined(separator: "\n")
        let update = revision == 0 ? "" : "\n<p class=\"update\">Update \(revision): \(prose.sentence())</p>"
        return Array(
            """
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><title>\(title)</title>
            <meta name="description" content="\(topic.name) \(number)"></head>
            <body>
            <nav><a href="/">Home</a> <a href="\(number + 1)">Next</a></nav>
            <article>
            <h1>\(title)</h1>
            \(body)\(update)
            </article>
            </body>
            </html>

            """.utf8)
    }

    static func index(_ title: String, links: [String]) -> [UInt8] {
        let items = links.map { "<li><a href=\"\($0)\">\($0)</a></li>" }.joined(separator: "\n")
        return Array(
            """
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><title>\(title)</title></head>
            <body><h1>\(title)</h1>
            <ul>
            \(items)
            </ul></body>
            </html>

            """.utf8)
    }

    static func note(_ topic: Topic, _ number: UInt64, paragraphs: Int = 3) -> String {
        var prose = Prose(topic: topic, seed: seed(topic, number, 0))
        return (0..<paragraphs).map { _ in prose.paragraph() }.joined(separator: "\n\n") + "\n"
    }

    /// The same note to everyone but a byte comparison: other case, other white space.
    static func shouted(_ note: String) -> String {
        note.uppercased().split(separator: " ", omittingEmptySubsequences: false).joined(separator: "  ")
    }

    static func readings(_ topic: Topic, station: UInt64, revision: UInt64) -> [UInt8] {
        var prose = Prose(topic: topic, seed: seed(topic, station, revision))
        let rows = (0..<8).map { hour in
            "    {\"hour\": \(hour * 3), \"value\": \(prose.number(below: 400)), \"note\": \"\(prose.sentence())\"}"
        }
        return Array(
            """
            {
              "station": \(station),
              "revision": \(revision),
              "readings": [
            \(rows.joined(separator: ",\n"))
              ]
            }

            """.utf8)
    }

    static func prices(_ topic: Topic, sheet: UInt64, revision: UInt64) -> [UInt8] {
        var prose = Prose(topic: topic, seed: seed(topic, sheet, revision))
        let rows = (1...20).map { row in
            "\(row),\(prose.word()),\(prose.number(below: 9_000) + 1_000),\(prose.number(below: 500))"
        }
        return Array((["row,item,price,volume"] + rows).joined(separator: "\n").utf8) + [10]
    }

    static func feed(_ host: String, _ topic: Topic, entries: UInt64, revision: UInt64) -> [UInt8] {
        let newest = revision + entries
        let items = ((revision + 1)...newest).reversed().map { number in
            var prose = Prose(topic: topic, seed: seed(topic, number, 0))
            return """
                <item><title>\(prose.title())</title><link>http://\(host)/articles/\(number)</link>
                <guid isPermaLink="false">\(topic.name)-\(number)</guid>
                <pubDate>\(HTTPDate.text(SiteContent.firstDay + number * 600))</pubDate>
                <description>\(prose.paragraph(sentences: 1...2))</description></item>
                """
        }
        return Array(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <rss version="2.0"><channel><title>\(topic.name) on \(host)</title><link>http://\(host)/</link>
            <description>What is new about \(topic.name)</description>
            \(items.joined(separator: "\n"))
            </channel></rss>

            """.utf8)
    }

    /// Bytes that begin like a PNG and are no text in any encoding.
    static func picture(_ number: UInt64) -> [UInt8] {
        var prose = Prose(topic: .data, seed: number)
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0xFF, 0xFE] + prose.bytes(2_000)
    }

    private static func seed(_ topic: Topic, _ number: UInt64, _ revision: UInt64) -> UInt64 {
        topic.name.utf8.reduce(number &* 1_000_003 &+ revision &* 7_919) { $0 &* 31 &+ UInt64($1) }
    }
}
