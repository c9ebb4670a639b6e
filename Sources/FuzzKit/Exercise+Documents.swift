import Markup
import Node
import Telemetry

/// Documents from anywhere: pages, feeds, sitemaps, JSON, rows, robots.txt. Every reader is given every input.
extension Exercise {
    package static func document(_ input: [UInt8], chunk: Int) {
        page(input)
        feed(input)
        json(input)
        for form in RowReader.Form.allCases { rows(input, form, chunk: chunk) }
        robots(input)
    }

    /// What is read of a page is bounded by the page, and what is counted by its limits.
    private static func page(_ input: [UInt8]) {
        let page = HTMLPage(input)
        let bound = 8 * input.count + 256
        precondition(page.text.utf8.count <= bound, "the text of a page grew out of bounds")
        precondition(page.links.count <= HTMLPage.mostLinks, "a page has too many links")
        precondition(page.title.utf8.count <= bound, "the title of a page grew out of bounds")
        let links = page.links.reduce(0) { $0 + $1.reference.utf8.count }
        precondition(links <= bound, "the links of a page grew out of bounds")
    }

    private static func feed(_ input: [UInt8]) {
        let bound = 8 * input.count + 256
        if let root = XMLElement(document: input) {
            precondition(root.text.utf8.count <= bound, "an entity was expanded")
            if let feed = FeedDocument(root) {
                precondition(feed.entries.count <= FeedDocument.mostEntries, "a feed has too many entries")
                for entry in feed.entries {
                    precondition(entry.text.utf8.count <= bound, "the text of an entry grew out of bounds")
                }
            }
        }
        let map = Sitemap(input)
        precondition(max(map.pages.count, map.sitemaps.count) <= Sitemap.mostEntries, "a sitemap has too many entries")
    }

    /// What is read is what is written: one value, one encoding.
    private static func json(_ input: [UInt8]) {
        guard let value = JSONValue(input) else { return }
        let written = value.encoded
        // A delete character is written as six.
        precondition(written.count <= 6 * input.count, "encoding grew out of bounds")
        guard let again = JSONValue(written) else { preconditionFailure("what was written cannot be read") }
        precondition(again == value && again.encoded == written, "a value has two encodings")
    }

    /// Rows are the same in whatever pieces they come, and lie one behind the other.
    private static func rows(_ input: [UInt8], _ form: RowReader.Form, chunk: Int) {
        var whole = RowReader(form, limit: 512)
        let expected = whole.take(input) + whole.end()
        var pieces = RowReader(form, limit: 512)
        var found: [(row: RowReader.Row, end: Int)] = []
        var rest = input[...]
        while !rest.isEmpty {
            found += pieces.take(Array(rest.prefix(chunk)))
            rest = rest.dropFirst(chunk)
        }
        found += pieces.end()
        precondition(found.elementsEqual(expected) { $0.row == $1.row && $0.end == $1.end }, "pieces change the rows")
        precondition(pieces.consumed == whole.consumed && whole.consumed <= input.count, "rows end beyond the data")
        var last = 0
        for (_, end) in expected {
            precondition(end > last, "a row ends before it begins")
            last = end
        }
    }

    private static func robots(_ input: [UInt8]) {
        let rules = RobotsRules(input, agent: "rookery")
        precondition(rules.objection(to: "/robots.txt") == nil, "robots.txt forbids itself")
        for path in ["/", "/a?b=%2F", "/index.html", String(repeating: "/ab", count: 400)] {
            guard let line = rules.objection(to: path) else { continue }
            precondition(line.hasPrefix("Disallow: "), "a rule that allows forbids")
        }
        precondition(rules.crawlDelay ?? 0 >= 0, "time runs backwards")
        precondition(rules.sitemaps.count <= 64 && rules.group.utf8.count <= 8_192, "robots.txt is kept whole")
    }
}
