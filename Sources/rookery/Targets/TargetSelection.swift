import Model
import Wire

/// Which targets a command is about: by filter, or by id.
enum TargetSelection {
    static let flags = [
        Flag(name: "state", value: "STATE", help: "scheduled, due, leased, retry, paused, dead, cancelled, done"),
        Flag(name: "type", value: "TYPE", help: "of this type only"),
        Flag(name: "label", value: "KEY=VALUE", help: "with this label only"),
        Flag(name: "host", value: "HOST", help: "of this host only"),
        Flag(name: "text", value: "TEXT", help: "with this text in the location only"),
    ]

    static func filter(_ arguments: Arguments) -> Proto.TargetFilter {
        Proto.TargetFilter(
            state: arguments.string("state") ?? "", type: arguments.string("type") ?? "",
            label: arguments.string("label") ?? "", host: arguments.string("host") ?? "",
            text: arguments.string("text") ?? "")
    }

    static func id(_ text: String) throws(UsageError) -> ArraySlice<UInt8> {
        guard let bytes = Hex.bytes(text), bytes.count == 16 else {
            throw UsageError("\(text) is no target's id; rookery targets list --json shows its 32 hexadecimal digits")
        }
        return bytes[...]
    }

    /// Page after page, so that a million are shown in bounded memory.
    static func each(
        _ hub: Operator, _ filter: Proto.TargetFilter, limit: Int, withSpec: Bool = false,
        _ body: (Proto.TargetInfo) -> Void
    ) async throws {
        var left = limit
        var after: ArraySlice<UInt8> = []
        repeat {
            let page = UInt32(min(left, Limits.listLimit))
            let answer = try await hub.ask(
                .listTargets(Proto.ListTargets(after: after, limit: page, filter: filter, withSpec: withSpec)))
            guard case .listTargetsReply(let reply) = answer else { throw Operator.unexpected(answer) }
            reply.targets.forEach(body)
            left -= reply.targets.count
            after = reply.next
        } while !after.isEmpty && left > 0
    }
}
