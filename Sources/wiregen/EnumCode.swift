/// One enumeration and the Swift it becomes: known numbers are cases, all others are kept.
struct EnumCode {
    struct Value {
        let name: String
        let number: Int32
        let comment: String
    }

    let name: String
    let comment: String
    let values: [Value]

    func write(to lines: inout Lines) {
        lines.comment(comment)
        lines.block("package enum \(name): ProtoEnum") { lines in
            for value in values {
                lines.comment(value.comment)
                lines.add("case \(value.name)")
            }
            lines.add("/// A number that this version does not know.")
            lines.add("case unrecognized(Int32)")
            lines.add("")
            lines.add("/// The value of a field that was not sent.")
            lines.add("package init() { self = .\(values[0].name) }")
            lines.add("")
            lines.block("package init(rawValue: Int32)") { lines in
                lines.add("switch rawValue {")
                for value in values { lines.add("case \(value.number): self = .\(value.name)") }
                lines.add("default: self = .unrecognized(rawValue)")
                lines.add("}")
            }
            lines.add("")
            lines.block("package var rawValue: Int32") { lines in
                lines.add("switch self {")
                for value in values { lines.add("case .\(value.name): \(value.number)") }
                lines.add("case .unrecognized(let number): number")
                lines.add("}")
            }
        }
        lines.add("")
    }
}
