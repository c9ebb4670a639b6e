import Fetching
import Markup

/// What a sitemap lists: pages, or further sitemaps. Pure.
package struct Sitemap: Equatable, Sendable {
    package private(set) var pages: [String] = []
    package private(set) var sitemaps: [String] = []

    package static let mostEntries = 50_000  // as the format has it

    /// XML, or plain text with an address a line; nothing for anything else.
    package init(_ bytes: [UInt8]) {
        if let root = XMLElement(document: bytes) {
            let places = root.children.prefix(Sitemap.mostEntries).compactMap { $0.child("loc")?.text.trimmed }
            switch root.name {
            case "urlset": pages = places
            case "sitemapindex": sitemaps = places
            default: break
            }
        } else if let text = String(validating: bytes, as: UTF8.self) {
            let lines = text.split(whereSeparator: \.isNewline).prefix(Sitemap.mostEntries)
            pages = lines.map { String($0).trimmed }.filter { $0.hasPrefix("http") }
        }
    }
}
