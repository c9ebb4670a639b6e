import Model
import Telemetry
import Wire

extension Command {
    private static let atVersion = Flag(
        name: "at-version", value: "V", help: "what held at this state version (default: the newest)")

    static let listArtifacts = Command(
        name: "artifacts list", summary: "list kept artifacts, newest first",
        flags: [
            .hub, Flag(name: "limit", value: "N", help: "how many (default 20)"),
            Flag(name: "before", value: "ID", help: "those before this one: the next page"),
            atVersion, .json,
        ],
        examples: ["rookery artifacts list", "rookery artifacts list --limit 100 --before a4100 --at-version 812"],
        run: { arguments in
            let limit = try arguments.integer("limit", in: 1...Limits.listLimit) ?? 20
            let before = try arguments.string("before").map { try ArtifactText.number($0, flag: "--before") } ?? 0
            let version = try ArtifactText.version(arguments)
            let page = try await Operator.with(arguments) { hub in
                let answer = try await hub.ask(
                    .listArtifacts(Proto.ListArtifacts(before: before, limit: UInt32(limit), atVersion: version)))
                guard case .listArtifactsReply(let page) = answer else { throw Operator.unexpected(answer) }
                return page
            }
            if arguments.has("json") { ArtifactText.json(page) } else { Terminal.out(ArtifactText.table(page)) }
            return ExitStatus.done
        })

    static let showArtifact = Command(
        name: "artifacts show", summary: "show one artifact, with its content if wanted",
        operands: "ID|DIGEST", operandCount: 1...1,
        flags: [
            .hub, Flag(name: "content", help: "print the content, and nothing else"), atVersion,
            Flag(name: "variants", help: "list bytes that equal it only after normalisation"),
            Flag(name: "variant", value: "NAME", help: "with --content: the bytes of this variant"), .json,
        ],
        examples: [
            "rookery artifacts show a41", "rookery artifacts show a41 --content > page.html",
            "rookery artifacts show a41 --at-version 812",
        ],
        run: { arguments in
            var request = Proto.GetArtifact(withContent: arguments.has("content"))
            request.which = try ArtifactText.which(arguments.operands[0])
            request.atVersion = try ArtifactText.version(arguments)
            request.withVariants = arguments.has("variants")
            request.variant = try ArtifactText.variant(arguments)
            let wanted = request
            let reply = try await Operator.with(arguments) { hub in
                let answer = try await hub.ask(.getArtifact(wanted))
                guard case .getArtifactReply(let reply) = answer else { throw Operator.unexpected(answer) }
                return reply
            }
            guard let artifact = reply.artifact else { throw CommandError("the hub's answer holds no artifact") }
            if arguments.has("content") {
                Terminal.out(bytes: reply.content)
            } else if arguments.has("json") {
                Output.json { writer in
                    ArtifactText.fields(artifact, &writer)
                    if arguments.has("variants") { VersionText.fields(reply.variants, &writer) }
                    if let near = reply.nearDuplicate { ArtifactText.fields(near, &writer) }
                }
            } else {
                Terminal.out(ArtifactText.text(artifact, reply.nearDuplicate))
                if arguments.has("variants") { Terminal.out(VersionText.table(reply.variants)) }
            }
            return ExitStatus.done
        })
}

/// Artifacts in words and in JSON.
enum ArtifactText {
    /// `a41` or `41`.
    static func number(_ text: String, flag: String) throws(UsageError) -> UInt64 {
        guard let number = UInt64(text.hasPrefix("a") ? text.dropFirst() : text[...]), number > 0 else {
            throw UsageError("\(flag) is \(text); an artifact's id such as a41 is accepted")
        }
        return number
    }

    static func which(_ text: String) throws(UsageError) -> Proto.GetArtifact.Which {
        if text.count == 64, let digest = Hex.bytes(text) { return .digest(digest[...]) }
        return .id(try number(text, flag: "ID"))
    }

    /// 0: the newest.
    static func version(_ arguments: Arguments) throws(UsageError) -> UInt64 {
        UInt64(try arguments.integer("at-version", in: 1...Int.max) ?? 0)
    }

    static func variant(_ arguments: Arguments) throws(UsageError) -> UInt64? {
        guard let text = arguments.string("variant") else { return nil }
        guard text.count == 16, let number = UInt64(text, radix: 16) else {
            throw UsageError("--variant is \(text); 16 hexadecimal digits as rookery artifacts show --variants prints")
        }
        guard arguments.has("content") else { throw UsageError("--variant says which bytes; add --content") }
        return number
    }

    static func table(_ page: Proto.ListArtifactsReply) -> String {
        guard !page.artifacts.isEmpty else { return "no artifacts are kept yet; rookery submit URL… names targets\n" }
        var table = Table(["ID", "TYPE", "SIZE", "NODE", "RECEIVED", "SOURCE"])
        for artifact in page.artifacts {
            table.add([
                "a\(artifact.id)", Output.cell(artifact.contentType), Output.size(artifact.contentLength),
                Output.cell(artifact.node), WallTime(milliseconds: artifact.receivedAtMs).rfc3339,
                Output.cell(artifact.rawSource),
            ])
        }
        return table.text + (page.next == 0 ? "" : "more: rookery artifacts list --before a\(page.next)\n")
    }

    static func json(_ page: Proto.ListArtifactsReply) {
        Output.json { writer in
            writer.field("state_version", page.stateVersion)
            if page.next != 0 { writer.field("next", "a\(page.next)") }
            writer.field("artifacts") { writer in
                writer.array { writer in
                    for artifact in page.artifacts { writer.object { fields(artifact, &$0) } }
                }
            }
        }
    }

    static func fields(_ artifact: Proto.ArtifactInfo, _ writer: inout JSONWriter) {
        writer.field("id", "a\(artifact.id)")
        writer.field("digest", Hex.text(artifact.digest))
        writer.field("content_digest", Hex.text(artifact.contentDigest))
        writer.field("version", artifact.version)
        writer.field("state_version", artifact.stateVersion)
        if artifact.heldTo != 0 { writer.field("held_to", artifact.heldTo) }
        writer.field("weight", artifact.weight)
        if let figure = artifact.reputation { writer.field("reputation", figure) }
        writer.field("node", artifact.node)
        if !artifact.target.isEmpty { writer.field("target", Hex.text(artifact.target)) }
        if artifact.lease != 0 { writer.field("lease", artifact.lease) }
        writer.field("received_at", WallTime(milliseconds: artifact.receivedAtMs).rfc3339)
        writer.field("collected_at", WallTime(milliseconds: artifact.collectedAtMs).rfc3339)
        writer.field("content_type", artifact.contentType)
        writer.field("content_length", artifact.contentLength)
        writer.field("raw_source", artifact.rawSource)
        if let value = artifact.confidence { writer.field("confidence", value) }
        if let value = artifact.threatLevel { writer.field("threat_level", value) }
        if let value = artifact.opportunityValue { writer.field("opportunity_value", value) }
        writer.field("late", artifact.late)
        writer.field("metadata") { writer in
            writer.object { writer in for pair in artifact.metadata { writer.field(pair.key, pair.value) } }
        }
    }

    static func fields(_ near: Proto.NearDuplicate, _ writer: inout JSONWriter) {
        writer.field("like") { writer in
            writer.object { writer in
                writer.field("artifact", "a\(near.artifact)")
                writer.field("similarity", near.similarity)
            }
        }
    }

    static func text(_ artifact: Proto.ArtifactInfo, _ near: Proto.NearDuplicate?) -> String {
        func score(_ value: Double?) -> String { value.map { "\($0)" } ?? "unknown" }
        var text = """
            artifact        a\(artifact.id), version \(artifact.version)\(artifact.late ? ", late" : "")
            digest          \(Hex.text(artifact.digest))
            content digest  \(Hex.text(artifact.contentDigest))
            content         \(Output.cell(artifact.contentType)), \(artifact.contentLength) bytes
            source          \(Output.cell(artifact.rawSource, width: 200))
            node            \(Output.cell(artifact.node))
            received        \(WallTime(milliseconds: artifact.receivedAtMs).rfc3339), \
            state version \(artifact.stateVersion)
            collected       \(WallTime(milliseconds: artifact.collectedAtMs).rfc3339)
            scores          confidence \(score(artifact.confidence)), threat \(score(artifact.threatLevel)), \
            opportunity \(score(artifact.opportunityValue))

            """
        if let near {
            text += "near duplicate  \(PatternText.percent(near.similarity)) like a\(near.artifact)\n"
        }
        for pair in artifact.metadata {
            text += "  \(Output.cell(pair.key)) = \(Output.cell(pair.value, width: 200))\n"
        }
        return text
    }
}
