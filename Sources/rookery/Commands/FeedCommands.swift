import Model
import Telemetry
import Wire

extension Command {
    static let feedStatus = Command(
        name: "feed status", summary: "show how the feed to the training sink stands", flags: [.hub, .json],
        examples: ["rookery feed status"],
        run: { arguments in try await FeedText.status(.feedStatus(Proto.FeedStatus()), arguments) })

    static let feedPause = Command(
        name: "feed pause", summary: "feed nothing more until told to resume; what is decided is still delivered",
        flags: [.hub, .json], examples: ["rookery feed pause"],
        run: { arguments in try await FeedText.status(.feedControl(Proto.FeedControl(paused: true)), arguments) })

    static let feedResume = Command(
        name: "feed resume", summary: "let a paused feed go on", flags: [.hub, .json],
        examples: ["rookery feed resume"],
        run: { arguments in try await FeedText.status(.feedControl(Proto.FeedControl(paused: false)), arguments) })

    static let feedList = Command(
        name: "feed list", summary: "list what was fed, newest first",
        flags: [
            .hub, Flag(name: "limit", value: "N", help: "how many (default 20)"),
            Flag(name: "before", value: "N", help: "those before this number: the next page"),
            Flag(name: "at-version", value: "V", help: "what had been fed at this state version (default: all)"), .json,
        ],
        examples: [
            "rookery feed list", "rookery feed list --limit 100 --before 4100 --json",
            "rookery feed list --at-version 812",
        ],
        run: { arguments in
            let limit = try arguments.integer("limit", in: 1...Limits.listLimit) ?? 20
            let before = try arguments.integer("before", in: 1...Int.max) ?? 0
            let version = try arguments.integer("at-version", in: 1...Int.max) ?? 0
            let page = try await Operator.with(arguments) { hub in
                let answer = try await hub.ask(
                    .listScenarios(
                        Proto.ListScenarios(
                            before: UInt64(before), limit: UInt32(limit), atVersion: UInt64(version))))
                guard case .listScenariosReply(let page) = answer else { throw Operator.unexpected(answer) }
                return page
            }
            if arguments.has("json") { FeedText.json(page) } else { Terminal.out(FeedText.table(page, at: version)) }
            return ExitStatus.done
        })

    static let feedSkipped = Command(
        name: "feed skipped", summary: "list what was passed over, and why",
        flags: [.hub, Flag(name: "limit", value: "N", help: "how many (default 20)"), .json],
        examples: ["rookery feed skipped --limit 100"],
        run: { arguments in
            let limit = try arguments.integer("limit", in: 1...Limits.listLimit) ?? 20
            let skipped = try await Operator.with(arguments) { hub in
                let answer = try await hub.ask(.listSkipped(Proto.ListSkipped(limit: UInt32(limit))))
                guard case .listSkippedReply(let reply) = answer else { throw Operator.unexpected(answer) }
                return reply.skipped
            }
            if arguments.has("json") { FeedText.json(skipped) } else { Terminal.out(FeedText.table(skipped)) }
            return ExitStatus.done
        })

    static let feedRate = Command(
        name: "feed rate", summary: "say what a scenario was worth, from 0 to 1", operands: "SCENARIO QUALITY",
        operandCount: 2...2, flags: [.hub], examples: ["rookery feed rate s1-12 0.8"],
        run: { arguments in
            guard let quality = Double(arguments.operands[1]), (0...1).contains(quality) else {
                throw UsageError("QUALITY is \(arguments.operands[1]); a number from 0 to 1 is accepted")
            }
            let request = Proto.RateScenario(id: arguments.operands[0], quality: quality)
            _ = try await Operator.with(arguments) { hub in
                let answer = try await hub.ask(.rateScenario(request))
                guard case .rateScenarioReply = answer else { throw Operator.unexpected(answer) }
                return true
            }
            Terminal.out("\(request.id) is rated \(quality); rookery feed list shows the last word on each\n")
            return ExitStatus.done
        })
}

private enum FeedText {
    static func status(_ request: Proto.Envelope.Body, _ arguments: Arguments) async throws -> Int32 {
        let status = try await Operator.with(arguments) { hub in
            let answer = try await hub.ask(request)
            guard case .feedStatusReply(let reply) = answer else { throw Operator.unexpected(answer) }
            return reply
        }
        if arguments.has("json") { json(status) } else { Terminal.out(text(status)) }
        return ExitStatus.done
    }

    private static func text(_ status: Proto.FeedStatusReply) -> String {
        func count(_ name: String) -> UInt64 { status.counters.first { $0.name == name }?.value ?? 0 }
        let delivery = status.delivery == "closed" ? "" : ", circuit \(status.delivery)"
        return """
            feed       \(status.paused ? "paused" : "on")
            rate       \(status.rate) in any 60 minutes, \(status.slots) free now
            fed        \(count("scenarios")) scenarios, \(count("tombstones")) tombstones
            kept out   \(count("opted_out")) by their sources' wish, \(count("not_text")) not text
            sink       \(Output.cell(status.sink, width: 100))\(delivery)
            delivered  \(count("delivered")), \(count("waiting")) waiting, \(count("quarantined")) quarantined
            rated      \(count("rated"))

            """ + (status.trouble.isEmpty ? "" : "trouble    \(Output.cell(status.trouble, width: 200))\n")
    }

    private static func json(_ status: Proto.FeedStatusReply) {
        Output.json { writer in
            writer.field("paused", status.paused)
            writer.field("rate", status.rate)
            writer.field("slots", status.slots)
            writer.field("sink", status.sink)
            writer.field("delivery", status.delivery)
            writer.field("trouble", status.trouble)
            for counter in status.counters { writer.field(counter.name, counter.value) }
        }
    }

    static func table(_ page: Proto.ListScenariosReply, at version: Int) -> String {
        guard !page.scenarios.isEmpty else {
            return version > 0
                ? "nothing had been fed at state version \(version)\n"
                : "nothing was fed yet; rookery feed skipped may say why\n"
        }
        var table = Table(["ID", "STATE", "KIND", "ARTIFACT", "TYPE", "DOMAIN", "NODE", "NOVELTY", "FED", "QUALITY"])
        for scenario in page.scenarios {
            table.add([
                scenario.id, scenario.state, scenario.kind, "a\(scenario.artifact)",
                Output.cell(scenario.contentType), Output.cell(scenario.domain), Output.cell(scenario.node),
                "\((scenario.novelty * 100).rounded() / 100)", WallTime(milliseconds: scenario.fedAtMs).rfc3339,
                scenario.quality.map { "\($0)" } ?? "",
            ])
        }
        return table.text + (page.next == 0 ? "" : "more: rookery feed list --before \(page.next)\n")
    }

    static func json(_ page: Proto.ListScenariosReply) {
        Output.json { writer in
            if page.next != 0 { writer.field("next", page.next) }
            writer.field("scenarios") { writer in
                writer.array { writer in
                    for scenario in page.scenarios { writer.object { fields(scenario, &$0) } }
                }
            }
        }
    }

    private static func fields(_ scenario: Proto.ScenarioInfo, _ writer: inout JSONWriter) {
        writer.field("id", scenario.id)
        writer.field("sequence", scenario.sequence)
        writer.field("state_version", scenario.stateVersion)
        writer.field("kind", scenario.kind)
        writer.field("state", scenario.state)
        writer.field("artifact", "a\(scenario.artifact)")
        writer.field("fed_at", WallTime(milliseconds: scenario.fedAtMs).rfc3339)
        writer.field("content_type", scenario.contentType)
        writer.field("domain", scenario.domain)
        writer.field("node", scenario.node)
        writer.field("novelty_score", scenario.novelty)
        writer.field("learning_objectives") { writer in
            writer.array { writer in for name in scenario.objectives { writer.string(name) } }
        }
        writer.field("refusals", scenario.refusals)
        if !scenario.reason.isEmpty { writer.field("reason", scenario.reason) }
        if let quality = scenario.quality { writer.field("quality", quality) }
    }

    static func table(_ skipped: [Proto.SkippedInfo]) -> String {
        guard !skipped.isEmpty else { return "nothing was passed over\n" }
        var table = Table(["ARTIFACT", "SINCE", "REASON"])
        for row in skipped {
            table.add([
                "a\(row.artifact)", WallTime(milliseconds: row.sinceAtMs).rfc3339, Output.cell(row.reason, width: 120),
            ])
        }
        return table.text
    }

    static func json(_ skipped: [Proto.SkippedInfo]) {
        Output.json { writer in
            writer.field("skipped") { writer in
                writer.array { writer in
                    for row in skipped {
                        writer.object { writer in
                            writer.field("artifact", "a\(row.artifact)")
                            writer.field("since", WallTime(milliseconds: row.sinceAtMs).rfc3339)
                            writer.field("reason", row.reason)
                        }
                    }
                }
            }
        }
    }
}
