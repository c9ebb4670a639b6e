/// What a page says, taken out of its HTML.
package struct HTMLPage: Sendable, Equatable {
    package struct Link: Sendable, Equatable {
        /// As written; relative ones begin at `base`, or at the page's own location.
        package var reference: String
        package var isNofollow: Bool
    }

    /// A stretch of text that belongs together, in the page's order.
    package struct Block: Sendable, Equatable {
        package enum Kind: Sendable, Equatable {
            case paragraph
            case item
            case heading(level: Int, anchor: String)
            /// Preformatted; the language as the page calls it, or empty.
            case code(language: String)
        }

        package var kind: Kind
        package var text: String
    }

    package var title = ""
    /// The main text: without navigation, forms, scripts and the like, where the page has more than these.
    package var blocks: [Block] = []
    package var links: [Link] = []
    /// As the page declares it: "en-GB".
    package var language: String?
    /// When the page says it was published, in its own words.
    package var published: String?
    package var canonical: String?
    package var base: String?
    /// The content of meta elements by lower-case name, the first of each.
    package var metas: [String: String] = [:]

    package static let mostLinks = 2_000

    package var text: String {
        var text = ""
        for (index, block) in blocks.enumerated() {
            if index > 0 { text += block.kind == .item && blocks[index - 1].kind == .item ? "\n" : "\n\n" }
            text += block.text
        }
        return text
    }

    /// A page in UTF-8. What is broken is read as browsers read it; a tag with a thousand attributes ends the reading.
    package init(_ page: [UInt8]) {
        page.withUnsafeBytes { buffer in
            let length = AttributeGuard.honestLength(of: buffer)
            guard let tree = Tree(html: UnsafeRawBufferPointer(rebasing: buffer[..<length])) else { return }
            var reader = PageReader()
            tree.walk(enter: { reader.enter($0) }, leave: { reader.leave($0) })
            self = reader.finish()
        }
    }

    init() {}
}
