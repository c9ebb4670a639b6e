import Model
import Telemetry
import Transport
import Wire

/// One node as the lease bench has it: takes what it is given, delivers for it where it should, and reports at once.
/// What one read brought it answers together, as an agent does.
final class LeaseConnection: FrameHandler {
    enum State {
        case opening  // to ready, by Welcome (a bystander's, by Registered)
        case ready  // to working, by `go`
        case working
        case done
    }

    private let number: Int
    private let load: LeaseLoad
    private var state = State.opening
    private var fresh: [Proto.Assignment] = []
    private var isFlushing = false
    private var nextRequest: UInt64 = 2
    private var sentAt: [UInt64: Instant] = [:]
    private var nextSequence: UInt64 = 1
    /// Spooled and not yet in a batch.
    private var spool: [(ref: Proto.LeaseRef, text: [UInt8])] = []
    private var batchesInFlight = 0

    private static let maxBatchesInFlight = 4

    init(_ number: Int, of load: LeaseLoad) {
        self.number = number
        self.load = load
    }

    private var stream: UInt64 { UInt64(number) + 1 }

    // MARK: Session

    func opened(_ connection: isolated Connection) {
        let hello = Proto.Hello(
            versionMin: Limits.protocolVersion, versionMax: Limits.protocolVersion, role: .node,
            name: "worker-\(number)", software: "rookery-bench")
        send(.hello(hello), id: 1, connection)
    }

    func go(_ connection: isolated Connection) {
        state = .working
        register(as: LeaseLoad.capability, connection)
    }

    private func register(as capability: String, _ connection: isolated Connection) {
        let instance = (0..<16).map { UInt8(truncatingIfNeeded: number >> (8 * ($0 & 3))) }
        let register = Proto.RegisterNode(
            instance: instance[...], capabilities: [capability], capacity: UInt32(load.plan.capacity),
            streams: load.plan.delivers ? [Proto.StreamPosition(stream: stream, firstUnacked: 1, next: 1)] : [])
        send(.registerNode(register), id: 1, connection)
    }

    func received(_ payload: ArraySlice<UInt8>, on connection: isolated Connection) {
        guard let envelope = try? Proto.Envelope(decoding: payload) else {
            return fail("an answer could not be decoded", connection)
        }
        switch (envelope.body, state) {
        case (.welcome(let welcome)?, .opening):
            connection.setFrameLimit(Int(welcome.maxFrame))
            if number < load.plan.workers { isReady() } else { register(as: LeaseLoad.otherCapability, connection) }
        case (.registered?, .opening): isReady()
        case (.registered?, .working): break
        case (.assignment(let assignment)?, .working): take(assignment, connection)
        case (.leaseOutcomesAck(let ack)?, .working): acknowledged(ack, envelope.inReplyTo)
        case (.ingestAck(let ack)?, .working): acknowledged(ack, connection)
        case (_, .ready), (_, .done): break
        default: fail("an answer that was not asked for: \(envelope)", connection)
        }
    }

    private func isReady() {
        state = .ready
        load.progress.ready()
    }

    func closed(_ reason: CloseReason, on connection: isolated Connection) {
        if case .done = state { return }
        load.failed("the connection of worker \(number) ended early: \(reason.name)")
    }

    /// Nothing that comes from now on is counted.
    func finish() { state = .done }

    private func fail(_ why: String, _ connection: isolated Connection) {
        state = .done
        load.failed(why)
        connection.close(.handler("bench"))
    }

    private func send(_ body: Proto.Envelope.Body, id: UInt64, _ connection: isolated Connection) {
        guard let frame = try? FrameEncoder().encode(Proto.Envelope(id: id, body: body)) else {
            return fail("a request is longer than a frame", connection)
        }
        connection.send(frame, .control)
    }

    // MARK: Work

    private func take(_ assignment: Proto.Assignment, _ connection: isolated Connection) {
        guard load.begin() else { return }
        fresh.append(assignment)
        guard !isFlushing else { return }
        isFlushing = true
        connection.loop.execute {
            connection.assumeIsolated { $0.handler(as: LeaseConnection.self)?.flush($0) }
        }
    }

    private func flush(_ connection: isolated Connection) {
        isFlushing = false
        guard case .working = state, !fresh.isEmpty else { return }
        var outcomes = Proto.LeaseOutcomes()
        for assignment in fresh {
            var outcome = Proto.LeaseOutcome(
                lease: assignment.lease, target: assignment.target, fence: assignment.fence, kind: .collected)
            if load.plan.delivers {
                outcome.stream = stream
                outcome.lastSequence = nextSequence
                outcome.items = 1
                nextSequence += 1
                let ref = Proto.LeaseRef(
                    lease: assignment.lease, target: assignment.target, fence: assignment.fence)
                spool.append((ref, LeaseLoad.text(for: assignment.lease)))
            }
            outcomes.outcomes.append(outcome)
        }
        fresh.removeAll(keepingCapacity: true)
        deliver(connection)
        let id = nextRequest
        nextRequest += 1
        sentAt[id] = SystemTime().now()
        send(.leaseOutcomes(outcomes), id: id, connection)
    }

    private func acknowledged(_ ack: Proto.LeaseOutcomesAck, _ id: UInt64) {
        if let sent = sentAt.removeValue(forKey: id) {
            let span = SystemTime().now().since(sent).nanoseconds
            for _ in ack.leases { load.latency.record(span) }
        }
        load.acknowledged(ack.leases.count)
    }

    // MARK: Delivery

    private func deliver(_ connection: isolated Connection) {
        guard !spool.isEmpty, batchesInFlight < LeaseConnection.maxBatchesInFlight else { return }
        let items = spool.enumerated().map { place, entry in
            Proto.Item(
                lease: UInt32(place) + 1,
                kind: .artifact(
                    Proto.Artifact(
                        contentType: "text", content: entry.text[...], rawSource: "bench:\(entry.ref.lease)",
                        collectedAtMs: 1_700_000_000_000)))
        }
        let first = nextSequence - UInt64(spool.count)
        let batch = Proto.IngestBatch(
            stream: stream, firstSequence: first, items: items, leases: spool.map(\.ref))
        spool.removeAll(keepingCapacity: true)
        batchesInFlight += 1
        let id = nextRequest
        nextRequest += 1
        send(.ingestBatch(batch), id: id, connection)
    }

    private func acknowledged(_ ack: Proto.IngestAck, _ connection: isolated Connection) {
        batchesInFlight -= 1
        guard ack.refusal == .accepted, ack.verdicts.allSatisfy({ $0.code == .stored }) else {
            return fail("an artifact was not stored: \(ack)", connection)
        }
        deliver(connection)
    }
}
