import Model
import TestKit
import Testing

@testable import Coordinator

@Suite struct WallWatchTests {
    @Test func timeThatPassesIsNoJumpHoweverLong() {
        let time = ManualTime()
        var watch = WallWatch()
        #expect(watch.look(time) == nil)
        time.advance(by: .hours(5))
        #expect(watch.look(time) == nil)
    }

    @Test(arguments: [Int64(-3_600_000), -60_001, 60_001, 86_400_000])
    func aClockThatIsSetIsToldOnce(by milliseconds: Int64) {
        let time = ManualTime()
        var watch = WallWatch()
        _ = watch.look(time)
        time.advance(by: .seconds(10))
        time.jumpWall(byMilliseconds: milliseconds)
        #expect(watch.look(time) == milliseconds)
        time.advance(by: .seconds(10))
        #expect(watch.look(time) == nil)
    }

    @Test func driftIsNoJump() {
        let time = ManualTime()
        var watch = WallWatch()
        _ = watch.look(time)
        time.jumpWall(byMilliseconds: 60_000)
        #expect(watch.look(time) == nil)
    }
}

extension WallWatch {
    fileprivate mutating func look(_ time: ManualTime) -> Int64? { jump(now: time.now(), wall: time.wall()) }
}
