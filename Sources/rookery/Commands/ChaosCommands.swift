import Model
import Telemetry
import Wire

extension Command {
    static let injectFault = Command(
        name: "chaos inject", summary: "hurt a node on purpose, for a limited time",
        operands: "pause-node|cut-connection|delay|kill-node NODE", operandCount: 2...2,
        flags: [
            .hub, Flag(name: "for", value: "SPAN", help: "how long; the fault ends by itself (default 10s)"),
            Flag(name: "by", value: "SPAN", help: "of delay: how long each frame is held (default 500ms)"), .json,
        ],
        examples: [
            "rookery chaos inject pause-node n1 --for 10s", "rookery chaos inject delay n2 --by 200ms --for 1m",
        ],
        run: { arguments in
            let name = arguments.operands[0]
            guard let kind = FaultText.kinds.first(where: { $0.name == name })?.kind else {
                let known = FaultText.kinds.map(\.name).joined(separator: ", ")
                throw UsageError("there is no fault \(name); \(known) are known")
            }
            let span = try arguments.span("for") ?? .seconds(10)
            var request = Proto.ChaosInject(
                key: try Operator.key(), fault: kind, node: arguments.operands[1],
                durationMs: UInt32(clamping: span.milliseconds))
            if kind == .delay {
                request.delayMs = UInt32(clamping: (try arguments.span("by") ?? .milliseconds(500)).milliseconds)
            }
            return try await FaultText.show(.chaosInject(request), arguments)
        })

    static let clearFaults = Command(
        name: "chaos clear", summary: "end one fault, or all of them",
        operands: "[FAULT]", operandCount: 0...1, flags: [.hub, .json],
        examples: ["rookery chaos clear", "rookery chaos clear 3"],
        run: { arguments in
            var request = Proto.ChaosClear()
            if let text = arguments.operands.first {
                guard let number = UInt64(text), number > 0 else {
                    throw UsageError("FAULT is \(text); a number from rookery chaos list is accepted")
                }
                request.fault = number
            }
            return try await FaultText.show(.chaosClear(request), arguments)
        })

    static let listFaults = Command(
        name: "chaos list", summary: "list the faults in force", flags: [.hub, .json],
        examples: ["rookery chaos list"],
        run: { arguments in try await FaultText.show(.chaosList(Proto.ChaosList()), arguments) })
}

private enum FaultText {
    static let kinds: [(name: String, kind: Proto.FaultKind)] = [
        ("pause-node", .pauseNode), ("cut-connection", .cutConnection), ("delay", .delay), ("kill-node", .killNode),
    ]

    /// Every chaos command ends with the faults in force.
    static func show(_ request: Proto.Envelope.Body, _ arguments: Arguments) async throws -> Int32 {
        let faults = try await Operator.with(arguments) { hub in
            let answer = try await hub.ask(request)
            guard case .chaosFaults(let reply) = answer else { throw Operator.unexpected(answer) }
            return reply.faults
        }
        if arguments.has("json") { json(faults) } else { Terminal.out(table(faults)) }
        return ExitStatus.done
    }

    private static func name(_ kind: Proto.FaultKind) -> String {
        kinds.first { $0.kind == kind }?.name ?? "fault \(kind.rawValue)"
    }

    private static func table(_ faults: [Proto.FaultInfo]) -> String {
        guard !faults.isEmpty else { return "no fault is in force\n" }
        var table = Table(["FAULT", "KIND", "NODE", "ENDS IN"])
        for fault in faults {
            let by = fault.delayMs == 0 ? "" : " by \(fault.delayMs) ms"
            table.add([
                "\(fault.id)", name(fault.fault) + by, Output.cell(fault.node),
                Output.duration(milliseconds: UInt64(fault.remainingMs)),
            ])
        }
        return table.text
    }

    private static func json(_ faults: [Proto.FaultInfo]) {
        Output.json { writer in
            writer.field("faults") { writer in
                writer.array { writer in
                    for fault in faults {
                        writer.object { writer in
                            writer.field("id", fault.id)
                            writer.field("kind", name(fault.fault))
                            writer.field("node", fault.node)
                            writer.field("remaining_ms", fault.remainingMs)
                            if fault.delayMs != 0 { writer.field("delay_ms", fault.delayMs) }
                        }
                    }
                }
            }
        }
    }
}
