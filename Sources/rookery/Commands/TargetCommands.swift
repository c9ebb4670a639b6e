import Model
import Telemetry
import Wire

extension Command {
    static let listTargets = Command(
        name: "targets list", summary: "list targets and where each stands",
        flags: [
            .hub,
            Flag(name: "state", value: "STATE", help: "scheduled, due, leased, retry, paused, dead, cancelled, done"),
            Flag(name: "limit", value: "N", help: "how many (default 100)"), .json,
        ],
        examples: ["rookery targets list", "rookery targets list --state dead"],
        run: { arguments in
            let limit = try arguments.integer("limit", in: 1...1_000_000) ?? 100
            let targets = try await Operator.with(arguments) { hub in
                var targets: [Proto.TargetInfo] = []
                var after: ArraySlice<UInt8> = []
                repeat {
                    let page = UInt32(min(limit - targets.count, Limits.listLimit))
                    let answer = try await hub.ask(
                        .listTargets(
                            Proto.ListTargets(state: arguments.string("state") ?? "", after: after, limit: page)))
                    guard case .listTargetsReply(let reply) = answer else { throw Operator.unexpected(answer) }
                    targets += reply.targets
                    after = reply.next
                } while !after.isEmpty && targets.count < limit
                return targets
            }
            if arguments.has("json") { TargetText.json(targets) } else { Terminal.out(TargetText.table(targets)) }
            return ExitStatus.done
        })
}

private enum TargetText {
    static func table(_ targets: [Proto.TargetInfo]) -> String {
        guard !targets.isEmpty else { return "no targets; rookery submit URL… names some\n" }
        var table = Table(["STATE", "PRIO", "TRIES", "OK", "DUE IN", "NODE", "TYPE", "LOCATION", "LAST ERROR"])
        for target in targets {
            table.add([
                target.state, "\(target.priority)", "\(target.attempts)", "\(target.successes)",
                Output.duration(milliseconds: target.dueInMs), Output.cell(target.node), target.type,
                Output.cell(target.location), Output.cell(target.lastError),
            ])
        }
        return table.text
    }

    static func json(_ targets: [Proto.TargetInfo]) {
        Output.json { writer in
            writer.field("targets") { writer in
                writer.array { writer in
                    for target in targets {
                        writer.object { writer in
                            writer.field("id", Output.hex(target.id))
                            writer.field("type", target.type)
                            writer.field("location", target.location)
                            writer.field("state", target.state)
                            writer.field("priority", target.priority)
                            writer.field("attempts", target.attempts)
                            writer.field("successes", target.successes)
                            writer.field("due_in_ms", target.dueInMs)
                            if !target.node.isEmpty { writer.field("node", target.node) }
                            if !target.lastError.isEmpty { writer.field("last_error", target.lastError) }
                        }
                    }
                }
            }
        }
    }
}
