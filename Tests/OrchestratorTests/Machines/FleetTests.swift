import Model
import Testing

@testable import Orchestrator

@Suite struct FleetTests {
    private static let a = ConnectionID(1), b = ConnectionID(2)

    private func profile(_ instance: UInt8) -> NodeProfile {
        NodeProfile(instance: [instance], capabilities: ["web"], capacity: 8)
    }

    private func fleet() -> Fleet { Fleet(suspectAfter: .seconds(25), offlineAfter: .seconds(300)) }

    /// With one node, registered at 0 on connection a.
    private func one() -> Fleet {
        var fleet = fleet()
        #expect(
            fleet.register(name: "n", profile: profile(1), on: Self.a, now: at(0)) == .accepted(0, replaced: nil))
        return fleet
    }

    @Test func `silence makes it suspect, then offline, and closes its connection`() {
        var fleet = one()
        #expect(fleet.pass(now: at(24)) == [])
        #expect(fleet.wakes == at(25))
        #expect(fleet.pass(now: at(25)) == [.suspect(0)])
        #expect(fleet.liveCount == 0)
        #expect(fleet.wakes == at(300))
        #expect(fleet.pass(now: at(300)) == [.offline(0, Self.a)])
        #expect(fleet.node(on: Self.a) == nil)
        #expect(fleet.wakes == nil)
    }

    @Test func `any valid frame is a sign of life and brings a suspect back`() {
        var fleet = one()
        #expect(fleet.signOfLife(on: Self.a, now: at(20)) == nil)
        #expect(fleet.pass(now: at(25)) == [])
        #expect(fleet.wakes == at(45))
        #expect(fleet.pass(now: at(45)) == [.suspect(0)])
        #expect(fleet.signOfLife(on: Self.a, now: at(46)) == 0)
        #expect(fleet[0].presence == .live(Self.a))
        #expect(fleet.liveCount == 1)
        #expect(fleet.signOfLife(on: Self.b, now: at(46)) == nil)
    }

    @Test func `a broken connection is a suspicion, not a death`() {
        var fleet = one()
        #expect(fleet.disconnected(Self.a) == 0)
        #expect(fleet[0].presence == .suspect(nil))
        #expect(fleet.pass(now: at(299)) == [])
        #expect(fleet.pass(now: at(300)) == [.offline(0, nil)])
        #expect(fleet.disconnected(Self.a) == nil)
    }

    @Test func `the same instance replaces its own session`() {
        var fleet = one()
        #expect(
            fleet.register(name: "n", profile: profile(1), on: Self.b, now: at(3)) == .accepted(0, replaced: Self.a))
        #expect(fleet.disconnected(Self.a) == nil)
        #expect(fleet[0].presence == .live(Self.b))
        #expect(
            fleet.register(name: "n", profile: profile(1), on: Self.b, now: at(4)) == .accepted(0, replaced: nil))
        #expect(fleet.liveCount == 1)
    }

    @Test func `another instance is refused until the first is offline`() {
        var fleet = one()
        let other = profile(2)
        #expect(
            fleet.register(name: "n", profile: other, on: Self.b, now: at(10)) == .nameTaken(retryAfter: .seconds(290)))
        _ = fleet.disconnected(Self.a)
        #expect(
            fleet.register(name: "n", profile: other, on: Self.b, now: at(299)) == .nameTaken(retryAfter: .seconds(1)))
        _ = fleet.pass(now: at(300))
        #expect(fleet.register(name: "n", profile: other, on: Self.b, now: at(300)) == .accepted(0, replaced: nil))
        #expect(fleet[0].profile.instance == [2])
    }

    @Test func `Goodbye frees the name at once`() {
        var fleet = one()
        #expect(fleet.goodbye(on: Self.a) == 0)
        #expect(fleet[0].presence == .left)
        #expect(
            fleet.register(name: "n", profile: profile(2), on: Self.b, now: at(1)) == .accepted(0, replaced: nil))
    }

    @Test func `what left is offline when it has been silent for long enough`() {
        var fleet = one()
        _ = fleet.goodbye(on: Self.a)
        #expect(fleet.pass(now: at(300)) == [.offline(0, nil)])
    }

    @Test func `after a restart a node has all its time to come back`() {
        var fleet = fleet()
        _ = fleet.restore(name: "n", profile: profile(1), presence: .suspect(nil), now: at(1_000))
        #expect(fleet.wakes == at(1_300))
        #expect(
            fleet.register(name: "n", profile: profile(2), on: Self.a, now: at(1_001))
                == .nameTaken(retryAfter: .seconds(299)))
        #expect(
            fleet.register(name: "n", profile: profile(1), on: Self.a, now: at(1_002)) == .accepted(0, replaced: nil))
    }

    @Test func `nothing is given to a node that drains, is suspect, or has a nearly full spool`() {
        var fleet = one()
        #expect(fleet[0].isAvailable)
        fleet[0].spoolNearlyFull = true
        #expect(!fleet[0].isAvailable)
        fleet[0].spoolNearlyFull = false
        fleet[0].profile.draining = true
        #expect(!fleet[0].isAvailable)
        fleet[0].profile.draining = false
        _ = fleet.pass(now: at(25))
        #expect(!fleet[0].isAvailable)
    }

    @Test func `timeouts may be set so that offline comes before suspicion`() {
        var fleet = Fleet(suspectAfter: .seconds(25), offlineAfter: .seconds(2))
        _ = fleet.register(name: "n", profile: profile(1), on: Self.a, now: at(0))
        #expect(fleet.pass(now: at(2)) == [.suspect(0), .offline(0, Self.a)])
    }
}
