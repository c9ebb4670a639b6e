import Benchmarks
import Lifecycle
import Model

extension Command {
    private static let runs = Flag(name: "runs", value: "N", help: "how often; medians are printed (default 3)")

    static let benchIngest = Command(
        name: "bench ingest", summary: "measure durable intake through a real hub, beside plain SQLite",
        flags: [
            Flag(name: "artifacts", value: "N", help: "how many (default 300000)"),
            Flag(name: "connections", value: "N", help: "at once (default 4)"),
            Flag(name: "batch", value: "N", help: "artifacts a batch (default 64)"),
            Flag(name: "window", value: "N", help: "batches unacked a connection (default 4)"),
            Flag(name: "duplicates", value: "F", help: "share of duplicates (default 0.2)"),
            Flag(name: "rate", value: "N", help: "artifacts a second (default: as many as are taken)"),
            Flag(name: "load", value: "F", help: "a second load, at this share of the rate reached"),
            Flag(name: "snapshot", help: "a reader holds on to one state version meanwhile"),
            Flag(name: "hold-snapshot", value: "SECONDS", help: "another program reads in one transaction meanwhile"),
            Flag(name: "backup", help: "backups are made meanwhile"),
            Flag(name: "rounds", value: "N", help: "loads one after the other into the same hub (default 1)"),
            Flag(
                name: "preload", value: "N", help: "artifacts stored before: measures start, memory, the rate kept"),
            Flag(name: "no-baseline", help: "leave the comparison out"), runs, .json,
        ],
        examples: [
            "rookery bench ingest --json", "rookery bench ingest --window 1 --connections 64 --json",
            "rookery bench ingest --load 0.5 --json", "rookery bench ingest --preload 10000000 --runs 1 --json",
        ],
        run: { arguments in
            var bench = IngestBench()
            if let n = try arguments.integer("artifacts", in: 1_000...100_000_000) { bench.workload.artifacts = n }
            if let n = try arguments.integer("connections", in: 1...1_000) { bench.workload.connections = n }
            if let n = try arguments.integer("batch", in: 1...256) { bench.workload.batch = n }
            if let n = try arguments.integer("window", in: 1...8) { bench.workload.window = n }
            if let f = try arguments.number("duplicates", in: 0...0.99) { bench.workload.duplicates = f }
            if let n = try arguments.integer("runs", in: 1...100) { bench.runs = n }
            bench.withBaseline = !arguments.has("no-baseline")
            bench.rate = try arguments.number("rate", in: 1...10_000_000)
            bench.share = try arguments.number("load", in: 0.01...1)
            bench.companions.reader = arguments.has("snapshot")
            bench.companions.foreign = try arguments.number("hold-snapshot", in: 0.1...3_600)
            bench.companions.backup = arguments.has("backup")
            if let n = try arguments.integer("rounds", in: 1...10_000) { bench.rounds = n }
            if let n = try arguments.integer("preload", in: 1_000...100_000_000) {
                var preload = PreloadBench(stored: n)
                preload.workload = bench.workload
                preload.runs = bench.runs
                Terminal.out(try await preload.run { Terminal.error($0 + "\n") } + "\n")
                return ExitStatus.done
            }
            Terminal.out(try await bench.run { Terminal.error($0 + "\n") } + "\n")
            return ExitStatus.done
        })

    static let benchStart = Command(
        name: "bench start", summary: "measure how fast a hub is ready, and what it uses when idle",
        flags: [runs, .json], examples: ["rookery bench start --json"],
        run: { arguments in
            var bench = StartBench()
            if let n = try arguments.integer("runs", in: 1...100) { bench.runs = n }
            Terminal.out(try await bench.run { Terminal.error($0 + "\n") } + "\n")
            return ExitStatus.done
        })

    static let benchFairness = Command(
        name: "bench fairness", summary: "measure what honest connections keep beside crowds of others",
        flags: [runs, .json], examples: ["rookery bench fairness --json"],
        run: { arguments in
            var bench = FairnessBench()
            if let n = try arguments.integer("runs", in: 1...100) { bench.runs = n }
            Terminal.out(try await bench.run { Terminal.error($0 + "\n") } + "\n")
            return ExitStatus.done
        })

    static let benchPriorities = Command(
        name: "bench priorities", summary: "measure how long the best 1,000 of a full ranking take",
        flags: [
            Flag(name: "artifacts", value: "N", help: "how many are ranked (default 1000000)"),
            Flag(name: "nodes", value: "N", help: "that they come from (default 100)"), runs, .json,
        ],
        examples: ["rookery bench priorities --json", "rookery bench priorities --artifacts 10000000 --json"],
        run: { arguments in
            var bench = PrioritiesBench()
            if let n = try arguments.integer("artifacts", in: 1_000...100_000_000) { bench.artifacts = n }
            if let n = try arguments.integer("nodes", in: 1...Limits.reputationNodes) { bench.nodes = n }
            if let n = try arguments.integer("runs", in: 1...100) { bench.runs = n }
            Terminal.out(bench.run() + "\n")
            return ExitStatus.done
        })

    static let benchWire = Command(
        name: "bench wire", summary: "measure small requests, large frames, and what a batch costs to encode",
        flags: [
            Flag(name: "pairs", value: "N", help: "requests and replies (default 400000)"),
            Flag(name: "window", value: "N", help: "requests unanswered a connection (default 64)"), runs, .json,
        ],
        examples: ["rookery bench wire --json"],
        run: { arguments in
            var bench = WireBench()
            if let n = try arguments.integer("pairs", in: 1_000...100_000_000) { bench.pairs = n }
            if let n = try arguments.integer("window", in: 1...4_096) { bench.window = n }
            if let n = try arguments.integer("runs", in: 1...100) { bench.runs = n }
            Terminal.out(try await bench.run { Terminal.error($0 + "\n") } + "\n")
            return ExitStatus.done
        })

    static let benchPatterns = Command(
        name: "bench patterns",
        summary: "measure how long a real hub looks for patterns, and what intake keeps meanwhile",
        flags: [Flag(name: "texts", value: "N", help: "how many, of 1 KiB each (default 100000)"), runs, .json],
        examples: ["rookery bench patterns --json"],
        run: { arguments in
            var bench = PatternsBench()
            if let n = try arguments.integer("texts", in: 100...1_000_000) { bench.texts = n }
            if let n = try arguments.integer("runs", in: 1...100) { bench.runs = n }
            Terminal.out(try await bench.run { Terminal.error($0 + "\n") } + "\n")
            return ExitStatus.done
        })

    static let benchCollect = Command(
        name: "bench collect",
        summary: "measure how many pages a second a real node collects, from a local site into a real hub",
        flags: [
            Flag(name: "pages", value: "N", help: "how many, each once (default 20000)"),
            Flag(name: "concurrency", value: "N", help: "collections at once (default 500)"),
            Flag(name: "hosts", value: "N", help: "addresses that the site answers at (default 500)"),
            Flag(name: "page-bytes", value: "N", help: "of a page, about (default 4096)"), runs, .json,
        ],
        examples: ["rookery bench collect --json"],
        run: { arguments in
            OpenFileLimit.raise()  // the site is in this process
            var bench = CollectBench()
            if let n = try arguments.integer("pages", in: 100...1_000_000) { bench.pages = n }
            if let n = try arguments.integer("concurrency", in: 1...10_000) { bench.concurrency = n }
            if let n = try arguments.integer("hosts", in: 1...50_000) { bench.hosts = n }
            if let n = try arguments.integer("page-bytes", in: 1_024...500_000) { bench.pageBytes = n }
            if let n = try arguments.integer("runs", in: 1...100) { bench.runs = n }
            Terminal.out(try await bench.run { Terminal.error($0 + "\n") } + "\n")
            return ExitStatus.done
        })

    static let benchLease = Command(
        name: "bench lease", summary: "measure leases of a real hub: given out, answered, settled, all durable",
        flags: [
            Flag(name: "targets", value: "N", help: "how many are submitted (default 100000)"),
            Flag(name: "pairs", value: "N", help: "leases that are answered (default one for each target)"),
            Flag(name: "workers", value: "N", help: "nodes, each on a connection of its own (default 100)"),
            Flag(name: "bystanders", value: "N", help: "nodes registered beside them, without work (default 0)"),
            Flag(name: "capacity", value: "N", help: "leases a node takes at a time (default 8)"),
            Flag(name: "empty", help: "nothing is delivered: a lease and its outcome alone"), runs, .json,
        ],
        examples: [
            "rookery bench lease --json", "rookery bench lease --empty --capacity 1 --json",
            "rookery bench lease --empty --targets 1000000 --pairs 100000 --bystanders 900 --json",
        ],
        run: { arguments in
            var bench = LeaseBench()
            if let n = try arguments.integer("targets", in: 1_000...10_000_000) { bench.targets = n }
            if let n = try arguments.integer("pairs", in: 1_000...10_000_000) { bench.pairs = n }
            if let n = try arguments.integer("workers", in: 1...5_000) { bench.workers = n }
            if let n = try arguments.integer("bystanders", in: 1...5_000) { bench.bystanders = n }
            if let n = try arguments.integer("capacity", in: 1...Int(Limits.maxCapacity)) { bench.capacity = n }
            if let n = try arguments.integer("runs", in: 1...100) { bench.runs = n }
            bench.isEmpty = arguments.has("empty")
            Terminal.out(try await bench.run { Terminal.error($0 + "\n") } + "\n")
            return ExitStatus.done
        })
}
