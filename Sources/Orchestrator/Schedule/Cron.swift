import Model

/// A schedule in the manner of cron, in UTC: minute, hour, day of the month, month, day of the week. Where both kinds
/// of day are restricted, either will do.
struct Cron: Hashable, Sendable {
    private let minutes: CronField
    private let hours: CronField
    private let days: CronField
    private let months: CronField
    private let weekdays: CronField

    /// Leap years, weekdays and the years without a leap day have come round by then.
    private static let horizon = 40 * 366  // days
    private static let minutesADay = 1_440

    init(_ text: String) throws(FieldError) {
        let words = text.split { $0 == " " || $0 == "\t" }
        guard words.count == 5 else {
            throw FieldError(
                "cron",
                "\(quoted(text)) has \(words.count) fields; give five: minute, hour, day, month, weekday, in UTC")
        }
        minutes = try CronField(words[0], CronField.kinds[0])
        hours = try CronField(words[1], CronField.kinds[1])
        days = try CronField(words[2], CronField.kinds[2])
        months = try CronField(words[3], CronField.kinds[3])
        weekdays = try CronField(words[4], CronField.kinds[4])
        guard next(after: WallTime(milliseconds: 0)) != nil else {
            throw FieldError("cron", "\(quoted(text)) never comes: no such month has such a day; correct one of them")
        }
    }

    /// The first minute of the schedule that begins after this moment; nil for one that never comes.
    func next(after time: WallTime) -> WallTime? {
        let minute = CivilDate.floor(Int(time.milliseconds), 60_000) + 1
        let today = CivilDate.floor(minute, Cron.minutesADay)
        for day in today...today + Cron.horizon where matches(day: day) {
            let from = day == today ? minute - today * Cron.minutesADay : 0
            if let found = (from..<Cron.minutesADay).first(where: matches(minute:)) {
                return WallTime(milliseconds: Int64(day * Cron.minutesADay + found) * 60_000)
            }
        }
        return nil
    }

    /// From one firing to the next, as it is after this moment: by it a waiting target gains its steps of priority.
    func gap(after time: WallTime) -> Span {
        guard let first = next(after: time), let second = next(after: first) else { return Limits.defaultInterval }
        return .milliseconds(UInt64(second.milliseconds - first.milliseconds))
    }

    private func matches(day: Int) -> Bool {
        let date = CivilDate(daysSince1970: day)
        guard months.contains(date.month) else { return false }
        let byDay = days.contains(date.day)
        let byWeekday = weekdays.contains(CivilDate.weekday(daysSince1970: day))
        return days.isStar || weekdays.isStar ? byDay && byWeekday : byDay || byWeekday
    }

    private func matches(minute: Int) -> Bool { hours.contains(minute / 60) && minutes.contains(minute % 60) }
}
