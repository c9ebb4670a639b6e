import Telemetry
import Wire

extension Command {
    static let listNodes = Command(
        name: "nodes list", summary: "list the nodes: state, load, health", flags: [.hub, .json],
        examples: ["rookery nodes list"],
        run: { arguments in
            let nodes = try await Operator.with(arguments) { hub in
                let answer = try await hub.ask(.listNodes(Proto.ListNodes()))
                guard case .listNodesReply(let reply) = answer else { throw Operator.unexpected(answer) }
                return reply.nodes
            }
            if arguments.has("json") {
                Output.json { StatusText.nodes(nodes, &$0) }
            } else {
                Terminal.out(NodeText.table(nodes))
            }
            return ExitStatus.done
        })

    static let drainNode = operation("drain", "give a node nothing new; what it has it finishes", .drain)
    static let undrainNode = operation("undrain", "give a drained node targets again", .undrain)
    static let removeNode = operation(
        "remove", "take a node that is not connected out of the fleet; its leases are given out again", .remove)

    private static func operation(_ word: String, _ summary: String, _ action: Proto.NodeAction) -> Command {
        Command(
            name: "nodes \(word)", summary: summary, operands: "NAME", operandCount: 1...1, flags: [.hub, .json],
            examples: ["rookery nodes \(word) n1"],
            run: { arguments in
                let request = Proto.OperateNode(
                    key: try Operator.key(), name: arguments.operands[0], action: action)
                let reply = try await Operator.with(arguments) { hub in
                    let answer = try await hub.ask(.operateNode(request))
                    guard case .operateNodeReply(let reply) = answer else { throw Operator.unexpected(answer) }
                    return reply
                }
                let state = reply.node?.state ?? "unknown"
                if arguments.has("json") {
                    Output.json { writer in
                        writer.field("name", request.name)
                        writer.field("state", state)
                        writer.field("changed", reply.changed)
                    }
                } else {
                    let name = Output.cell(request.name)
                    Terminal.out(reply.changed ? "\(name) is now \(state)\n" : "\(name) was so already: \(state)\n")
                }
                return ExitStatus.done
            })
    }
}

enum NodeText {
    static func table(_ nodes: [Proto.NodeInfo]) -> String {
        guard !nodes.isEmpty else { return "no node has registered; rookery node --name n1 … starts one\n" }
        var table = Table([
            "NODE", "STATE", "LOAD", "DELIVERING", "SPOOLED", "LAST SEEN", "USEFULNESS", "SUCCESS", "QUALITY", "RATING",
            "TIME", "OF", "HEALTH",
        ])
        for node in nodes {
            table.add([
                Output.cell(node.name), node.state, "\(node.collecting)/\(node.capacity)", "\(node.delivering)",
                "\(node.spooledItems)", Output.duration(milliseconds: node.lastSeenMsAgo) + " ago",
                Output.figure(node.usefulness), Output.figure(node.successRate), Output.figure(node.quality),
                rating(node.rating),
                node.meanTimeMs.map { Output.duration(milliseconds: UInt64($0)) } ?? "unknown", "\(node.outcomes)",
                Output.cell(node.health),
            ])
        }
        return table.text
    }

    /// What sinks say of what a node brought.
    static func rating(_ rating: Double?) -> String { rating.map(Output.figure) ?? "none" }
}
