import Model
import Testing

@testable import Orchestrator

@Suite struct IndexedHeapTests {
    @Test(arguments: 0..<20) func `the first is always the least, however members move and leave`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var heap = Ranking<UInt64>()
        var model: [Int: UInt64] = [:]
        for _ in 0..<600 {
            let member = Int(random.below(40))
            if random.oneIn(3) {
                #expect(heap.remove(member) == (model.removeValue(forKey: member) != nil))
            } else {
                // Distinct keys, so that the order is total.
                let key = random.below(1_000) * 64 + UInt64(member)
                model[member] = key
                heap.set(member, key)
            }
            let order = model.values.sorted()
            #expect(heap.first?.key == order.first)
            #expect(heap.second?.key == order.dropFirst().first)
            #expect(heap.first.flatMap { model[$0.id] } == order.first)
        }
    }

    @Test func `heaps may share the places of what is in one of them at a time`() {
        var places = Places()
        var a = IndexedHeap<Int>()
        var b = IndexedHeap<Int>()
        a.set(1, 10, &places)
        a.set(2, 5, &places)
        b.set(3, 7, &places)
        #expect(a.first?.id == 2)
        #expect(a.remove(2, &places) == true)
        b.set(2, 1, &places)
        #expect(a.entries.map(\.id) == [1])
        #expect(b.first?.id == 2)
        #expect(a.remove(9, &places) == false)
    }
}
