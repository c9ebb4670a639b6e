import Synchronization

/// How often which values came, in fixed memory (8 KiB) and without a lock: 16 equal buckets between each power of two
/// and the next, so that a quantile is at most 1/16 above the truth.
package final class Histogram: Sendable {
    /// 16 buckets for the values 0…15, and 16 for each of the 60 powers of two from 2⁴ to 2⁶³.
    private static let buckets = 976
    private typealias Counts = InlineArray<976, Atomic<UInt64>>

    private let counts = Counts { _ in Atomic(0) }
    private let total = Atomic<UInt64>(0)
    private let largest = Atomic<UInt64>(0)

    package init() {}

    /// Values above 2⁶³-1 count as that: the atomic maximum of this toolchain compares as if signed.
    package func record(_ value: UInt64) {
        let value = min(value, UInt64(Int64.max))
        counts[Histogram.bucket(of: value)].wrappingAdd(1, ordering: .relaxed)
        total.wrappingAdd(value, ordering: .relaxed)
        largest.max(value, ordering: .relaxed)
    }

    /// What was recorded so far. Values recorded meanwhile may be in it or not.
    package func snapshot() -> HistogramSnapshot {
        let counts = (0..<Histogram.buckets).map { self.counts[$0].load(ordering: .relaxed) }
        return HistogramSnapshot(
            counts: counts, sum: total.load(ordering: .relaxed), max: largest.load(ordering: .relaxed))
    }

    static func bucket(of value: UInt64) -> Int {
        guard value >= 16 else { return Int(value) }
        let power = 63 - value.leadingZeroBitCount
        return (power - 3) * 16 + Int(value >> (UInt64(power) - 4)) & 15
    }

    /// The largest value that falls into a bucket.
    static func upperBound(of bucket: Int) -> UInt64 {
        guard bucket >= 16 else { return UInt64(bucket) }
        let shift = UInt64(bucket / 16 - 1)
        let first = (16 + UInt64(bucket % 16)) << shift
        return first + ((1 << shift) - 1)
    }
}

/// A histogram at one moment.
package struct HistogramSnapshot: Sendable {
    private let counts: [UInt64]
    package let count: UInt64
    package let sum: UInt64
    package let max: UInt64

    fileprivate init(counts: [UInt64], sum: UInt64, max: UInt64) {
        self.counts = counts
        self.count = counts.reduce(0, +)
        self.sum = sum
        self.max = max
    }

    /// The value that a `fraction` (0…1) of all values do not pass; 0 when there are none.
    package func quantile(_ fraction: Double) -> UInt64 {
        guard count > 0 else { return 0 }
        let rank = Swift.max(1, UInt64((Double(count) * fraction).rounded(.up)))
        var seen: UInt64 = 0
        for (bucket, n) in counts.enumerated() where n > 0 {
            seen += n
            if seen >= rank { return Swift.min(Histogram.upperBound(of: bucket), max) }
        }
        return max
    }

    package var p50: UInt64 { quantile(0.5) }
    package var p99: UInt64 { quantile(0.99) }
    package var mean: Double { count == 0 ? 0 : Double(sum) / Double(count) }
}
