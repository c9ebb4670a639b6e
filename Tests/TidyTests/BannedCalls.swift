/// Rules on calls that would put time, chance, threads or traps where a test cannot drive them.
enum BannedCalls {
    struct Ban {
        let call: String
        let instead: String
        var allowed: [String] = []
        var everywhere = false
    }

    static let sleep = "wait for the event, or make the wait an effect of a core (Model's TimeSource)"
    static let chance = "take a RandomSource as a parameter"
    static let clock = "take a TimeSource as a parameter"
    static let thread = "use a WorkerThread or an EventLoop (Lifecycle, Transport)"

    static let bans = [
        Ban(call: "Task.sleep", instead: sleep, allowed: ["Sources/Lifecycle/ServiceGroup.swift"], everywhere: true),
        Ban(call: "Thread.sleep", instead: sleep, everywhere: true),
        Ban(call: "usleep(", instead: sleep, everywhere: true),
        // A slow disk is a wait by nature, and so is the process that ends a fault when its time has come.
        Ban(
            call: "nanosleep(", instead: sleep,
            allowed: ["Sources/Storage/Faults/", "Sources/rookery/Chaos/GuardCommand.swift"], everywhere: true),
        Ban(call: "Date(", instead: clock),
        Ban(call: "ContinuousClock", instead: clock),
        Ban(call: "SuspendingClock", instead: clock),
        Ban(call: "clock_gettime(", instead: clock, allowed: ["Sources/Model/SystemTime.swift", "Sources/Lifecycle/"]),
        Ban(call: "UUID(", instead: chance),
        Ban(call: ".random(in:", instead: chance, everywhere: true),
        Ban(call: "Bool.random(", instead: chance, everywhere: true),
        Ban(call: ".randomElement()", instead: chance, everywhere: true),
        Ban(call: ".shuffled()", instead: chance, everywhere: true),
        Ban(call: "SystemRandomNumberGenerator", instead: chance, allowed: ["Sources/Model/Randomness.swift"]),
        Ban(call: "DispatchQueue", instead: thread),
        Ban(call: "Task.detached", instead: "start it in the task group that outlives it", everywhere: true),
        Ban(call: "try!", instead: "throw, or handle the error", everywhere: true),
    ]

    static func calls(_ file: SourceFile) -> [Finding] {
        guard file.isSwift else { return [] }
        return bans.flatMap { ban -> [Finding] in
            guard file.isSource || ban.everywhere, !ban.allowed.contains(where: file.path.hasPrefix) else { return [] }
            return file.find(ban.call, in: file.code).filter { startsWord(ban.call, file.code[$0 - 1]) }
                .map { Finding(file.path, $0, "\(ban.call) is not for use here; \(ban.instead)") }
        }
    }

    /// `Date(` is banned, `isDate(` is not.
    private static func startsWord(_ call: String, _ line: String) -> Bool {
        line.ranges(of: call).contains { range in
            guard !call.hasPrefix("."), range.lowerBound > line.startIndex else { return true }
            let before = line[line.index(before: range.lowerBound)]
            return !before.isLetter && !before.isNumber && before != "_"
        }
    }

    /// String contents are blanked in `code`, so this one looks at the line as it is.
    static func unfinished(_ file: SourceFile) -> [Finding] {
        guard file.isSwift else { return [] }
        return file.find("fatalError(\"not" + " ", in: file.lines).map {
            Finding(file.path, $0, "not finished; write it, or leave the way to it out")
        }
    }

    /// What the compiler can no longer check must say why it holds.
    static func unchecked(_ file: SourceFile) -> [Finding] {
        guard file.isSwift else { return [] }
        return ["@unchecked Sendable", "nonisolated(unsafe)"].flatMap { words in
            file.find(words, in: file.code).filter { line in
                !file.comments[max(0, line - 4)..<line].contains { $0.contains("//") }
            }
            .map { Finding(file.path, $0, "\(words) without a reason; say in a comment above why it is safe") }
        }
    }
}
