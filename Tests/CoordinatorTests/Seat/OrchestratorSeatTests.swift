import Model
import Testing
import Wire

@testable import Coordinator

/// Which orchestrator a coordinator serves.
@Suite struct OrchestratorSeatTests {
    private static let cluster = [UInt8](repeating: 7, count: 16)
    private let first = [UInt8](repeating: 0xAB, count: 16)
    private let other = [UInt8](repeating: 0xCD, count: 16)

    private func claim(
        _ id: [UInt8], _ incarnation: UInt64, over current: OrchestratorSeat? = nil, version: UInt64 = 40,
        _ change: (inout Proto.Seat) -> Void = { _ in }
    ) throws(OrchestratorSeat.Refusal) -> OrchestratorSeat {
        var claim = Proto.Seat(id: id[...], incarnation: incarnation, address: "10.0.0.6:7401")
        change(&claim)
        return try OrchestratorSeat.claim(
            claim, over: current, cluster: OrchestratorSeatTests.cluster, version: version)
    }

    @Test func `the first has it, from where the ledger stands`() throws {
        #expect(
            try claim(first, 5)
                == OrchestratorSeat(id: first, incarnation: 5, address: "10.0.0.6:7401", since: 40))
    }

    @Test func `a later start of the same one keeps it, with its new address`() throws {
        let seat = try claim(first, 5)
        let again = try claim(first, 6, over: seat, version: 90) { $0.address = "10.0.0.7:7401" }
        #expect(again == OrchestratorSeat(id: first, incarnation: 6, address: "10.0.0.7:7401", since: 40))
        #expect(try claim(first, 6, over: again) { $0.address = "10.0.0.7:7401" } == again)
    }

    @Test func `an earlier start of the same one is refused`() throws {
        let seat = try claim(first, 6)
        #expect(
            throws: OrchestratorSeat.Refusal.taken(
                "this orchestrator has started as incarnation 6 since incarnation 5; stop the older process")
        ) { try claim(first, 5, over: seat) }
    }

    @Test func `another is refused, with words for who has it and what to do`() throws {
        let seat = try claim(first, 5)
        #expect(
            throws: OrchestratorSeat.Refusal.taken(
                "this coordinator serves the orchestrator abababab at 10.0.0.6:7401; stop that one, or start with "
                    + "--take-over where it is gone for good")
        ) { try claim(other, 9, over: seat) }
    }

    @Test func `another has it when an operator says so, and what was before is not its`() throws {
        let seat = try claim(other, 1, over: try claim(first, 5), version: 70) { $0.takeOver = true }
        #expect(seat.id == other && seat.since == 70)
    }

    @Test func `a claim that makes no sense names its field`() {
        #expect(
            throws: OrchestratorSeat.Refusal.invalid(
                field: "seat.id", "it has 3 bytes; send 16 random ones that are kept")
        ) { try claim([1, 2, 3], 1) }
        #expect(
            throws: OrchestratorSeat.Refusal.invalid(
                field: "seat.cluster_id",
                "the orchestrator has read receipts of cluster 09090909 and this is 07070707; give it the address of "
                    + "its own coordinator")
        ) { try claim(first, 1) { $0.clusterId = [UInt8](repeating: 9, count: 16)[...] } }
        #expect(
            throws: OrchestratorSeat.Refusal.invalid(
                field: "seat.address", "it has 300 bytes; send HOST:PORT, of at most 256")
        ) { try claim(first, 1) { $0.address = String(repeating: "a", count: 300) } }
    }

    @Test func `it is kept over a restart, and given up`() throws {
        let fixture = try LedgerFixture()
        #expect(fixture.ledger.seat == nil)
        let seat = OrchestratorSeat(id: first, incarnation: 5, address: "[::1]:7401", since: 3)
        try fixture.ledger.setSeat(seat)
        try fixture.restart()
        #expect(fixture.ledger.seat == seat)
        try fixture.ledger.setSeat(nil)
        try fixture.restart()
        #expect(fixture.ledger.seat == nil)
        #expect(OrchestratorSeat(text: "ab 1 2") == nil)
    }
}
