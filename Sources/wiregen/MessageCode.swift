/// One message and the Swift it becomes.
struct MessageCode {
    struct Oneof {
        let name: String
        let fields: [FieldCode]
        var type: String { Names.capital(name) }
    }

    let name: String
    let comment: String
    /// In the order of the .proto; a oneof stands where its first field stands.
    let members: [Member]
    let nested: [MessageCode]
    let enums: [EnumCode]

    /// Of a oneof whose value lies where it is held.
    private static let directCases = 8

    enum Member {
        case field(FieldCode)
        case oneof(Oneof)

        var name: String {
            switch self {
            case .field(let field): Names.escaped(field.name)
            case .oneof(let oneof): Names.escaped(oneof.name)
            }
        }
        var type: String {
            switch self {
            case .field(let field): field.declaredType
            case .oneof(let oneof): oneof.type + "?"
            }
        }
        var initial: String {
            switch self {
            case .field(let field): field.initial
            case .oneof: "nil"
            }
        }
    }

    func write(to lines: inout Lines) {
        lines.comment(comment)
        lines.block("package struct \(name): ProtoMessage") { lines in
            for inner in enums { inner.write(to: &lines) }
            for inner in nested { inner.write(to: &lines) }
            for case .oneof(let oneof) in members { declare(oneof, &lines) }
            declareFields(&lines)
            writeInits(&lines)
            writeDecode(&lines)
            writeEncode(&lines)
            writeSize(&lines)
        }
    }

    private func declare(_ oneof: Oneof, _ lines: inout Lines) {
        // Many messages side by side are as large as the largest of them, and each is handed on many times.
        let indirect = oneof.fields.count > MessageCode.directCases ? "indirect " : ""
        lines.block("package \(indirect)enum \(oneof.type): Sendable, Equatable") { lines in
            for field in oneof.fields {
                lines.comment(field.comment)
                lines.add("case \(Names.escaped(field.name))(\(field.type))")
            }
        }
        lines.add("")
    }

    private func declareFields(_ lines: inout Lines) {
        for member in members {
            if case .field(let field) = member { lines.comment(field.comment) }
            lines.add("package var \(member.name): \(member.type) = \(member.initial)")
        }
        if !members.isEmpty { lines.add("") }
    }

    private func writeInits(_ lines: inout Lines) {
        lines.add("package init() {}")
        guard !members.isEmpty else { return }
        lines.add("")
        lines.add("package init(")
        for (index, member) in members.enumerated() {
            let comma = index + 1 < members.count ? "," : ""
            lines.add("    \(member.name): \(member.type) = \(member.initial)\(comma)")
        }
        lines.block(")") { lines in
            for member in members { lines.add("self.\(member.name) = \(member.name)") }
        }
    }

    private func writeDecode(_ lines: inout Lines) {
        lines.add("")
        lines.block("package mutating func decode(_ reader: inout ProtoReader) throws(WireError)") { lines in
            lines.block("while let tag = try reader.nextTag()") { lines in
                if members.isEmpty { return lines.add("try reader.skip(tag)") }
                lines.add("switch tag {")
                for member in members { writeCases(of: member, &lines) }
                lines.add("default: try reader.skip(tag)")
                lines.add("}")
            }
            for case .field(let field) in members where field.shape == .map {
                lines.add("\(Names.escaped(field.name)).finish()")
            }
        }
    }

    private func writeCases(of member: Member, _ lines: inout Lines) {
        let cases =
            switch member {
            case .field(let field): field.decodeCases()
            case .oneof(let oneof): oneof.fields.flatMap { $0.decodeCases(oneof: member.name) }
            }
        for (tag, body) in cases {
            if body.count == 1 {
                lines.add("case \(tag): \(body[0])")
            } else {
                lines.add("case \(tag):")
                for line in body { lines.add("    " + line) }
            }
        }
    }

    private func writeEncode(_ lines: inout Lines) {
        lines.add("")
        let head = "package func encode(_ writer: inout ProtoWriter)"
        if members.isEmpty { return lines.add(head + " {}") }
        lines.block(head) { lines in
            for member in members.reversed() { write(member, &lines) { $0.encodeLines() } }
        }
    }

    private func writeSize(_ lines: inout Lines) {
        lines.add("")
        if members.isEmpty { return lines.add("package var encodedSize: Int { 0 }") }
        lines.block("package var encodedSize: Int") { lines in
            lines.add("var size = 0")
            for member in members { write(member, &lines) { $0.sizeLines() } }
            lines.add("return size")
        }
    }

    private func write(_ member: Member, _ lines: inout Lines, _ code: (FieldCode) -> [String]) {
        switch member {
        case .field(let field):
            for line in code(field) { lines.add(line) }
        case .oneof(let oneof):
            lines.add("switch \(member.name) {")
            for field in oneof.fields { for line in code(field) { lines.add(line) } }
            lines.add("case nil: break")
            lines.add("}")
        }
    }
}
