import Model
import TestKit
import Testing
import Wire

@testable import Orchestrator

@Suite struct SharedAddressTests {
    private static let address = "192.0.2.1"

    /// One lease at a time at one host, unless said otherwise.
    private func rig(_ concurrency: UInt32 = 1, delay: Span = .zero, shares: Bool = true) throws -> Rig {
        let rig = try Rig {
            $0.politeness = Politeness(concurrency: concurrency, delay: delay, sharesAddresses: shares)
        }
        try rig.register("n", on: 1)
        return rig
    }

    /// The lease at this host ends, with what the node has to say of the host.
    private func end(
        _ rig: Rig, at host: String, address: String = address, _ change: (inout Proto.LeaseOutcome) -> Void = { _ in }
    ) throws {
        let assignment = try #require(try rig.held().first { $0.budget?.host == host })
        var outcome = Proto.LeaseOutcome(
            lease: assignment.lease, target: assignment.target, fence: assignment.fence, kind: .collected,
            address: address)
        change(&outcome)
        try rig.send(.leaseOutcomes(Proto.LeaseOutcomes(outcomes: [outcome])), as: "n", on: 1)
    }

    /// Both hosts have been visited once; what is submitted from now on is collected as politeness lets it.
    private func meet(_ rig: Rig, _ hosts: String...) throws {
        for host in hosts {
            try rig.submit(page(0, host: host))
            try end(rig, at: host)
        }
    }

    private func held(_ rig: Rig) throws -> [String] { try rig.held().map(\.location) }

    private func reason(_ rig: Rig, _ target: TargetNumber) -> String? {
        rig.core.assigner.gate(of: rig.core.targets[target].place, now: rig.core.now)?.reason
    }

    private func reply(_ rig: Rig) throws -> Proto.PlanReply {
        for case .planReply(let reply) in try rig.send(.plan(Proto.Plan()), as: "op", on: 9).bodies { return reply }
        throw World.Broken(sentence: "no plan")
    }

    @Test func `the lease at one host begins when the other's has ended`() throws {
        let rig = try rig()
        try meet(rig, "a", "b")
        try rig.submit(page(1, host: "a"), page(1, host: "b"), page(1, host: "c"))
        #expect(try held(rig) == [page(1, host: "a").location, page(1, host: "c").location])
        #expect(reason(rig, 3) == "1 of at most 1 leases collect from address 192.0.2.1 (shared by a, b)")
        try end(rig, at: "a")
        #expect(try held(rig) == [page(1, host: "c").location, page(1, host: "b").location])
    }

    @Test func `the lease at one host begins when the delay since the other's beginning has passed`() throws {
        let rig = try rig(9, delay: .seconds(10))
        try rig.submit(page(0, host: "a"), page(0, host: "b"))
        try end(rig, at: "a")
        try end(rig, at: "b")
        try rig.pass(.seconds(10), alive: 1)
        try rig.submit(page(1, host: "a"), page(1, host: "b"))
        #expect(try held(rig) == [page(1, host: "a").location])
        #expect(reason(rig, 3) == "the last collection from address 192.0.2.1 (shared by a, b) has just begun")
        try rig.pass(.milliseconds(9_998), alive: 1)
        #expect(try held(rig) == [page(1, host: "a").location])
        try rig.pass(.milliseconds(2), alive: 1)
        #expect(try held(rig) == [page(1, host: "a").location, page(1, host: "b").location])
    }

    @Test func `the delay counts from the last beginning at either, also one before the address was known`() throws {
        let rig = try rig(9, delay: .seconds(10))
        try meet(rig, "a")
        try rig.pass(.seconds(5), alive: 1)
        try meet(rig, "b")
        try rig.submit(page(1, host: "a"))
        try rig.pass(.milliseconds(9_998), alive: 1)
        #expect(try held(rig).isEmpty)
        try rig.pass(.milliseconds(1), alive: 1)
        #expect(try held(rig) == [page(1, host: "a").location])
    }

    @Test func `without the option they have nothing to do with each other, and the plan says what could be done`()
        throws
    {
        let rig = try rig(shares: false)
        try meet(rig, "a", "b")
        try rig.submit(page(1, host: "a"), page(1, host: "b"))
        #expect(try held(rig) == [page(1, host: "a").location, page(1, host: "b").location])
        let risk =
            "a, b share the address 192.0.2.1, each with a budget of its own; targets with one label politeness=NAME "
            + "share one, and with --share-addresses all hosts of one address do"
        #expect(try reply(rig).risks.contains(risk))
        rig.configuration.politeness.sharesAddresses = true
        try rig.restart()
        #expect(try reply(rig).risks.allSatisfy { !$0.contains(Self.address) })
    }

    @Test func `what one host asks for holds for both: a Retry-After, and the longest crawl-delay`() throws {
        let rig = try rig()
        try meet(rig, "a", "b")
        try rig.submit(page(1, host: "b"), page(1, host: "a"))
        try end(rig, at: "b") {
            $0.kind = .failedTarget
            $0.status = 429
            $0.retryAfterMs = 100_000
            $0.crawlDelayMs = 30_000
        }
        #expect(try held(rig).isEmpty)
        let reason = "address 192.0.2.1 (shared by a, b): b answered 429 and asked to be left alone"
        #expect(self.reason(rig, 3) == reason)
        #expect(rig.core.budget(of: "a").delayMs == 30_000)
        try rig.pass(.seconds(100), alive: 1)
        #expect(try held(rig) == [page(1, host: "a").location])
        try end(rig, at: "a") { $0.crawlDelayMs = 5_000 }
        #expect(rig.core.budget(of: "a").delayMs == 30_000)
        #expect(rig.core.hostMemories.map(\.delay) == [.seconds(5), .seconds(30)])
        try rig.submit(page(2, host: "b"))
        #expect(try held(rig).isEmpty)
        try rig.pass(.seconds(30), alive: 1)
        try end(rig, at: "b") { $0.crawlDelayMs = 1_000 }
        #expect(rig.core.budget(of: "a").delayMs == 5_000)
        #expect(rig.core.budget(of: "b").delayMs == 5_000)
    }

    @Test func `what waits and what collects goes along when the address becomes known`() throws {
        let rig = try rig(2)
        try meet(rig, "a")
        try rig.submit(page(1, host: "a"), page(2, host: "a"), page(3, host: "a"))
        try rig.submit(page(1, host: "b"), page(2, host: "b"), page(3, host: "b"))
        let running = [("a", 1), ("a", 2), ("b", 1), ("b", 2)].map { page($1, host: $0).location }
        #expect(try held(rig) == running)
        // Two of a's and one of b's still collect, where two may.
        try end(rig, at: "b")
        #expect(try held(rig) == [running[0], running[1], running[3]])
        try end(rig, at: "b")
        #expect(try held(rig) == [running[0], running[1]])
        try end(rig, at: "a")
        #expect(try held(rig) == [running[1], page(3, host: "a").location])
        try end(rig, at: "a")
        #expect(try held(rig) == [page(3, host: "a").location, page(3, host: "b").location])
        #expect(rig.core.assigner.hosts.map(\.collecting) == [0, 2, 0])
        #expect(rig.core.assigner.hosts.map(\.waiting) == [0, 0, 0])
    }

    @Test func `after a restart they still share, and the running lease counts for both`() throws {
        let rig = try rig()
        try meet(rig, "a", "b")
        try rig.submit(page(1, host: "b"), page(1, host: "a"))
        #expect(try held(rig) == [page(1, host: "b").location])
        try rig.restart()
        try rig.register("n", on: 1, leases: try rig.held().map { $0.held() })
        #expect(try held(rig) == [page(1, host: "b").location])
        try end(rig, at: "b")
        #expect(try held(rig) == [page(1, host: "a").location])
    }

    @Test func `another address moves a host with the next start, not before`() throws {
        let rig = try rig()
        try meet(rig, "a", "b", "c")
        try rig.submit(page(1, host: "b"), page(1, host: "a"))
        try end(rig, at: "b", address: "192.0.2.2")
        try rig.submit(page(2, host: "b"))
        #expect(try held(rig) == [page(1, host: "a").location])
        try rig.restart()
        try rig.register("n", on: 1, leases: try rig.held().map { $0.held() })
        #expect(try held(rig) == [page(1, host: "a").location, page(2, host: "b").location])
        try rig.submit(page(1, host: "c"))
        #expect(reason(rig, 6) == "1 of at most 1 leases collect from address 192.0.2.1 (shared by a, c)")
    }

    @Test func `an operator's label stands above the address, also when the hosts have one`() throws {
        let rig = try rig()
        try meet(rig, "a", "b")
        var apart = page(1, host: "b")
        apart.labels = ["politeness": "apart"]
        try rig.submit(page(1, host: "a"), apart)
        #expect(try held(rig) == [page(1, host: "a").location, apart.location])
        try end(rig, at: "b")
        #expect(rig.core.hostMemories.map(\.name) == ["a", "b", "group apart"])
        var other = page(2, host: "b")
        other.labels = apart.labels
        try rig.submit(other)
        #expect(try held(rig) == [page(1, host: "a").location, other.location])
        other.labels = ["politeness": "elsewhere"]
        try rig.submit(other)
        #expect(rig.core.assigner.hosts.filter { $0.collecting > 0 }.map(\.name) == ["a", "group elsewhere"])
    }

    @Test func `targets and the plan name the address that is shared`() throws {
        let rig = try rig(delay: .seconds(20))
        var specs = [0, 1, 2, 3].map { page($0, host: "h\($0)") }
        for number in specs.indices { specs[number].intervalS = 60 }
        for spec in specs { try rig.submit(spec) }
        for number in specs.indices {
            #expect(rig.core.info(number).host == "h\(number)")
            try end(rig, at: "h\(number)")
        }
        #expect(specs.indices.map { rig.core.info($0).host } == Array(repeating: "address 192.0.2.1", count: 4))
        let risk =
            "the targets of address 192.0.2.1 (shared by h0, h1, h2 and 1 more) ask for 4.0 collections a minute; "
            + "its politeness allows 3.0"
        #expect(try reply(rig).risks.contains(risk))
    }

    @Test func `the address of an outcome that tells of other hosts is nobody's but theirs`() throws {
        let rig = try rig()
        try rig.submit(page(0, host: "a"))
        try end(rig, at: "a") { $0.hosts = [Proto.HostReport(host: "b", address: Self.address)] }
        #expect(rig.core.hostMemories.map(\.name) == ["b"])
    }
}
