import Glibc
import Model

/// The `simulate` executable: runs seeds, says which failed and what happened over all of them.
package struct Command {
    private var seeds: ClosedRange<UInt64> = 1...1_000
    private var bug: String?
    private var trace: UInt64?
    private var isJSON = false
    private var untilFailure = false

    package static let usage = """
        usage: simulate [--seeds A..B] [--bug NAME] [--until-failure] [--trace SEED] [--json]
          --seeds A..B      the seeds to run, one after the other; 1..1000
          --bug NAME        runs with a planted bug, in a build that has them (--traits PlantedBugs):
                            \(bugs.joined(separator: ", "))
          --until-failure   stops at the first seed that fails
          --trace SEED      runs this seed alone and prints what happens
          --json            one object a seed that failed, and one for the whole run
        """

    static let bugs = [
        "ack-before-commit", "dedup-only-in-memory", "stale-lease-accepted", "anyones-word-accepted",
        "receipt-applied-twice", "spool-deleted-before-fsync-ack",
    ]

    /// Returns the exit code: 0 when every invariant held, 1 when one did not, 2 when the arguments make no sense.
    package static func run(_ arguments: [String]) -> Int32 {
        do throws(UsageError) {
            return try Command(arguments).run()
        } catch {
            let words = Array("simulate: \(error.sentence)\n\(usage)\n".utf8)
            _ = write(STDERR_FILENO, words, words.count)
            return 2
        }
    }

    struct UsageError: Error {
        let sentence: String
    }

    private init(_ arguments: [String]) throws(UsageError) {
        var rest = arguments[...]
        while let word = rest.popFirst() {
            switch word {
            case "--json": isJSON = true
            case "--until-failure": untilFailure = true
            case "--seeds": seeds = try Command.range(rest.popFirst() ?? "")
            case "--trace": trace = try Command.number(rest.popFirst() ?? "")
            case "--bug": bug = try Command.bug(rest.popFirst() ?? "")
            default: throw UsageError(sentence: "\"\(word)\" is no option")
            }
        }
    }

    private static func number(_ text: String) throws(UsageError) -> UInt64 {
        if let number = UInt64(text) { return number }
        throw UsageError(sentence: "\"\(text)\" is no seed; give a whole number")
    }

    private static func range(_ text: String) throws(UsageError) -> ClosedRange<UInt64> {
        let ends = text.split(separator: ".").map(String.init)
        guard ends.count == 2, text.contains("..") else {
            throw UsageError(sentence: "\"\(text)\" is no range of seeds; write it like 1..1000")
        }
        let (first, last) = (try number(ends[0]), try number(ends[1]))
        guard first <= last else { throw UsageError(sentence: "the seeds \(text) run backwards") }
        return first...last
    }

    private static func bug(_ name: String) throws(UsageError) -> String {
        #if PLANTED_BUGS
            guard bugs.contains(name) else { throw UsageError(sentence: "\"\(name)\" is no planted bug") }
            return name
        #else
            throw UsageError(sentence: "this build has no planted bugs; build it with --traits PlantedBugs")
        #endif
    }

    // MARK: Running

    private func run() -> Int32 {
        if let trace { return replay(trace) }
        let clock = SystemTime()
        let started = clock.now()
        var total = Total()
        for seed in seeds {
            let report = Simulation(seed: seed, bug: bug).run()
            total.add(report)
            if let violation = report.violation {
                Output.failure(report, violation, bug: bug, isJSON: isJSON)
                if untilFailure { break }
            }
        }
        Output.summary(total, took: clock.now().since(started), isJSON: isJSON)
        return total.failures == 0 ? 0 : 1
    }

    private func replay(_ seed: UInt64) -> Int32 {
        let report = Simulation(seed: seed, bug: bug) { print($0) }.run()
        print("trace \(String(report.traceHash, radix: 16)), \(report.events) events")
        guard let violation = report.violation else { return 0 }
        print("seed \(seed) failed: \(violation)")
        return 1
    }
}

/// What many seeds came to.
struct Total {
    var seeds: UInt64 = 0
    var failures: UInt64 = 0
    var events: UInt64 = 0
    var virtualSeconds = 0.0
    /// All traces, in the order of their seeds, as one number.
    var traceHash: UInt64 = 0
    var coverage = Coverage()

    mutating func add(_ report: RunReport) {
        seeds += 1
        if report.violation != nil { failures += 1 }
        events += report.events
        virtualSeconds += report.virtualTime.seconds
        traceHash = (traceHash << 1 | traceHash >> 63) ^ report.traceHash
        coverage.add(report.coverage)
    }
}
