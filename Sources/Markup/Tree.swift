import CXML2

/// A parsed document of libxml2's, freed with its owner. What it hands out must not outlive it.
final class Tree {
    private let document: xmlDocPtr
    let root: Node

    private static let library: Void = xmlInitParser()

    /// HTML in UTF-8, forgiving as browsers are. Nil when there is no element in it.
    convenience init?(html: UnsafeRawBufferPointer) {
        _ = Tree.library
        let options =
            HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NOERROR.rawValue | HTML_PARSE_NOWARNING.rawValue
            | HTML_PARSE_NONET.rawValue | HTML_PARSE_COMPACT.rawValue | HTML_PARSE_IGNORE_ENC.rawValue
        let text = html.bindMemory(to: CChar.self)
        self.init(htmlReadMemory(text.baseAddress, Int32(clamping: text.count), nil, "UTF-8", Int32(options)))
    }

    /// XML, as far as it can be made out. Nothing is loaded, and no entity of the document's own is expanded.
    convenience init?(xml: UnsafeRawBufferPointer, charset: String?) {
        _ = Tree.library
        let options =
            XML_PARSE_RECOVER.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
            | XML_PARSE_NONET.rawValue | XML_PARSE_NOCDATA.rawValue | XML_PARSE_COMPACT.rawValue
        let text = xml.bindMemory(to: CChar.self)
        self.init(xmlReadMemory(text.baseAddress, Int32(clamping: text.count), nil, charset, Int32(options)))
    }

    private init?(_ document: xmlDocPtr?) {
        guard let document else { return nil }
        guard let root = xmlDocGetRootElement(document) else {
            xmlFreeDoc(document)
            return nil
        }
        self.document = document
        self.root = Node(root)
    }

    deinit { xmlFreeDoc(document) }

    /// Every node from the root on, in the order of the text. `enter` says whether to look inside; `leave` is called
    /// for each that was entered. No recursion, so that depth costs no stack.
    func walk(enter: (Node) -> Bool, leave: (Node) -> Void) {
        var node = root
        while true {
            if enter(node) {
                if let child = node.child {
                    node = child
                    continue
                }
                leave(node)
            }
            while node != root, node.next == nil {
                guard let parent = node.parent else { return }
                node = parent
                leave(node)
            }
            guard node != root, let next = node.next else { return }
            node = next
        }
    }
}

/// One node, while its tree lives.
struct Node: Equatable {
    enum Kind { case element, text, reference, other }

    private let node: xmlNodePtr

    init(_ node: xmlNodePtr) { self.node = node }

    var kind: Kind {
        switch node.pointee.type {
        case XML_ELEMENT_NODE: .element
        case XML_TEXT_NODE, XML_CDATA_SECTION_NODE: .text
        case XML_ENTITY_REF_NODE: .reference
        default: .other
        }
    }

    /// The local name, as the document spells it.
    var name: String { Node.text(node.pointee.name) }
    var namespace: String { node.pointee.ns.map { Node.text($0.pointee.href) } ?? "" }
    /// What an entity reference is inside the document is never asked for.
    var child: Node? { kind == .element ? node.pointee.children.map(Node.init) : nil }
    var next: Node? { node.pointee.next.map(Node.init) }
    var parent: Node? { node.pointee.parent.map(Node.init) }

    /// The bytes of a text node, of which the last is before the terminating zero.
    var bytes: UnsafeBufferPointer<UInt8> {
        guard let content = node.pointee.content else { return UnsafeBufferPointer(start: nil, count: 0) }
        return UnsafeBufferPointer(start: content, count: Int(xmlStrlen(content)))
    }

    /// What a reference such as &nbsp; stands for in HTML; nil for any other.
    var referenced: Unicode.Scalar? {
        guard let entity = htmlEntityLookup(node.pointee.name) else { return nil }
        return Unicode.Scalar(entity.pointee.value)
    }

    var attributes: [(name: String, value: String)] {
        var attributes: [(name: String, value: String)] = []
        var next = node.pointee.properties
        while let attribute = next {
            attributes.append((Node.text(attribute.pointee.name), Node.value(of: attribute)))
            next = attribute.pointee.next
        }
        return attributes
    }

    /// An attribute by its name in lower case, without its namespace.
    subscript(name: String) -> String? {
        var next = node.pointee.properties
        while let attribute = next {
            if name.withCString({
                $0.withMemoryRebound(to: UInt8.self, capacity: 1) {
                    xmlStrEqual($0, attribute.pointee.name) != 0
                }
            }) {
                return Node.value(of: attribute)
            }
            next = attribute.pointee.next
        }
        return nil
    }

    private static func value(of attribute: xmlAttrPtr) -> String {
        guard let first = attribute.pointee.children else { return "" }
        if first.pointee.next == nil { return text(first.pointee.content) }
        var value = ""
        var next: xmlNodePtr? = first
        while let part = next {
            let node = Node(part)
            if let scalar = node.kind == .reference ? node.referenced : nil {
                value.unicodeScalars.append(scalar)
            } else {
                value += text(part.pointee.content)
            }
            next = part.pointee.next
        }
        return value
    }

    private static func text(_ bytes: UnsafePointer<xmlChar>?) -> String {
        bytes.map { String(cString: $0) } ?? ""
    }
}
