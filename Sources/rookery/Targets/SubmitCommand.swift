import Model
import Telemetry
import Wire

extension Command {
    static let submit = Command(
        name: "submit", summary: "submit targets to collect",
        operands: "LOCATION…", operandCount: 0...100_000,
        flags: [
            .hub,
            Flag(name: "type", value: "TYPE", help: "web, file, … (default: by the location)"),
            Flag(name: "priority", value: "1-10", help: "10 is most urgent (default 5)"),
            Flag(name: "every", value: "SPAN", help: "collect again after this time (default 1h)"),
            Flag(name: "once", help: "collect once only"),
            Flag(name: "cron", value: "LINE", help: "collect by a line of cron: minute hour day month weekday, in UTC"),
            Flag(name: "adaptive", help: "collect sooner after a change and later without one; --every to begin with"),
            Flag(name: "min-retry", value: "SPAN", help: "wait at least this long after a failure (default 5m)"),
            Flag(name: "capability", value: "NAME", help: "only nodes with this capability (default: the type)"),
            Flag(name: "label", value: "KEY=VALUE", isRepeatable: true, help: "labels of the targets"),
            Flag(name: "meta", value: "KEY=VALUE", isRepeatable: true, help: "metadata of the targets"),
            Flag(name: "file", value: "FILE", help: "submit a file of JSON lines instead (- is standard input)"),
            Flag(name: "key", value: "HEX", help: "of --file: go on with the submission of this key"),
            Flag(name: "from-chunk", value: "N", help: "of --key: where to go on"),
            .json,
        ],
        examples: [
            "rookery submit https://example.org/",
            "rookery submit --every 10m --priority 8 https://example.org/news https://example.org/log",
            "rookery submit --cron '30 6 * * mon-fri' --label desk=markets https://example.org/prices",
            "rookery submit --type file --meta node=n1 '/var/log/app/*.log'",
            "rookery submit --file targets.jsonl",
        ],
        run: { arguments in
            guard let path = arguments.string("file") else { return try await Submission(arguments).run() }
            guard arguments.operands.isEmpty else {
                throw UsageError("--file and locations exclude each other; give one of them")
            }
            return try await submit(file: path, arguments)
        })

    static func submit(file path: String, _ arguments: Arguments) async throws -> Int32 {
        var submission = try FileSubmission(arguments, path: path)
        return try await Operator.with(arguments) { try await submission.run($0) }
    }
}

/// Cuts the targets into chunks, each safe to repeat, and says what became of every one.
private struct Submission {
    private let arguments: Arguments
    private let specs: [Proto.TargetSpec]

    init(_ arguments: Arguments) throws {
        self.arguments = arguments
        var template = Proto.TargetSpec()
        template.priority = try arguments.integer("priority", in: 0...1_000).map { UInt32($0) }
        try Submission.schedule(arguments, &template)
        if let retry = try arguments.span("min-retry") {
            template.minRetryIntervalS = UInt32(clamping: retry.milliseconds / 1_000)
        }
        template.capability = arguments.string("capability") ?? ""
        template.labels = try Submission.pairs(arguments, "label")
        template.metadata = try Submission.pairs(arguments, "meta")
        guard !arguments.operands.isEmpty else {
            throw UsageError("rookery submit takes LOCATION… but was given 0; see rookery submit --help")
        }
        specs = arguments.operands.map { location in
            var spec = template
            spec.location = location
            spec.type = arguments.string("type") ?? Submission.type(of: location)
            return spec
        }
    }

    private static func schedule(_ arguments: Arguments, _ template: inout Proto.TargetSpec) throws(UsageError) {
        let given = ["once", "cron", "adaptive"].filter(arguments.has)
        let plans = (arguments.has("every") && given != ["adaptive"] ? ["every"] : []) + given
        guard plans.count <= 1 else {
            let names = plans.map { "--" + $0 }.joined(separator: " and ")
            throw UsageError("\(names) exclude each other; give one")
        }
        if let every = try arguments.span("every") {
            template.schedule = .interval
            template.intervalS = UInt32(clamping: every.milliseconds / 1_000)
        }
        if arguments.has("once") { template.schedule = .once }
        if arguments.has("adaptive") { template.schedule = .adaptive }
        if let line = arguments.string("cron") {
            template.schedule = .cron
            template.cron = line
        }
    }

    private static func pairs(_ arguments: Arguments, _ name: String) throws(UsageError) -> StringMap {
        var map = StringMap()
        for pair in arguments.strings(name) {
            guard let equals = pair.firstIndex(of: "="), equals > pair.startIndex else {
                throw UsageError("--\(name) is \(pair); KEY=VALUE is accepted")
            }
            map[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
        }
        return map
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
                                writer.field("target", Hex.text(verdict.target))
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
