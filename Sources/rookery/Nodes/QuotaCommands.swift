import Model
import Telemetry
import Wire

extension Command {
    static let setQuota = Command(
        name: "quota set", summary: "limit how many artifacts come in within any hour",
        flags: [
            .hub,
            Flag(name: "base", value: "N", help: "of a node, before its success rate counts; 0: none"),
            Flag(name: "cluster", value: "N", help: "of all nodes together; 0: none"), .json,
        ],
        examples: ["rookery quota set --base 1000 --cluster 10000", "rookery quota set --base 0 --cluster 0"],
        run: { arguments in
            var request = Proto.SetQuota(key: try Operator.key())
            request.base = try arguments.integer("base", in: 0...Int(Limits.maxQuota)).map { UInt64($0) }
            request.cluster = try arguments.integer("cluster", in: 0...Int(Limits.maxQuota)).map { UInt64($0) }
            guard request.base != nil || request.cluster != nil else {
                throw UsageError("rookery quota set needs --base or --cluster; see rookery quota set --help")
            }
            return try await quota(.setQuota(request), arguments)
        })

    static let showQuota = Command(
        name: "quota show", summary: "show the quotas and what was decided for each node", flags: [.hub, .json],
        examples: ["rookery quota show"],
        run: { arguments in try await quota(.getQuota(Proto.GetQuota()), arguments) })

    private static func quota(_ question: Proto.Envelope.Body, _ arguments: Arguments) async throws -> Int32 {
        let reply = try await Operator.with(arguments) { hub in
            let answer = try await hub.ask(question)
            guard case .quotaReply(let reply) = answer else { throw Operator.unexpected(answer) }
            return reply
        }
        if arguments.has("json") { QuotaText.json(reply) } else { Terminal.out(QuotaText.text(reply)) }
        return ExitStatus.done
    }
}

private enum QuotaText {
    static func text(_ reply: Proto.QuotaReply) -> String {
        func figure(_ quota: UInt64) -> String { quota == 0 ? "none" : "\(quota) artifacts in any hour" }
        var text = "base     \(figure(reply.base))\ncluster  \(figure(reply.cluster))\n"
        guard !reply.nodes.isEmpty else { return text }
        var table = Table(["NODE", "QUOTA", "REVISION", "CREDIT"])
        for node in reply.nodes {
            table.add([
                Output.cell(node.name), "\(node.quota)", "\(node.revision)", node.exhausted ? "used up" : "some",
            ])
        }
        text += table.text
        return text
    }

    static func json(_ reply: Proto.QuotaReply) {
        Output.json { writer in
            writer.field("base", reply.base)
            writer.field("cluster", reply.cluster)
            writer.field("revision", reply.revision)
            writer.field("nodes") { writer in
                writer.array { writer in
                    for node in reply.nodes {
                        writer.object { writer in
                            writer.field("name", node.name)
                            writer.field("quota", node.quota)
                            writer.field("revision", node.revision)
                            writer.field("exhausted", node.exhausted)
                        }
                    }
                }
            }
        }
    }
}
