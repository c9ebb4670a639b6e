import Model
import Telemetry
import Wire

extension Command {
    static let explainTarget = Command(
        name: "explain target", summary: "show every gate between a target and its next collection",
        operands: "ID", operandCount: 1...1, flags: [.hub, .json],
        examples: ["rookery explain target 5f0c6a7e0d9b4f12a3c4d5e6f7081920"],
        run: { arguments in
            try await explain(Proto.Explain(target: try TargetSelection.id(arguments.operands[0])), arguments)
        })

    static let explainNode = Command(
        name: "explain node", summary: "show every gate between a node and its next target",
        operands: "NAME", operandCount: 1...1, flags: [.hub, .json],
        examples: ["rookery explain node n1"],
        run: { arguments in try await explain(Proto.Explain(node: arguments.operands[0]), arguments) })

    private static func explain(_ question: Proto.Explain, _ arguments: Arguments) async throws -> Int32 {
        let reply = try await Operator.with(arguments) { hub in
            let answer = try await hub.ask(.explain(question))
            guard case .explainReply(let reply) = answer else { throw Operator.unexpected(answer) }
            return reply
        }
        if arguments.has("json") { ExplainText.json(reply) } else { Terminal.out(ExplainText.text(reply)) }
        return ExitStatus.done
    }

    static let plan = Command(
        name: "plan", summary: "show what is due and who would get it, the load of each node, and risks",
        flags: [.hub, Flag(name: "limit", value: "N", help: "due targets to show (default 100)"), .json],
        examples: ["rookery plan", "rookery plan --json | jq .risks"],
        run: { arguments in
            let limit = UInt32(try arguments.integer("limit", in: 1...1_000) ?? 0)
            let reply = try await Operator.with(arguments) { hub in
                let answer = try await hub.ask(.plan(Proto.Plan(limit: limit)))
                guard case .planReply(let reply) = answer else { throw Operator.unexpected(answer) }
                return reply
            }
            if arguments.has("json") { ExplainText.json(reply) } else { Terminal.out(ExplainText.text(reply)) }
            return ExitStatus.done
        })
}

private enum ExplainText {
    static func text(_ reply: Proto.ExplainReply) -> String {
        var text = ""
        if let target = reply.target { text += "\(Output.cell(target.location, width: 200)) is \(target.state)\n" }
        if let node = reply.node {
            text += "\(Output.cell(node.name)) is \(node.state), health: \(node.health)\n"
            text += "  usefulness \(Output.figure(node.usefulness)): success rate \(Output.figure(node.successRate)), "
            text += "quality \(Output.figure(node.quality)), sink rating \(NodeText.rating(node.rating))\n"
        }
        for gate in reply.gates {
            let opens = gate.opensInMs == 0 ? "" : ", for \(Output.duration(milliseconds: gate.opensInMs)) yet"
            text += "  \(gate.name): \(Output.cell(gate.reason, width: 400))\(opens)\n"
        }
        if reply.gates.isEmpty { text += "  nothing stands in its way\n" }
        return text + "next: \(Output.cell(reply.next, width: 400))\n"
    }

    static func json(_ reply: Proto.ExplainReply) {
        Output.json { writer in
            writer.field("gates") { writer in
                writer.array { writer in
                    for gate in reply.gates {
                        writer.object { writer in
                            writer.field("name", gate.name)
                            writer.field("reason", gate.reason)
                            if gate.opensInMs > 0 { writer.field("opens_in_ms", gate.opensInMs) }
                        }
                    }
                }
            }
            writer.field("next", reply.next)
            if let target = reply.target {
                writer.field("target") { writer in writer.object { TargetText.members(target, &$0) } }
            }
            if let node = reply.node { StatusText.nodes([node], &writer) }
        }
    }

    static func text(_ plan: Proto.PlanReply) -> String {
        var text = "\(plan.due) due\n"
        if !plan.targets.isEmpty {
            var table = Table(["TARGET", "PRIO", "LOCATION", "GOES TO", "WAITS FOR"])
            for planned in plan.targets {
                table.add([
                    Hex.text(planned.target?.id ?? []), "\(planned.target?.priority ?? 0)",
                    Output.cell(planned.target?.location ?? ""), Output.cell(planned.node), planned.gate,
                ])
            }
            text += table.text
        }
        if !plan.nodes.isEmpty { text += "\n" + NodeText.table(plan.nodes) }
        for risk in plan.risks { text += "RISK  \(Output.cell(risk, width: 400))\n" }
        return text
    }

    static func json(_ plan: Proto.PlanReply) {
        Output.json { writer in
            writer.field("due", plan.due)
            writer.field("targets") { writer in
                writer.array { writer in
                    for planned in plan.targets {
                        writer.object { writer in
                            if let target = planned.target { TargetText.members(target, &writer) }
                            writer.field("goes_to", planned.node)
                            writer.field("waits_for", planned.gate)
                        }
                    }
                }
            }
            StatusText.nodes(plan.nodes, &writer)
            writer.field("risks") { writer in
                writer.array { writer in for risk in plan.risks { writer.string(risk) } }
            }
        }
    }
}
