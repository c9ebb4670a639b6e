import Testing
import Wire

/// docs/PROTOCOL.md and the code name the same things.
@Suite struct ProtocolDocumentTests {
    private let document: String
    private let proto: [Substring]

    init() throws {
        document = try Repository.text("docs/PROTOCOL.md")
        proto = try Repository.text("Sources/Wire/rookery.proto").split(separator: "\n")
    }

    /// The cells of column `column` in the table rows of a section, without backticks.
    private func cells(section: String, column: Int) -> [Substring] {
        let rows = document.split(separator: "\n").drop { !$0.hasPrefix("## \(section)") }.dropFirst()
            .prefix { !$0.hasPrefix("## ") }.filter { $0.hasPrefix("| ") }
        return rows.dropFirst().compactMap { row in
            let cells = row.split(separator: "|", omittingEmptySubsequences: false)
            return cells.dropLast().dropFirst(column + 1).first.map { $0.trimmed }
        }
    }

    @Test func `every error code is in the table of errors, with what the client should do`() {
        let codes = proto.compactMap { line -> Substring? in
            let word = line.trimmed.prefix { $0 != " " }
            return word.hasPrefix("ERROR_") && word != "ERROR_UNSPECIFIED" ? word.dropFirst(6) : nil
        }
        #expect(codes.count == 24)
        #expect(cells(section: "4.", column: 0) == codes)
        #expect(cells(section: "4.", column: 2).allSatisfy { !$0.isEmpty })
    }

    @Test func `every session fault is in the table of hostile peers`() {
        #expect(Set(cells(section: "9.", column: 3).map(String.init)) == Set(SessionFault.allCases.map(\.rawValue)))
    }

    @Test func `every code of a hostile peer's answer is one of the protocol`() {
        let codes = Set(cells(section: "4.", column: 0))
        for answer in cells(section: "9.", column: 2) {
            let code = answer.prefix { $0 == "_" || $0.isUppercase }
            #expect(code.isEmpty || codes.contains(code), "\(answer)")
        }
    }

    @Test func `every body is in the table of who may send what, and explained`() {
        for body in Bodies.all {
            let name = "\(body)".prefix { $0 != "(" }
            let title = name.prefix(1).uppercased() + name.dropFirst()
            let isListReply = title.hasPrefix("List") && title.hasSuffix("Reply")
            #expect(isListReply || document.contains(title), "\(title)")
        }
    }

    @Test func `every message and enumeration in the document is in the proto file`() {
        let bold = document.split(separator: "**", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 && $0.element.allSatisfy { $0.isLetter } }.map { String($0.element) }
        #expect(bold.count > 20)
        for name in bold { #expect(proto.contains { $0.hasPrefix("message \(name) ") }, "\(name)") }
    }
}

extension Substring {
    /// Without spaces at its ends.
    fileprivate var trimmed: Substring {
        let start = drop { $0 == " " }
        return start.dropLast(start.reversed().prefix { $0 == " " }.count)
    }
}
