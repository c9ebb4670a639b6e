import Model
import Telemetry
import Wire

extension Command {
    static let artifactHistory = Command(
        name: "artifacts history", summary: "list an artifact's versions, and what its sightings add up to",
        operands: "ID", operandCount: 1...1,
        flags: [.hub, Flag(name: "after", value: "N", help: "versions above this one: the next page"), .json],
        examples: ["rookery artifacts history a41"],
        run: { arguments in
            let id = try ArtifactText.number(arguments.operands[0], flag: "ID")
            let after = UInt32(try arguments.integer("after", in: 1...65_535) ?? 0)
            let reply = try await Operator.with(arguments) { hub in
                let answer = try await hub.ask(
                    .artifactHistory(Proto.ArtifactHistory(id: id, after: after, limit: 100)))
                guard case .artifactHistoryReply(let reply) = answer else { throw Operator.unexpected(answer) }
                return reply
            }
            if arguments.has("json") { VersionText.json(reply) } else { Terminal.out(VersionText.text(reply, id)) }
            return ExitStatus.done
        })

    static let whyDuplicate = Command(
        name: "artifacts why-duplicate", summary: "say who sent an artifact again, and why that counted as a duplicate",
        operands: "ID", operandCount: 1...1,
        flags: [.hub, Flag(name: "node", value: "NAME", help: "what this node sent alone"), .json],
        examples: ["rookery artifacts why-duplicate a41", "rookery artifacts why-duplicate a41 --node n2"],
        run: { arguments in
            let id = try ArtifactText.number(arguments.operands[0], flag: "ID")
            let node = arguments.string("node") ?? ""
            let reply = try await Operator.with(arguments) { hub in
                let answer = try await hub.ask(.artifactSightings(Proto.ArtifactSightings(id: id, node: node)))
                guard case .artifactSightingsReply(let reply) = answer else { throw Operator.unexpected(answer) }
                return reply
            }
            if arguments.has("json") { SightingText.json(reply) } else { Terminal.out(SightingText.text(reply, node)) }
            return ExitStatus.done
        })
}

/// Versions and variants in words and in JSON.
enum VersionText {
    static func text(_ reply: Proto.ArtifactHistoryReply, _ id: UInt64) -> String {
        var table = Table(["VERSION", "FROM", "TO", "NODE", "CONFIDENCE", "WEIGHT", "RECEIVED"])
        for version in reply.versions {
            table.add([
                "\(version.version)", "\(version.stateVersion)", version.heldTo == 0 ? "now" : "\(version.heldTo)",
                Output.cell(version.node), version.confidence.map { "\($0)" } ?? "unknown", weight(version.weight),
                WallTime(milliseconds: version.receivedAtMs).rfc3339,
            ])
        }
        let more = reply.next == 0 ? "" : "more: rookery artifacts history a\(id) --after \(reply.next)\n"
        let gone = reply.compacted == 0 ? "" : "versions 1 to \(reply.compacted) are compacted\n"
        return table.text + gone + more + SightingText.sentence(reply.sightings) + "\n"
    }

    /// Four places are as many as two 65,535ths can be told apart by.
    static func weight(_ value: Double) -> String {
        let places = String(10_000 + Int(value * 10_000 + 0.5))
        return value >= 1 ? "1" : "0." + places.dropFirst()
    }

    static func name(_ variant: UInt64) -> String {
        let digits = String(variant, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    static func json(_ reply: Proto.ArtifactHistoryReply) {
        Output.json { writer in
            writer.field("state_version", reply.stateVersion)
            if reply.next != 0 { writer.field("next", reply.next) }
            if reply.compacted != 0 { writer.field("compacted", reply.compacted) }
            writer.field("versions") { writer in
                writer.array { writer in
                    for version in reply.versions { writer.object { ArtifactText.fields(version, &$0) } }
                }
            }
            writer.field("sightings_version", reply.sightingsVersion)
            SightingText.fields(reply.sightings, &writer)
        }
    }

    static func table(_ variants: [Proto.VariantInfo]) -> String {
        guard !variants.isEmpty else { return "variants        none\n" }
        var table = Table(["VARIANT", "SIZE", "NODE", "STATE VERSION"])
        for variant in variants {
            table.add([
                name(variant.variant), Output.size(variant.contentLength), Output.cell(variant.node),
                "\(variant.stateVersion)",
            ])
        }
        return table.text
    }

    static func fields(_ variants: [Proto.VariantInfo], _ writer: inout JSONWriter) {
        writer.field("variants") { writer in
            writer.array { writer in
                for variant in variants {
                    writer.object { writer in
                        writer.field("variant", name(variant.variant))
                        writer.field("content_length", variant.contentLength)
                        writer.field("node", variant.node)
                        writer.field("state_version", variant.stateVersion)
                    }
                }
            }
        }
    }
}

/// Sightings in words and in JSON.
enum SightingText {
    static func text(_ reply: Proto.ArtifactSightingsReply, _ node: String) -> String {
        guard let artifact = reply.artifact else { return "" }
        var text = "a\(artifact.id) is kept from node \(Output.cell(artifact.node)), version \(artifact.version)\n"
        if reply.contentHome != 0 { text += "its content was known: a\(reply.contentHome) owns it\n" }
        text += "digests are made by \(reply.algorithm) under key \(Hex.text(reply.key)), Unicode \(reply.unicode)\n"
        guard !reply.sightings.isEmpty else {
            return text + (node.isEmpty ? "nobody sent it again\n" : "\(Output.cell(node)) did not send it again\n")
        }
        var table = Table(["NODE", "KIND", "TIMES", "FROM", "TO", "CONFIDENCE", "BROUGHT", "VARIANT"])
        for sighting in reply.sightings {
            table.add([
                Output.cell(sighting.node), kind(sighting), "\(sighting.count)", "\(sighting.firstVersion)",
                "\(sighting.lastVersion)", sighting.confidence.map { "\($0)" } ?? "unknown",
                sighting.version == 0 ? "-" : "version \(sighting.version)",
                sighting.variant.map(VersionText.name) ?? "-",
            ])
        }
        return text + table.text + sentence(reply.totals) + "\n"
    }

    static func sentence(_ totals: Proto.SightingTotals?) -> String {
        guard let totals else { return "sightings: none" }
        return "sightings: \(totals.exact) exact, \(totals.normalised) equal after normalisation, "
            + "\(totals.sameContent) of the content elsewhere, \(totals.unchanged) unchanged; "
            + "sources kept apart: \(totals.sources), sightings by others: \(totals.others)"
    }

    private static func kind(_ sighting: Proto.SightingInfo) -> String {
        if sighting.unchanged { return "unchanged" }
        switch sighting.kind {
        case .normalised: return "normalised"
        case .sameContent: return "same content elsewhere"
        case .none, .exact, .unrecognized: return "exact"
        }
    }

    static func json(_ reply: Proto.ArtifactSightingsReply) {
        Output.json { writer in
            if let artifact = reply.artifact {
                writer.field("artifact") { $0.object { ArtifactText.fields(artifact, &$0) } }
            }
            if reply.contentHome != 0 { writer.field("content_home", "a\(reply.contentHome)") }
            writer.field("algorithm", reply.algorithm)
            writer.field("unicode", reply.unicode)
            writer.field("key", Hex.text(reply.key))
            writer.field("sightings_version", reply.sightingsVersion)
            fields(reply.totals, &writer)
            writer.field("sources") { writer in
                writer.array { writer in
                    for sighting in reply.sightings { writer.object { fields(sighting, &$0) } }
                }
            }
        }
    }

    private static func fields(_ sighting: Proto.SightingInfo, _ writer: inout JSONWriter) {
        writer.field("node", sighting.node)
        writer.field("kind", kind(sighting))
        writer.field("count", sighting.count)
        writer.field("first_version", sighting.firstVersion)
        writer.field("first_at", WallTime(milliseconds: sighting.firstAtMs).rfc3339)
        writer.field("last_version", sighting.lastVersion)
        writer.field("last_at", WallTime(milliseconds: sighting.lastAtMs).rfc3339)
        if !sighting.target.isEmpty { writer.field("target", Hex.text(sighting.target)) }
        if let confidence = sighting.confidence { writer.field("confidence", confidence) }
        if sighting.version != 0 { writer.field("brought_version", sighting.version) }
        if let variant = sighting.variant { writer.field("variant", VersionText.name(variant)) }
    }

    static func fields(_ totals: Proto.SightingTotals?, _ writer: inout JSONWriter) {
        let totals = totals ?? Proto.SightingTotals()
        writer.field("sightings") { writer in
            writer.object { writer in
                writer.field("exact", totals.exact)
                writer.field("normalised", totals.normalised)
                writer.field("same_content", totals.sameContent)
                writer.field("unchanged", totals.unchanged)
                writer.field("sources", totals.sources)
                writer.field("others", totals.others)
            }
        }
    }
}
