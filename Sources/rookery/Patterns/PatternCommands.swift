import Model
import Wire

extension Command {
    static let runPatterns = Command(
        name: "patterns run", summary: "look for patterns in the texts of the last 24 hours now",
        flags: [.hub, .json], examples: ["rookery patterns run"],
        run: { arguments in
            try await PatternText.show(arguments, .runPatterns(Proto.RunPatterns()))
        })

    static let listPatterns = Command(
        name: "patterns list", summary: "list the patterns of the newest run, largest first",
        flags: [
            .hub, Flag(name: "version", value: "N", help: "the run of this state version or the one before"), .json,
        ],
        examples: ["rookery patterns list", "rookery patterns list --version 4100 --json"],
        run: { arguments in
            let version = try arguments.integer("version", in: 1...Int.max) ?? 0
            return try await PatternText.show(
                arguments, .listPatterns(Proto.ListPatterns(stateVersion: UInt64(version))))
        })

    static let showPattern = Command(
        name: "patterns show", summary: "show one pattern of the newest run", operands: "PATTERN",
        operandCount: 1...1, flags: [.hub, .json], examples: ["rookery patterns show p3"],
        run: { arguments in
            let text = arguments.operands[0]
            guard let id = UInt64(text.hasPrefix("p") ? text.dropFirst() : text[...]), id > 0 else {
                throw UsageError("PATTERN is \(text); a pattern's id such as p3 is accepted")
            }
            let run = try await PatternText.ask(arguments, .listPatterns(Proto.ListPatterns()))
            guard let pattern = run.patterns.first(where: { $0.id == id }) else {
                throw CommandError(
                    run.stateVersion == 0
                        ? run.message : "the newest run has no pattern p\(id); rookery patterns list shows its patterns"
                )
            }
            if arguments.has("json") {
                Output.json { PatternText.fields(pattern, &$0) }
            } else {
                Terminal.out(PatternText.text(pattern))
            }
            return ExitStatus.done
        })

    static let whyPattern = Command(
        name: "patterns why", summary: "say which pattern a text is nearest to, and what each term adds",
        operands: "ARTIFACT", operandCount: 1...1, flags: [.hub, .json], examples: ["rookery patterns why a41"],
        run: { arguments in
            let artifact = try ArtifactText.number(arguments.operands[0], flag: "ARTIFACT")
            let reply = try await Operator.with(arguments) { hub in
                let answer = try await hub.ask(.explainPattern(Proto.ExplainPattern(artifact: artifact)))
                guard case .explainPatternReply(let reply) = answer else { throw Operator.unexpected(answer) }
                return reply
            }
            if arguments.has("json") {
                Output.json { PatternText.fields(reply, &$0) }
            } else {
                Terminal.out(PatternText.text(reply))
            }
            return ExitStatus.done
        })

    static let exportPatterns = Command(
        name: "patterns export", summary: "write the newest run and its texts to files, to be computed again elsewhere",
        operands: "DIR", operandCount: 1...1, flags: [.hub], examples: ["rookery patterns export ./patterns"],
        run: { arguments in
            let counts = try await PatternExport(directory: arguments.operands[0]).run(arguments)
            Terminal.out("\(counts.patterns) patterns and \(counts.texts) texts in \(arguments.operands[0])\n")
            return ExitStatus.done
        })
}
