import Model
import Testing

@testable import Coordinator

@Suite struct DeliveryMachineTests {
    @Test func `waits grow at random up to a minute, and after five failures one record is tried at a time`() {
        var machine = DeliveryMachine()
        var random = SeededRandom(seed: 1)
        #expect(machine.batch(256) == 256)
        for failure in 1...4 {
            let ceiling = Backoff.ceiling(
                attempt: UInt64(failure - 1), base: Limits.sinkBackoffBase, cap: Limits.sinkBackoffCap)
            #expect(machine.failed("down", &random) <= ceiling)
            #expect(machine.state == .closed)
        }
        for _ in 5...20 {
            let wait = machine.failed("down", &random)
            #expect(wait >= .seconds(30) && wait <= .seconds(60))
            #expect(machine.state == .open(trouble: "down"))
            machine.waited()
            #expect(machine.state == .halfOpen(trouble: "down"))
            #expect(machine.batch(256) == 1)
        }
        machine.answered()
        #expect((machine.state, machine.failures, machine.trouble) == (.closed, 0, nil))
        #expect(machine.failed("again", &random) <= Limits.sinkBackoffBase)
    }

    @Test(
        arguments: [
            ("jsonl", .jsonl), ("http://a.test/x", .http("http://a.test/x")),
            ("http:https://a.test/", .http("https://a.test/")),
            ("exec:/bin/cat", .exec("/bin/cat")),
        ] as [(String, SinkChoice)])
    func `a sink is named by its kind and where it is`(text: String, choice: SinkChoice) {
        #expect(SinkChoice(text) == choice)
    }

    @Test(arguments: ["", "exec:cat", "kafka", "jsonl:x"])
    func `any other name is refused`(text: String) { #expect(SinkChoice(text) == nil) }
}
