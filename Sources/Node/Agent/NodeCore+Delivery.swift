import Model
import Storage
import Wire

/// Messages that come, and the batches that go.
extension NodeCore {
    func received(_ envelope: Proto.Envelope) throws(StorageError) {
        let request = requests.removeValue(forKey: envelope.inReplyTo)?.request
        switch envelope.body {
        case .registered(let answer) where request == .registerStreams: try registeredStreams(answer)
        case .registered(let answer): try registered(answer)
        case .heartbeatAck(let answer): directives = answer.directives
        case .assignment(let assignment): assigned(assignment)
        case .leaseRevoked(let revoked): revoke(revoked.lease, revoked.reason)
        case .renewLeaseReply(let reply): renewed(reply)
        case .leaseOutcomesAck(let answer): for lease in answer.leases { spool.acknowledgeOutcome(lease) }
        case .hostBudget(let budget): if case .budget(let host) = request { tell(budget, of: host) }
        case .ingestAck(let ack): try acknowledged(envelope.inReplyTo, ack)
        case .error(let error): refused(envelope.inReplyTo, request, error)
        case .ping(let ping):
            effects.append(
                .send(Proto.Envelope(inReplyTo: envelope.id, body: .pong(Proto.Pong(payload: ping.payload)))))
        case .goodbye(let goodbye): reconnect("the other side said goodbye: \(goodbye.reason)")
        default: break  // not for a node, or of a later version
        }
    }

    private func refused(_ id: UInt64, _ request: Request?, _ error: Proto.Error) {
        let retryAfter = Span.milliseconds(UInt64(error.retryAfterMs))
        switch request {
        case .register: reconnect("registration was refused: \(error.message)", retryAfter: retryAfter)
        case .heartbeat, .renew, .outcomes:
            if error.code == .notRegistered { reconnect("the session is gone: \(error.message)") }
        case .budget(let host): tell(nil, of: host)
        case .registerStreams: leaveIntake("registration was refused: \(error.message)", retryAfter: retryAfter)
        case nil: delivery.failed(id, retryAfter: retryAfter, now: now)
        }
    }

    private func acknowledged(_ id: UInt64, _ ack: Proto.IngestAck) throws(StorageError) {
        let isKnown = delivery.isUnderWay(id)
        let answer = delivery.answered(id, ack, now: now)
        if isKnown, ack.refusal == .accepted, ack.durability == .fsync { try remember(ack) }
        if isKnown, ack.refusal == .noCredit, !ack.suggestions.isEmpty { restraint.refused(now: now) }
        try perform(answer)
    }

    func perform(_ answer: Delivery.Answer) throws(StorageError) {
        switch answer {
        case .nothing: break
        case .applied(let through): try spool.delete(through: through)
        case .openStream: openStream()
        case .reconnect(let reason): leaveIntake(reason)
        }
    }

    private func openStream() {
        spool.openStream(random.next())
        delivery.renumbered(stream: spool.stream)
        guard case .registered = session else { return }
        // Those whose items got new numbers are told anew.
        unreported = spool.outcomesInOrder.filter { !$0.isAcknowledged }.map(\.lease.lease)
    }

    /// Digests are kept under the marks of what they belong to, as long as the items are here to tell them.
    private func remember(_ ack: Proto.IngestAck) throws(StorageError) {
        guard !ack.verdicts.isEmpty, ack.firstSequence > 0, ack.firstSequence <= ack.lastApplied else { return }
        let last = ack.firstSequence + UInt64(ack.verdicts.count) - 1
        for (sequence, mark) in try spool.marks(from: ack.firstSequence, through: last) {
            let verdict = ack.verdicts[Int(sequence - ack.firstSequence)]
            switch verdict.code {
            case .stored, .duplicate: spool.remember(Array(verdict.digest), of: mark)
            case .unknownDigest, .refused: spool.remember(nil, of: mark)
            default: break
            }
        }
    }

    /// Sends every batch that may go now. All of it is on disk.
    func deliver() throws(StorageError) {
        guard isDelivering else { return }
        while let cut = delivery.cut(now: now) {
            let items = try spool.read(from: cut.first, count: cut.count, bytes: cut.bytes)
            guard !items.isEmpty else { return }
            let id = askIntake(.ingestBatch(batch(items)))
            let sent = Delivery.Cut(first: cut.first, count: items.count)
            delivery.sent(id, sent, bytes: items.reduce(0) { $0 + $1.size }, now: now)
            #if PLANTED_BUGS
                if plantedBugs.contains(.spoolDeletedBeforeFsyncAck) {
                    try spool.delete(through: cut.first + UInt64(items.count) - 1)
                    try spool.commit()
                }
            #endif
        }
    }

    private func batch(_ items: [SpooledItem]) -> Proto.IngestBatch {
        var places: [LeaseRef: UInt32] = [:]
        var batch = Proto.IngestBatch(stream: spool.stream, firstSequence: items.first?.sequence ?? 0)
        batch.items.reserveCapacity(items.count)
        for spooled in items {
            var item = spooled.item
            if let place = places[spooled.lease] {
                item.lease = place
            } else {
                batch.leases.append(spooled.lease.wire)
                item.lease = UInt32(batch.leases.count)
                places[spooled.lease] = item.lease
            }
            batch.items.append(item)
        }
        return batch
    }
}
