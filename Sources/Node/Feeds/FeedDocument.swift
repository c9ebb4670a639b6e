package import Markup

/// A feed as it was written: RSS 0.91 to 2.0, RDF or Atom, also where it is not quite any of them.
package struct FeedDocument: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        /// What the feed calls it; else its link; else its title.
        var id = ""
        var title = ""
        var link: String?
        /// Plain, whatever it was.
        package var text = ""
        var published: String?
        var updated: String?
        var author: String?
        var categories: [String] = []
    }

    private(set) var title = ""
    private(set) var language: String?
    package private(set) var entries: [Entry] = []

    package static let mostEntries = 10_000

    /// Nil when it is no feed.
    package init?(_ root: XMLElement) {
        switch root.name.lowercased() {
        case "rss", "rdf", "channel":
            let channel = root.child("channel")
            title = FeedDocument.plain((channel ?? root).child("title"))
            language = (channel ?? root).child("language")?.text.trimmed
            // RDF and RSS 1.0 have their items beside the channel, and so have some that are not quite either.
            let children = (channel?.children ?? []) + root.children
            entries = children.filter { $0.name.lowercased() == "item" }.prefix(FeedDocument.mostEntries)
                .map(FeedDocument.item)
        case "feed":
            title = FeedDocument.plain(root.child("title"))
            language = root.attributes["lang"]
            entries = root.children.filter { $0.name == "entry" }.prefix(FeedDocument.mostEntries).map(
                FeedDocument.entry)
        default: return nil
        }
    }

    // MARK: RSS

    private static func item(_ item: XMLElement) -> Entry {
        var entry = Entry()
        entry.title = plain(item.child("title"))
        entry.link = item.child("link").map(\.text.trimmed).flatMap { $0.isEmpty ? nil : $0 }
        let body = item.child("encoded") ?? item.child("description") ?? item.child("content")
        entry.text = plain(body)
        entry.published = (item.child("pubDate") ?? item.child("date") ?? item.child("pubdate"))?.text.trimmed
        entry.author = (item.child("author") ?? item.child("creator"))?.text.trimmed
        entry.categories = item.children.filter { $0.name == "category" || $0.name == "subject" }.map(\.text.trimmed)
        let guid = item.child("guid")
        let isLink = guid?.attributes["isPermaLink"] != "false"
        if entry.link == nil, isLink, let address = guid?.text.trimmed, address.hasPrefix("http") {
            entry.link = address
        }
        identify(&entry, guid?.text.trimmed ?? item.attributes["about"])
        return entry
    }

    // MARK: Atom

    private static func entry(_ element: XMLElement) -> Entry {
        var entry = Entry()
        entry.title = plain(element.child("title"))
        let links = element.children.filter { $0.name == "link" && $0.attributes["href"] != nil }
        let best = links.first { ($0.attributes["rel"] ?? "alternate") == "alternate" } ?? links.first
        entry.link = best?.attributes["href"]?.trimmed
        entry.text = plain(element.child("content") ?? element.child("summary"))
        entry.published = (element.child("published") ?? element.child("issued"))?.text.trimmed
        entry.updated = (element.child("updated") ?? element.child("modified"))?.text.trimmed
        entry.author = element.child("author")?.child("name")?.text.trimmed
        entry.categories = element.children.filter { $0.name == "category" }.compactMap { $0.attributes["term"] }
        identify(&entry, element.child("id")?.text.trimmed)
        return entry
    }

    // MARK: Both

    private static func identify(_ entry: inout Entry, _ id: String?) {
        entry.id = id.flatMap { $0.isEmpty ? nil : $0 } ?? entry.link ?? entry.title
    }

    /// Text that may be HTML, made plain: feeds seldom say which it is.
    private static func plain(_ element: XMLElement?) -> String {
        guard let element else { return "" }
        // XHTML lies in the feed as elements, not as text.
        let isXHTML = element.attributes["type"] == "xhtml"
        let text = isXHTML ? element.markup : element.text
        let isMarkup = element.attributes["type"] != "text" && (text.contains("<") || text.contains("&"))
        guard isMarkup else { return text.trimmed }
        return HTMLPage(Array("<div>\(text)</div>".utf8)).text
    }
}
