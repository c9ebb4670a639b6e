package import Model

extension WallTime {
    /// RFC 3339 in UTC with milliseconds: 2026-03-01T12:00:00.000Z.
    package var rfc3339: String {
        var bytes: [UInt8] = []
        appendRFC3339(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    package func appendRFC3339(to bytes: inout [UInt8]) {
        let (day, millisecond) = WallTime.divide(milliseconds, by: 86_400_000)
        let date = WallTime.civil(day: day)
        append(date.year, digits: 4, then: "-", to: &bytes)
        append(date.month, digits: 2, then: "-", to: &bytes)
        append(date.day, digits: 2, then: "T", to: &bytes)
        append(millisecond / 3_600_000, digits: 2, then: ":", to: &bytes)
        append(millisecond / 60_000 % 60, digits: 2, then: ":", to: &bytes)
        append(millisecond / 1_000 % 60, digits: 2, then: ".", to: &bytes)
        append(millisecond % 1_000, digits: 3, then: "Z", to: &bytes)
    }

    private func append(_ value: Int64, digits: Int, then mark: Unicode.Scalar, to bytes: inout [UInt8]) {
        var divisor: Int64 = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
            divisor /= 10
        }
        bytes.append(UInt8(ascii: mark))
    }

    /// The Gregorian date of a day counted from 1970-01-01. Years are counted from March here, so that the leap day is
    /// a year's last; 400 such years have 146,097 days.
    private static func civil(day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = divide(day + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * dayOfYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (max(0, min(9_999, year)), month, dayOfYear - (153 * fromMarch + 2) / 5 + 1)
    }

    /// Rounds down, so that moments before 1970 come out right.
    private static func divide(_ value: Int64, by divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
