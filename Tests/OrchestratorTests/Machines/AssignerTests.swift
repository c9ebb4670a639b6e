import Model
import Testing

@testable import Orchestrator

@Suite struct AssignerTests {
    private static let web = Requirement(capability: "web")

    /// Nodes 0, 1, … with this capacity, all idle.
    private func assigner(nodes: Int, capacity: UInt32 = 8, _ politeness: Politeness = Politeness()) -> Assigner {
        var assigner = Assigner(politeness: politeness)
        for node in 0..<nodes {
            assigner.join(node, name: "n\(node)", capabilities: ["web", "feed"], labels: ["zone=\(node % 2)"])
            assigner.setLoad(of: node, collecting: 0, capacity: capacity)
        }
        return assigner
    }

    /// Gives out the next, as the core does.
    private func take(_ assigner: inout Assigner, _ now: UInt64, avoid: NodeNumber? = nil) -> Assigner.Choice? {
        assigner.openHosts(now: at(now))
        guard let choice = assigner.next(avoid: { _ in avoid }) else { return nil }
        assigner.dequeue(choice.target, at: choice.place, now: at(now))
        assigner.startCollecting(choice.place, now: at(now))
        return choice
    }

    private func key(_ target: TargetNumber, rank: UInt8 = 5, due: Int64 = 0) -> DueKey {
        DueKey(rank: rank, due: due, target: target)
    }

    @Test func `targets go by priority, then by the time they fell due`() {
        var assigner = assigner(nodes: 1)
        let place = assigner.place(Self.web, host: nil)
        let feeds = assigner.place(Requirement(capability: "feed"), host: nil)
        assigner.enqueue(key(0, due: 3), at: place, now: at(0))
        assigner.enqueue(key(1, rank: 4, due: 9), at: feeds, now: at(0))
        assigner.enqueue(key(2, due: 1), at: feeds, now: at(0))
        assigner.enqueue(key(3, rank: 9, due: 0), at: place, now: at(0))
        assigner.enqueue(key(3, rank: 1, due: 0), at: place, now: at(0))
        #expect((0..<5).map { _ in take(&assigner, 0)?.target } == [3, 1, 2, 0, nil])
    }

    @Test func `the least loaded node is preferred, and of equals the one that waited longest`() {
        var assigner = assigner(nodes: 3)
        let place = assigner.place(Self.web, host: nil)
        for target in 0..<9 { assigner.enqueue(key(target), at: place, now: at(0)) }
        assigner.setLoad(of: 1, collecting: 2, capacity: 8)
        #expect(take(&assigner, 0)?.node == 0)
        assigner.setLoad(of: 0, collecting: 1, capacity: 8)
        #expect(take(&assigner, 0)?.node == 2)
        assigner.setLoad(of: 2, collecting: 1, capacity: 8)
        assigner.setLoad(of: 1, collecting: 1, capacity: 8)
        #expect(take(&assigner, 0)?.node == 0)
        assigner.setLoad(of: 1, collecting: 3, capacity: 400)
        #expect(take(&assigner, 0)?.node == 1)
    }

    @Test func `the node that failed a target last gets it only when there is no other`() {
        var assigner = assigner(nodes: 2)
        let place = assigner.place(Self.web, host: nil)
        for target in 0..<2 { assigner.enqueue(key(target), at: place, now: at(0)) }
        #expect(take(&assigner, 0, avoid: 0)?.node == 1)
        assigner.setUnavailable(1)
        #expect(take(&assigner, 0, avoid: 0)?.node == 0)
    }

    @Test func `full, unavailable and departed nodes get nothing`() {
        var assigner = assigner(nodes: 3)
        let place = assigner.place(Self.web, host: nil)
        assigner.enqueue(key(0), at: place, now: at(0))
        #expect(assigner.memberCount(of: place) == 3)
        assigner.setLoad(of: 0, collecting: 8, capacity: 8)
        assigner.setUnavailable(1)
        assigner.leave(2)
        #expect(assigner.next(avoid: { _ in nil }) == nil)
        #expect(assigner.memberCount(of: place) == 2)
        assigner.setLoad(of: 0, collecting: 7, capacity: 8)
        #expect(assigner.next(avoid: { _ in nil })?.node == 0)
    }

    @Test func `a pinned target goes only to the node of that name or with that label`() {
        var assigner = assigner(nodes: 4)
        let named = assigner.place(Requirement(capability: "web", pin: "n2"), host: nil)
        let labelled = assigner.place(Requirement(capability: "web", pin: "zone=1"), host: nil)
        let nobody = assigner.place(Requirement(capability: "web", pin: "n9"), host: nil)
        let unable = assigner.place(Requirement(capability: "exec", pin: "n1"), host: nil)
        assigner.enqueue(key(0), at: nobody, now: at(0))
        assigner.enqueue(key(1), at: unable, now: at(0))
        assigner.enqueue(key(2), at: named, now: at(0))
        assigner.enqueue(key(3), at: labelled, now: at(0))
        let given = [take(&assigner, 0), take(&assigner, 0)].compactMap(\.self)
        #expect(given.map(\.target) == [2, 3])
        #expect(given[0].node == 2)
        #expect(given[1].node % 2 == 1)
        #expect(take(&assigner, 0) == nil)
    }

    @Test func `a host is collected from by two leases at a time, half a second apart`() {
        var assigner = assigner(nodes: 9, Politeness(concurrency: 2, delay: .seconds(1)))
        let place = assigner.place(Self.web, host: "example.org")
        for target in 0..<4 { assigner.enqueue(key(target), at: place, now: at(0)) }
        #expect(take(&assigner, 0)?.target == 0)
        #expect(take(&assigner, 0) == nil)
        #expect(assigner.wakes == at(1))
        #expect(take(&assigner, 1)?.target == 1)
        #expect(take(&assigner, 9) == nil)
        assigner.stopCollecting(place, now: at(9))
        #expect(take(&assigner, 9)?.target == 2)
    }

    @Test func `the host is one for all kinds of targets, and another host does not wait for it`() {
        var assigner = assigner(nodes: 9, Politeness(concurrency: 1, delay: .zero))
        let page = assigner.place(Self.web, host: "example.org")
        let feed = assigner.place(Requirement(capability: "feed"), host: "example.org")
        let other = assigner.place(Self.web, host: "example.com")
        assigner.enqueue(key(0), at: page, now: at(0))
        assigner.enqueue(key(1, rank: 0), at: feed, now: at(0))
        assigner.enqueue(key(2, rank: 9), at: other, now: at(0))
        #expect((0..<3).map { _ in take(&assigner, 0)?.target } == [1, 2, nil])
        assigner.stopCollecting(feed, now: at(0))
        #expect(take(&assigner, 0)?.target == 0)
    }

    @Test(arguments: 0..<30) func `it chooses what a search of everything would`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var assigner = assigner(nodes: 3, Politeness(concurrency: 2, delay: .seconds(2)))
        let hosts: [String?] = [nil, "a", "b"]
        let places = ["web", "feed"].flatMap { kind in
            hosts.map { assigner.place(Requirement(capability: kind), host: $0) }
        }
        var waiting: [TargetNumber: (key: DueKey, place: WorkPlace)] = [:]
        var running: [WorkPlace] = []
        var opens: [Int: UInt64] = [:]
        for step in 0..<300 {
            let now = UInt64(step / 3)
            switch random.below(4) {
            case 0, 1:
                let target = Int(random.below(50))
                let place = waiting[target]?.place ?? places[Int(random.below(UInt64(places.count)))]
                let new = key(target, rank: UInt8(random.below(3)), due: Int64(random.below(9)))
                waiting[target] = (new, place)
                assigner.enqueue(new, at: place, now: at(now))
            case 2:
                guard !running.isEmpty else { continue }
                assigner.stopCollecting(running.removeFirst(), now: at(now))
            default:
                let open = waiting.values.filter { entry in
                    let host = entry.place.host
                    return host == 0
                        || (running.count { $0.host == host } < 2 && opens[host, default: 0] <= now)
                }
                let expected = open.map(\.key).min()?.target
                let taken = take(&assigner, now)?.target
                try #require(taken == expected, "step \(step)")
                guard let expected, let place = waiting.removeValue(forKey: expected)?.place else { continue }
                running.append(place)
                opens[place.host] = now + 2
            }
        }
    }
}
