import Model
import Telemetry
import Wire

extension Command {
    static let ping = Command(
        name: "ping", summary: "ask a hub whether it answers, and how fast",
        flags: [.hub, Flag(name: "count", value: "N", help: "how often (default 4)"), .json],
        examples: ["rookery ping", "rookery ping --hub 10.0.0.5:7400 --count 100 --json"],
        run: { arguments in
            let count = try arguments.integer("count", in: 1...1_000_000) ?? 4
            let hub = try Operator.address(arguments)
            let times = try await Operator.with(arguments) { connection in
                var times: [UInt64] = []
                for number in 1...count {
                    let sent = SystemTime().now()
                    let answer = try await connection.ask(.ping(Proto.Ping(payload: ArraySlice("ping \(number)".utf8))))
                    guard case .pong = answer else { throw Operator.unexpected(answer) }
                    times.append(SystemTime().now().since(sent).nanoseconds)
                }
                return times.sorted()
            }
            let median = Double(times[times.count / 2]) / 1e6
            if arguments.has("json") {
                Output.json { writer in
                    writer.field("hub", "\(hub)")
                    writer.field("answers", times.count)
                    writer.field("median_ms", median)
                    writer.field("max_ms", Double(times[times.count - 1]) / 1e6)
                }
            } else {
                Terminal.out("\(hub) answered \(times.count) of \(count), median \(median) ms\n")
            }
            return ExitStatus.done
        })
}
