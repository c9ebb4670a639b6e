import Model
import Testing

@testable import Orchestrator

@Suite struct CronTests {
    /// Minutes of UTC since 1970, by the date that `date -u` gives them.
    private static let newYear2026: Int64 = 29_453_760  // Thu 2026-01-01 00:00
    private static let day: Int64 = 1_440

    private func minutes(_ line: String, after start: Int64 = newYear2026, _ count: Int = 3) throws -> [Int64] {
        let cron = try Cron(line)
        var time = WallTime(milliseconds: start * 60_000)
        return (0..<count).map { _ in
            time = cron.next(after: time) ?? WallTime(milliseconds: -60_000)
            return time.milliseconds / 60_000 - start
        }
    }

    @Test func `every minute, and steps, lists and ranges of them`() throws {
        #expect(try minutes("* * * * *") == [1, 2, 3])
        #expect(try minutes("*/20 * * * *") == [20, 40, 60])
        #expect(try minutes("5/25 * * * *") == [5, 30, 55])
        #expect(try minutes("3,1 0 * * *") == [1, 3, Self.day + 1])
        #expect(try minutes("0 9-11/2 * * *") == [540, 660, Self.day + 540])
    }

    @Test func `what is due at this very minute is due again only later`() throws {
        #expect(try minutes("0 0 * * *", 1) == [Self.day])
        let almost = WallTime(milliseconds: Self.newYear2026 * 60_000 - 1)
        #expect(try Cron("0 0 * * *").next(after: almost)?.milliseconds == Self.newYear2026 * 60_000)
    }

    @Test func `days of the week by number and by name, Sunday as 0 and 7`() throws {
        // The first of January 2026 is a Thursday.
        #expect(try minutes("0 0 * * fri", 2) == [Self.day, 8 * Self.day])
        #expect(try minutes("0 0 * * 0", 1) == [3 * Self.day])
        #expect(try minutes("0 0 * * 7", 1) == [3 * Self.day])
        #expect(try minutes("0 0 * * MON-TUE", 2) == [4 * Self.day, 5 * Self.day])
    }

    @Test func `of two restricted kinds of day either will do, of a star and one only that one`() throws {
        #expect(try minutes("0 0 3 * fri") == [Self.day, 2 * Self.day, 8 * Self.day])
        #expect(try minutes("0 0 3 * *", 2) == [2 * Self.day, 33 * Self.day])
    }

    @Test func `months by name, and the leap day when it comes`() throws {
        #expect(try minutes("0 0 1 mar *", 1) == [59 * Self.day])
        // 2028-02-29 is 789 days after 2026-01-01.
        #expect(try minutes("0 0 29 feb *", 1) == [789 * Self.day])
    }

    @Test(arguments: [
        ("* * * *", "\"* * * *\" has 4 fields; give five: minute, hour, day, month, weekday, in UTC"),
        ("60 * * * *", "\"60\" is no minute: use 0 to 59"),
        ("* 24 * * *", "\"24\" is no hour: use 0 to 23"),
        ("* * 0 * *", "\"0\" is no day of the month: use 1 to 31"),
        ("* * * foo *", "\"foo\" is no month: use 1 to 12, or jan to dec"),
        ("* * * * 8", "\"8\" is no day of the week: use 0 to 7, or sun to sat"),
        ("5-1 * * * *", "\"5-1\" is no minute: a range goes from the lower to the higher"),
        ("*/0 * * * *", "\"*/0\" is no minute: a step is a number from 1 to 59"),
        ("1,,2 * * * *", "\"\" is no minute: use 0 to 59"),
        ("+1 * * * *", "\"+1\" is no minute: use 0 to 59"),
        ("0 0 30 feb *", "\"0 0 30 feb *\" never comes: no such month has such a day; correct one of them"),
        ("0 0 31 4,6,9,11 *", "\"0 0 31 4,6,9,11 *\" never comes: no such month has such a day; correct one of them"),
    ])
    func `a wrong line is refused with the field, the value and the remedy`(line: String, sentence: String) {
        #expect(throws: FieldError("cron", sentence)) { try Cron(line) }
    }

    @Test func `the gap between two firings is what waiting is measured by`() throws {
        let start = WallTime(milliseconds: Self.newYear2026 * 60_000)
        #expect(try Cron("*/15 * * * *").gap(after: start) == .minutes(15))
        #expect(try Cron("0 6 * * *").gap(after: start) == .hours(24))
    }

    @Test func `days are counted as the calendar does, over leap years and centuries`() {
        for (days, date) in [
            (0, (1970, 1, 1)), (59, (1970, 3, 1)), (11_016, (2000, 2, 29)), (20_454, (2026, 1, 1)),
            (47_540, (2100, 2, 28)), (47_541, (2100, 3, 1)), (-1, (1969, 12, 31)),
        ] {
            let found = CivilDate(daysSince1970: days)
            #expect((found.year, found.month, found.day) == date)
        }
        #expect(CivilDate.weekday(daysSince1970: 0) == 4)
        #expect(CivilDate.weekday(daysSince1970: -5) == 6)
    }
}
