import Model
import Testing

@testable import Simulation

@Suite("The simulated world")
struct WorldTests {
    @Test("One seed in four has no faults, the others a part of them")
    func plans() {
        let plans = (UInt64(1)...400).map { seed in
            var random = SeededRandom(seed: seed)
            return Plan(&random)
        }
        #expect((70...130).contains(plans.filter(\.isCalm).count))
        for kind in FaultKind.allCases {
            let with = plans.filter { $0.gaps[kind] != nil }.count
            #expect((1...300).contains(with), "\(kind) is in \(with) of 400 plans")
        }
    }

    @Test("What a page says tells which page it is, in every spelling, and nothing else passes for one")
    func recognition() {
        var random = SeededRandom(seed: 8)
        let site = Site(Plan(&random), seed: 5)
        for address in 0..<site.pages {
            let key = site.key(address: address, at: Instant(nanoseconds: 90_000_000_000))
            for variant in 0..<Site.variants {
                var content = site.content(key, variant: variant)
                #expect(site.recognise(source: site.source(address), content: content[...]) == key)
                content[content.count - 1] ^= 1
                #expect(site.recognise(source: site.source(address), content: content[...]) == nil)
            }
        }
        #expect(site.recognise(source: site.source(site.pages), content: [1, 2, 3]) == nil)
        let first = site.content(site.key(address: 0, at: .zero), variant: 0)
        #expect(site.claim(source: "nowhere", content: first[...]) == nil)
    }

    @Test("Pages change as time passes, each in its own time")
    func change() {
        var random = SeededRandom(seed: 8)
        let site = Site(Plan(&random), seed: 5)
        let hours = (0..<60).map { site.key(address: 0, at: Instant(nanoseconds: $0 * 10_000_000_000)).version }
        #expect(hours == hours.sorted())
        #expect(Set(hours).count > 5)
    }

    @Test("Receipts add up by their positions, each page once")
    func receiptSums() {
        var sums = ReceiptSums()
        var receipt = Receipt(
            lease: LeaseRef(lease: 1, target: TargetID(high: 1, low: 1), fence: Fence(incarnation: 1, counter: 1)),
            node: "n", stream: 1, lastSequence: 2)
        receipt.stored = 2
        sums.add(ReceiptPage(position: 3, receipts: [receipt]))
        sums.add(ReceiptPage(position: 3, receipts: [receipt]))
        sums.add(ReceiptPage(position: 7, receipts: [receipt]))
        #expect([0, 2, 3, 6, 7, 9].map { sums.sum(through: $0).stored } == [0, 0, 2, 2, 4, 4])
        #expect(sums.position == 7)
    }
}
