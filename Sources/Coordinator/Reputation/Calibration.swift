import Glibc
import Model

/// How far claims are believed, given how they turned out.
enum Calibration {
    static let unknown = of(brier: nil)

    /// Nil: nothing is known of any claim, which counts as the middle of the range, not as its best.
    static func of(brier: Double?) -> Double {
        let figure = 1.08 - 2 * (brier ?? Limits.unknownBrier)
        return min(max(figure, Limits.calibrationRange.lowerBound), Limits.calibrationRange.upperBound)
    }

    static func power(_ base: Double, days milliseconds: Int64) -> Double {
        pow(base, Double(milliseconds) / 86_400_000)
    }
}

/// Which of several figures stands out, by the modified z-score: 0.6745 · (x − median) / MAD.
enum Outliers {
    /// The figures above which a node is an outlier; nil when there are too few to judge by. Only what is worse than
    /// the others stands out.
    static func threshold(of figures: [Double]) -> Double? {
        guard figures.count >= Limits.outlierNodes else { return nil }
        let middle = median(figures)
        let spread = max(median(figures.map { abs($0 - middle) }), Limits.outlierSpread)
        return middle + Limits.outlierScore * spread / 0.6745
    }

    static func median(_ figures: [Double]) -> Double {
        let sorted = figures.sorted()
        let half = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[half - 1] + sorted[half]) / 2 : sorted[half]
    }
}
