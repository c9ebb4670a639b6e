import Model
import TestKit
import Testing

@testable import Coordinator

@Suite struct QuotaBookTests {
    private static let start: Int64 = 1_767_225_600_000

    private func at(minutes: Int64, ms: Int64 = 0) -> WallTime {
        WallTime(milliseconds: Self.start + minutes * 60_000 + ms)
    }

    private func book(base: UInt64 = 0, cluster: UInt64 = 0, _ nodes: [String: UInt64] = [:]) -> QuotaBook {
        var book = QuotaBook()
        book.take(
            QuotaOrder(
                base: base, cluster: cluster, revision: 1,
                nodes: nodes.sorted { $0.key < $1.key }.map { .init(name: $0.key, quota: $0.value, revision: 1) }))
        return book
    }

    @Test func `exactly the quota passes, however it is cut`() {
        var book = book(base: 100)
        var random = SeededRandom(seed: 4)
        var passed = 0
        for _ in 0..<500 {
            let count = 1 + Int(random.below(30))
            if book.admit(count, from: "n", now: at(minutes: 0)) == nil { passed += count }
        }
        let rest = Int(book.admit(1_000, from: "n", now: at(minutes: 0))?.room ?? 0)
        if rest > 0 { #expect(book.admit(rest, from: "n", now: at(minutes: 0)) == nil) }
        #expect(passed + rest == 100)
        #expect(book.admit(1, from: "n", now: at(minutes: 0))?.room == 0)
    }

    @Test func `no hour ever holds more than the quota, wherever it begins`() {
        var book = book(base: 50)
        var random = SeededRandom(seed: 9)
        var passed: [(at: Int64, count: Int)] = []
        var now: Int64 = 0
        for _ in 0..<4_000 {
            now += Int64(random.below(90_000))
            let count = 1 + Int(random.below(8))
            let moment = WallTime(milliseconds: Self.start + now)
            if book.admit(count, from: "n", now: moment) == nil { passed.append((now, count)) }
        }
        #expect(passed.count > 100)
        for (place, first) in passed.enumerated() {
            let hour = passed[place...].prefix { $0.at < first.at + 3_600_000 }
            #expect(hour.reduce(0) { $0 + $1.count } <= 50)
        }
    }

    @Test func `what is refused is told when there will be room, and then there is`() {
        var book = book(base: 10)
        #expect(book.admit(4, from: "n", now: at(minutes: 0, ms: 30_000)) == nil)
        #expect(book.admit(6, from: "n", now: at(minutes: 10)) == nil)
        let refusal = book.admit(1, from: "n", now: at(minutes: 20))
        #expect(refusal?.reason == "the quota of n is 10 artifacts an hour; 1 more exceed it by 1")
        #expect(refusal?.retryAfter == .minutes(41))
        #expect(refusal?.suggestions == ["prefer higher-priority targets"])
        #expect(book.admit(1, from: "n", now: at(minutes: 60, ms: 59_999)) != nil)
        #expect(book.admit(4, from: "n", now: at(minutes: 61)) == nil)
        #expect(book.admit(1, from: "n", now: at(minutes: 61))?.retryAfter == .minutes(10))
    }

    @Test func `a smaller batch may come at once where some of it would fit`() {
        var book = book(base: 10)
        let refusal = book.admit(15, from: "n", now: at(minutes: 0))
        #expect(refusal?.room == 10)
        #expect(refusal?.retryAfter == .milliseconds(1))
        #expect(book.admit(10, from: "n", now: at(minutes: 0)) == nil)
    }

    @Test func `the cluster's quota bounds all nodes together, each its own`() {
        var book = book(base: 10, cluster: 15, ["b": 20])
        #expect(book.admit(10, from: "a", now: at(minutes: 0)) == nil)
        let refusal = book.admit(6, from: "b", now: at(minutes: 0))
        #expect(refusal?.reason == "the cluster's quota is 15 artifacts an hour; 6 more exceed it by 1")
        #expect(refusal?.room == 5)
        #expect(book.admit(5, from: "b", now: at(minutes: 0)) == nil)
        #expect(book.admit(1, from: "c", now: at(minutes: 0))?.room == 0)
    }

    @Test func `who is refused more than ten times in an hour is advised to collect less often`() {
        var book = book(base: 1)
        #expect(book.admit(1, from: "n", now: at(minutes: 0)) == nil)
        for _ in 0..<10 { #expect(book.admit(1, from: "n", now: at(minutes: 1))?.suggestions.count == 1) }
        #expect(
            book.admit(1, from: "n", now: at(minutes: 2))?.suggestions == [
                "prefer higher-priority targets", "reduce collection frequency",
            ])
        #expect(book.admit(1, from: "m", now: at(minutes: 2)) == nil, "others are not concerned")
    }

    @Test func `an older decision about a node changes nothing, and no base means no quota`() {
        var book = book(base: 10, ["n": 7])
        book.take(QuotaOrder(base: 10, cluster: 0, revision: 0, nodes: [.init(name: "n", quota: 9, revision: 0)]))
        #expect(book.quota(of: "n") == 7)
        #expect(book.quota(of: "m") == 10)
        book.take(QuotaOrder(base: 0, cluster: 0, revision: 2))
        #expect(book.quota(of: "n") == nil)
        #expect(!book.isSet)
    }

    @Test func `an order and its slots come back as they were stored`() throws {
        var book = book(base: 10, cluster: 99, ["n": 7])
        #expect(book.admit(3, from: "n", now: at(minutes: 5)) == nil)
        var again = QuotaBook()
        again.take(try #require(QuotaBook.order(book.text)))
        for (name, packed) in book.changedSlots { again.restore(slots: packed, of: name) }
        #expect(again.text == book.text)
        #expect(again.admit(5, from: "n", now: at(minutes: 6))?.room == 4)
        #expect(QuotaBook.order("nonsense") == nil)
        #expect(SlidingHour(packed: [1, 2]) == nil)
    }

    @Test func `a clock that stands or goes back frees nothing`() {
        var book = book(base: 2)
        #expect(book.admit(2, from: "n", now: at(minutes: 100)) == nil)
        #expect(book.admit(1, from: "n", now: at(minutes: 0)) != nil)
        #expect(book.admit(1, from: "n", now: at(minutes: 160, ms: 59_999)) != nil)
        #expect(book.admit(1, from: "n", now: at(minutes: 161)) == nil)
    }
}
