import Model
import Storage
import TestKit
import Testing
import Wire

@testable import Node

@Suite("The spool")
struct SpoolTests {
    private let directory: TemporaryDirectory

    init() throws { directory = TemporaryDirectory() }

    private func open(seed: UInt64 = 1, limit: UInt64 = 1 << 20) throws -> Spool {
        var random = SeededRandom(seed: seed)
        return try Spool.open(
            path: directory.path + "/spool.db", limit: limit, compressor: RunCompressor(), random: &random)
    }

    private func texts(_ spool: Spool, from sequence: UInt64 = 1) throws -> [String] {
        try spool.read(from: sequence, count: 100, bytes: .max).map { "\($0.sequence) \($0.item.text ?? "")" }
    }

    @Test("items are numbered from 1 and come back as they were, under their leases, compressed where that helps")
    func numbers() throws {
        let spool = try open()
        let long = String(repeating: "x", count: 10_000)
        #expect(spool.append(.sample(long), lease: .sample(1)).place.sequence == 1)
        #expect(spool.append(.sample("short"), lease: .sample(2)).place.sequence == 2)
        #expect(spool.append(.bookmark(Array("b".utf8)), lease: .sample(2)).place.sequence == 3)
        try spool.commit()
        let read = try spool.read(from: 1, count: 10, bytes: .max)
        #expect(read.map(\.sequence) == [1, 2, 3])
        #expect(read.map(\.lease) == [.sample(1), .sample(2), .sample(2)])
        #expect(read.map(\.item.text) == [long, "short", "bookmark b"])
        #expect(spool.bytes < 10_000)
        #expect(read[0].size > 10_000)
    }

    @Test("a restart goes on exactly where it was: instance, stream, numbers, sizes, outcomes, digests")
    func restart() throws {
        var spool = try open(seed: 1)
        for text in ["a", "b", "c"] { _ = spool.append(.sample(text, mark: 7), lease: .sample(1)) }
        let last = spool.append(.sample("d"), lease: .sample(1)).place
        let kept = spool.record(
            Outcome(
                lease: .sample(1),
                result: CollectionResult(.failedTarget, error: "gone", status: 410, retryAfter: .seconds(3)), items: 4,
                duration: .milliseconds(12)), last: last)
        spool.remember([1, 2], of: 7)
        try spool.commit()
        try spool.delete(through: 2)
        try spool.commit()
        let before = (spool.instance, spool.stream, spool.items, spool.bytes)
        spool.close()
        spool = try open(seed: 2)
        #expect((spool.instance, spool.stream, spool.items, spool.bytes) == before)
        #expect(spool.firstUnacked == 3)
        #expect(spool.next == 5)
        #expect(spool.outcomes == [1: kept])
        #expect(try spool.digest(of: 7) == [1, 2])
        #expect(try texts(spool, from: 3) == ["3 c", "4 d"])
        #expect(spool.append(.sample("e"), lease: .sample(2)).place.sequence == 5)
    }

    @Test("what was not committed when the process died was never there")
    func crash() throws {
        var spool = try open()
        _ = spool.append(.sample("kept"), lease: .sample(1))
        try spool.commit()
        _ = spool.append(.sample("lost"), lease: .sample(1))
        spool.record(Outcome(lease: .sample(1), result: CollectionResult(.collected)), last: nil)
        spool.close()
        spool = try open()
        #expect(try texts(spool) == ["1 kept"])
        #expect(spool.outcomes.isEmpty)
        #expect(spool.next == 2)
    }

    @Test("it has room up to its limit, is nearly full at 0.9 of it, and has room again after a delete")
    func bounds() throws {
        let spool = try open(limit: 2_000)
        var levels: [String] = []
        for number in 1...20 {
            _ = spool.append(.sample("\(number)"), lease: .sample(1))
            levels.append(spool.hasRoom ? (spool.isNearlyFull ? "nearly" : "room") : "full")
        }
        try spool.commit()
        #expect(levels.first == "room" && levels.last == "full")
        #expect(levels.drop { $0 == "room" }.drop { $0 == "nearly" }.allSatisfy { $0 == "full" })
        #expect(levels.contains("nearly"))
        #expect(spool.bytes >= 2_000)
        try spool.delete(through: 20)
        try spool.commit()
        #expect(spool.hasRoom && !spool.isNearlyFull)
        #expect((spool.items, spool.bytes) == (0, 0))
    }

    @Test("a batch is read by count and by size, but never empty")
    func reading() throws {
        let spool = try open()
        for text in ["a", String(repeating: "b", count: 500), "c"] {
            _ = spool.append(.sample(text), lease: .sample(1))
        }
        try spool.commit()
        #expect(try spool.read(from: 1, count: 2, bytes: .max).count == 2)
        #expect(try spool.read(from: 1, count: 9, bytes: 100).count == 1)
        #expect(try spool.read(from: 2, count: 9, bytes: 100).count == 1)
        #expect(try spool.read(from: 4, count: 9, bytes: 100).isEmpty)
    }

    @Test("a new stream numbers what is not acked from 1, in order, and so do the outcomes that wait for it")
    func newStream() throws {
        var spool = try open()
        var last: [SpoolPlace] = []
        for lease in 1...3 as ClosedRange<UInt64> {
            _ = spool.append(.sample("\(lease)a"), lease: .sample(lease))
            last.append(spool.append(.sample("\(lease)b"), lease: .sample(lease)).place)
            spool.record(
                Outcome(lease: .sample(lease), result: CollectionResult(.collected)), last: last[Int(lease) - 1])
        }
        try spool.commit()
        let old = spool.stream
        for lease in 1...3 as ClosedRange<UInt64> { spool.acknowledgeOutcome(lease) }
        try spool.delete(through: 3)
        spool.openStream(99)
        try spool.commit()
        spool.close()
        spool = try open()
        #expect(spool.stream == 99)
        #expect(try texts(spool) == ["1 2b", "2 3a", "3 3b"])
        #expect(spool.next == 4)
        #expect(Set(spool.outcomes.keys) == [2, 3])
        #expect(spool.outcomes[2].map { [$0.stream, $0.lastSequence] } == [99, 1])
        #expect(spool.outcomes[3].map { [$0.stream, $0.lastSequence] } == [99, 3])
        #expect(spool.outcomes.values.allSatisfy { !$0.isAcknowledged })
        // A lease that ends now, and whose items all went with the old stream, is told with that stream.
        let late = spool.record(
            Outcome(lease: .sample(4), result: CollectionResult(.collected)),
            last: SpoolPlace(position: 2, stream: old, sequence: 2))
        #expect([late.stream, late.lastSequence] == [old, 2])
    }

    @Test("an outcome goes when it is acknowledged and its last item is deleted, in either order")
    func outcomes() throws {
        let spool = try open()
        for lease in 1...2 as ClosedRange<UInt64> {
            let place = spool.append(.sample("x"), lease: .sample(lease)).place
            spool.record(Outcome(lease: .sample(lease), result: CollectionResult(.collected)), last: place)
        }
        spool.record(Outcome(lease: .sample(3), result: CollectionResult(.failedTarget)), last: nil)
        try spool.commit()
        spool.acknowledgeOutcome(1)
        spool.acknowledgeOutcome(3)
        try spool.commit()
        #expect(Set(spool.outcomes.keys) == [1, 2])
        try spool.delete(through: 2)
        try spool.commit()
        #expect(Set(spool.outcomes.keys) == [2])
        spool.acknowledgeOutcome(2)
        try spool.commit()
        spool.close()
        #expect(try open().outcomes.isEmpty)
    }

    @Test("only the latest digests are kept, and one that proved unknown is forgotten")
    func digests() throws {
        let spool = try open()
        for mark in 0..<UInt64(Spool.digestsKept) + 10 { spool.remember([1], of: mark) }
        try spool.commit()
        #expect(try spool.digest(of: 9) == nil)
        #expect(try spool.digest(of: 10) == [1])
        spool.remember(nil, of: 10)
        try spool.commit()
        #expect(try spool.digest(of: 10) == nil)
    }
}
