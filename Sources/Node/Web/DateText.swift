import Glibc
import Model

/// Dates as pages and feeds write them: RFC 822 and 850, and ISO 8601. Pure.
enum DateText {
    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    private static let zones = [
        "gmt": 0, "utc": 0, "ut": 0, "z": 0, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420,
        "mdt": -360, "pst": -480, "pdt": -420, "cet": 60, "cest": 120, "bst": 60,
    ]

    static func time(_ text: String) -> WallTime? {
        guard text.utf8.count <= 64 else { return nil }
        return iso(Array(text.utf8)) ?? mail(text)
    }

    /// "2026-11-25T12:00:00Z"; nil for what cannot be written so.
    static func text(_ time: WallTime) -> String {
        var seconds = time_t(time.milliseconds / 1_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))T"
            + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
    }

    // MARK: ISO 8601

    private static func iso(_ bytes: [UInt8]) -> WallTime? {
        var rest = bytes[...]
        func number(_ digits: Int) -> Int? {
            let taken = rest.prefix(digits)
            guard taken.count == digits, taken.allSatisfy({ (48...57).contains($0) }) else { return nil }
            rest = rest.dropFirst(digits)
            return taken.reduce(0) { $0 * 10 + Int($1) - 48 }
        }
        func take(_ characters: String) -> Bool {
            guard let first = rest.first, characters.utf8.contains(first) else { return false }
            rest = rest.dropFirst()
            return true
        }
        guard let year = number(4), take("-"), let month = number(2) else { return nil }
        let day = take("-") ? number(2) : 1
        guard let day else { return nil }
        guard take("Tt ") else { return rest.isEmpty ? time(year, month, day, 0, 0, 0, 0) : nil }
        guard let hour = number(2), take(":"), let minute = number(2) else { return nil }
        var second = 0
        if take(":") { second = number(2) ?? 0 }
        if take(".,") { rest = rest.drop { (48...57).contains($0) } }
        _ = take(" ")
        if rest.isEmpty || take("Zz") { return time(year, month, day, hour, minute, second, 0) }
        let isWest = rest.first == UInt8(ascii: "-")
        guard take("+-"), let zoneHours = number(2) else { return nil }
        _ = take(":")
        let zone = zoneHours * 60 + (number(2) ?? 0)
        return time(year, month, day, hour, minute, second, isWest ? -zone : zone)
    }

    // MARK: RFC 822

    private static func mail(_ text: String) -> WallTime? {
        var words = text.lowercased().split { $0 == " " || $0 == "," || $0 == "-" && !text.contains(":-") }
            .map(String.init)
        if let first = words.first, first.first?.isLetter == true { words.removeFirst() }
        // "25 nov 2026 12:00:00 +0100": a zone with a minus sign was cut off its sign, so it is looked for anew.
        guard words.count >= 3, let day = Int(words[0]), let month = months.firstIndex(of: String(words[1].prefix(3))),
            var year = Int(words[2])
        else { return nil }
        if year < 100 { year += year < 70 ? 2_000 : 1_900 }
        let clock = words.count > 3 ? words[3].split(separator: ":").map { Int($0) ?? -1 } : [0, 0]
        guard clock.count >= 2 else { return nil }
        let zone = words.count > 4 ? zone(words[4], isWest: text.contains(" -")) : 0
        return time(year, month + 1, day, clock[0], clock[1], clock.count > 2 ? clock[2] : 0, zone ?? 0)
    }

    private static func zone(_ word: String, isWest: Bool) -> Int? {
        if let known = zones[word] { return known }
        let digits = word.filter(\.isNumber)
        guard digits.count == 4, let number = Int(digits) else { return nil }
        let minutes = number / 100 * 60 + number % 100
        return isWest ? -minutes : minutes
    }

    private static func time(
        _ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int, _ zone: Int
    ) -> WallTime? {
        guard (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day), (0...24).contains(hour),
            (0...59).contains(minute), (0...60).contains(second), abs(zone) <= 24 * 60
        else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (Int32(year - 1900), Int32(month - 1), Int32(day))
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (Int32(hour), Int32(minute), Int32(second))
        return WallTime(milliseconds: (Int64(timegm(&parts)) - Int64(zone) * 60) * 1_000)
    }
}
