/// One of a cron line's five fields: which numbers it lets through.
struct CronField: Hashable, Sendable {
    struct Kind: Sendable {
        let name: String
        let range: ClosedRange<Int>
        /// Words for numbers, from the range's first on.
        var names: [String] = []
    }

    static let kinds = [
        Kind(name: "minute", range: 0...59),
        Kind(name: "hour", range: 0...23),
        Kind(name: "day of the month", range: 1...31),
        Kind(
            name: "month", range: 1...12,
            names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        // 7 is a Sunday too.
        Kind(name: "day of the week", range: 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ]

    private(set) var bits: UInt64 = 0
    /// Written as a star: it restricts nothing, or only by steps.
    let isStar: Bool

    func contains(_ value: Int) -> Bool { bits >> UInt64(value) & 1 == 1 }

    init(_ text: Substring, _ kind: Kind) throws(FieldError) {
        isStar = text.hasPrefix("*")
        for part in text.split(separator: ",", omittingEmptySubsequences: false) { try add(part, kind) }
        if kind.range.upperBound == 7, contains(7) { bits |= 1 }
    }

    private mutating func add(_ part: Substring, _ kind: Kind) throws(FieldError) {
        let halves = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        var step = 1
        if halves.count == 2 {
            guard let number = Int(halves[1]), (1...kind.range.upperBound).contains(number) else {
                throw CronField.wrong(part, kind, "a step is a number from 1 to \(kind.range.upperBound)")
            }
            step = number
        }
        let range = try range(halves[0], kind, isOpen: halves.count == 2)
        for value in stride(from: range.lowerBound, through: range.upperBound, by: step) { bits |= 1 << UInt64(value) }
    }

    /// `isOpen`: a number alone means from there to the end, as in 5/10.
    private func range(_ text: Substring, _ kind: Kind, isOpen: Bool) throws(FieldError) -> ClosedRange<Int> {
        // Not to count a Sunday twice.
        let whole = kind.range.lowerBound...min(kind.range.upperBound, kind.range.upperBound == 7 ? 6 : 59)
        if text == "*" { return whole }
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let first = try CronField.number(ends[0], kind)
        guard ends.count == 2 else { return first...(isOpen ? max(first, whole.upperBound) : first) }
        let last = try CronField.number(ends[1], kind)
        guard first <= last else { throw CronField.wrong(text, kind, "a range goes from the lower to the higher") }
        return first...last
    }

    private static func number(_ text: Substring, _ kind: Kind) throws(FieldError) -> Int {
        if let place = kind.names.firstIndex(of: text.lowercased()) { return kind.range.lowerBound + place }
        if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(text), kind.range.contains(value) {
            return value
        }
        let names = kind.names.isEmpty ? "" : ", or \(kind.names[0]) to \(kind.names[kind.names.count - 1])"
        throw wrong(text, kind, "use \(kind.range.lowerBound) to \(kind.range.upperBound)\(names)")
    }

    private static func wrong(_ text: Substring, _ kind: Kind, _ remedy: String) -> FieldError {
        FieldError("cron", "\(quoted(String(text))) is no \(kind.name): \(remedy)")
    }
}
