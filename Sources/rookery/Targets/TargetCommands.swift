import Model
import Telemetry
import Wire

extension Command {
    static let listTargets = Command(
        name: "targets list", summary: "list targets and where each stands",
        flags: [.hub] + TargetSelection.flags + [
            Flag(name: "limit", value: "N", help: "how many (default 100)"), .json,
        ],
        examples: ["rookery targets list", "rookery targets list --state dead --host example.org"],
        run: { arguments in
            let limit = try arguments.integer("limit", in: 1...1_000_000) ?? 100
            let filter = TargetSelection.filter(arguments)
            var targets: [Proto.TargetInfo] = []
            try await Operator.with(arguments) { hub in
                try await TargetSelection.each(hub, filter, limit: limit) { targets.append($0) }
            }
            if arguments.has("json") { TargetText.json(targets) } else { Terminal.out(TargetText.table(targets)) }
            return ExitStatus.done
        })

    static let showTarget = Command(
        name: "targets show", summary: "show one target: what was submitted, and how it went",
        operands: "ID", operandCount: 1...1, flags: [.hub, .json],
        examples: ["rookery targets show 5f0c6a7e0d9b4f12a3c4d5e6f7081920"],
        run: { arguments in
            let id = try TargetSelection.id(arguments.operands[0])
            let reply = try await Operator.with(arguments) { hub in
                let answer = try await hub.ask(.getTarget(Proto.GetTarget(id: id)))
                guard case .getTargetReply(let reply) = answer else { throw Operator.unexpected(answer) }
                return reply
            }
            guard let target = reply.target else { throw CommandError("the hub answered without the target") }
            if arguments.has("json") {
                Output.json { writer in
                    TargetText.members(target, &writer)
                    writer.field("decisions") { DecisionText.list(reply.decisions, &$0) }
                }
            } else {
                Terminal.out(TargetText.detail(target))
                if !reply.decisions.isEmpty { Terminal.out("\n" + DecisionText.table(reply.decisions)) }
            }
            return ExitStatus.done
        })

    static let exportTargets = Command(
        name: "targets export", summary: "write targets as JSON lines, as targets import reads them",
        flags: [.hub] + TargetSelection.flags,
        examples: ["rookery targets export --label desk=markets > targets.jsonl"],
        run: { arguments in
            let filter = TargetSelection.filter(arguments)
            try await Operator.with(arguments) { hub in
                try await TargetSelection.each(hub, filter, limit: .max, withSpec: true) { target in
                    if let spec = target.spec { Terminal.out(TargetLine.write(spec) + "\n") }
                }
            }
            return ExitStatus.done
        })

    static let importTargets = Command(
        name: "targets import", summary: "submit targets from a file of JSON lines",
        operands: "FILE", operandCount: 1...1,
        flags: [
            .hub,
            Flag(name: "key", value: "HEX", help: "go on with the submission of this key"),
            Flag(name: "from-chunk", value: "N", help: "of --key: where to go on"), .json,
        ],
        examples: ["rookery targets import targets.jsonl", "zcat all.jsonl.gz | rookery targets import -"],
        run: { arguments in try await submit(file: arguments.operands[0], arguments) })
}

enum TargetText {
    static func table(_ targets: [Proto.TargetInfo]) -> String {
        guard !targets.isEmpty else { return "no such targets; rookery submit URL… names some\n" }
        var table = Table(["ID", "STATE", "PRIO", "TRIES", "OK", "DUE IN", "NODE", "TYPE", "LOCATION", "LAST ERROR"])
        for target in targets {
            table.add([
                Hex.text(target.id), target.state, "\(target.priority)", "\(target.attempts)", "\(target.successes)",
                Output.duration(milliseconds: target.dueInMs), Output.cell(target.node), target.type,
                Output.cell(target.location), Output.cell(target.lastError),
            ])
        }
        return table.text
    }

    static func detail(_ target: Proto.TargetInfo) -> String {
        func ago(_ milliseconds: UInt64?) -> String {
            milliseconds.map { Output.duration(milliseconds: $0) + " ago" } ?? "never"
        }
        var rows = [
            ("id", Hex.text(target.id)), ("location", target.location), ("type", target.type),
            ("state", target.state), ("priority", "\(target.priority)"), ("schedule", schedule(target.spec)),
        ]
        if target.dueInMs > 0 { rows.append(("due in", Output.duration(milliseconds: target.dueInMs))) }
        if !target.node.isEmpty { rows.append(("node", target.node)) }
        rows += [
            ("attempts", "\(target.attempts), last \(ago(target.lastAttemptMsAgo))"),
            ("successes", "\(target.successes), last \(ago(target.lastSuccessMsAgo))"),
            ("failures", "\(target.failures) in a row"),
        ]
        if !target.lastError.isEmpty { rows.append(("last error", target.lastError)) }
        for pair in target.spec?.labels ?? StringMap() { rows.append(("label", "\(pair.key)=\(pair.value)")) }
        for pair in target.spec?.metadata ?? StringMap() { rows.append(("metadata", "\(pair.key)=\(pair.value)")) }
        return rows.map { name, value in
            name + String(repeating: " ", count: 12 - name.count) + Output.cell(value, width: 200) + "\n"
        }.joined()
    }

    private static func schedule(_ spec: Proto.TargetSpec?) -> String {
        guard let spec else { return "unknown" }
        let every = Output.duration(milliseconds: UInt64(spec.intervalS ?? 0) * 1_000)
        switch spec.schedule {
        case .once: return "once"
        case .cron: return "cron \(spec.cron) (UTC)"
        case .adaptive: return "adaptive, from every \(every) on"
        case .interval, .unspecified, .unrecognized: return "every \(every)"
        }
    }

    static func json(_ targets: [Proto.TargetInfo]) {
        Output.json { writer in
            writer.field("targets") { writer in
                writer.array { writer in
                    for target in targets { writer.object { members(target, &$0) } }
                }
            }
        }
    }

    static func members(_ target: Proto.TargetInfo, _ writer: inout JSONWriter) {
        writer.field("id", Hex.text(target.id))
        writer.field("type", target.type)
        writer.field("location", target.location)
        writer.field("state", target.state)
        writer.field("priority", target.priority)
        writer.field("attempts", target.attempts)
        writer.field("successes", target.successes)
        writer.field("failures", target.failures)
        writer.field("due_in_ms", target.dueInMs)
        if let age = target.lastAttemptMsAgo { writer.field("last_attempt_ms_ago", age) }
        if let age = target.lastSuccessMsAgo { writer.field("last_success_ms_ago", age) }
        if !target.host.isEmpty { writer.field("host", target.host) }
        if !target.node.isEmpty { writer.field("node", target.node) }
        if !target.lastError.isEmpty { writer.field("last_error", target.lastError) }
        if let spec = target.spec { writer.field("spec", TargetLine.write(spec)) }
    }
}
