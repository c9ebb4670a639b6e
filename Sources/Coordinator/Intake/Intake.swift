package import Model
package import Sealing
package import Wire

/// The part of intake that needs no stored state. One on each connection's thread.
package final class Intake {
    private var hasher: IdentityHasher
    /// Whose change is looked for with every batch.
    private let ring: KeyRing?
    private var turn: UInt64
    private let sealer: Sealer?

    /// Without a sealer everything is left to the ledger.
    package init(hasher: IdentityHasher, sealer: Sealer? = nil) {
        self.hasher = hasher
        self.sealer = sealer
        ring = nil
        turn = 0
    }

    package init(_ ring: KeyRing, sealer: Sealer? = nil) throws(SealingError) {
        self.ring = ring
        self.sealer = sealer
        turn = ring.turn
        hasher = try IdentityHasher(ring.current)
    }

    /// The ledger takes batches of another version too, and hashes them again: so a hasher that cannot be made anew
    /// costs time alone.
    private func followKeys() {
        guard let ring, ring.turn != turn else { return }
        let now = ring.turn
        guard let renewed = try? IdentityHasher(ring.current) else { return }
        hasher = renewed
        turn = now
    }

    /// Refuses the batch as a whole only when its envelope makes no sense; a bad item becomes its own verdict.
    package func prepare(
        _ batch: Proto.IngestBatch, node: String, now: WallTime
    ) throws(Refusal) -> PreparedBatch {
        try check(batch)
        followKeys()
        var leases: [LeaseRef] = []
        for (i, lease) in batch.leases.enumerated() {
            guard let target = TargetID(lease.target) else {
                throw Refusal(
                    "leases.target", "leases[\(i)].target has \(lease.target.count) bytes; a target id has 16")
            }
            let fence = Fence(incarnation: lease.fence?.incarnation ?? 0, counter: lease.fence?.counter ?? 0)
            leases.append(LeaseRef(lease: lease.lease, target: target, fence: fence))
        }
        var prepared = PreparedBatch(
            node: node, stream: batch.stream, firstSequence: batch.firstSequence, items: [], leases: leases, bytes: 0)
        prepared.identityVersion = hasher.version
        prepared.items.reserveCapacity(batch.items.count)
        for item in batch.items {
            switch item.kind {
            case .artifact(let artifact): prepared.bytes += artifact.content.count
            // So that the receipts of a commit fit a frame.
            case .bookmark(let bookmark): prepared.bytes += bookmark.value.count
            case .unchanged, nil: break
            }
            let lease = item.lease == 0 ? nil : Int(item.lease) - 1
            let kind: PreparedItem.Kind =
                lease.map { $0 < leases.count } ?? true
                ? prepare(item, from: node, now: now)
                : .refused(
                    Refusal("lease", "lease is \(item.lease) but the batch names \(leases.count); count from 1, or 0"))
            prepared.items.append(PreparedItem(kind: kind, lease: lease.flatMap { $0 < leases.count ? $0 : nil }))
        }
        prepared.gatherDigests()
        if let sealer { prepared.seals = sealer.seals(of: prepared) }
        return prepared
    }

    private func check(_ batch: Proto.IngestBatch) throws(Refusal) {
        if batch.stream == 0 {
            throw Refusal("stream", "stream is 0; give the random number that the spool was made with")
        }
        if batch.firstSequence == 0 {
            throw Refusal("first_sequence", "first_sequence is 0; sequences count from 1")
        }
        if batch.firstSequence > UInt64(Int64.max) - UInt64(Limits.maxBatch) {
            throw Refusal("first_sequence", "first_sequence is \(batch.firstSequence); at most 2^63 is accepted")
        }
        if batch.items.isEmpty || batch.items.count > Limits.maxBatch {
            throw Refusal("items", "the batch has \(batch.items.count) items; 1 to \(Limits.maxBatch) are accepted")
        }
    }

    private func prepare(_ item: Proto.Item, from node: String, now: WallTime) -> PreparedItem.Kind {
        switch item.kind {
        case .artifact(let artifact):
            if let refusal = ArtifactRules.lasting(artifact) { return .refused(refusal) }
            let prepared = PreparedArtifact(artifact, hasher.identity(of: artifact, from: node))
            if let refusal = ArtifactRules.time(artifact, now: now) { return .ahead(prepared, refusal) }
            return .artifact(prepared)
        case .unchanged(let unchanged):
            guard unchanged.digest.count == 32 else {
                return .refused(
                    Refusal("unchanged.digest", "unchanged.digest has \(unchanged.digest.count) bytes; a digest has 32")
                )
            }
            if let refusal = ArtifactRules.signals(unchanged.signals, "unchanged.signals") { return .refused(refusal) }
            return .unchanged(digest: Array(unchanged.digest), signals: unchanged.signals)
        case .bookmark(let bookmark):
            guard bookmark.value.count <= Limits.maxBookmark else {
                return .refused(
                    Refusal(
                        "bookmark.value",
                        "bookmark.value has \(bookmark.value.count) bytes; at most \(Limits.maxBookmark) are accepted"))
            }
            return .bookmark(Array(bookmark.value))
        case nil:
            return .refused(Refusal("kind", "the item is neither artifact, unchanged nor bookmark; set one of them"))
        }
    }
}
