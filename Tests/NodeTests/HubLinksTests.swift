import Testing
import Transport
import Wire

@testable import Node

/// Which connection is for what.
@Suite struct HubLinksTests {
    private func welcome(_ serves: Proto.Role, coordinator: String = "", orchestrator: String = "") -> Proto.Welcome {
        var welcome = Proto.Welcome(coordinatorAddress: coordinator, orchestratorAddress: orchestrator)
        welcome.serves = serves
        return welcome
    }

    @Test func `a hub has both roles, and there is no other connection`() {
        var links = HubLinks()
        let moved = links.welcomed(at: .door, welcome(.unspecified))
        #expect(!moved)
        #expect(links.part(.door) == .both && links.otherAddress == nil)
        #expect(links.place(of: .leases) == .door && links.place(of: .intake) == .door)
    }

    @Test func `a coordinator tells where the orchestrator is`() {
        var links = HubLinks()
        let moved = links.welcomed(
            at: .door, welcome(.coordinator, coordinator: "10.0.0.5:7400", orchestrator: "10.0.0.6:7401"))
        #expect(moved && links.otherAddress == SocketAddress(host: "10.0.0.6", port: 7_401))
        #expect(links.part(.door) == .intake && links.part(.other) == .leases)
        #expect(links.place(of: .leases) == .other && links.place(of: .intake) == .door)
        let again = links.welcomed(
            at: .other, welcome(.orchestrator, coordinator: "10.0.0.9:7400", orchestrator: "10.0.0.6:7401"))
        #expect(!again, "the address that an operator gave has the say")
    }

    @Test func `an orchestrator tells where the coordinator is, and when that moves`() {
        var links = HubLinks()
        _ = links.welcomed(at: .door, welcome(.orchestrator, coordinator: "10.0.0.5:7400"))
        #expect(links.part(.door) == .leases && links.part(.other) == .intake)
        let same = links.welcomed(at: .door, welcome(.orchestrator, coordinator: "10.0.0.5:7400"))
        #expect(!same)
        let moved = links.welcomed(at: .door, welcome(.orchestrator, coordinator: "10.0.0.7:7400"))
        #expect(moved && links.otherAddress?.host == "10.0.0.7")
    }

    @Test func `an orchestrator that has not come yet is no address`() {
        var links = HubLinks()
        _ = links.welcomed(at: .door, welcome(.coordinator))
        #expect(links.part(.door) == .intake && links.otherAddress == nil)
    }
}
