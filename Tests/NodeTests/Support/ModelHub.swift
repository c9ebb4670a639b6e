import Model
import Wire

/// A ledger and an orchestrator as the protocol describes them, as small as can be.
struct ModelHub: Sendable {
    var batch: UInt32 = 4
    var inFlight: UInt32 = 3
    var credit: UInt32 = 16
    /// What each stream's ledger holds, in order.
    var applied: [UInt64: [String]] = [:]
    var outcomes: [UInt64: Proto.LeaseOutcome] = [:]
    var known: Set<UInt64> = []
    var log: [Proto.Envelope] = []
    /// Asked before each batch: nil applies it.
    var refuse: @Sendable (Proto.IngestBatch) -> (Proto.IngestRefusal, Proto.Durability)? = { _ in nil }

    var welcome: Proto.Welcome {
        Proto.Welcome(heartbeatIntervalMs: 10_000, maxBatch: batch, maxInFlight: inFlight, credit: credit)
    }

    func lastApplied(_ stream: UInt64) -> UInt64 { UInt64(applied[stream]?.count ?? 0) }

    /// The answer, if the message has one.
    mutating func answer(_ envelope: Proto.Envelope) -> Proto.Envelope? {
        log.append(envelope)
        let body: Proto.Envelope.Body
        switch envelope.body {
        case .registerNode(let node): body = .registered(registered(node))
        case .heartbeat: body = .heartbeatAck(Proto.HeartbeatAck())
        case .leaseOutcomes(let report):
            for outcome in report.outcomes { outcomes[outcome.lease] = outcome }
            body = .leaseOutcomesAck(Proto.LeaseOutcomesAck(leases: report.outcomes.map(\.lease)))
        case .renewLease(let renew):
            body = .renewLeaseReply(Proto.RenewLeaseReply(lease: renew.lease, kept: true, deadlineMs: 600_000))
        case .ingestBatch(let batch): body = .ingestAck(ingest(batch))
        default: return nil
        }
        return Proto.Envelope(inReplyTo: envelope.id, body: body)
    }

    private func registered(_ node: Proto.RegisterNode) -> Proto.Registered {
        Proto.Registered(
            leases: node.leases.map { .init(lease: $0.lease, keep: known.contains($0.lease), remainingMs: 60_000) },
            streams: node.streams.map { .init(stream: $0.stream, firstUnacked: lastApplied($0.stream) + 1) })
    }

    private mutating func ingest(_ batch: Proto.IngestBatch) -> Proto.IngestAck {
        let held = applied[batch.stream] ?? []
        var ack = Proto.IngestAck(
            stream: batch.stream, firstSequence: batch.firstSequence, durability: .fsync,
            lastApplied: UInt64(held.count), credit: credit)
        guard batch.firstSequence <= ack.lastApplied + 1 else {
            ack.refusal = .gap
            return ack
        }
        if let (refusal, durability) = refuse(batch) {
            (ack.refusal, ack.durability, ack.retryAfterMs) = (refusal, durability, 20)
            if refusal == .accepted { pretend(batch, &ack) }
            return ack
        }
        let texts = batch.items.map { $0.text ?? "unchanged" }
        let replayed = min(texts.count, held.count - Int(batch.firstSequence) + 1)
        guard Array(held.dropFirst(Int(batch.firstSequence) - 1).prefix(replayed)) == Array(texts.prefix(replayed))
        else {
            ack.refusal = .streamForked
            return ack
        }
        applied[batch.stream, default: []] += texts.dropFirst(replayed)
        pretend(batch, &ack)
        ack.replayed = UInt32(replayed)
        return ack
    }

    /// Says that the batch is applied; whether it is, the caller knows.
    private func pretend(_ batch: Proto.IngestBatch, _ ack: inout Proto.IngestAck) {
        ack.lastApplied = max(ack.lastApplied, batch.firstSequence + UInt64(batch.items.count) - 1)
        ack.verdicts = batch.items.map { .init(code: .stored, digest: Array(($0.text ?? "").utf8)[...]) }
    }
}
