import Model
import Telemetry
import Wire

/// Patterns in words and in JSON.
enum PatternText {
    /// A run looks at up to 100,000 texts while it gives way to everything else.
    private static let longestRun = Span.minutes(10)

    static func ask(_ arguments: Arguments, _ body: Proto.Envelope.Body) async throws -> Proto.ListPatternsReply {
        try await Operator.with(arguments) { hub in
            let answer = try await hub.ask(body, timeout: longestRun)
            guard case .listPatternsReply(let reply) = answer else { throw Operator.unexpected(answer) }
            return reply
        }
    }

    static func show(_ arguments: Arguments, _ body: Proto.Envelope.Body) async throws -> Int32 {
        let run = try await ask(arguments, body)
        if arguments.has("json") {
            Output.json { fields(run, &$0) }
        } else {
            Terminal.out(table(run))
        }
        return ExitStatus.done
    }

    // MARK: Words

    static func table(_ run: Proto.ListPatternsReply) -> String {
        let message = run.message.isEmpty ? "" : run.message + "\n"
        guard run.stateVersion != 0 else { return message }
        var table = Table(["ID", "TEXTS", "CHANGE", "SURE", "ABOUT", "TERMS"])
        for pattern in run.patterns {
            table.add([
                "p\(pattern.id)", "\(pattern.members)", change(pattern), percent(pattern.confidence),
                Output.cell(pattern.characteristics.map(\.name).joined(separator: ", ")),
                Output.cell(pattern.terms.prefix(5).map(\.text).joined(separator: ", ")),
            ])
        }
        let gone = run.gone.isEmpty ? "" : "gone since the run before: \(run.gone.joined(separator: ", "))\n"
        return message
            + "state version \(run.stateVersion), \(WallTime(milliseconds: run.atMs).rfc3339), \(run.texts) texts\n"
            + table.text + gone
    }

    private static func change(_ pattern: Proto.PatternInfo) -> String {
        guard let change = pattern.change else { return "new" }
        return change.membersDelta > 0 ? "+\(change.membersDelta)" : "\(change.membersDelta)"
    }

    static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

    private static func four(_ weight: Double) -> String {
        let digits = String(Int((weight * 10_000).rounded()))
        let padded = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        return padded.dropLast(4) + "." + padded.suffix(4)
    }

    static func text(_ pattern: Proto.PatternInfo) -> String {
        func shares(_ all: [Proto.PatternShare]) -> String {
            all.map { "\(Output.cell($0.name)) \($0.count)" }.joined(separator: ", ")
        }
        let about = pattern.characteristics.map { "\(Output.cell($0.name)) \(four($0.weight))" }
        var text = """
            pattern         p\(pattern.id), \(pattern.members) texts, confidence \(percent(pattern.confidence))
            about           \(about.isEmpty ? "nothing in the vocabularies" : about.joined(separator: ", "))
            nodes           \(shares(pattern.nodes))
            domains         \(shares(pattern.domains))
            from            \(WallTime(milliseconds: pattern.firstAtMs).rfc3339)
            to              \(WallTime(milliseconds: pattern.lastAtMs).rfc3339)

            """
        if let change = pattern.change {
            text += "change          \(self.change(pattern)) texts, \(percent(change.similarity)) like the run before\n"
            text += terms("new terms       ", change.newTerms) + terms("gone terms      ", change.goneTerms)
        } else {
            text += "change          new since the run before\n"
        }
        var table = Table(["TERM", "WEIGHT", "TEXTS"])
        for term in pattern.terms { table.add([Output.cell(term.text), four(term.weight), "\(term.texts)"]) }
        text += table.text
        return text + "sample a\(pattern.sample):\n\(Output.cell(pattern.excerpt, width: Limits.patternExcerpt + 1))\n"
    }

    private static func terms(_ heading: String, _ terms: [String]) -> String {
        terms.isEmpty ? "" : heading + Output.cell(terms.joined(separator: ", "), width: 200) + "\n"
    }

    static func text(_ reply: Proto.ExplainPatternReply) -> String {
        guard reply.pattern != 0 else {
            return "a\(reply.artifact) has no term of any pattern of state version \(reply.stateVersion)\n"
        }
        var table = Table(["TERM", "TIMES", "IN TEXT", "IN PATTERN", "ADDS"])
        for part in reply.contributions {
            table.add([
                Output.cell(part.term), "\(part.count)", four(part.inArtifact), four(part.inPattern),
                four(part.contribution),
            ])
        }
        return "a\(reply.artifact) is nearest to p\(reply.pattern), similarity \(four(reply.similarity)), "
            + "state version \(reply.stateVersion)\n" + table.text
    }
}

// MARK: JSON

extension PatternText {
    static func fields(_ run: Proto.ListPatternsReply, _ writer: inout JSONWriter) {
        writer.field("state_version", run.stateVersion)
        if !run.message.isEmpty { writer.field("message", run.message) }
        guard run.stateVersion != 0 else { return }
        writer.field("at", WallTime(milliseconds: run.atMs).rfc3339)
        writer.field("texts", run.texts)
        writer.field("words", run.words)
        writer.field("words_per_text", run.wordsPerText)
        writer.field("words_set_aside", run.setAside)
        list("gone", run.gone, &writer)
        writer.field("patterns") { writer in
            writer.array { writer in
                for pattern in run.patterns { writer.object { fields(pattern, &$0) } }
            }
        }
    }

    private static func list(_ name: String, _ words: [String], _ writer: inout JSONWriter) {
        writer.field(name) { writer in writer.array { writer in for word in words { writer.string(word) } } }
    }

    static func fields(_ pattern: Proto.PatternInfo, _ writer: inout JSONWriter) {
        writer.field("id", "p\(pattern.id)")
        writer.field("members", pattern.members)
        writer.field("confidence", pattern.confidence)
        writer.field("terms") { writer in
            writer.array { writer in
                for term in pattern.terms {
                    writer.object { writer in
                        writer.field("term", term.text)
                        writer.field("weight", term.weight)
                        writer.field("texts", term.texts)
                    }
                }
            }
        }
        writer.field("characteristics") { writer in
            writer.object { writer in for one in pattern.characteristics { writer.field(one.name, one.weight) } }
        }
        for (name, shares) in [("nodes", pattern.nodes), ("domains", pattern.domains)] {
            writer.field(name) { writer in
                writer.object { writer in for share in shares { writer.field(share.name, share.count) } }
            }
        }
        writer.field("first_at", WallTime(milliseconds: pattern.firstAtMs).rfc3339)
        writer.field("last_at", WallTime(milliseconds: pattern.lastAtMs).rfc3339)
        writer.field("sample", "a\(pattern.sample)")
        writer.field("excerpt", pattern.excerpt)
        guard let change = pattern.change else { return writer.nullField("change") }
        writer.field("change") { writer in
            writer.object { writer in
                writer.field("similarity", change.similarity)
                writer.field("members_delta", change.membersDelta)
                list("new_terms", change.newTerms, &writer)
                list("gone_terms", change.goneTerms, &writer)
            }
        }
    }

    static func fields(_ reply: Proto.ExplainPatternReply, _ writer: inout JSONWriter) {
        writer.field("artifact", "a\(reply.artifact)")
        if reply.pattern == 0 { writer.nullField("pattern") } else { writer.field("pattern", "p\(reply.pattern)") }
        writer.field("similarity", reply.similarity)
        writer.field("state_version", reply.stateVersion)
        writer.field("contributions") { writer in
            writer.array { writer in
                for part in reply.contributions {
                    writer.object { writer in
                        writer.field("term", part.term)
                        writer.field("count", part.count)
                        writer.field("in_artifact", part.inArtifact)
                        writer.field("in_pattern", part.inPattern)
                        writer.field("contribution", part.contribution)
                    }
                }
            }
        }
    }
}
