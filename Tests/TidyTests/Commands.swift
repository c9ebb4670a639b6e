/// What the executable understands, for the rule that no document, script or unit names a command that is gone.
enum Commands {
    static let flags: [String: Set<String>] = [
        "hub": [
            "--data", "--listen", "--insecure", "--allow-chaos", "--log-format", "--hello-timeout", "--idle-timeout",
            "--frame-timeout", "--max-connections", "--stop-words", "--characteristics", "--sink", "--feed-rate",
            "--opt-out", "--priority-weights", "--dedup-scope", "--retention", "--take-over", "--share-addresses",
        ],
        "node": [
            "--name", "--hub", "--data", "--capacity", "--label", "--contact", "--allow-private", "--allow-root",
            "--collectors", "--status", "--status-address", "--log-format",
        ],
        "site": ["--listen", "--list"],
        "submit": [
            "--hub", "--json", "--every", "--once", "--cron", "--adaptive", "--min-retry", "--capability", "--label",
            "--meta", "--priority", "--type", "--file", "--key", "--from-chunk",
        ],
        "status": ["--hub", "--json"],
        "artifacts": ["--hub", "--json", "--limit", "--at-version", "--variants", "--variant", "--content", "--node"],
        "coordinator": [
            "--hub", "--json", "--wait", "--data", "--listen", "--insecure", "--allow-chaos", "--log-format",
            "--advertise",
        ],
        "orchestrator": [
            "--coordinator", "--data", "--listen", "--insecure", "--allow-chaos", "--log-format", "--advertise",
            "--take-over", "--share-addresses",
        ],
        "backup": ["--hub", "--with-secret", "--orchestrator-dir", "--json"],
        "restore": ["--from", "--data", "--accept-loss", "--state-version"],
        "streams": ["--hub", "--json"],
        "targets": [
            "--hub", "--json", "--state", "--type", "--label", "--host", "--text", "--limit", "--all", "--key",
            "--from-chunk",
        ],
        "nodes": ["--hub", "--json", "--limit", "--why", "--at-version"],
        "explain": ["--hub", "--json"],
        "plan": ["--hub", "--json", "--limit"],
        "quota": ["--hub", "--json", "--base", "--cluster"],
        "decisions": ["--hub", "--json", "--target", "--node", "--actor", "--since", "--limit"],
        "chaos": ["--hub", "--json", "--for", "--delay"],
        "feed": ["--hub", "--json", "--limit", "--before", "--at-version"],
        "ping": ["--hub", "--json"],
        "patterns": ["--hub", "--json", "--version"],
        "bench": [
            "--json", "--seconds", "--texts", "--artifacts", "--connections", "--batch", "--window", "--duplicates",
            "--runs", "--rate", "--load", "--snapshot", "--hold-snapshot", "--rounds", "--backup", "--preload",
            "--no-baseline", "--empty", "--capacity", "--targets", "--workers", "--pages", "--concurrency", "--hosts",
            "--page-bytes", "--bytes", "--row-bytes",
        ],
        "version": ["--json"],
        "help": [],
    ]

    static func named(_ file: SourceFile) -> [Finding] {
        let unit = file.path.hasSuffix(".service")
        guard file.isDocument || file.isScript || unit else { return [] }
        return joined(file.lines).flatMap { number, line in
            let invocations = file.isDocument ? quoted(line) : [line]
            return invocations.flatMap { judge($0).map { Finding(file.path, number, $0) } }
        }
    }

    /// Lines with those that a backslash continues.
    private static func joined(_ lines: [String]) -> [(Int, String)] {
        var result: [(Int, String)] = []
        var open = false
        for (index, line) in lines.enumerated() {
            let text = line.hasSuffix("\\") ? String(line.dropLast()) : line
            if open { result[result.count - 1].1 += text } else { result.append((index + 1, text)) }
            open = line.hasSuffix("\\")
        }
        return result
    }

    /// In a document, what stands between back-ticks or in an indented or fenced line that starts with the command.
    private static func quoted(_ line: String) -> [String] {
        let spans = line.split(separator: "`", omittingEmptySubsequences: false)
        let inner = spans.indices.filter { $0 % 2 == 1 }.map { String(spans[$0]) }
        return line.drop { $0 == " " }.hasPrefix("rookery ") ? inner + [line] : inner
    }

    /// A word without the quotes around it. Other punctuation stays: `rookery ]` is no command.
    private static func bare(_ word: Substring) -> Substring {
        let quotes = "\"'`,.)"
        let head = word.drop { quotes.contains($0) }
        return head.lastIndex { !quotes.contains($0) }.map { head[...$0] } ?? head
    }

    static func judge(_ invocation: String) -> [String] {
        let code = invocation.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)[0]
        let words = code.split(separator: " ").map(bare)
        guard let at = words.firstIndex(where: { $0 == "rookery" || $0.hasSuffix("/rookery") }),
            at + 1 < words.count, words[at + 1].first?.isLowercase == true,
            words[at + 1].allSatisfy({ $0.isLowercase || $0 == "-" })
        else { return [] }
        let command = String(words[at + 1])
        guard let known = flags[command] else { return ["rookery has no subcommand “\(command)”"] }
        return words[(at + 2)...].filter { $0.hasPrefix("--") && !known.contains(String($0)) && $0 != "--help" }
            .map { "rookery \(command) has no flag \($0)" }
    }
}
