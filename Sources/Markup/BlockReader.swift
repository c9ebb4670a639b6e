/// Cuts a page's text into blocks, and tells what the page is about from what surrounds it.
struct BlockReader {
    private struct Found {
        var block: HTMLPage.Block
        var bytes: Int
        var linked: Int  // bytes inside links
        var place: Place
    }

    private struct Place: OptionSet {
        let rawValue: Int
        static let main = Place(rawValue: 1)
        static let article = Place(rawValue: 2)
        static let chrome = Place(rawValue: 4)  // navigation, forms and the like
    }

    private var found: [Found] = []
    private var text: [UInt8] = []
    private var linked = 0
    private var kind = HTMLPage.Block.Kind.paragraph
    private var inCode = 0
    private var inLink = 0
    private var mains = 0
    private var articles = 0
    private var chromes = 0

    private static let neverText: Set<String> = [
        "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "canvas", "select", "textarea",
        "head",
    ]
    private static let chromeNames: Set<String> = ["nav", "aside", "footer", "form", "button", "dialog", "menu"]
    private static let chromeRoles: Set<String> = [
        "navigation", "banner", "contentinfo", "search", "complementary", "dialog", "menu", "alert",
    ]
    private static let blockNames: Set<String> = [
        "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "dd", "details", "dialog",
        "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
        "header", "hr", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "td", "th", "tr",
        "ul",
    ]

    // MARK: Going through

    /// False when nothing inside is text to read.
    mutating func enter(_ node: Node, _ name: String) -> Bool {
        // The head is entered: it holds title and meta elements.
        if BlockReader.neverText.contains(name), name != "head" { return false }
        if node["hidden"] != nil || node["aria-hidden"] == "true" { return false }
        if name == "a" { inLink += 1 }
        if name == "br" { if inCode > 0 || !text.isEmpty { text.append(10) } }
        guard BlockReader.blockNames.contains(name) else { return true }
        flush()
        if name == "main" || node["role"] == "main" { mains += 1 }
        if name == "article" { articles += 1 }
        if isChrome(node, name) { chromes += 1 }
        switch name {
        case "li", "dd", "dt": kind = .item
        case "pre":
            inCode += 1
            kind = .code(language: BlockReader.language(of: node))
        case _ where name.utf8.count == 2 && name.hasPrefix("h") && name != "hr":
            kind = .heading(level: Int(name.dropFirst()) ?? 6, anchor: node["id"] ?? "")
        default: if inCode == 0 { kind = .paragraph }
        }
        open.append((name, node["role"] == "main" || name == "main", name == "article", isChrome(node, name)))
        return true
    }

    private var open: [(name: String, isMain: Bool, isArticle: Bool, isChrome: Bool)] = []

    mutating func leave(_ name: String) {
        if name == "a" { inLink -= 1 }
        guard BlockReader.blockNames.contains(name), let closed = open.popLast() else { return }
        flush()
        if closed.isMain { mains -= 1 }
        if closed.isArticle { articles -= 1 }
        if closed.isChrome { chromes -= 1 }
        if name == "pre" { inCode -= 1 }
        kind = .paragraph
    }

    private func isChrome(_ node: Node, _ name: String) -> Bool {
        if BlockReader.chromeNames.contains(name) { return true }
        if let role = node["role"], BlockReader.chromeRoles.contains(role) { return true }
        // The header of a page is chrome; that of an article has its title.
        return name == "header" && articles == 0 && mains == 0
    }

    mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        let before = text.count
        if inCode > 0 {
            text.append(contentsOf: bytes)
        } else {
            for byte in bytes {
                if !Text.isSpace(byte) {
                    text.append(byte)
                } else if let last = text.last, last != 32, last != 10 {
                    text.append(32)
                }
            }
        }
        if inLink > 0 { linked += text.count - before }
    }

    private mutating func flush() {
        defer {
            text.removeAll(keepingCapacity: true)
            linked = 0
        }
        while let last = text.last, Text.isSpace(last) { text.removeLast() }
        guard !text.isEmpty else { return }
        let start = inCode > 0 ? text.firstIndex { $0 != 10 && $0 != 13 } ?? 0 : 0
        var place: Place = []
        if mains > 0 { place.insert(.main) }
        if articles > 0 { place.insert(.article) }
        if chromes > 0 { place.insert(.chrome) }
        let block = HTMLPage.Block(kind: kind, text: String(decoding: text[start...], as: UTF8.self))
        found.append(Found(block: block, bytes: text.count, linked: linked, place: place))
    }

    /// "language-swift", "lang-py", "highlight-source-c" in the class of a pre or of the code in it.
    private static func language(of node: Node) -> String {
        var candidates = [node]
        if let child = node.child, child.kind == .element, child.name == "code" { candidates.append(child) }
        for node in candidates {
            if let language = node["data-lang"] ?? node["data-language"] { return String(language.prefix(32)) }
            for word in node["class"]?.split(separator: " ") ?? [] {
                for prefix in ["language-", "lang-", "highlight-source-", "highlight-", "brush:"]
                where word.hasPrefix(prefix) {
                    return String(word.dropFirst(prefix.count).prefix(32))
                }
            }
        }
        return ""
    }

    // MARK: What it is about

    private static let enough = 200  // bytes that make a main part one

    mutating func finish() -> [HTMLPage.Block] {
        flush()
        var chosen = found.filter { !$0.place.contains(.chrome) }
        for place in [Place.main, .article] {
            let inside = chosen.filter { $0.place.contains(place) }
            let bytes = inside.reduce(0) { $0 + $1.bytes }
            if bytes >= BlockReader.enough || bytes * 4 >= chosen.reduce(0, { $0 + $1.bytes }), !inside.isEmpty {
                chosen = inside
                break
            }
        }
        let readable = chosen.filter { !BlockReader.isLinkList($0) }
        if !readable.isEmpty { return readable.map(\.block) }
        return (chosen.isEmpty ? found : chosen).map(\.block)
    }

    private static func isLinkList(_ found: Found) -> Bool {
        if case .heading = found.block.kind { return false }
        return found.linked * 2 > found.bytes && found.bytes < 400
    }
}
