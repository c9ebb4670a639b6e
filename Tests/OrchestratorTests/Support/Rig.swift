import Model
import Storage
import TestKit
import Wire

@testable import Orchestrator

/// A core on a real database, with a clock that moves by hand; nodes, operators and the ledger are played by the test.
final class Rig {
    private let directory = TemporaryDirectory()
    private let options: DatabaseOptions
    let time = ManualTime(now: at(1_000))
    var configuration: OrchestratorConfiguration
    private(set) var database: Database
    private(set) var core: OrchestratorCore
    private var seed: UInt64

    init(seed: UInt64 = 1, _ configure: (inout OrchestratorConfiguration) -> Void = { _ in }) throws {
        self.seed = seed
        // No power is cut here: what is committed is read back by the same kernel.
        options = DatabaseOptions(synchronous: .off)
        configuration = OrchestratorConfiguration(incarnation: 1)
        configuration.politeness = Politeness(concurrency: 2, delay: .zero)
        configure(&configuration)
        database = try Database.open(path: directory.path + "/orchestrator.db", access: .writer, options: options)
        core = try OrchestratorCore(
            database: database, configuration: configuration, random: SeededRandom(seed: seed), now: time.now(),
            wall: time.wall())
    }

    /// The process dies between two turns and comes back on a machine whose monotonic clock starts anew.
    func restart() throws {
        database.close()
        seed += 1
        database = try Database.open(path: directory.path + "/orchestrator.db", access: .writer, options: options)
        core = try OrchestratorCore(
            database: database, configuration: configuration, random: SeededRandom(seed: seed), now: time.now(),
            wall: time.wall())
    }

    @discardableResult
    func turn(_ inputs: OrchestratorInput...) throws -> [OrchestratorEffect] {
        try core.turn(inputs, now: time.now(), wall: time.wall())
    }

    @discardableResult
    func send(_ body: Proto.Envelope.Body, as name: String, on connection: UInt64, id: UInt64 = 1) throws
        -> [OrchestratorEffect]
    {
        try turn(.request(ConnectionID(connection), name: name, Proto.Envelope(id: id, body: body)))
    }

    @discardableResult
    func pass(_ span: Span, alive: UInt64...) throws -> [OrchestratorEffect] {
        time.advance(by: span)
        let signs = alive.map { OrchestratorInput.signOfLife(ConnectionID($0)) }
        return try core.turn(signs + [.tick], now: time.now(), wall: time.wall())
    }

    // MARK: Operators

    @discardableResult
    func submit(_ specs: Proto.TargetSpec..., key: UInt8 = 0, chunk: UInt64 = 0) throws -> [Proto.TargetVerdict] {
        // A key is used once unless the test names it.
        let bytes = key == 0 ? time.nextKey() : Array(repeating: key, count: 16)
        let message = Proto.SubmitTargets(key: bytes[...], chunk: chunk, targets: specs)
        for case .submitTargetsReply(let reply) in try send(.submitTargets(message), as: "op", on: 99).bodies {
            return reply.verdicts
        }
        return []
    }

    func info(_ id: TargetID) -> Proto.TargetInfo? {
        guard case .listTargetsReply(let reply) = core.list(Proto.ListTargets()) else { return nil }
        return reply.targets.first { TargetID($0.id) == id }
    }

    // MARK: Nodes

    /// The running leases, as their assignments said.
    func held() throws -> [Proto.Assignment] {
        try core.leases.values.sorted { $0.ref.lease < $1.ref.lease }.map { try core.assignment($0) }
    }

    @discardableResult
    func register(
        _ name: String, on connection: UInt64, instance: UInt8 = 1, capabilities: [String] = ["web"],
        capacity: UInt32 = 8, leases: [Proto.HeldLease] = [], streams: [Proto.StreamPosition] = []
    ) throws -> [OrchestratorEffect] {
        let message = Proto.RegisterNode(
            instance: Array(repeating: instance, count: 16)[...], capabilities: capabilities, capacity: capacity,
            leases: leases, streams: streams)
        return try send(.registerNode(message), as: name, on: connection)
    }

    @discardableResult
    func report(
        _ assignment: Proto.Assignment, _ kind: Proto.OutcomeKind = .collected, last: UInt64 = 0, as name: String,
        on connection: UInt64
    ) throws -> [OrchestratorEffect] {
        let outcome = Proto.LeaseOutcome(
            lease: assignment.lease, target: assignment.target, fence: assignment.fence, kind: kind, error: "why",
            stream: 5, lastSequence: last)
        return try send(.leaseOutcomes(Proto.LeaseOutcomes(outcomes: [outcome])), as: name, on: connection)
    }

    // MARK: The ledger

    @discardableResult
    func receipt(
        _ assignment: Proto.Assignment, from name: String, last: UInt64, stored: UInt32 = 1, bookmark: [UInt8]? = nil,
        position: UInt64? = nil
    ) throws -> [OrchestratorEffect] {
        var receipt = Receipt(lease: assignment.ref, node: name, stream: 5, lastSequence: last)
        receipt.stored = stored
        receipt.bookmark = bookmark
        return try turn(
            .receipts(ReceiptPage(position: position ?? core.receiptPosition + 1, receipts: [receipt])))
    }
}

extension ManualTime {
    /// Bytes that no other moment of this test gives: the clock moves a little.
    fileprivate func nextKey() -> [UInt8] {
        advance(by: .milliseconds(1))
        return Array(repeating: 9, count: 8) + id(now().nanoseconds).bytes.suffix(8)
    }
}

extension [OrchestratorEffect] {
    var bodies: [Proto.Envelope.Body] {
        compactMap { if case .send(_, let envelope) = $0 { envelope.body } else { nil } }
    }

    var assignments: [Proto.Assignment] {
        bodies.compactMap { if case .assignment(let assignment) = $0 { assignment } else { nil } }
    }

    var errors: [Proto.Error] {
        bodies.compactMap { if case .error(let error) = $0 { error } else { nil } }
    }

    var late: [LeaseRef] {
        compactMap { if case .late(let ref) = $0 { ref } else { nil } }
    }

    var closed: [ConnectionID] {
        compactMap { if case .close(let connection, _) = $0 { connection } else { nil } }
    }

    var dispositions: [Proto.LeaseDisposition]? {
        for case .registered(_, _, let message) in self { return message.leases }
        return nil
    }
}

extension Proto.Assignment {
    var ref: LeaseRef {
        LeaseRef(
            lease: lease, target: TargetID(target) ?? id(0),
            fence: Fence(incarnation: fence?.incarnation ?? 0, counter: fence?.counter ?? 0))
    }

    /// As its node lists it.
    func held(delivering last: UInt64? = nil) -> Proto.HeldLease {
        Proto.HeldLease(
            lease: lease, target: target, fence: fence, phase: last == nil ? .collecting : .delivering, stream: 5,
            lastSequence: last ?? 0, outcome: last == nil ? .unspecified : .collected)
    }
}

/// A web page on a host of its own.
func page(_ number: Int, host: String? = nil) -> Proto.TargetSpec {
    Proto.TargetSpec(type: "web", location: "https://\(host ?? "h\(number).example")/\(number)")
}
