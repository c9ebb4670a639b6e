import Glibc

/// The one binary: finds the command, reads its arguments, runs it.
@main
enum Rookery {
    static let version = "0.1.0"
    static let software = "rookery/" + version

    static let commands: [Command] = [
        .hub, .coordinator, .orchestrator, .node, .submit, .status, .listArtifacts, .showArtifact, .topArtifacts,
        .artifactHistory, .whyDuplicate,
        .backup, .restore, .rekey, .missingStreams, .listTargets, .showTarget, .retryTargets, .cancelTargets,
        .pauseTargets, .resumeTargets, .importTargets, .exportTargets, .listNodes, .drainNode, .undrainNode,
        .removeNode, .decisions, .explainTarget,
        .explainNode, .plan, .setQuota, .showQuota, .showNode, .runPatterns,
        .listPatterns,
        .showPattern, .whyPattern, .exportPatterns, .feedStatus, .feedList, .feedSkipped, .feedPause, .feedResume,
        .feedRate, .ping, .injectFault, .clearFaults, .listFaults, .site, .benchWire, .benchIngest, .benchStart,
        .benchLease, .benchFairness, .benchPriorities, .benchPatterns, .benchCollect, .benchDataset,
        .benchSpool, .version,
    ]

    static let hidden: [Command] = [.chaosGuard]

    static func main() async {
        let status = await run(Array(CommandLine.arguments.dropFirst()))
        exit(status == ExitStatus.done && Terminal.hasLostOutput ? ExitStatus.failed : status)
    }

    private static func run(_ words: [String]) async -> Int32 {
        if words.isEmpty || words == ["--help"] || words == ["-h"] || words == ["help"] {
            Terminal.out(Help.overview(commands))
            return ExitStatus.done
        }
        do {
            let (command, rest) = try find(words[0] == "--version" ? ["version"] : words)
            let arguments = try Arguments(rest, for: command)
            if arguments.has("help") {
                Terminal.out(Help.text(command))
                return ExitStatus.done
            }
            return try await command.run(arguments)
        } catch let error as UsageError {
            Terminal.error("rookery: \(error)\n")
            return ExitStatus.usage
        } catch {
            Terminal.error("rookery: \(error)\n")
            return ExitStatus.failed
        }
    }

    /// Commands have one word or two; a first word alone lists what may follow it.
    private static func find(_ words: [String]) throws(UsageError) -> (Command, ArraySlice<String>) {
        for length in [2, 1] where words.count >= length {
            let name = words.prefix(length).joined(separator: " ")
            if let command = (commands + hidden).first(where: { $0.name == name }) {
                return (command, words.dropFirst(length))
            }
        }
        let following = commands.map(\.name).filter { $0.hasPrefix(words[0] + " ") }
        if !following.isEmpty {
            throw UsageError("say one of: " + following.map { "rookery " + $0 }.joined(separator: ", "))
        }
        throw UsageError("there is no command \(words[0]); rookery alone lists them")
    }
}

extension Command {
    static let version = Command(
        name: "version", summary: "print the version", examples: ["rookery version"],
        run: { _ in
            Terminal.out(Rookery.version + "\n")
            return ExitStatus.done
        })
}
