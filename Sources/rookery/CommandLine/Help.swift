import Model

/// The texts of `rookery`, `rookery --help` and `rookery COMMAND --help`.
enum Help {
    static func overview(_ commands: [Command]) -> String {
        let width = commands.map(\.name.count).max() ?? 0
        let rows = commands.map { "  \(pad($0.name, width))  \($0.summary)" }
        return """
            Rookery runs a fleet of scavengers: nodes collect artifacts, a coordinator keeps each once.

            To begin, in three terminals:
              rookery hub --data ./hub
              rookery node --name n1 --data ./n1 --contact you@example.org
              rookery submit https://example.org/
            then: rookery status

            Commands:
            \(rows.joined(separator: "\n"))

            rookery COMMAND --help shows a command's flags and examples.

            """
    }

    static func text(_ command: Command) -> String {
        let flags = command.flags + [.help]
        let names = flags.map { "--\($0.name)" + ($0.value.map { " \($0)" } ?? "") }
        let width = names.map(\.count).max() ?? 0
        let rows = zip(names, flags).map { "  \(pad($0, width))  \($1.help)\($1.isRepeatable ? " (repeatable)" : "")" }
        var text = "\(command.summary)\n\nUsage: rookery \(command.name)"
        text += " [flags]" + (command.operands.isEmpty ? "" : " \(command.operands)")
        text += "\n\nFlags:\n\(rows.joined(separator: "\n"))\n"
        if !command.examples.isEmpty {
            text += "\nExamples:\n" + command.examples.map { "  \($0)\n" }.joined()
        }
        return text
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
