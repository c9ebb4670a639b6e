import Model

/// A command line read against what its command accepts.
struct Arguments {
    let command: Command
    private(set) var operands: [String] = []
    private var values: [String: [String]] = [:]

    init(_ words: some Sequence<String>, for command: Command) throws(UsageError) {
        self.command = command
        var rest = Array(words)[...]
        var flagsEnded = false
        while let word = rest.popFirst() {
            if flagsEnded || !word.hasPrefix("-") || word == "-" {
                operands.append(word)
            } else if word == "--" {
                flagsEnded = true
            } else {
                try take(word, &rest)
            }
        }
        guard has("help") || command.operandCount.contains(operands.count) else {
            throw UsageError(
                "rookery \(command.name) takes \(command.operands.isEmpty ? "no operands" : command.operands) "
                    + "but was given \(operands.count); see rookery \(command.name) --help")
        }
    }

    private mutating func take(_ word: String, _ rest: inout ArraySlice<String>) throws(UsageError) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts[0] == "-h" ? "help" : String(parts[0].drop { $0 == "-" })
        guard let flag = (command.flags + [.help]).first(where: { $0.name == name }) else {
            throw UsageError(
                "rookery \(command.name) has no flag \(parts[0]); see rookery \(command.name) --help")
        }
        if flag.value == nil {
            guard parts.count == 1 else { throw UsageError("--\(name) takes no value but was given \(parts[1])") }
            values[name] = [""]
            return
        }
        guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
            throw UsageError("--\(name) is missing its value; give --\(name) \(flag.value ?? "")")
        }
        guard flag.isRepeatable || values[name] == nil else {
            throw UsageError("--\(name) is given twice; give it once")
        }
        values[name, default: []].append(value)
    }

    func has(_ name: String) -> Bool { values[name] != nil }

    func string(_ name: String) -> String? { values[name]?.last }

    func strings(_ name: String) -> [String] { values[name] ?? [] }

    func required(_ name: String) throws(UsageError) -> String {
        guard let value = string(name), !value.isEmpty else {
            throw UsageError("rookery \(command.name) needs --\(name); see rookery \(command.name) --help")
        }
        return value
    }

    func integer(_ name: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
        guard let text = string(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw UsageError(
                "--\(name) is \(text); a whole number from \(range.lowerBound) to \(range.upperBound) is accepted")
        }
        return number
    }

    func number(_ name: String, in range: ClosedRange<Double>) throws(UsageError) -> Double? {
        guard let text = string(name) else { return nil }
        guard let number = Double(text), range.contains(number) else {
            throw UsageError(
                "--\(name) is \(text); a number from \(range.lowerBound) to \(range.upperBound) is accepted")
        }
        return number
    }

    /// A length of time such as 500ms, 10s, 5m or 2h.
    func span(_ name: String) throws(UsageError) -> Span? {
        guard let text = string(name) else { return nil }
        guard let span = Arguments.span(text) else {
            throw UsageError(
                "--\(name) is \(text); a length of time such as 500ms, 10s, 5m or 2h is accepted, up to 1000h")
        }
        return span
    }

    /// For what would never come, or always be over, with a length of 0.
    func positiveSpan(_ name: String) throws(UsageError) -> Span? {
        guard let span = try span(name) else { return nil }
        guard span > .zero else { throw UsageError("--\(name) is 0; a length of time from 1ms on is accepted") }
        return span
    }

    /// For what is never sent as a number of 32 bits: days too, up to a hundred years.
    func longSpan(_ name: String) throws(UsageError) -> Span? {
        guard let text = string(name) else { return nil }
        let days = text.hasSuffix("d") ? UInt64(text.dropLast()) : nil
        let span = days.map { Span.hours(24 * min($0, 1_000_000)) } ?? Arguments.span(text)
        guard let span, span > .zero, span <= Span.hours(24 * 36_525) else {
            throw UsageError("--\(name) is \(text); a length of time such as 12h, 30d or 400d is accepted, from 1ms on")
        }
        return span
    }

    /// Up to 1000 hours, so that milliseconds always fit the 32 bits that they have on the wire.
    static func span(_ text: String) -> Span? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let units: [String: UInt64] = ["ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000]
        guard let number = UInt64(digits), let unit = units[String(text.dropFirst(digits.count))],
            number <= Span.hours(1_000).milliseconds / unit
        else { return nil }
        return .milliseconds(number * unit)
    }
}
