import Model
import Testing

@testable import Coordinator

@Suite struct FeedMachineTests {
    private static let minute: Int64 = 60_000
    private static let hour: Int64 = 3_600_000

    @Test func `the rate holds in any 60 minutes, and a slot is free again to the millisecond`() {
        var machine = FeedMachine(policy: FeedSamples.policy(rate: 100))
        let all = (1...300).map { FeedSamples.candidate($0) }
        #expect(WalkResult.of(&machine, Array(all[..<60]), at: 0).fed.count == 60)
        #expect(WalkResult.of(&machine, Array(all[60...]), at: 10 * Self.minute).fed.count == 40)
        #expect(machine.slots(at: Self.hour - 1) == 0)
        #expect(machine.slots(at: Self.hour) == 60)
        #expect(machine.slots(at: Self.hour + 10 * Self.minute) == 100)
    }

    @Test func `at most 5 of one domain in the last 100, until entries are an hour old`() {
        var machine = FeedMachine(policy: FeedPolicy())
        let same = (1...20).map { FeedSamples.candidate($0, domain: "a") }
        let first = WalkResult.of(&machine, same, at: 0)
        #expect(first.fed == [1, 2, 3, 4, 5])
        #expect(first.skips[6] == .domain(5))
        #expect(WalkResult.of(&machine, Array(same[5...]), at: Self.hour - 1).fed == [])
        #expect(WalkResult.of(&machine, Array(same[5...]), at: Self.hour).fed == [6, 7, 8, 9, 10])
    }

    @Test func `at most 10 of one node in the last 50`() {
        var machine = FeedMachine(policy: FeedPolicy())
        let same = (1...20).map { FeedSamples.candidate($0, node: "n") }
        let first = WalkResult.of(&machine, same, at: 0)
        #expect(first.fed == Array(1...10))
        #expect(first.skips[11] == .node(10))
        // Thirty-nine others push none of them out of the last 49; one more pushes the first.
        let others = (100..<139).map { FeedSamples.candidate($0) }
        #expect(WalkResult.of(&machine, others, at: 1).fed.count == 39)
        #expect(WalkResult.of(&machine, [same[10]], at: 2).fed == [])
        #expect(WalkResult.of(&machine, [FeedSamples.candidate(200)], at: 3).fed == [200])
        #expect(WalkResult.of(&machine, [same[10]], at: 4).fed == [11])
    }

    @Test func `half of one type in the last 20 while other types are waiting, and no limit while none are`() {
        var machine = FeedMachine(policy: FeedPolicy())
        let texts = (1...30).map { FeedSamples.candidate($0) }
        let page = FeedSamples.candidate(100, type: "html")
        let both = WalkResult.of(&machine, texts + [page], at: 0)
        #expect(both.fed == Array(1...10) + [100])
        #expect(both.skips[11] == .contentType(10))
        // Nothing but text is left.
        #expect(WalkResult.of(&machine, Array(texts[10...]), at: 1).fed.count == 20)
    }

    @Test func `a type that waits without being novel holds nobody up`() {
        var machine = FeedMachine(policy: FeedPolicy())
        machine.fed(
            FedEntry(at: 0, domain: "x", node: "y", contentType: "html", key: FeedSamples.key(999)))
        let page = FeedSamples.candidate(1, type: "html")
        let texts = (2...30).map { FeedSamples.candidate($0) }
        let result = WalkResult.of(&machine, [page] + texts, at: 0) { _ in
            false
        } read: {
            .text(key: FeedSamples.key($0.artifact == 1 ? 999 : Int($0.artifact)), nearDuplicate: nil)
        }
        #expect(result.skips == [1: .knownScenario])
        #expect(result.fed.count == 29)
    }

    @Test func `newcomers share a tenth of the slots`() {
        var machine = FeedMachine(policy: FeedPolicy())
        let all = (1...60).map { FeedSamples.candidate($0) }
        let result = WalkResult.of(&machine, all, at: 0, isNewcomer: { $0.artifact <= 30 })
        #expect(result.fed == Array(1...10) + Array(31...60))
        #expect(result.skips[11] == .newcomers(10))
        #expect(WalkResult.of(&machine, [all[10]], at: Self.hour, isNewcomer: { _ in true }).fed == [11])
        #expect(FeedSamples.policy(rate: 5).newcomerSlots == 1)
    }

    @Test func `a scenario key is remembered for 10,000 scenarios, then the oldest is forgotten`() {
        var machine = FeedMachine(policy: FeedPolicy())
        for number in 1...10_000 {
            machine.fed(FedEntry(at: 0, domain: "", node: "", contentType: "", key: FeedSamples.key(number)))
        }
        #expect(machine.isKnown(FeedSamples.key(1)))
        machine.fed(FedEntry(at: 0, domain: "", node: "", contentType: "", key: FeedSamples.key(10_001)))
        #expect(!machine.isKnown(FeedSamples.key(1)))
        #expect(machine.isKnown(FeedSamples.key(2)))
    }

    @Test func `what resembles a recent one or must not be used is passed over with its reason`() {
        var machine = FeedMachine(policy: FeedPolicy())
        let result = WalkResult.of(&machine, (1...3).map { FeedSamples.candidate($0) }, at: 0) { _ in
            false
        } read: {
            switch $0.artifact {
            case 1: .text(key: FeedSamples.key(1), nearDuplicate: 77)
            case 2: .unusable(.optedOut("TDM-Reservation: 1"))
            default: .unusable(.notText)
            }
        }
        #expect(result.skips == [1: .nearDuplicate(of: 77), 2: .optedOut("TDM-Reservation: 1"), 3: .notText])
        #expect(result.skips[2]?.sentence == "its source forbids training: TDM-Reservation: 1")
        #expect(machine.slots(at: 0) == 100)
    }

    @Test func `novelty is 0.4 domain, 0.3 node and 0.3 type, and 1 on an empty window`() {
        var machine = FeedMachine(policy: FeedPolicy())
        let first = FeedSamples.candidate(1, domain: "a", node: "n", type: "text")
        #expect(machine.novelty(of: first, at: 0) == 1)
        _ = WalkResult.of(&machine, [first], at: 0)
        #expect(machine.novelty(of: first, at: 0) == 0)
        let domainApart = FeedSamples.candidate(2, domain: "b", node: "n", type: "text")
        #expect(abs(machine.novelty(of: domainApart, at: 0) - 0.4) < 1e-9)
        let nodeApart = FeedSamples.candidate(3, domain: "a", node: "m", type: "html")
        #expect(abs(machine.novelty(of: nodeApart, at: 0) - 0.6) < 1e-9)
        #expect(machine.novelty(of: first, at: Self.hour) == 1)
    }

    @Test func `objectives follow threat and opportunity from 7 on, and the rare ones come every hundredth`() {
        var machine = FeedMachine(policy: FeedSamples.policy(rate: 1_000))
        let plain = FeedSamples.candidate(1, threat: 6.9, opportunity: 6.9)
        #expect(machine.objectives(for: plain).names == ["pattern_recognition", "cross_domain_synthesis"])
        _ = WalkResult.of(&machine, [plain], at: 0)
        let hot = FeedSamples.candidate(2, threat: 7, opportunity: 7)
        #expect(
            machine.objectives(for: hot).names == [
                "high_threat_response", "crisis_management", "high_value_extraction", "strategic_planning",
            ])
        #expect(WalkResult.of(&machine, (3...101).map { FeedSamples.candidate($0) }, at: 0).fed.count == 99)
        #expect(machine.objectives(for: plain) == [])
        _ = WalkResult.of(&machine, [FeedSamples.candidate(102)], at: 0)
        #expect(machine.objectives(for: plain) == Objectives.rare)
    }

    @Test func `a machine made from the outbox's entries decides as the one that made them`() {
        var random = SeededRandom(seed: 4)
        var machine = FeedMachine(policy: FeedSamples.policy(rate: 30))
        var entries: [FedEntry] = []
        for walk in 0..<100 {
            let candidates = FeedSeeds.candidates(200, from: walk * 200, &random)
            var again = FeedMachine(policy: machine.policy)
            for entry in entries { again.fed(entry) }
            let now = Int64(walk) * Self.minute
            let second = WalkResult.of(&again, candidates, at: now)
            let first = WalkResult.of(&machine, candidates, at: now)
            #expect(first.fed == second.fed && first.skips == second.skips)
            entries += first.entries
        }
        #expect(entries.count > 30)
    }
}

/// Random candidates of few domains, nodes and types.
enum FeedSeeds {
    static func candidates(_ count: Int, from first: Int, _ random: inout SeededRandom) -> [FeedCandidate] {
        (1...count).map {
            FeedSamples.candidate(
                first + $0, domain: "d\(random.below(9) * random.below(9))", node: "n\(random.below(12))",
                type: ["text", "text", "html", "json"][Int(random.below(4))])
        }
    }
}

@Suite struct FeedSeedTests {
    /// Every bound, judged from the list of what was fed alone.
    private func check(_ entries: [FedEntry], rate: Int, _ newcomers: Int, seed: UInt64) {
        for (place, entry) in entries.enumerated() {
            func last(_ count: Int) -> [FedEntry] {
                entries[max(0, place + 1 - count)...place].filter { $0.at + 3_600_000 > entry.at }
            }
            let hour = entries[...place].filter { $0.at + 3_600_000 > entry.at }
            #expect(hour.count <= rate, "seed \(seed)")
            #expect(hour.filter(\.isNewcomer).count <= newcomers, "seed \(seed)")
            #expect(last(100).filter { $0.domain == entry.domain }.count <= 5, "seed \(seed)")
            #expect(last(50).filter { $0.node == entry.node }.count <= 10, "seed \(seed)")
        }
    }

    @Test(arguments: 0..<24)
    func `every bound holds for every seed, restarts included, and nothing ever sticks`(number: Int) {
        let seed = UInt64(number)
        var random = SeededRandom(seed: seed)
        let policy = FeedSamples.policy(rate: 10 + Int(random.below(120)))
        var machine = FeedMachine(policy: policy)
        var entries: [FedEntry] = []
        var waiting: [FeedCandidate] = []
        var (now, lastFed): (Int64, Int64) = (0, 0)
        for step in 0..<120 {
            now += Int64(random.below(120_000))
            if random.oneIn(3) { waiting += FeedSeeds.candidates(20, from: step * 20, &random) }
            if random.oneIn(10) {
                machine = FeedMachine(policy: policy)
                for entry in entries.suffix(machine.memory) { machine.fed(entry) }
            }
            let result = WalkResult.of(
                &machine, Array(waiting.prefix(1_000)), at: now, isNewcomer: { $0.node.hasSuffix("1") })
            entries += result.entries
            waiting.removeAll { result.fed.contains($0.artifact) }
            if !result.fed.isEmpty || waiting.isEmpty { lastFed = now }
            // An hour and one walk after the last scenario no window holds anything.
            #expect(now - lastFed < 3_600_000 + 120_000, "seed \(seed)")
        }
        check(entries, rate: policy.rate, policy.newcomerSlots, seed: seed)
        #expect(entries.count >= 10)
    }
}
