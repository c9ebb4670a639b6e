import Model
import Telemetry
import Wire

extension Command {
    static let submit = Command(
        name: "submit", summary: "submit targets to collect",
        operands: "LOCATION…", operandCount: 1...100_000,
        flags: [
            .hub,
            Flag(name: "type", value: "TYPE", help: "web, file, … (default: by the location)"),
            Flag(name: "priority", value: "1-10", help: "10 is most urgent (default 5)"),
            Flag(name: "every", value: "SPAN", help: "collect again after this time (default 1h)"),
            Flag(name: "once", help: "collect once only"),
            Flag(name: "meta", value: "KEY=VALUE", isRepeatable: true, help: "metadata of the targets"),
            .json,
        ],
        examples: [
            "rookery submit https://example.org/",
            "rookery submit --every 10m --priority 8 https://example.org/news https://example.org/log",
            "rookery submit --type file --meta node=n1 '/var/log/app/*.log'",
        ],
        run: { arguments in try await Submission(arguments).run() })
}

/// Cuts the targets into chunks, each safe to repeat, and says what became of every one.
private struct Submission {
    private let arguments: Arguments
    private let specs: [Proto.TargetSpec]

    init(_ arguments: Arguments) throws {
        self.arguments = arguments
        var template = Proto.TargetSpec()
        template.priority = try arguments.integer("priority", in: 0...1_000).map { UInt32($0) }
        if let every = try arguments.span("every") {
            guard !arguments.has("once") else { throw UsageError("--every and --once exclude each other; give one") }
            template.schedule = .interval
            template.intervalS = UInt32(clamping: every.milliseconds / 1_000)
        }
        if arguments.has("once") { template.schedule = .once }
        for pair in arguments.strings("meta") {
            guard let equals = pair.firstIndex(of: "="), equals > pair.startIndex else {
                throw UsageError("--meta is \(pair); KEY=VALUE is accepted")
            }
            template.metadata[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
        }
        specs = arguments.operands.map { location in
            var spec = template
            spec.location = location
            spec.type = arguments.string("type") ?? Submission.type(of: location)
            return spec
        }
    }

    private static func type(of location: String) -> String { location.hasPrefix("/") ? "file" : "web" }

    func run() async throws -> Int32 {
        let verdicts = try await Operator.with(arguments) { hub in
            var verdicts: [Proto.TargetVerdict] = []
            let key = try Operator.key()
            var rest = specs[...]
            var chunk: UInt64 = 0
            while !rest.isEmpty {
                let targets = Array(rest.prefix(Limits.maxTargetsPerChunk))
                let answer = try await hub.ask(
                    .submitTargets(Proto.SubmitTargets(key: key, chunk: chunk, targets: targets)))
                guard case .submitTargetsReply(let reply) = answer else { throw Operator.unexpected(answer) }
                verdicts += reply.verdicts
                rest = rest.dropFirst(targets.count)
                chunk += 1
            }
            return verdicts
        }
        report(verdicts)
        return verdicts.allSatisfy { $0.result != .refused } ? ExitStatus.done : ExitStatus.failed
    }

    private func report(_ verdicts: [Proto.TargetVerdict]) {
        func count(_ result: Proto.SubmitResult) -> Int { verdicts.count { $0.result == result } }
        if arguments.has("json") {
            return Output.json { writer in
                writer.field("created", count(.created))
                writer.field("updated", count(.updated))
                writer.field("refused", count(.refused))
                writer.field("targets") { writer in
                    writer.array { writer in
                        for (spec, verdict) in zip(specs, verdicts) {
                            writer.object { writer in
                                writer.field("location", spec.location)
                                writer.field("result", "\(verdict.result)")
                                writer.field("target", Output.hex(verdict.target))
                                if !verdict.field.isEmpty { writer.field("field", verdict.field) }
                                if !verdict.message.isEmpty { writer.field("message", verdict.message) }
                            }
                        }
                    }
                }
            }
        }
        for (spec, verdict) in zip(specs, verdicts) where verdict.result == .refused {
            Terminal.error("refused \(spec.location): \(verdict.field): \(verdict.message)\n")
        }
        Terminal.out("\(count(.created)) created, \(count(.updated)) updated, \(count(.refused)) refused\n")
    }
}
