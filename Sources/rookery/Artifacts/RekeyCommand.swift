import Model
import Telemetry
import Wire

extension Command {
    static let rekey = Command(
        name: "coordinator rekey", summary: "change the secret that digests are made with, while the hub works",
        flags: [.hub, .json, Flag(name: "wait", help: "until every stored artifact is named under the new secret")],
        examples: ["rookery coordinator rekey", "rookery coordinator rekey --wait"],
        run: { arguments in
            let request = Proto.Rekey(key: try Operator.key())
            let waits = arguments.has("wait")
            let reply = try await Operator.with(arguments) { hub in
                while true {
                    let answer = try await hub.ask(.rekey(request))
                    guard case .rekeyReply(let reply) = answer else { throw Operator.unexpected(answer) }
                    if reply.done || !waits { return reply }
                    await hub.pause(.milliseconds(200))
                }
            }
            if arguments.has("json") {
                Output.json { writer in
                    writer.field("secret_id", Hex.text(reply.secretId))
                    writer.field("identity_version", UInt64(reply.identityVersion))
                    writer.field("done", reply.done)
                    writer.field("renamed", reply.renamed)
                    writer.field("total", reply.total)
                }
            } else {
                Terminal.out(text(reply))
            }
            return ExitStatus.done
        })

    private static func text(_ reply: Proto.RekeyReply) -> String {
        let id = Hex.text(reply.secretId.prefix(4))
        guard !reply.done else {
            return
                "every artifact is named under the secret \(id); the one before is gone. Make a backup --with-secret\n"
        }
        return "what is new is named under the secret \(id); \(reply.total) stored artifacts follow. "
            + "rookery status tells how far that is\n"
    }
}
