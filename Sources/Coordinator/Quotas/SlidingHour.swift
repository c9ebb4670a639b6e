import Model

/// What came in the last hour, by minutes: the current one and the 60 before it. A whole hour never holds more than
/// what this sum was kept to, wherever it begins: there is no boundary to burst over.
struct SlidingHour: Equatable, Sendable {
    static let slots = 61

    private var counts = [UInt32](repeating: 0, count: slots)
    /// The minute of the newest slot.
    private(set) var minute: Int64 = 0
    private(set) var sum: UInt64 = 0

    var isEmpty: Bool { sum == 0 }

    mutating func advance(to now: WallTime) {
        let current = now.milliseconds / 60_000
        guard current > minute else { return }
        for passed in 0..<min(current - minute, Int64(SlidingHour.slots)) { clear(current - passed) }
        minute = current
    }

    private mutating func clear(_ minute: Int64) {
        let place = Int(minute % Int64(SlidingHour.slots))
        sum -= UInt64(counts[place])
        counts[place] = 0
    }

    mutating func add(_ count: Int) {
        counts[Int(minute % Int64(SlidingHour.slots))] += UInt32(clamping: count)
        sum += UInt64(count)
    }

    func room(under quota: UInt64) -> UInt64 { quota > sum ? quota - sum : 0 }

    /// Until there is room for one more, by time alone.
    func wait(under quota: UInt64, now: WallTime) -> Span {
        var rest = sum
        for back in stride(from: Int64(SlidingHour.slots) - 1, through: 0, by: -1) {
            guard rest >= max(1, quota) else { break }
            rest -= UInt64(counts[Int((minute - back + Int64(SlidingHour.slots)) % Int64(SlidingHour.slots))])
            if rest < max(1, quota) {
                let opens = (minute - back + Int64(SlidingHour.slots)) * 60_000
                return .milliseconds(UInt64(max(1, opens - now.milliseconds)))
            }
        }
        return .milliseconds(1)
    }

    // MARK: Rows

    var packed: [UInt8] {
        var bytes = SlidingHour.bytes(UInt64(minute))
        for count in counts { bytes += SlidingHour.bytes(UInt64(count)).prefix(4) }
        return bytes
    }

    init() {}

    init?(packed: [UInt8]) {
        guard packed.count == 8 + 4 * SlidingHour.slots else { return nil }
        minute = Int64(clamping: SlidingHour.number(packed[..<8]))
        guard minute >= 0 else { return nil }
        counts = (0..<SlidingHour.slots).map {
            UInt32(truncatingIfNeeded: SlidingHour.number(packed[(8 + 4 * $0)..<(12 + 4 * $0)]))
        }
        sum = counts.reduce(0) { $0 + UInt64($1) }
    }

    private static func bytes(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
