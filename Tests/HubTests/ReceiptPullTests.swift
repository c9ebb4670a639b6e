import Testing

@testable import Hub

/// How receipts are read from a coordinator elsewhere.
@Suite struct ReceiptPullTests {
    /// Connected, and answered once with nothing.
    private func reading(at position: UInt64 = 10) -> ReceiptPull {
        var pull = ReceiptPull(position: position)
        #expect(pull.connected() == [.read(after: position, number: 1, waits: false)])
        #expect(
            pull.answered(1, last: nil) == [.tellBack, .read(after: position, number: 2, waits: true)])
        return pull
    }

    @Test func `the coordinator is there once it has answered, and is asked again`() { _ = reading() }

    @Test func `nothing more is asked for before what came is on disk`() {
        var pull = reading()
        #expect(pull.answered(2, last: 14) == [])
        #expect(pull.stored(12) == [])
        #expect(pull.stored(14) == [.read(after: 14, number: 3, waits: true)])
        #expect(pull.stored(15) == [])
    }

    @Test func `pages that were on disk already are asked on from`() {
        var pull = reading()
        #expect(pull.stored(20) == [])
        #expect(pull.answered(2, last: 18) == [.read(after: 20, number: 3, waits: true)])
    }

    @Test func `a loss is told once, and the next connection begins at what is on disk`() {
        var pull = reading()
        #expect(pull.answered(2, last: 14) == [])
        #expect(pull.disconnected() == [.tellAway])
        #expect(pull.disconnected() == [])
        #expect(pull.stored(14) == [])
        #expect(pull.connected() == [.read(after: 14, number: 3, waits: false)])
        #expect(pull.answered(3, last: 14) == [.tellBack, .read(after: 14, number: 4, waits: true)])
    }

    @Test func `no answer ends the connection`() {
        var pull = reading()
        #expect(pull.failed(2) == [.tellAway, .reconnect])
        #expect(pull.answered(2, last: 11) == [])
        #expect(pull.failed(2) == [])
    }

    @Test func `an orchestrator that was built anew from its disk reads on from there`() {
        var pull = reading()
        #expect(pull.answered(2, last: 14) == [])
        #expect(pull.restarted(at: 9) == [.read(after: 9, number: 3, waits: true)])
        #expect(pull.answered(2, last: 14) == [], "an old answer says nothing")
        #expect(pull.answered(3, last: 11) == [])
        #expect(pull.stored(11) == [.read(after: 11, number: 4, waits: true)])
    }

    @Test func `ratings are asked after the last that came, and all of them on each new connection`() {
        var pull = reading()
        #expect(
            pull.answered(2, last: nil, ratings: 7) == [.read(after: 10, ratings: 7, number: 3, waits: true)])
        #expect(pull.answered(3, last: nil) == [.read(after: 10, ratings: 7, number: 4, waits: true)])
        #expect(pull.answered(4, last: 12, ratings: 9) == [])
        #expect(pull.stored(12) == [.read(after: 12, ratings: 9, number: 5, waits: true)])
        #expect(pull.disconnected() == [.tellAway])
        #expect(pull.connected() == [.read(after: 12, ratings: 0, number: 6, waits: false)])
    }

    @Test func `an orchestrator that was built anew is told all ratings again`() {
        var pull = reading()
        #expect(
            pull.answered(2, last: nil, ratings: 7) == [.read(after: 10, ratings: 7, number: 3, waits: true)])
        #expect(pull.restarted(at: 9) == [.read(after: 9, ratings: 0, number: 4, waits: true)])
        #expect(pull.answered(3, last: nil, ratings: 8) == [], "an old answer says nothing")
        #expect(pull.answered(4, last: nil) == [.read(after: 9, ratings: 0, number: 5, waits: true)])
    }

    @Test func `before the first connection nothing is asked`() {
        var pull = ReceiptPull(position: 0)
        #expect(pull.restarted(at: 7) == [])
        #expect(pull.connected() == [.read(after: 7, number: 1, waits: false)])
    }
}
