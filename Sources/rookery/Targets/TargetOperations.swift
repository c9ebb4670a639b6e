import Model
import Telemetry
import Wire

extension Command {
    static let retryTargets = operation(
        "retry", "try dead targets, and those that back off, again at once", .retry,
        ["rookery targets retry --state dead --host example.org"])
    static let cancelTargets = operation(
        "cancel", "give targets up for good", .cancel,
        ["rookery targets cancel 5f0c6a7e0d9b4f12a3c4d5e6f7081920", "rookery targets cancel --label desk=old"])
    static let pauseTargets = operation(
        "pause", "stop collecting from targets; what is under way is revoked", .pause,
        ["rookery targets pause --host example.org"])
    static let resumeTargets = operation(
        "resume", "go on with paused targets", .resume, ["rookery targets resume --host example.org"])

    private static func operation(
        _ word: String, _ summary: String, _ action: Proto.TargetAction, _ examples: [String]
    ) -> Command {
        Command(
            name: "targets \(word)", summary: summary, operands: "[ID…]", operandCount: 0...1_000,
            flags: [.hub] + TargetSelection.flags + [Flag(name: "all", help: "all targets there are"), .json],
            examples: examples,
            run: { arguments in try await TargetOperations(arguments, action).run() })
    }
}

private struct TargetOperations {
    private let arguments: Arguments
    private var request: Proto.OperateTargets

    init(_ arguments: Arguments, _ action: Proto.TargetAction) throws {
        self.arguments = arguments
        request = Proto.OperateTargets(key: try Operator.key(), action: action)
        request.targets = try arguments.operands.map { text throws(UsageError) in try TargetSelection.id(text) }
        let filter = TargetSelection.filter(arguments)
        let hasFilter = filter != Proto.TargetFilter() || arguments.has("all")
        guard hasFilter != !request.targets.isEmpty else {
            throw UsageError(
                "rookery \(arguments.command.name) needs ids, or a filter such as --state, or --all; not both")
        }
        if hasFilter { request.filter = filter }
    }

    func run() async throws -> Int32 {
        var sum = Proto.OperateTargetsReply()
        var request = request
        try await Operator.with(arguments) { hub in
            repeat {
                let answer = try await hub.ask(.operateTargets(request))
                guard case .operateTargetsReply(let reply) = answer else { throw Operator.unexpected(answer) }
                sum.changed += reply.changed
                sum.unchanged += reply.unchanged
                sum.unknown += reply.unknown
                if sum.message.isEmpty { sum.message = reply.message }
                request.after = reply.next
                request.chunk += 1
            } while !request.after.isEmpty
        }
        report(sum)
        return sum.unknown.isEmpty ? ExitStatus.done : ExitStatus.failed
    }

    private func report(_ sum: Proto.OperateTargetsReply) {
        if arguments.has("json") {
            return Output.json { writer in
                writer.field("changed", sum.changed)
                writer.field("unchanged", sum.unchanged)
                writer.field("unknown") { writer in
                    writer.array { writer in for id in sum.unknown { writer.string(Hex.text(id)) } }
                }
                if !sum.message.isEmpty { writer.field("message", sum.message) }
            }
        }
        for id in sum.unknown { Terminal.error("there is no target \(Hex.text(id))\n") }
        let why = sum.message.isEmpty ? "" : " (\(Output.cell(sum.message, width: 200)))"
        Terminal.out("\(sum.changed) changed, \(sum.unchanged) unchanged\(why)\n")
    }
}
