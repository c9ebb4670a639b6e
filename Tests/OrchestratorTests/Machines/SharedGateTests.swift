import Model
import Testing

@testable import Orchestrator

/// The assigner beside a model that knows for each host only which others it has to heed, and searches everything.
@Suite struct SharedGateTests {
    private struct Host {
        let name: String
        let place: WorkPlace
        /// Its number until it has an address that another host had before.
        var group: Int
        var asked = Span.zero
        var address = ""
    }

    private struct Model {
        var hosts: [Host] = []
        var opens: [Int: Instant] = [:]
        var waiting: [TargetNumber: (key: DueKey, host: Int)] = [:]
        var running: [Int] = []

        func delay(of host: Int) -> Span {
            hosts.filter { $0.group == hosts[host].group }.map(\.asked).reduce(.seconds(2), max)
        }

        func collecting(_ host: Int) -> Int { running.count { hosts[$0].group == hosts[host].group } }

        func isOpen(_ host: Int, _ now: Instant) -> Bool {
            collecting(host) < 2 && opens[hosts[host].group, default: .zero] <= now
        }

        mutating func close(_ host: Int, until moment: Instant) {
            opens[hosts[host].group] = max(opens[hosts[host].group] ?? .zero, moment)
        }

        mutating func resolve(_ host: Int, to address: String) {
            guard hosts[host].address.isEmpty else { return }
            let first = hosts.first { $0.address == address }
            hosts[host].address = address
            guard let first else { return }
            let closed = opens[hosts[host].group] ?? .zero
            hosts[host].group = first.group
            close(host, until: closed)
        }
    }

    private static func assigner() -> Assigner {
        var assigner = Assigner(politeness: Politeness(concurrency: 2, delay: .seconds(2), sharesAddresses: true))
        assigner.join(0, name: "n", capabilities: ["web", "feed"], labels: [])
        assigner.setLoad(of: 0, collecting: 0, capacity: 1)
        return assigner
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `hosts of one address are one host, whenever that becomes known`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        func pick(_ count: Int) -> Int { Int(random.below(UInt64(count))) }
        var assigner = Self.assigner()
        var model = Model()
        for number in 0..<12 {
            let kind = Requirement(capability: number % 2 == 0 ? "web" : "feed")
            let name = "h\(number / 2)"
            let place = assigner.place(kind, host: name)
            model.hosts.append(Host(name: name, place: place, group: number / 2))
        }
        for step in 0..<400 {
            let now = at(UInt64(step / 6))
            let host = pick(model.hosts.count)
            switch pick(12) {
            case 0, 1, 2:
                let target = pick(60)
                let key = DueKey(rank: UInt8(pick(3)), due: Int64(pick(9)), target: target)
                let place = model.waiting[target]?.host ?? host
                model.waiting[target] = (key, place)
                assigner.enqueue(key, at: model.hosts[place].place, now: now)
            case 3:
                let target = pick(60)
                guard let place = model.waiting.removeValue(forKey: target)?.host else { continue }
                assigner.dequeue(target, at: model.hosts[place].place, now: now)
            case 4, 5, 6:
                guard !model.running.isEmpty else { continue }
                assigner.stopCollecting(model.hosts[model.running.removeFirst()].place, now: now)
            case 7 where pick(3) == 0:
                let address = "192.0.2.\(pick(3))"
                assigner.resolve(model.hosts[host].name, to: address, now: now)
                for kind in [host & ~1, host | 1] { model.resolve(kind, to: address) }
            case 7:
                let asked = Span.seconds(UInt64(pick(5)))
                let closed = pick(4) == 0 ? now + .seconds(UInt64(pick(9))) : .zero
                assigner.setHost(model.hosts[host].name, delay: asked, closedUntil: closed, "", now: now)
                for kind in [host & ~1, host | 1] { model.hosts[kind].asked = asked }
                model.close(host, until: closed)
            default:
                assigner.openHosts(now: now)
                let expected = model.waiting.values.filter { model.isOpen($0.host, now) }.map(\.key).min()?.target
                let choice = assigner.next(avoid: { _ in nil })
                try #require(choice?.target == expected, "step \(step)")
                guard let choice, let host = model.waiting.removeValue(forKey: choice.target)?.host else { continue }
                let place = model.hosts[host].place
                assigner.dequeue(choice.target, at: place, now: now)
                assigner.startCollecting(place, now: now)
                model.running.append(host)
                model.close(host, until: now + model.delay(of: host))
            }
            for (number, host) in model.hosts.enumerated() {
                try #require(assigner.delay(ofHost: host.name) == model.delay(of: number), "step \(step)")
                try #require(Int(assigner.keeper(of: host.place).collecting) == model.collecting(number))
            }
        }
    }
}
