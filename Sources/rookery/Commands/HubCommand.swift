import Compression
import Coordinator
import Hub
import Lifecycle
import Model
import Orchestrator
import Telemetry
import Transport
import Wire

extension Command {
    static let hub = Command(
        name: "hub", summary: "run coordinator and orchestrator in one process",
        flags: Serving.listening + Serving.coordinating + Serving.orchestrating
            + [Flag(name: "take-over", help: "where the orchestrator was a process of its own until now")]
            + Serving.flags,
        examples: [
            "rookery hub --data /var/lib/rookery/hub",
            "rookery hub --data ./hub --listen 127.0.0.1:7400 --allow-chaos",
        ],
        run: { arguments in try await Serving.serve(.hub, arguments) })

    static let coordinator = Command(
        name: "coordinator", summary: "run the coordinator as a process of its own",
        flags: Serving.listening + Serving.coordinating + [Serving.advertise] + Serving.flags,
        examples: [
            "rookery coordinator --data /var/lib/rookery/coordinator",
            "rookery coordinator --data ./coordinator --listen 10.0.0.5:7400 --insecure",
        ],
        run: { arguments in try await Serving.serve(.coordinator, arguments) })

    static let orchestrator = Command(
        name: "orchestrator", summary: "run the orchestrator as a process of its own",
        flags: [
            Flag(
                name: "coordinator", value: "ADDR:PORT",
                help: "the coordinator, whose receipts settle leases (default 127.0.0.1:7400)")
        ] + Serving.listening(on: Limits.orchestratorPort) + Serving.orchestrating + [
            Serving.advertise,
            Flag(name: "take-over", help: "in place of an orchestrator that is gone for good"),
        ] + Serving.flags,
        examples: [
            "rookery orchestrator --coordinator 127.0.0.1:7400 --data ./orchestrator",
            "rookery orchestrator --coordinator 10.0.0.5:7400 --data ./orchestrator --listen 10.0.0.6:7401 --insecure",
        ],
        run: { arguments in
            let coordinator = try Serving.address(
                arguments, "coordinator", default: "127.0.0.1:\(Limits.defaultPort)")
            return try await Serving.serve(.orchestrator(of: coordinator), arguments, port: Limits.orchestratorPort)
        })
}

extension Serving {
    static let listening = listening(on: Limits.defaultPort)

    static func listening(on port: UInt16) -> [Flag] {
        [
            Flag(name: "data", value: "DIR", help: "the data directory, made if missing"),
            Flag(
                name: "listen", value: "ADDR:PORT", help: "where to serve (default 127.0.0.1:\(port); port 0 picks one)"
            ),
            Flag(name: "insecure", help: "allow an address that other hosts can reach"),
            Flag(name: "allow-chaos", help: "let operators inject faults"),
            Flag(name: "heartbeat", value: "SPAN", help: "how often nodes show that they live (default 10s)"),
            Flag(name: "hello-timeout", value: "SPAN", help: "for a new connection to say Hello (default 10s)"),
            Flag(name: "idle-timeout", value: "SPAN", help: "silence that ends a connection (default 300s)"),
            Flag(name: "frame-timeout", value: "SPAN", help: "for a frame that has begun to arrive (default 30s)"),
            Flag(name: "max-connections", value: "N", help: "connections at a time (default 8192)"),
        ]
    }

    static let orchestrating = [
        Flag(name: "suspect-after", value: "SPAN", help: "silence after which a node gets no work (default 25s)"),
        Flag(name: "offline-after", value: "SPAN", help: "silence after which its leases go on (default 300s)"),
        Flag(name: "host-delay", value: "SPAN", help: "between two collections from one host (default 500ms)"),
        Flag(name: "share-addresses", help: "hosts that resolve to one address count as one host"),
    ]

    static let coordinating = [
        Flag(name: "sink", value: "SINK", help: "jsonl (default), http:URL or exec:/PROGRAM: where scenarios go"),
        Flag(name: "feed-rate", value: "N", help: "scenarios fed in any 60 minutes (default 100)"),
        Flag(name: "opt-out", value: "WORDS", help: "signals that keep content out of the feed (see docs/FEED.md)"),
        Flag(
            name: "priority-weights", value: "T,O,C",
            help: "what threat, opportunity and confidence weigh (default 0.4,0.3,0.2)"),
        Flag(
            name: "disk-low-water", value: "MIB",
            help: "free space below which intake closes (default 2048, or 5 %)"),
        Flag(name: "dedup-scope", value: "SCOPE", help: "cluster (default) or node; fixed at the first start"),
        Flag(name: "retention", value: "SPAN", help: "how long history is kept, such as 30d (default for good)"),
        Flag(name: "stop-words", value: "FILE", help: "words no pattern is about, instead of the English ones"),
        Flag(name: "characteristics", value: "FILE", help: "lines of NAME: WORD…, for what patterns are about"),
    ]

    static let advertise = Flag(
        name: "advertise", value: "ADDR:PORT", help: "where the others reach it (default: where it serves)")

    /// Runs a part of a cluster until a signal.
    static func serve(
        _ part: HubConfiguration.Part, _ arguments: Arguments, port: UInt16 = Limits.defaultPort
    ) async throws -> Int32 {
        let log = try logger(arguments)
        let address = try self.address(arguments, "listen", default: "127.0.0.1:\(port)")
        try checkExposure(address, arguments, log)
        var configuration = HubConfiguration(
            directory: try arguments.required("data"), address: address, software: Rookery.software)
        configuration.part = part
        if arguments.string("advertise") != nil {
            configuration.advertised = try self.address(arguments, "advertise", default: "").description
        }
        configuration.takesOver = arguments.has("take-over")
        try readListening(arguments, into: &configuration)
        try readCoordinating(arguments, into: &configuration)
        try PatternFiles.read(arguments, into: &configuration.patterns)
        let descriptors = OpenFileLimit.raise()
        let room = max(1, descriptors - Limits.descriptorsApart)
        if configuration.maxConnections > room {
            log.warning(
                "fewer connections than allowed, for want of descriptors (ulimit -n)",
                ["connections": .number(UInt64(room)), "descriptors": .number(UInt64(descriptors))])
            configuration.maxConnections = room
        }
        let ready = configuration
        return try await run(until: log, drain: .seconds(10)) { stop in
            HubService(
                ready, compressor: Zstd(), time: SystemTime(), log: log,
                onFailure: { stop.make(.failure(service: "hub", message: $0)) }
            ) { address in
                Terminal.out("listening on \(address)\n")
            }
        }
    }

    private static func readListening(
        _ arguments: Arguments, into configuration: inout HubConfiguration
    ) throws(UsageError) {
        configuration.allowsChaos = arguments.has("allow-chaos")
        if let text = Terminal.environment("ROOKERY_KILL_AT") {
            guard configuration.allowsChaos, let point = KillPoint(text) else {
                throw UsageError(
                    "ROOKERY_KILL_AT is \(text): it ends the hub in a commit, for tests; unset it, or give written:N "
                        + "or synced:N together with --allow-chaos")
            }
            configuration.killPoint = point
        }
        if let span = try arguments.positiveSpan("heartbeat") { configuration.heartbeat = span }
        if let span = try arguments.positiveSpan("suspect-after") { configuration.orchestrator.suspectAfter = span }
        if let span = try arguments.positiveSpan("offline-after") { configuration.orchestrator.offlineAfter = span }
        if let span = try arguments.span("host-delay") { configuration.orchestrator.politeness.delay = span }
        configuration.orchestrator.politeness.sharesAddresses = arguments.has("share-addresses")
        if let span = try arguments.positiveSpan("hello-timeout") { configuration.patience.hello = span }
        if let span = try arguments.positiveSpan("idle-timeout") { configuration.patience.idle = span }
        if let span = try arguments.positiveSpan("frame-timeout") { configuration.frameTimeout = span }
        if let count = try arguments.integer("max-connections", in: 1...1_000_000) {
            configuration.maxConnections = count
        }
    }

    private static func readCoordinating(
        _ arguments: Arguments, into configuration: inout HubConfiguration
    ) throws(UsageError) {
        if let mebibytes = try arguments.integer("disk-low-water", in: 0...1_000_000_000) {
            configuration.diskLowWater = UInt64(mebibytes) << 20
        }
        if let text = arguments.string("dedup-scope") {
            guard let scope = DedupScope(rawValue: text) else {
                throw UsageError("--dedup-scope is \(text); cluster and node are accepted")
            }
            configuration.dedupScope = scope
        }
        configuration.retention = try arguments.longSpan("retention")
        if let rate = try arguments.integer("feed-rate", in: 1...Limits.maxFeedRate) {
            configuration.feed.rate = rate
        }
        if let text = arguments.string("opt-out") {
            guard let policy = OptOutPolicy(text) else {
                throw UsageError("--opt-out is \(text); words are accepted, with commas between: noai,tdm-reservation")
            }
            configuration.feed.optOut = policy
        }
        if let text = arguments.string("priority-weights") {
            guard let weights = PriorityWeights(text) else {
                throw UsageError(
                    "--priority-weights is \(text); three numbers from 0 to 1 are accepted, not all 0: 0.4,0.3,0.2")
            }
            configuration.weights = weights
        }
        if let text = arguments.string("sink") {
            guard let sink = SinkChoice(text) else {
                throw UsageError("--sink is \(text); jsonl, http:URL and exec:/PROGRAM are accepted")
            }
            configuration.sink = sink
        }
    }
}
