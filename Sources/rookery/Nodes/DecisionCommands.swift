import Model
import Telemetry
import Wire

extension Command {
    static let decisions = Command(
        name: "decisions", summary: "show what was decided, by whom and why, newest first",
        flags: [
            .hub,
            Flag(name: "target", value: "ID", help: "about this target: the last 16"),
            Flag(name: "node", value: "NAME", help: "about this node: the last 1,000"),
            Flag(name: "actor", value: "NAME", help: "of this operator, or of the orchestrator"),
            Flag(name: "since", value: "SPAN", help: "not older than this"),
            Flag(name: "limit", value: "N", help: "how many (default 100)"), .json,
        ],
        examples: [
            "rookery decisions --node n1 --since 1h",
            "rookery decisions --target 5f0c6a7e0d9b4f12a3c4d5e6f7081920 --json",
        ],
        run: { arguments in
            var request = Proto.ListDecisions(
                node: arguments.string("node") ?? "", actor: arguments.string("actor") ?? "",
                sinceMsAgo: try arguments.span("since")?.milliseconds ?? 0)
            if let id = arguments.string("target") { request.target = try TargetSelection.id(id) }
            if !request.target.isEmpty, !request.node.isEmpty {
                throw UsageError("--target and --node exclude each other; give one")
            }
            request.limit = UInt32(try arguments.integer("limit", in: 1...1_000) ?? 100)
            let question = request
            let reply = try await Operator.with(arguments) { hub in
                let answer = try await hub.ask(.listDecisions(question))
                guard case .listDecisionsReply(let reply) = answer else { throw Operator.unexpected(answer) }
                return reply
            }
            if arguments.has("json") { DecisionText.json(reply) } else { Terminal.out(DecisionText.text(reply)) }
            return ExitStatus.done
        })
}

enum DecisionText {
    static func text(_ reply: Proto.ListDecisionsReply) -> String {
        guard !reply.decisions.isEmpty else { return "nothing was decided\n" }
        let older = reply.older.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
        return table(reply.decisions) + (older.isEmpty ? "" : "older, counted only: \(older)\n")
    }

    static func table(_ decisions: [Proto.DecisionInfo]) -> String {
        var table = Table(["AT", "WHO", "WHAT", "NODE", "TARGET", "WHY", "HOW"])
        for decision in decisions {
            table.add([
                WallTime(milliseconds: decision.atMs).rfc3339, Output.cell(decision.who), decision.what,
                Output.cell(decision.node), Output.cell(decision.location), Output.cell(decision.why, width: 160),
                Output.cell(decision.how),
            ])
        }
        return table.text
    }

    static func json(_ reply: Proto.ListDecisionsReply) {
        Output.json { writer in
            writer.field("decisions") { writer in list(reply.decisions, &writer) }
            writer.field("older") { writer in
                writer.object { writer in for counter in reply.older { writer.field(counter.name, counter.value) } }
            }
        }
    }

    static func list(_ decisions: [Proto.DecisionInfo], _ writer: inout JSONWriter) {
        writer.array { writer in
            for decision in decisions {
                writer.object { writer in
                    writer.field("number", decision.number)
                    writer.field("at_ms", decision.atMs)
                    writer.field("who", decision.who)
                    writer.field("what", decision.what)
                    if !decision.target.isEmpty { writer.field("target", Hex.text(decision.target)) }
                    if !decision.location.isEmpty { writer.field("location", decision.location) }
                    if !decision.node.isEmpty { writer.field("node", decision.node) }
                    if !decision.where.isEmpty { writer.field("where", decision.where) }
                    writer.field("why", decision.why)
                    if !decision.how.isEmpty { writer.field("how", decision.how) }
                }
            }
        }
    }
}
