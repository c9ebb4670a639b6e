import Model
import Testing

@testable import Simulation

@Suite("Virtual time")
struct EventQueueTests {
    private func order(_ events: [(at: UInt64, tie: UInt64)]) -> [Int] {
        var queue = EventQueue()
        var order: [Int] = []
        for (place, event) in events.enumerated() {
            queue.push(at: Instant(nanoseconds: event.at), tie: event.tie) { order.append(place) }
        }
        while let event = queue.pop() { event.action() }
        return order
    }

    @Test("Events come by their time, whatever the order in which they were scheduled")
    func byTime() {
        #expect(order([(5, 0), (1, 0), (3, 0), (2, 0), (4, 0)]) == [1, 3, 2, 4, 0])
    }

    @Test("What falls on one moment comes in the order of its tie, then in that of scheduling")
    func ties() {
        #expect(order([(1, 9), (1, 2), (1, 2), (1, 5)]) == [1, 2, 3, 0])
    }

    @Test("A thousand random events come in order")
    func random() {
        var random = SeededRandom(seed: 3)
        var queue = EventQueue()
        for _ in 0..<1_000 { queue.push(at: Instant(nanoseconds: random.below(100)), tie: random.next()) {} }
        var last = Instant.zero
        var count = 0
        while let event = queue.pop() {
            #expect(event.at >= last)
            last = event.at
            count += 1
        }
        #expect(count == 1_000)
        #expect(queue.isEmpty)
    }
}
