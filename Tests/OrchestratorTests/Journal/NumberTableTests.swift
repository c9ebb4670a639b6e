import Model
import Testing

@testable import Orchestrator

@Suite struct NumberTableTests {
    @Test(arguments: 1...8) func `it finds what a set finds, in the order in which it came`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var table = NumberTable()
        for _ in 0..<3 {
            var known: Set<UInt64> = []
            var order: [UInt64] = []
            for _ in 0..<(1 + random.below(3_000)) {
                // Few numbers, many of them in one run, and some that differ in their upper bits alone.
                let key = random.below(500) << (random.below(2) * 48)
                let isNew = known.insert(key).inserted
                if isNew { order.append(key) }
                let (place, found) = table.insert(key)
                #expect(found == isNew && order[place] == key)
            }
            #expect(table.keys == order)
            for key in 0..<600 as Range<UInt64> { #expect((table.place(of: key) != nil) == known.contains(key)) }
            table.removeAll()
            #expect(table.isEmpty && table.place(of: order[0]) == nil)
        }
    }

    @Test func `what was full once and is hardly used gives its room back`() {
        var table = NumberTable()
        for key in 0..<100_000 as Range<UInt64> { table.insert(key) }
        table.removeAll()
        table.insert(7)
        table.removeAll()
        let (place, isNew) = table.insert(7)
        #expect(place == 0 && isNew)
        #expect(table.place(of: 8) == nil)
    }

    @Test func `of each record the last word counts`() {
        var records = RecordTable()
        records.set(RecordKey(.outcome, 1), [1])
        records.set(RecordKey(.standing, 1), [2])
        records.set(RecordKey(.outcome, 1), nil)
        #expect(records.count == 2)
        #expect(records[RecordKey(.outcome, 1)] == .some(nil))
        #expect(records[RecordKey(.standing, 1)] == [2])
        #expect(records[RecordKey(.quota, 1)] == nil)
        #expect(Array(records.keys) == [RecordKey(.outcome, 1), RecordKey(.standing, 1)])
    }
}
