import Glibc
import Model

/// The header of that name: seconds, or a date.
enum RetryAfter {
    private static let longest = Span.hours(24 * 30)

    /// Zero when there is none, or it cannot be read, or it has passed.
    static func span(_ header: String?, now: WallTime) -> Span {
        guard let header else { return .zero }
        if let seconds = UInt64(header) { return min(longest, .seconds(min(seconds, 1 << 32))) }
        guard let date = date(header), date > now else { return .zero }
        return min(longest, .milliseconds(UInt64(date.milliseconds - now.milliseconds)))
    }

    /// "Wed, 21 Oct 2026 07:28:00 GMT"; the older forms have died out.
    static func date(_ text: String) -> WallTime? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let day = Int32(words[1]), let year = Int32(words[3]),
            let month = months.firstIndex(of: String(words[2]))
        else { return nil }
        let clock = words[4].split(separator: ":").compactMap { Int32($0) }
        guard clock.count == 3, (1...31).contains(day), (1970...9999).contains(year), (0...23).contains(clock[0]),
            (0...59).contains(clock[1]), (0...60).contains(clock[2])
        else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (year - 1900, Int32(month), day)
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (clock[0], clock[1], clock[2])
        return WallTime(milliseconds: Int64(timegm(&parts)) * 1_000)
    }
}
