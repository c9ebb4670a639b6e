import Model
import Telemetry
import Wire

extension Command {
    static let showNode = Command(
        name: "nodes show", summary: "show how far a node is believed, and why",
        operands: "NAME", operandCount: 1...1,
        flags: [
            .hub, Flag(name: "why", help: "with the decisions behind it, newest first"),
            Flag(name: "limit", value: "N", help: "how many decisions (default 20)"), Command.pastVersion, .json,
        ],
        examples: [
            "rookery nodes show n-1 --why", "rookery nodes show n-1 --why --limit 1000 --json",
            "rookery nodes show n-1 --at-version 812",
        ],
        run: { arguments in
            let limit = try arguments.integer("limit", in: 1...Int(Limits.decisionsKept)) ?? 20
            var request = Proto.GetNodeReputation(
                name: arguments.operands[0], decisions: arguments.has("why") ? UInt32(limit) : 0)
            request.atVersion = UInt64(try arguments.integer("at-version", in: 1...Int.max) ?? 0)
            let standing = try await Operator.with(arguments) { hub in
                let answer = try await hub.ask(.getNodeReputation(request))
                guard case .getNodeReputationReply(let reply) = answer else { throw Operator.unexpected(answer) }
                return reply
            }
            if request.atVersion != 0 {
                if arguments.has("json") {
                    StandingText.past(standing)
                } else {
                    Terminal.out(StandingText.old(standing))
                }
            } else if arguments.has("json") {
                StandingText.json(standing)
            } else {
                Terminal.out(StandingText.text(standing))
            }
            return ExitStatus.done
        })

    static let pastVersion = Flag(
        name: "at-version", value: "V", help: "what held at this state version (default: the newest)")

    static let topArtifacts = Command(
        name: "artifacts top", summary: "list the artifacts of highest priority now",
        flags: [.hub, Flag(name: "limit", value: "N", help: "how many (default 20)"), .json],
        examples: ["rookery artifacts top", "rookery artifacts top --limit 1000 --json"],
        run: { arguments in
            let limit = try arguments.integer("limit", in: 1...Limits.candidatesLimit) ?? 20
            let page = try await Operator.with(arguments) { hub in
                let answer = try await hub.ask(.topArtifacts(Proto.TopArtifacts(limit: UInt32(limit))))
                guard case .topArtifactsReply(let page) = answer else { throw Operator.unexpected(answer) }
                return page
            }
            if arguments.has("json") { RankingText.json(page) } else { Terminal.out(RankingText.table(page)) }
            return ExitStatus.done
        })
}

private enum StandingText {
    static func text(_ standing: Proto.GetNodeReputationReply) -> String {
        var flags: [String] = []
        if standing.newcomer { flags.append("newcomer (\(standing.corroborated) artifacts corroborated)") }
        if standing.outlier { flags.append("suspicious: its claims stand out, counts half") }
        if standing.votesIgnored { flags.append("suspicious judge: its votes are ignored") }
        var text = """
            node            \(Output.cell(standing.name))
            effective       \(Output.figure(standing.effective))
            score           \(Output.figure(standing.score)), epochs that agree: \(standing.run)
            calibration     \(Output.figure(standing.calibration)), \
            Brier figure \(standing.brier.map(Output.figure) ?? "unknown")
            flags           \(flags.isEmpty ? "none" : flags.joined(separator: "; "))
            evidence        \(standing.corroborated) corroborated, \(standing.contradicted) contradicted, \
            \(standing.votesDropped) votes over a cap
            sink rating     \(NodeText.rating(standing.rating))
            last active     \(WallTime(milliseconds: standing.lastActiveMs).rfc3339)

            """
        for decision in standing.decisions { text += line(decision) }
        return text
    }

    /// At an older state version only what decisions tell is known.
    static func old(_ standing: Proto.GetNodeReputationReply) -> String {
        var text = """
            node            \(Output.cell(standing.name))
            at version      \(standing.stateVersion)
            effective       \(Output.figure(standing.effective))
            score           \(Output.figure(standing.score))
            calibration     \(Output.figure(standing.calibration))

            """
        for decision in standing.decisions { text += line(decision) }
        return text
    }

    static func past(_ standing: Proto.GetNodeReputationReply) {
        Output.json { writer in
            writer.field("name", standing.name)
            writer.field("state_version", standing.stateVersion)
            writer.field("effective", standing.effective)
            writer.field("score", standing.score)
            writer.field("calibration", standing.calibration)
            decisions(standing, &writer)
        }
    }

    private static func decisions(_ standing: Proto.GetNodeReputationReply, _ writer: inout JSONWriter) {
        writer.field("decisions") { writer in
            writer.array { writer in
                for decision in standing.decisions { writer.object { fields(decision, &$0) } }
            }
        }
    }

    private static func line(_ decision: Proto.ReputationDecision) -> String {
        let when = WallTime(milliseconds: decision.atMs).rfc3339
        var text = "\(when)  \(decision.kind)  \(Output.figure(decision.scoreBefore))"
        text += " -> \(Output.figure(decision.scoreAfter)), calibration \(Output.figure(decision.calibration))"
        if decision.kind == "epoch" {
            text += ": \(decision.verdict), \(decision.received) received, \(decision.refused) refused, "
            text += "\(decision.corroborated) corroborated, \(decision.contradicted) contradicted"
        }
        text += "; \(Output.cell(decision.reason, width: 400))"
        if !decision.artifacts.isEmpty {
            text += " [" + decision.artifacts.map { "a\($0)" }.joined(separator: " ") + "]"
        }
        if !decision.judges.isEmpty { text += " by " + decision.judges.map { Output.cell($0) }.joined(separator: ", ") }
        return text + "\n"
    }

    static func json(_ standing: Proto.GetNodeReputationReply) {
        Output.json { writer in
            writer.field("name", standing.name)
            writer.field("state_version", standing.stateVersion)
            writer.field("effective", standing.effective)
            writer.field("score", standing.score)
            writer.field("calibration", standing.calibration)
            if let brier = standing.brier { writer.field("brier", brier) } else { writer.nullField("brier") }
            if let rating = standing.rating { writer.field("sink_rating", rating) }
            writer.field("run", standing.run)
            writer.field("newcomer", standing.newcomer)
            writer.field("suspicious", standing.outlier)
            writer.field("votes_ignored", standing.votesIgnored)
            writer.field("corroborated", standing.corroborated)
            writer.field("contradicted", standing.contradicted)
            writer.field("votes_dropped", standing.votesDropped)
            writer.field("last_active", WallTime(milliseconds: standing.lastActiveMs).rfc3339)
            decisions(standing, &writer)
        }
    }

    private static func fields(_ decision: Proto.ReputationDecision, _ writer: inout JSONWriter) {
        writer.field("number", decision.number)
        writer.field("state_version", decision.stateVersion)
        writer.field("at", WallTime(milliseconds: decision.atMs).rfc3339)
        writer.field("kind", decision.kind)
        writer.field("reason", decision.reason)
        writer.field("score_before", decision.scoreBefore)
        writer.field("score_after", decision.scoreAfter)
        writer.field("calibration", decision.calibration)
        if decision.kind == "epoch" {
            writer.field("verdict", decision.verdict)
            writer.field("received", decision.received)
            writer.field("refused", decision.refused)
            writer.field("corroborated", decision.corroborated)
            writer.field("contradicted", decision.contradicted)
            writer.field("votes_dropped", decision.votesDropped)
        }
        writer.field("artifacts") { writer in
            writer.array { writer in for id in decision.artifacts { writer.string("a\(id)") } }
        }
        writer.field("judges") { writer in
            writer.array { writer in for judge in decision.judges { writer.string(judge) } }
        }
    }
}

private enum RankingText {
    static func table(_ page: Proto.TopArtifactsReply) -> String {
        guard !page.artifacts.isEmpty else { return "nothing is ranked yet; rookery submit URL… names targets\n" }
        func score(_ value: Double?) -> String { value.map { "\($0)" } ?? "unknown" }
        var table = Table(["SCORE", "ID", "NODE", "BELIEVED", "THREAT", "OPPORTUNITY", "CONFIDENCE", "SOURCE"])
        for ranked in page.artifacts {
            guard let artifact = ranked.artifact else { continue }
            table.add([
                Output.figure(ranked.score), "a\(artifact.id)", Output.cell(artifact.node),
                Output.figure(ranked.effective), score(artifact.threatLevel), score(artifact.opportunityValue),
                score(artifact.confidence), Output.cell(artifact.rawSource),
            ])
        }
        return table.text
    }

    static func json(_ page: Proto.TopArtifactsReply) {
        Output.json { writer in
            writer.field("state_version", page.stateVersion)
            writer.field("artifacts") { writer in
                writer.array { writer in
                    for ranked in page.artifacts {
                        guard let artifact = ranked.artifact else { continue }
                        writer.object { writer in
                            writer.field("score", ranked.score)
                            writer.field("effective_reputation", ranked.effective)
                            ArtifactText.fields(artifact, &writer)
                        }
                    }
                }
            }
        }
    }
}
