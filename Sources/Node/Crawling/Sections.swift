import Markup

/// A page cut at its headings: what each section says, and the code in it. Pure.
struct Sections: Equatable, Sendable {
    struct Section: Equatable, Sendable {
        /// From the page's title down to its own heading.
        var path: [String]
        var anchor = ""
        var text = ""
    }

    struct Code: Equatable, Sendable {
        var path: [String]
        var anchor: String
        var language: String
        var text: String
    }

    private(set) var sections: [Section] = []
    private(set) var code: [Code] = []

    init(_ page: HTMLPage) {
        var open: [(level: Int, heading: String)] = []
        var section = Section(path: page.title.isEmpty ? [] : [page.title])
        for block in page.blocks {
            switch block.kind {
            case .heading(let level, let anchor):
                keep(section)
                open.removeAll { $0.level >= level }
                open.append((level, block.text))
                section = Section(path: open.map(\.heading), anchor: anchor)
            case .code(let language):
                code.append(Code(path: section.path, anchor: section.anchor, language: language, text: block.text))
                section.add(block.text, "\n\n")
            case .paragraph: section.add(block.text, "\n\n")
            case .item: section.add("- " + block.text, "\n")
            }
        }
        keep(section)
    }

    private mutating func keep(_ section: Section) { if !section.text.isEmpty { sections.append(section) } }
}

extension Sections.Section {
    fileprivate mutating func add(_ words: String, _ separator: String) {
        text += text.isEmpty ? words : separator + words
    }
}
