import Model
import Wire

/// Who sent a batch, as far as it matters to what the batch can raise.
struct Sender {
    var name: String
    var number: UInt32
    var reputation: Double

    func weight(of confidence: Double?) -> Weight { Weight(confidence: confidence, reputation: reputation) }
}

/// A version above the first that a group adds.
struct NewVersion {
    var artifact: UInt64
    var standing: Standing
    var reputation: Double
    var rawCheck: UInt64
    var record: LedgerFormat.StoredArtifact
    /// ms; 0: its claims came with it.
    var claimedAt: Int64 = 0
}

/// Bytes that equal kept ones only after normalisation.
struct NewVariant {
    /// The artifact that owns the content.
    var home: UInt64
    var prepared: PreparedArtifact
    var node: UInt32
}

/// What the duplicates of one group add beside their sightings: versions and variants. Nothing here reads a disk
/// but the question whether a variant is known, which only texts that differ ask.
struct VersionBook {
    private let committed: any CommittedIdentities
    private(set) var versions: [NewVersion] = []
    private(set) var variants: [NewVariant] = []
    private(set) var standings: [UInt64: Standing] = [:]
    private var pending: Set<VariantKey> = []

    private struct VariantKey: Hashable {
        var home: UInt64
        var rawCheck: UInt64
    }

    init(committed: any CommittedIdentities) { self.committed = committed }

    func current(_ kept: StoredIdentity) -> Standing {
        if !standings.isEmpty, let own = standings[kept.id] { return own }
        return committed.standing(of: kept.id) ?? Standing(version: 1, weight: kept.weight, node: kept.node)
    }

    /// Whether this sighting weighs more than the current version does. A node raises neither what it brought first
    /// nor its own version. Returns the number of the version that now holds, and whether it is new.
    mutating func sight(
        _ kept: StoredIdentity, _ prepared: PreparedArtifact, by sender: Sender, _ lease: LeaseRef?
    ) -> (number: UInt32, isNew: Bool) {
        let current = current(kept)
        let weight = sender.weight(of: prepared.artifact.confidence)
        guard weight > current.weight, sender.number != kept.node, sender.number != current.node,
            current.version < .max
        else { return (UInt32(current.version), false) }
        let next = Standing(version: current.version + 1, weight: weight, node: sender.number)
        standings[kept.id] = next
        versions.append(
            NewVersion(
                artifact: kept.id, standing: next, reputation: sender.reputation,
                rawCheck: prepared.identity.rawCheck,
                record: LedgerFormat.StoredArtifact(prepared.artifact, node: sender.name, lease: lease)))
        return (UInt32(next.version), true)
    }

    /// The same claims, of the same weight and node, under other signals.
    mutating func say(
        _ record: LedgerFormat.StoredArtifact, of kept: StoredIdentity, rawCheck: UInt64, claimedAt: Int64
    ) -> UInt32 {
        var next = current(kept)
        next.version += 1
        standings[kept.id] = next
        versions.append(
            NewVersion(
                artifact: kept.id, standing: next, reputation: 0, rawCheck: rawCheck, record: record,
                claimedAt: claimedAt))
        return UInt32(next.version)
    }

    /// Keeps the bytes of a text once, when they are neither those of the artifact that owns the content nor kept
    /// already.
    mutating func keep(_ prepared: PreparedArtifact, of home: StoredIdentity, by sender: Sender) throws(LedgerError) {
        let check = prepared.identity.rawCheck
        guard check != home.rawCheck, try !committed.hasVariant(home: home.id, rawCheck: check),
            pending.insert(VariantKey(home: home.id, rawCheck: check)).inserted
        else { return }
        variants.append(NewVariant(home: home.id, prepared: prepared, node: sender.number))
    }
}
