import Lifecycle
import Model
import Telemetry
import Transport

/// What hub, node and site have in common: logging, and running until a signal.
enum Serving {
    static let flags = [
        Flag(name: "log-format", value: "text|json", help: "how log lines look (default text)"),
        Flag(name: "log-level", value: "LEVEL", help: "debug, info, warning or error (default info)"),
    ]

    static func logger(_ arguments: Arguments) throws -> Logger {
        let format = arguments.string("log-format") ?? "text"
        guard let format = LogFormat(rawValue: format) else {
            throw UsageError("--log-format is \(format); text and json are accepted")
        }
        let level = arguments.string("log-level") ?? "info"
        guard let level = LogLevel(level) else {
            throw UsageError("--log-level is \(level); debug, info, warning and error are accepted")
        }
        return Logger(level: level, sink: DescriptorSink(format: format), time: SystemTime())
    }

    static func address(_ arguments: Arguments, _ name: String, default standard: String) throws -> SocketAddress {
        let text = arguments.string(name) ?? standard
        do {
            return try SocketAddress(text, defaultPort: Limits.defaultPort)
        } catch {
            throw UsageError("--\(name) is \(text): \(error)")
        }
    }

    /// Until identities exist, anyone who reaches the port may do anything: so other addresses need a word for it.
    static func checkExposure(_ address: SocketAddress, _ arguments: Arguments, _ log: Logger) throws {
        guard !address.isLoopback else { return }
        guard arguments.has("insecure") else {
            throw UsageError(
                "--listen is \(address), which other hosts can reach, and connections are not authenticated yet; "
                    + "listen on 127.0.0.1, or add --insecure on a network that you trust")
        }
        log.warning("connections are neither authenticated nor encrypted", ["address": .of(address)])
    }

    /// Runs a service until a signal, or until it makes the wish to stop itself; a second signal ends the process at
    /// once.
    static func run(
        until log: Logger, drain: Span = .seconds(35), _ make: (StopRequest) throws -> any Service
    ) async throws -> Int32 {
        let stop = StopRequest()
        let service = try make(stop)
        let signals = try Signals(stop: stop) { service.abandon() }
        defer { signals.cancel() }
        var deadlines = ServiceGroup.Deadlines()
        deadlines.graceful = drain
        let outcome = try await ServiceGroup([service], deadlines: deadlines, log: log).run(until: stop)
        if case .failure(_, let message) = outcome.reason { throw CommandError(message) }
        return outcome.abandoned.isEmpty ? ExitStatus.done : ExitStatus.failed
    }
}
