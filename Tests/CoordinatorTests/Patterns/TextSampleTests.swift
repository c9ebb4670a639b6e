import Model
import Testing

@testable import Coordinator

@Suite struct TextSampleTests {
    private static let start: Int64 = 1_700_000_000_000
    private static let hour: Int64 = 3_600_000

    private static func at(_ hours: Double) -> WallTime {
        WallTime(milliseconds: start + Int64(hours * Double(hour)))
    }

    @Test func `everything is kept until the limit, and then that many`() {
        var sample = TextSample(limit: 100)
        for id in 1...100 { _ = sample.offer(UInt64(id), at: TextSampleTests.at(0)) }
        #expect(sample.current(at: TextSampleTests.at(0)) == Array(1...100))
        for id in 101...10_000 { _ = sample.offer(UInt64(id), at: TextSampleTests.at(1)) }
        #expect(sample.current(at: TextSampleTests.at(1)).count == 100)
        #expect(sample.entries.count <= 126)
    }

    @Test func `every text has the same chance, whenever it came`() {
        var sample = TextSample(limit: 2_000)
        for id in 1...40_000 { _ = sample.offer(UInt64(id), at: TextSampleTests.at(Double(id) / 4_000)) }
        let chosen = sample.current(at: TextSampleTests.at(10))
        #expect(chosen.count == 2_000)
        for tenth in 0..<10 {
            let count = chosen.count { ($0 - 1) / 4_000 == UInt64(tenth) }
            // 200 are due; 14 is what chance alone makes it differ by.
            #expect(abs(count - 200) < 60, "\(count) of the tenth \(tenth)")
        }
    }

    @Test func `texts older than 24 hours are left out, and a burst is forgotten with them`() {
        var sample = TextSample(limit: 100)
        for id in 1...20_000 { _ = sample.offer(UInt64(id), at: TextSampleTests.at(0)) }
        for id in 20_001...20_080 { _ = sample.offer(UInt64(id), at: TextSampleTests.at(20)) }
        #expect(sample.current(at: TextSampleTests.at(20)).count <= 100)
        // The hours beside the burst are kept as thinly as it; those after it whole.
        for id in 20_081...20_090 { _ = sample.offer(UInt64(id), at: TextSampleTests.at(30)) }
        #expect(sample.current(at: TextSampleTests.at(30)).allSatisfy { $0 > 20_000 })
        #expect(sample.current(at: TextSampleTests.at(46)) == Array(20_081...20_090))
        #expect(sample.current(at: TextSampleTests.at(60)) == [])
    }

    @Test func `what was stored makes the same sample again`() {
        var sample = TextSample(limit: 50)
        var rows: [UInt64: WallTime] = [:]
        var bounds: [Int64: UInt64] = [:]
        func keep(_ changes: TextSample.Changes) {
            if let added = changes.added { rows[added.artifact] = added.at }
            for gone in changes.removed { rows[gone] = nil }
            if changes.hasNewBounds { bounds = sample.bounds }
        }
        for id in 1...2_000 { keep(sample.offer(UInt64(id), at: TextSampleTests.at(Double(id) / 50))) }
        var again = TextSample(
            limit: 50, stored: rows.sorted { $0.key < $1.key }.map { (artifact: $0.key, at: $0.value) }, bounds: bounds)
        #expect(again == sample)
        for id in 2_001...3_000 {
            let at = TextSampleTests.at(Double(id) / 50)
            #expect(again.offer(UInt64(id), at: at) == sample.offer(UInt64(id), at: at))
        }
    }
}
