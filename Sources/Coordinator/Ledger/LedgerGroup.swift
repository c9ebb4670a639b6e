import Model
import Sealing
package import Wire

/// What the ledger answers to one batch.
package enum BatchResult: Equatable, Sendable {
    /// Applied, or found applied before: one verdict an item; the first `replayed` of them are looked up again.
    case applied(verdicts: [Proto.Verdict], replayed: Int, lastApplied: UInt64)
    /// The batch begins above the next sequence.
    case gap(lastApplied: UInt64)
    /// More than the quota of its node, or of the cluster, allows; nothing of it was applied.
    case overQuota(QuotaRefusal, lastApplied: UInt64)
    /// An item below the position was never seen: the spool was copied.
    case forked(sequence: UInt64, lastApplied: UInt64)
}

struct StreamState: Equatable {
    var node: String
    var lastApplied: UInt64
    /// The state version that moved it last.
    var version: UInt64 = 0
    var recent = RecentVerdicts()
}

/// An artifact that this group stores.
struct NewArtifact {
    var id: UInt64
    var prepared: PreparedArtifact
    /// The artifact whose content it shares; nil: its own.
    var contentHome: UInt64?
    var node: String
    var lease: LeaseRef?
    var weight: Weight
    var nodeNumber: UInt32
}

/// A run of a group's new artifacts that is ready as a segment.
struct SealedRun {
    /// Its first artifact's place among them.
    var start: Int
    var seal: Seal
}

/// Looks up what earlier groups have committed.
protocol CommittedIdentities: AnyObject {
    /// Makes the look-ups of a batch's artifacts, which follow, fast.
    func fetch(_ batch: PreparedBatch)
    func artifact(with digest: Digest) throws(LedgerError) -> StoredIdentity?
    func content(with digest: Digest) throws(LedgerError) -> StoredIdentity?
    func stream(_ id: UInt64) -> StreamState?
    /// Nil: the first version is the current one.
    func standing(of artifact: UInt64) -> Standing?
    func number(ofNode name: String) -> UInt32?
    var nodes: Int { get }
    func hasVariant(home: UInt64, rawCheck: UInt64) throws(LedgerError) -> Bool
}

struct StoredIdentity: Equatable {
    var id: UInt64
    var rawCheck: UInt64
    /// Of the first version.
    var weight = Weight(steps: 0)
    /// Who brought it first.
    var node: UInt32 = 0
    var ownsContent = true
}

/// The decisions of one group commit. It changes nothing outside itself: the ledger writes what stands here, and only
/// after COMMIT makes it visible to the next group.
struct LedgerGroup {
    private let committed: any CommittedIdentities
    private(set) var head: LedgerHead
    private(set) var streams: [UInt64: StreamState] = [:]
    private(set) var stored: [NewArtifact] = []
    /// Which runs of `stored` are ready as segments, in order.
    private(set) var sealed: [SealedRun] = []
    private(set) var sightings: [LedgerFormat.StoredSighting] = []
    private(set) var results: [BatchResult] = []
    private var digests = PendingIndex()
    private var contents = PendingIndex()
    private var receipts = ReceiptBook()
    private(set) var tallies: [LedgerFormat.StoredTally] = []
    var book: VersionBook
    /// Nil: no quota is set.
    private(set) var quotas: QuotaBook?
    private let now: WallTime
    /// Nodes never heard of before, in the order of their numbers.
    private(set) var newNodes: [String] = []
    private let reputations: Reputations
    let records: CurrentRecords?

    init(
        head: LedgerHead, committed: any CommittedIdentities, reputations: Reputations = Reputations(),
        records: CurrentRecords? = nil, quotas: QuotaBook? = nil, now: WallTime = WallTime(milliseconds: 0)
    ) {
        self.records = records
        self.quotas = quotas
        self.now = max(now, head.wall)
        self.head = head
        self.committed = committed
        self.reputations = reputations
        book = VersionBook(committed: committed)
    }

    var orderedReceipts: [Receipt] { receipts.ordered }

    /// True when there is something to write: a group of replays and refusals alone changes nothing.
    var hasChanges: Bool { !streams.isEmpty }

    mutating func add(_ batch: PreparedBatch) throws(LedgerError) {
        var state =
            streams[batch.stream] ?? committed.stream(batch.stream) ?? StreamState(node: batch.node, lastApplied: 0)
        let last = state.lastApplied
        guard batch.firstSequence <= last + 1 else {
            results.append(.gap(lastApplied: last))
            return
        }
        let replayed = Int(min(UInt64(batch.items.count), last + 1 - batch.firstSequence))
        var verdicts: [Proto.Verdict] = []
        verdicts.reserveCapacity(batch.items.count)
        for i in 0..<replayed {
            let sequence = batch.firstSequence + UInt64(i)
            let said = state.recent.said(at: sequence, lastApplied: last)
            guard let verdict = try replay(batch.items[i].kind, said) else {
                results.append(.forked(sequence: sequence, lastApplied: last))
                return
            }
            verdicts.append(verdict)
        }
        if let refusal = quotas?.admit(batch.artifacts(from: replayed), from: batch.node, now: now) {
            results.append(.overQuota(refusal, lastApplied: last))
            return
        }
        if replayed < batch.items.count {
            committed.fetch(batch)
            let sender = sender(batch.node)
            let (received, refused, firstStored) = (head.received, head.refused, stored.count)
            for i in replayed..<batch.items.count {
                let verdict = try apply(i, of: batch, from: sender)
                state.recent.note(verdict.code, at: batch.firstSequence + UInt64(i))
                verdicts.append(verdict)
            }
            count(received: head.received - received, refused: head.refused - refused, from: batch.node)
            for seal in batch.seals { use(seal, of: batch, from: firstStored) }
        }
        let applied = max(last, batch.firstSequence + UInt64(batch.items.count) - 1)
        if applied > last {
            state.node = batch.node
            state.lastApplied = applied
            streams[batch.stream] = state
        }
        results.append(.applied(verdicts: verdicts, replayed: replayed, lastApplied: applied))
    }

    private mutating func sender(_ name: String) -> Sender {
        var number = committed.number(ofNode: name)
        if number == nil, let place = newNodes.firstIndex(of: name) { number = UInt32(committed.nodes + place + 1) }
        if number == nil {
            newNodes.append(name)
            number = UInt32(committed.nodes + newNodes.count)
        }
        return Sender(name: name, number: number ?? 0, reputation: reputations[name])
    }

    /// Adds up what the node sent in this commit; a group holds few nodes, so a list is searched fast enough.
    private mutating func count(received: UInt64, refused: UInt64, from node: String) {
        guard received > 0 else { return }
        let place = tallies.firstIndex { $0.node == node } ?? tallies.endIndex
        if place == tallies.endIndex { tallies.append(LedgerFormat.StoredTally(node: node)) }
        tallies[place].received += UInt32(received)
        tallies[place].refused += UInt32(refused)
    }

    /// A seal is good when all that is in it was stored, with contents of their own and nothing in between.
    private mutating func use(_ seal: Seal, of batch: PreparedBatch, from firstStored: Int) {
        guard let first = seal.places.first, let prepared = batch.items[first].artifact,
            let start = stored[firstStored...].firstIndex(where: { $0.prepared === prepared }),
            start + seal.places.count <= stored.count
        else { return }
        let isWhole = seal.places.indices.allSatisfy { index in
            stored[start + index].contentHome == nil
                && stored[start + index].prepared === batch.items[seal.places[index]].artifact
        }
        if isWhole { sealed.append(SealedRun(start: start, seal: seal)) }
    }

    // MARK: One item

    /// Read-only: what was said before is looked up again. Nil when the item was never applied.
    private func replay(
        _ kind: PreparedItem.Kind, _ said: RecentVerdicts.Word
    ) throws(LedgerError) -> Proto.Verdict? {
        switch kind {
        case .artifact(let prepared):
            if said == .refused { return Proto.Verdict(.refusedBefore) }
            return try replay(prepared, said)
        case .ahead(let prepared, let refusal):
            switch said {
            case .refused: return Proto.Verdict(refusal)
            case .unknown: return try replay(prepared, said) ?? Proto.Verdict(refusal)
            case .stored, .duplicate: return try replay(prepared, said)
            }
        case .refused(let refusal): return Proto.Verdict(refusal)
        case .unchanged(let digest, _): return try unchanged(digest).verdict
        case .bookmark: return Proto.Verdict(code: .bookmark)
        }
    }

    private func replay(
        _ prepared: PreparedArtifact, _ said: RecentVerdicts.Word
    ) throws(LedgerError) -> Proto.Verdict? {
        guard let kept = try artifact(named: prepared.identity) else { return nil }
        let kind: Proto.DuplicateKind =
            said != .duplicate
            ? (kept.ownsContent ? .none : .sameContent)
            : (kept.rawCheck == prepared.identity.rawCheck ? .exact : .normalised)
        return Proto.Verdict(
            code: said == .duplicate ? .duplicate : .stored, digest: prepared.identity.digest.bytes[...],
            artifact: kept.id, duplicate: kind, version: UInt32(book.current(kept).version))
    }

    private mutating func apply(
        _ place: Int, of batch: PreparedBatch, from sender: Sender
    ) throws(LedgerError) -> Proto.Verdict {
        let item = batch.items[place]
        let sequence = batch.firstSequence + UInt64(place)
        let lease = item.lease.map { batch.leases[$0] }
        let verdict: Proto.Verdict
        var corroborates = false
        switch item.kind {
        case .artifact(let prepared):
            (verdict, corroborates) = try keep(
                prepared, batch.digest(ofItem: place, prepared.identity), from: sender, lease: lease)
        case .refused(let refusal), .ahead(_, let refusal):
            head.received += 1
            head.refused += 1
            verdict = Proto.Verdict(refusal)
        case .unchanged(let digest, let signals):
            verdict = try confirm(digest, signals, node: batch.node, lease: lease)
        case .bookmark(let value):
            head.bookmarks += 1
            verdict = Proto.Verdict(code: .bookmark)
            if let lease { receipts.bookmark(value, lease, batch, sequence) }
        }
        if let lease { receipts.count(verdict.code, corroborates, lease, batch, sequence) }
        return verdict
    }

    private mutating func keep(
        _ prepared: PreparedArtifact, _ digest: ArraySlice<UInt8>, from sender: Sender, lease: LeaseRef?
    ) throws(LedgerError) -> (verdict: Proto.Verdict, corroborates: Bool) {
        let identity = prepared.identity
        head.received += 1
        if let kept = try self.artifact(named: identity) {
            return try see(kept, prepared, digest, from: sender, lease: lease)
        }
        let home = try content(named: identity)
        head.stored += 1
        let id = head.stored
        let own = StoredIdentity(
            id: id, rawCheck: identity.rawCheck, weight: sender.weight(of: prepared.artifact.confidence),
            node: sender.number, ownsContent: home == nil)
        digests.insert(identity.digest, own)
        if let home {
            sight(home.id, .sameContent, prepared, sender, lease)
            try book.keep(prepared, of: home, by: sender)
        } else {
            contents.insert(identity.content, own)
            head.contents += 1
            head.contentBytes += UInt64(prepared.artifact.content.count)
        }
        stored.append(
            NewArtifact(
                id: id, prepared: prepared, contentHome: home?.id, node: sender.name, lease: lease,
                weight: own.weight, nodeNumber: sender.number))
        let verdict = Proto.Verdict(
            code: .stored, digest: digest, artifact: id, duplicate: home == nil ? .none : .sameContent)
        return (verdict, false)
    }

    /// A duplicate: a sighting always, a new version when it weighs more, its bytes when they are others.
    private mutating func see(
        _ kept: StoredIdentity, _ prepared: PreparedArtifact, _ digest: ArraySlice<UInt8>, from sender: Sender,
        lease: LeaseRef?
    ) throws(LedgerError) -> (verdict: Proto.Verdict, corroborates: Bool) {
        head.duplicates += 1
        let identity = prepared.identity
        let exact = kept.rawCheck == identity.rawCheck
        let kind = exact ? SightingChange.Kind.exact : .normalised
        if !exact, let home = kept.ownsContent ? kept : try content(named: identity) {
            try book.keep(prepared, of: home, by: sender)
        }
        var (version, isNew) = book.sight(kept, prepared, by: sender, lease)
        if !isNew, let said = try hear(prepared.artifact.signals, of: kept) { (version, isNew) = (said, true) }
        sight(kept.id, exact ? .exact : .normalised, prepared, sender, lease, version: isNew ? version : 0)
        let verdict = Proto.Verdict(
            code: .duplicate, digest: digest, artifact: kept.id, duplicate: exact ? .exact : .normalised,
            version: version)
        return (verdict, kind.corroborates(isOwn: kept.node == sender.number))
    }

    private mutating func confirm(
        _ digest: [UInt8], _ signals: StringMap, node: String, lease: LeaseRef?
    ) throws(LedgerError) -> Proto.Verdict {
        var (kept, verdict) = try unchanged(digest)
        if let kept {
            head.unchanged += 1
            let said = try hear(signals, of: kept)
            if let said { verdict.version = said }
            sightings.append(
                LedgerFormat.StoredSighting(
                    artifact: kept.id, kind: .unchanged, node: node, target: lease.map { $0.target.bytes[...] } ?? [],
                    lease: lease?.lease ?? 0, version: said ?? 0))
        } else {
            head.unknownDigests += 1
        }
        return verdict
    }

    private func unchanged(_ bytes: [UInt8]) throws(LedgerError) -> (kept: StoredIdentity?, verdict: Proto.Verdict) {
        guard let digest = Digest(bytes), let kept = try artifact(with: digest) else {
            var verdict = Proto.Verdict(code: .unknownDigest)
            verdict.field = "unchanged.digest"
            verdict.message = "no artifact with this digest is kept; send the artifact itself"
            return (nil, verdict)
        }
        let version = UInt32(book.current(kept).version)
        return (kept, Proto.Verdict(code: .unchanged, digest: bytes[...], artifact: kept.id, version: version))
    }

    private mutating func sight(
        _ id: UInt64, _ kind: LedgerFormat.SightingKind, _ prepared: PreparedArtifact, _ sender: Sender,
        _ lease: LeaseRef?, version: UInt32 = 0
    ) {
        let artifact = prepared.artifact
        sightings.append(
            LedgerFormat.StoredSighting(
                artifact: id, kind: kind, node: sender.name, target: lease.map { $0.target.bytes[...] } ?? [],
                lease: lease?.lease ?? 0, collectedAtMs: artifact.collectedAtMs, confidence: artifact.confidence,
                rawCheck: kind == .normalised ? prepared.identity.rawCheck : 0, version: version))
    }

    // MARK: Look-ups: this group first, then what is committed

    private func artifact(named identity: ArtifactIdentity) throws(LedgerError) -> StoredIdentity? {
        if let kept = try artifact(with: identity.digest) { return kept }
        guard let former = identity.former else { return nil }
        return try committed.artifact(with: former.digest)
    }

    private func content(named identity: ArtifactIdentity) throws(LedgerError) -> StoredIdentity? {
        if let own = contents.find(identity.content) { return own }
        if let kept = try committed.content(with: identity.content) { return kept }
        guard let former = identity.former else { return nil }
        return try committed.content(with: former.content)
    }

    private func artifact(with digest: Digest) throws(LedgerError) -> StoredIdentity? {
        if let own = digests.find(digest) { return own }
        return try committed.artifact(with: digest)
    }

    /// Moves `received_at` on, in this group and for good once it is committed.
    mutating func stamp(_ now: WallTime) -> WallTime {
        head.stateVersion += 1
        head.versions += UInt64(book.versions.count)
        head.variants += UInt64(book.variants.count)
        return head.advance(to: now)
    }
}

/// Adds up, per lease and stream, what one commit did.
private struct ReceiptBook {
    private var places: [Key: Int] = [:]
    private(set) var ordered: [Receipt] = []

    private struct Key: Hashable {
        var lease: LeaseRef
        var stream: UInt64
    }

    mutating func count(
        _ code: Proto.VerdictCode, _ corroborates: Bool, _ lease: LeaseRef, _ batch: PreparedBatch, _ sequence: UInt64
    ) {
        let place = place(lease, batch)
        ordered[place].lastSequence = max(ordered[place].lastSequence, sequence)
        switch code {
        case .stored: ordered[place].stored += 1
        case .duplicate:
            ordered[place].duplicates += 1
            if corroborates { ordered[place].corroborating += 1 }
        case .refused, .unknownDigest: ordered[place].refused += 1
        case .unchanged: ordered[place].unchanged += 1
        case .bookmark, .unspecified, .unrecognized: break
        }
    }

    mutating func bookmark(_ value: [UInt8], _ lease: LeaseRef, _ batch: PreparedBatch, _ sequence: UInt64) {
        ordered[place(lease, batch)].bookmark = value
    }

    private mutating func place(_ lease: LeaseRef, _ batch: PreparedBatch) -> Int {
        let key = Key(lease: lease, stream: batch.stream)
        if let place = places[key] { return place }
        places[key] = ordered.count
        ordered.append(Receipt(lease: lease, node: batch.node, stream: batch.stream, lastSequence: 0))
        return ordered.count - 1
    }
}

extension Proto.Verdict {
    fileprivate init(_ refusal: Refusal) {
        self.init(code: .refused)
        field = refusal.field
        message = refusal.message
    }

    fileprivate init(
        code: Proto.VerdictCode, digest: ArraySlice<UInt8>, artifact: UInt64, duplicate: Proto.DuplicateKind = .none,
        version: UInt32 = 1
    ) {
        self.init(code: code)
        self.digest = digest
        self.artifact = artifact
        self.duplicate = duplicate
        self.version = version
    }
}
