import Model
import TestKit
import Testing
import Wire

@testable import Orchestrator

/// Schedules from submission to the next collection, over restarts.
@Suite struct ScheduleTests {
    private func cron(_ line: String, _ number: Int = 1) -> Proto.TargetSpec {
        var spec = page(number)
        spec.cron = line
        return spec
    }

    private func adaptive(every seconds: UInt32, minRetry: UInt32 = 10) -> Proto.TargetSpec {
        var spec = page(1)
        spec.schedule = .adaptive
        spec.intervalS = seconds
        spec.minRetryIntervalS = minRetry
        return spec
    }

    /// Collects the only target; says in how many seconds it is due again.
    private func collect(_ rig: Rig, stored: UInt32) throws -> UInt64 {
        try rig.turn(.tick)
        let assignment = try #require(try rig.held().first)
        try rig.report(assignment, last: stored == 0 ? 0 : 1, as: "n", on: 1)
        if stored > 0 { try rig.receipt(assignment, from: "n", last: 1, stored: stored) }
        let due = try #require(rig.info(TargetID(assignment.target) ?? id(0))).dueInMs
        try rig.pass(.milliseconds(due), alive: 1)
        return due / 1_000
    }

    @Test func `a cron target waits for its minute, is collected, and waits for the next`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        try rig.submit(cron("*/10 * * * *"))
        #expect(try rig.held().isEmpty)
        #expect(rig.core.status().targets.scheduled == 1)
        try rig.pass(.seconds(600), alive: 1)
        #expect(try rig.held().count == 1)
        let again = try collect(rig, stored: 1)
        #expect((0..<600).contains(again))
        #expect(try rig.held().count == 1)
    }

    @Test func `firings that were missed while nothing ran fire once`() throws {
        let rig = try Rig()
        try rig.submit(cron("* * * * *"))
        try rig.pass(.seconds(60))
        rig.time.advance(by: .hours(5))
        try rig.restart()
        try rig.register("n", on: 1)
        #expect(try rig.held().count == 1)
        let due = try collect(rig, stored: 1)
        #expect((0..<60).contains(due))
        #expect(rig.core.status().leasesGiven == 2)
    }

    @Test func `a cron line survives a restart, and another schedule replaces it`() throws {
        let rig = try Rig()
        try rig.submit(cron("0 6 * * mon"))
        try rig.restart()
        #expect(rig.core.targets[0].target.timing.plan == .cron(try Cron("0 6 * * mon")))
        var spec = page(1)
        spec.schedule = .interval
        spec.intervalS = 60
        try rig.submit(spec)
        try rig.restart()
        #expect(rig.core.targets[0].target.timing == Timing(interval: .seconds(60)))
        #expect(rig.core.targets[0].spec.cron == "")
    }

    @Test func `an adaptive interval halves when something changed and grows by half when not`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        try rig.submit(adaptive(every: 80))
        #expect(try collect(rig, stored: 1) == 40)
        #expect(try collect(rig, stored: 1) == 20)
        #expect(try collect(rig, stored: 0) == 30)
        try rig.restart()
        try rig.register("n", on: 1)
        #expect(try collect(rig, stored: 0) == 45)
    }

    @Test func `an adaptive interval stays between min_retry_interval and thirty days`() {
        let timing = Timing(.adaptive, interval: .seconds(100), minRetry: .seconds(60))
        #expect(timing.pace(after: .zero, changed: true) == .seconds(60))
        #expect(timing.pace(after: .seconds(60), changed: true) == .seconds(60))
        #expect(timing.pace(after: .hours(24 * 29), changed: false) == Limits.maxInterval)
    }

    @Test func `a waiting cron target gains a step of priority for each firing it missed`() throws {
        let rig = try Rig()
        try rig.submit(cron("*/10 * * * *"))
        try rig.pass(.seconds(600))
        #expect(rig.core.targets[0].target.effectivePriority(at: rig.core.time) == 5)
        try rig.pass(.seconds(1_200))
        #expect(rig.core.targets[0].target.effectivePriority(at: rig.core.time) == 7)
    }

    @Test func `schedules that contradict each other are refused`() throws {
        let rig = try Rig()
        var both = cron("* * * * *")
        both.intervalS = 60
        var bare = page(2)
        bare.schedule = .cron
        var long = cron("* * * * *", 3)
        long.cron = String(repeating: " ", count: 248) + "* * * * *"
        let verdicts = try rig.submit(both, bare, long, cron("0 0 31 2 *", 4))
        #expect(verdicts.allSatisfy { $0.result == .refused && $0.field == "cron" })
        #expect(
            verdicts.map(\.message) == [
                "\"* * * * *\" comes with another schedule; give one of them",
                "the schedule is cron but there is no line; give five fields, in UTC",
                "it has 257 bytes; at most 256 are accepted",
                "\"0 0 31 2 *\" never comes: no such month has such a day; correct one of them",
            ])
    }

    @Test func `times of attempts and successes are kept`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        try rig.submit(page(1))
        let assignment = try #require(try rig.held().first)
        try rig.report(assignment, last: 1, as: "n", on: 1)
        try rig.receipt(assignment, from: "n", last: 1)
        let target = try #require(TargetID(assignment.target))
        try rig.pass(.seconds(30), alive: 1)
        try rig.restart()
        let info = try #require(rig.info(target))
        #expect(info.lastAttemptMsAgo == 30_000)
        #expect(info.lastSuccessMsAgo == 30_000)
    }
}
