import Fetching
import Markup
import Model
import Wire

/// A response as artifacts have it: content in UTF-8 where it is text, what the page says, and what its header says.
struct WebPage: Sendable {
    let kind: ContentKind
    /// The whole, as it came but for its charset.
    let content: [UInt8]
    /// What was made out of HTML; nil for anything else.
    let html: HTMLPage?
    /// The main text of HTML; empty where there is none.
    let text: [UInt8]
    private(set) var metadata: [(key: String, value: String)]
    /// By what a site says what may be done with its pages, as it came.
    let signals: StringMap

    private static let maxTitle = 256
    private static let maxLinks = Limits.maxMetadataValue  // bytes

    init(_ response: FetchResponse, robots: RobotsRules?) {
        let type = MediaType(response.headers["content-type"] ?? "")
        let (whole, charset) = WebPage.decoded(response.body, type)
        let isHTML = type.isHTML || (type.name.isEmpty && WebPage.looksLikeHTML(whole))
        content = whole
        let kind = isHTML ? .html : ContentKind(mediaType: type.name, content: whole)
        html = kind == .html && !whole.contains(0) ? HTMLPage(whole) : nil
        text = html.map { Array($0.text.utf8) } ?? []
        self.kind = kind == .html && html == nil ? .binary : kind
        metadata = [
            ("domain", response.location.host), ("source_type", "web"), ("collection_method", "http_get"),
            ("http_status", "\(response.status)"), ("media_type", type.name.prefix(utf8: Limits.maxMetadataValue)),
        ]
        if let charset { metadata.append(("charset", charset)) }
        signals = WebPage.signals(response.headers, html, robots)
        if let html { metadata += WebPage.said(html, response) }
    }

    /// What the page says about itself.
    private static func said(_ page: HTMLPage, _ response: FetchResponse) -> [(key: String, value: String)] {
        var said: [(key: String, value: String)] = []
        func add(_ key: String, _ value: String?, _ limit: Int = Limits.maxMetadataValue) {
            if let value, !value.isEmpty { said.append((key, value.prefix(utf8: limit))) }
        }
        add("title", page.title, maxTitle)
        let declared = page.language ?? response.headers["content-language"]
        if let declared {
            add("language", declared.lowercased(), 35)
            add("language_by", "declared")
        } else if let guess = LanguageGuess.language(of: page.text) {
            add("language", guess)
            add("language_by", "guess")
        }
        if let published = page.published {
            add("published", DateText.time(published).map(DateText.text) ?? published)
        }
        let base = page.base.flatMap { Location($0, on: response.location) } ?? response.location
        add("canonical", page.canonical.flatMap { Location($0, on: base)?.description })
        add("description", page.metas["description"], 1_024)
        let links = links(page, base)
        add("links", links.joined(separator: "\n").prefix(utf8: maxLinks))
        add("link_count", "\(page.links.count)")
        return said
    }

    /// Where the page leads to, each once, as many as fit.
    private static func links(_ page: HTMLPage, _ base: Location) -> [String] {
        var seen: Set<String> = []
        var links: [String] = []
        var bytes = 0
        for link in page.links {
            guard let location = Location(link.reference.trimmed, on: base) else { continue }
            guard seen.insert(location.description).inserted else { continue }
            bytes += location.description.utf8.count + 1
            guard bytes <= maxLinks else { break }
            links.append(location.description)
        }
        return links
    }

    // MARK: Charsets

    /// A mark at the start counts more than the header, and the header more than what the page says of itself.
    private static func decoded(_ body: [UInt8], _ type: MediaType) -> (text: [UInt8], charset: String?) {
        if let marked = Charset.marked(body), type.isText {
            let text = Charset.readable(body.dropFirst(marked.length), from: marked.charset)
            return (text ?? body, marked.charset)
        }
        if let charset = type.charset, let text = Charset.readable(body[...], from: charset) { return (text, charset) }
        guard type.isHTML else { return (body, type.charset) }
        if let charset = Charset.declared(inHTML: body), let text = Charset.readable(body[...], from: charset) {
            return (text, charset)
        }
        if String(validating: body, as: UTF8.self) != nil { return (body, nil) }
        return (Charset.readable(body[...], from: "windows-1252") ?? body, "windows-1252")
    }

    private static func looksLikeHTML(_ text: [UInt8]) -> Bool {
        let head = String(decoding: text.prefix(512), as: UTF8.self).lowercased()
        return ["<!doctype html", "<html", "<head", "<body"].contains { head.contains($0) }
    }

    // MARK: What may be done with it

    private static let headers = ["x-robots-tag", "tdm-reservation", "tdm-policy", "content-signal"]

    static func signals(_ headers: FetchHeaders, _ page: HTMLPage?, _ robots: RobotsRules?) -> StringMap {
        var signals = StringMap()
        func add(_ key: String, _ value: String?) {
            guard let value, !value.isEmpty else { return }
            let both = signals[key].map { "\($0), \(value)" } ?? value
            signals[key] = both.prefix(utf8: Limits.maxMetadataValue)
        }
        for name in WebPage.headers { add(name, headers.all(name)) }
        if let robots {
            add("robots-group", robots.group)
            add("content-signal", robots.contentSignal)
        }
        guard let page else { return signals }
        add("robots-meta", page.metas["robots"])
        add("robots-meta", page.metas[RobotsBook.productToken])
        // The page's own word stands first: it is the one that counts.
        if let reservation = page.metas["tdm-reservation"] {
            signals["tdm-reservation"] = signals["tdm-reservation"].map { "\(reservation), \($0)" } ?? reservation
        }
        add("tdm-policy", page.metas["tdm-policy"])
        return signals
    }
}

extension String {
    /// Without white space at its ends, and without the line breaks inside that an attribute may have.
    var trimmed: String {
        let kept = unicodeScalars.filter { $0.value != 9 && $0.value != 10 && $0.value != 13 }
        let start = kept.drop { $0 == " " }
        return String(String.UnicodeScalarView(start.reversed().drop { $0 == " " }.reversed()))
    }
}

/// "text/html; charset=utf-8", taken apart; everything in lower case.
struct MediaType: Equatable {
    let name: String
    let charset: String?

    var isHTML: Bool { name == "text/html" || name == "application/xhtml+xml" }
    var isText: Bool {
        name.isEmpty || name.hasPrefix("text/") || name.hasSuffix("+xml") || name.hasSuffix("json")
            || name == "application/xml"
    }

    init(_ header: String) {
        let parts = header.lowercased().split(separator: ";").map { $0.split { $0 == " " || $0 == "\t" }.joined() }
        name = parts.first ?? ""
        let values = parts.dropFirst().compactMap { part in
            part.hasPrefix("charset=") ? part.dropFirst(8).filter { $0 != "\"" && $0 != "'" } : nil
        }
        charset = values.first.flatMap { $0.isEmpty ? nil : $0.prefix(utf8: 64) }
    }
}
