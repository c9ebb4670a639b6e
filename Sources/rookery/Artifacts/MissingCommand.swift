import Model
import Telemetry
import Wire

extension Command {
    static let missingStreams = Command(
        name: "streams missing", summary: "list what nodes were told is stored and this cluster does not hold",
        flags: [.hub, .json], examples: ["rookery streams missing"],
        run: { arguments in
            let ranges = try await Operator.with(arguments) { hub in
                let answer = try await hub.ask(.listMissing(Proto.ListMissing()))
                guard case .listMissingReply(let reply) = answer else { throw Operator.unexpected(answer) }
                return reply.ranges
            }
            if arguments.has("json") { MissingText.json(ranges) } else { Terminal.out(MissingText.table(ranges)) }
            return ExitStatus.done
        })
}

/// Losses in words and in JSON.
private enum MissingText {
    static func table(_ ranges: [Proto.MissingRange]) -> String {
        guard !ranges.isEmpty else { return "nothing is missing\n" }
        var table = Table(["STREAM", "NODE", "FIRST", "LAST", "FOUND", "STATE"])
        for range in ranges {
            table.add([
                String(range.stream, radix: 16), Output.cell(range.node), "\(range.first)", "\(range.last)",
                WallTime(milliseconds: range.foundAtMs).rfc3339, range.accepted ? "given up" : "open",
            ])
        }
        return table.text
    }

    static func json(_ ranges: [Proto.MissingRange]) {
        Output.json { writer in
            writer.field("ranges") { writer in
                writer.array { writer in
                    for range in ranges {
                        writer.object { writer in
                            writer.field("stream", String(range.stream, radix: 16))
                            writer.field("node", range.node)
                            writer.field("first", range.first)
                            writer.field("last", range.last)
                            writer.field("found_at", WallTime(milliseconds: range.foundAtMs).rfc3339)
                            writer.field("accepted", range.accepted)
                        }
                    }
                }
            }
        }
    }
}
