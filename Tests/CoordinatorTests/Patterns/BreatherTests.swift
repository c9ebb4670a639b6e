import Lifecycle
import Model
import Synchronization
import TestKit
import Testing

@testable import Coordinator

@Suite struct BreatherTests {
    private let pulse = IntakePulse()
    private let time = SystemTime()

    /// Until the clock says so: what a step of that length would do to it.
    private func work(_ length: Span) {
        let end = time.now() + length
        while time.now() < end {}
    }

    @Test func `beside intake a rest of at least twice the step comes after it`() {
        let breather = Breather(pulse, time: time)
        breather.begin()
        work(.milliseconds(2))
        #expect(breather.goesOn())
        pulse.beat(time.now())
        work(.milliseconds(3))
        let asked = time.now()
        #expect(breather.goesOn())
        #expect(time.now().since(asked) >= .milliseconds(6))
    }

    @Test func `an end cuts a rest short and holds until work is allowed again`() throws {
        let breather = Breather(pulse, time: time)
        pulse.beat(time.now())
        let worker = try WorkerThread(name: "breather")
        let wentOn = Mutex<Bool?>(nil)
        breather.begin()
        work(.milliseconds(50))
        worker.execute {
            let goesOn = breather.goesOn()
            wentOn.withLock { $0 = goesOn }
        }
        breather.end()
        worker.stop()
        #expect(wentOn.withLock(\.self) == false)
        #expect(!breather.goesOn())
        breather.allow()
        #expect(breather.goesOn())
    }
}
