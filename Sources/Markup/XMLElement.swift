/// An element of an XML document, as a value: names without prefixes, text with its references resolved.
package struct XMLElement: Sendable, Equatable {
    package enum Part: Sendable, Equatable {
        case text(String)
        case element(XMLElement)
    }

    package let name: String
    package let namespace: String
    package let attributes: [String: String]
    package private(set) var parts: [Part] = []

    private static let mostElements = 200_000

    package var children: [XMLElement] {
        parts.compactMap { if case .element(let element) = $0 { element } else { nil } }
    }

    /// Its own text and that of everything inside it, in order.
    package var text: String {
        parts.reduce(into: "") { text, part in
            switch part {
            case .text(let own): text += own
            case .element(let element): text += element.text
            }
        }
    }

    /// What is inside, written out again without attributes: XHTML in a feed, for whoever reads HTML.
    package var markup: String {
        parts.reduce(into: "") { text, part in
            switch part {
            case .text(let own):
                for character in own.unicodeScalars {
                    switch character {
                    case "<": text += "&lt;"
                    case "&": text += "&amp;"
                    default: text.unicodeScalars.append(character)
                    }
                }
            case .element(let element): text += "<\(element.name)>\(element.markup)</\(element.name)>"
            }
        }
    }

    /// The first child of that name.
    package func child(_ name: String) -> XMLElement? {
        for case .element(let element) in parts where element.name == name { return element }
        return nil
    }

    /// The document's root; nil when there is none. What is broken is read as far as it can be made out.
    package init?(document bytes: [UInt8], charset: String? = nil) {
        // Some feeds begin with an empty line, which XML forbids; two-byte charsets begin with a zero somewhere.
        let isWide = bytes.prefix(4).contains(0)
        let start = isWide ? 0 : bytes.firstIndex(of: UInt8(ascii: "<")) ?? bytes.endIndex
        let read: XMLElement? = bytes.withUnsafeBytes { buffer in
            Tree(xml: UnsafeRawBufferPointer(rebasing: buffer[start...]), charset: charset).flatMap(XMLElement.read)
        }
        guard let read else { return nil }
        self = read
    }

    private init(_ node: Node) {
        name = node.name
        namespace = node.namespace
        attributes = Dictionary(node.attributes.map { ($0.name, $0.value) }) { first, _ in first }
    }

    private static func read(_ tree: Tree) -> XMLElement? {
        var open: [XMLElement] = []
        var count = 0
        var root: XMLElement?
        func add(_ part: Part) { open.indices.last.map { open[$0].parts.append(part) } }
        tree.walk { node in
            switch node.kind {
            case .element:
                count += 1
                guard count <= mostElements else { return false }
                open.append(XMLElement(node))
                return true
            case .text: add(.text(String(decoding: node.bytes, as: UTF8.self)))
            case .reference: if let scalar = node.referenced { add(.text(String(scalar))) }
            case .other: break
            }
            return false
        } leave: { _ in
            guard let element = open.popLast() else { return }
            if open.isEmpty { root = element } else { add(.element(element)) }
        }
        return root
    }
}
