/// Goes through a page once and gathers what it says.
struct PageReader {
    private var page = HTMLPage()
    private var blocks = BlockReader()
    private var published: [Int: String] = [:]  // by rank, the lowest is believed
    private var headings: [String] = []
    private var titleText: [UInt8]?
    private var inTitle = false

    private static let publishedNames = [
        "article:published_time", "datepublished", "og:published_time", "dc.date.issued", "dcterms.created", "date",
        "dc.date", "pubdate", "publishdate", "parsely-pub-date",
    ]
    private static let structuredRank = 1
    private static let timeRank = 50

    mutating func enter(_ node: Node) -> Bool {
        switch node.kind {
        case .text:
            if inTitle { titleText?.append(contentsOf: node.bytes) } else { blocks.text(node.bytes) }
            return false
        case .reference, .other: return false
        case .element: return enter(element: node, node.name)
        }
    }

    private mutating func enter(element node: Node, _ name: String) -> Bool {
        switch name {
        case "html": page.language = node["lang"].flatMap { $0.isEmpty ? nil : $0 }
        case "base": if page.base == nil { page.base = node["href"] }
        case "title" where titleText == nil:
            inTitle = true
            titleText = []
        case "meta": meta(node)
        case "link": link(node)
        case "a", "area": anchor(node)
        case "time": if let date = node["datetime"] { timed(node, date) }
        case "script":
            if node["type"] == "application/ld+json", let text = node.child { structured(text.bytes) }
            return false
        default: if let date = node["itemprop"] == "datePublished" ? node["content"] : nil { note(date, 2) }
        }
        return blocks.enter(node, name)
    }

    mutating func leave(_ node: Node) {
        let name = node.name
        if name == "title" { inTitle = false }
        blocks.leave(name)
    }

    mutating func finish() -> HTMLPage {
        page.blocks = blocks.finish()
        let title = titleText.map { Text.collapsed($0) } ?? ""
        let first = page.blocks.first { if case .heading(1, _) = $0.kind { true } else { false } }
        page.title = title.isEmpty ? page.metas["og:title"] ?? first?.text ?? "" : title
        page.published = published.min { $0.key < $1.key }?.value
        return page
    }

    // MARK: What the head says

    private mutating func meta(_ node: Node) {
        guard let name = (node["name"] ?? node["property"] ?? node["http-equiv"] ?? node["itemprop"])?.lowercased(),
            let content = node["content"]
        else { return }
        if page.metas.count < 128, content.utf8.count <= 4_096, page.metas[name] == nil { page.metas[name] = content }
        if let rank = PageReader.publishedNames.firstIndex(of: name) { note(content, 10 + rank) }
    }

    private mutating func link(_ node: Node) {
        guard let relation = node["rel"]?.lowercased(), let reference = node["href"], !reference.isEmpty else { return }
        if relation == "canonical", page.canonical == nil { page.canonical = reference }
    }

    private mutating func anchor(_ node: Node) {
        guard page.links.count < HTMLPage.mostLinks, let reference = node["href"], !reference.isEmpty,
            !reference.hasPrefix("#")
        else { return }
        let words = node["rel"]?.lowercased().split(separator: " ") ?? []
        page.links.append(HTMLPage.Link(reference: reference, isNofollow: words.contains("nofollow")))
    }

    // MARK: When it was published

    private mutating func timed(_ node: Node, _ date: String) {
        let isPublished = node["pubdate"] != nil || node["itemprop"] == "datePublished"
        note(date, isPublished ? 3 : PageReader.timeRank)
    }

    /// JSON-LD: only this one member is looked for.
    private mutating func structured(_ bytes: UnsafeBufferPointer<UInt8>) {
        let text = String(decoding: bytes.prefix(65_536), as: UTF8.self).utf8
        guard let name = text.firstRange(of: "\"datePublished\"".utf8) else { return }
        let rest = text[name.upperBound...].drop { $0 == 32 || $0 == 58 || (9...13).contains($0) }
        guard rest.first == UInt8(ascii: "\"") else { return }
        let value = rest.dropFirst().prefix { $0 != UInt8(ascii: "\"") }
        note(String(decoding: Array(value), as: UTF8.self), PageReader.structuredRank)
    }

    private mutating func note(_ date: String, _ rank: Int) {
        let words = Text.collapsed(Array(date.utf8))
        if !words.isEmpty, words.utf8.count <= 64, published[rank] == nil { published[rank] = words }
    }
}

enum Text {
    static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

    /// White space as one space, none at the ends.
    static func collapsed(_ bytes: [UInt8]) -> String {
        bytes.split(whereSeparator: isSpace).map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }
}
