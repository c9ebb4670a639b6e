/// One subcommand: what it is called, what it takes, what it does.
struct Command: Sendable {
    let name: String
    let summary: String
    /// What follows the flags, as the usage line shows it.
    var operands = ""
    /// How many operands are accepted.
    var operandCount: ClosedRange<Int> = 0...0
    var flags: [Flag] = []
    var examples: [String] = []
    let run: @Sendable (Arguments) async throws -> Int32
}

/// `--name VALUE`, or `--name` alone when it takes no value.
struct Flag: Sendable {
    let name: String
    var value: String?
    var isRepeatable = false
    let help: String

    static let help = Flag(name: "help", help: "show this text")
    static let json = Flag(name: "json", help: "print JSON, for machines")
    static let hub = Flag(
        name: "hub", value: "ADDR:PORT", help: "where the hub listens (default 127.0.0.1:7400, or ROOKERY_HUB)")
}

/// A command line that does not make sense; ends with exit status 2.
struct UsageError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Something could not be done; ends with exit status 1. The sentence says what to do.
struct CommandError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Exit statuses that every command keeps to.
enum ExitStatus {
    static let done: Int32 = 0
    static let failed: Int32 = 1
    static let usage: Int32 = 2
}
