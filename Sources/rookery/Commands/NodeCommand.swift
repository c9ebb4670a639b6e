import Lifecycle
import Model
import Node
import Telemetry
import Transport
import Wire

extension Command {
    static let node = Command(
        name: "node", summary: "run a node: collect what the hub assigns, and deliver it",
        flags: [
            Flag(name: "name", value: "NAME", help: "the node's name, unique in the cluster"),
            .hub,
            Flag(name: "data", value: "DIR", help: "the data directory with the spool, made if missing"),
            Flag(name: "capacity", value: "N", help: "collections at once (default 8)"),
            Flag(name: "label", value: "KEY=VALUE", isRepeatable: true, help: "a label that targets can ask for"),
            Flag(name: "contact", value: "TEXT", help: "who to write to, shown to every site that is visited"),
            Flag(
                name: "allow-private", value: "HOST|NET", isRepeatable: true,
                help: "a private host or network that may be visited, such as 127.0.0.0/8"),
            Flag(
                name: "allow-root", value: "DIR", isRepeatable: true,
                help: "a directory below which files may be collected"),
            Flag(
                name: "collectors", value: "FILE",
                help: "programs, secrets and rules of the collectors, as JSON; see docs/COLLECTORS.md"),
            Flag(
                name: "status-address", value: "ADDR:PORT",
                help: "where /status and /metrics are told (default 127.0.0.1, any port)"),
            Flag(name: "status", help: "print what the node with this --data is doing, as JSON, and do not run one"),
            Flag(name: "spool-size", value: "MIB", help: "bound of the spool (default 1024)"),
        ] + Serving.flags,
        examples: [
            "rookery node --name n1 --hub 127.0.0.1:7400 --data ./n1 --contact you@example.org",
            "rookery node --status --data ./n1",
            "rookery node --name logs --data ./logs --allow-root /var/log",
        ],
        run: { arguments in
            if arguments.has("status") {
                Terminal.out(try await StatusQuestion.ask(directory: try arguments.required("data")))
                return ExitStatus.done
            }
            let log = try Serving.logger(arguments)
            var configuration = NodeConfiguration(
                name: try arguments.required("name"), hub: try Operator.address(arguments),
                dataDirectory: try arguments.required("data"))
            guard Proto.Hello(name: configuration.name).hasGoodName else {
                throw UsageError(
                    "--name is \(configuration.name); 1 to \(Limits.maxNodeName) of A-Z a-z 0-9 . _ - are accepted")
            }
            if let capacity = try arguments.integer("capacity", in: 1...10_000) {
                configuration.capacity = UInt32(capacity)
            }
            for label in arguments.strings("label") {
                let parts = label.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                guard parts.count == 2, !parts[0].isEmpty else {
                    throw UsageError("--label is \(label); KEY=VALUE is accepted")
                }
                configuration.labels[parts[0]] = parts[1]
            }
            configuration.contact = arguments.string("contact")
            configuration.allowPrivateHosts = arguments.strings("allow-private")
            configuration.allowedRoots = arguments.strings("allow-root")
            if let file = arguments.string("collectors") {
                configuration.settings = try CollectorSettings(file: file)
            }
            if arguments.string("status-address") != nil {
                configuration.statusAddress = try Serving.address(arguments, "status-address", default: "127.0.0.1:0")
                guard configuration.statusAddress.isLoopback else {
                    throw UsageError(
                        "--status-address is \(configuration.statusAddress); status is told on loopback only, such as "
                            + "127.0.0.1:7401")
                }
            }
            if let mebibytes = try arguments.integer("spool-size", in: 1...1_000_000) {
                configuration.spoolBytes = UInt64(mebibytes) << 20
            }
            configuration.version = Rookery.version
            OpenFileLimit.raise()  // hundreds of collections have as many sockets
            let settled = configuration
            return try await Serving.run(until: log) { stop in
                try NodeService(settled, log: log, directive: ChaosGuard(log: log).obey) { error in
                    stop.make(.failure(service: "node", message: "\(error)"))
                }
            }
        })
}
