package import Model
import Sealing
package import Wire

/// A batch that is validated, normalised and hashed; what is left needs the ledger.
package struct PreparedBatch: Sendable {
    package var node: String
    package var stream: UInt64
    package var firstSequence: UInt64
    package var items: [PreparedItem]
    package var leases: [LeaseRef]
    /// Bytes of content that it holds in memory.
    package var bytes: Int
    /// How its identities were made.
    var identityVersion: Int64 = 1

    /// The same with identities made by another hasher.
    func renewed(by hasher: IdentityHasher) -> PreparedBatch {
        var copy = self
        copy.identityVersion = hasher.version
        for place in items.indices {
            switch items[place].kind {
            case .artifact(let prepared): copy.items[place].kind = .artifact(prepared.renewed(by: hasher, node))
            case .ahead(let prepared, let refusal):
                copy.items[place].kind = .ahead(prepared.renewed(by: hasher, node), refusal)
            case .refused, .unchanged, .bookmark: break
            }
        }
        copy.seals = []
        copy.gatherDigests()
        return copy
    }

    /// Of the items from this one on, those that quotas count.
    func artifacts(from first: Int) -> Int {
        items.dropFirst(first).count { item in
            switch item.kind {
            case .artifact, .ahead, .refused: true
            case .unchanged, .bookmark: false
            }
        }
    }

    /// What was made ready to be stored ahead of the ledger's decision.
    package internal(set) var seals: [Seal] = []
    /// 32 bytes an item, its digest where it is an artifact: one array for all, which the answers share.
    private(set) var digests: [UInt8] = []
    /// Of each artifact its digest's tag in the indexes, and above it its content's.
    private(set) var tags: [UInt64] = []

    package init(
        node: String, stream: UInt64, firstSequence: UInt64, items: [PreparedItem], leases: [LeaseRef], bytes: Int
    ) {
        self.node = node
        self.stream = stream
        self.firstSequence = firstSequence
        self.items = items
        self.leases = leases
        self.bytes = bytes
    }

    /// What it takes while it waits, the sealed copies of its contents included.
    var heldBytes: Int {
        seals.reduce(bytes) { $0 + $1.packed.count + $1.records.bytes.count + $1.contents.bytes.count }
    }

    mutating func gatherDigests() {
        digests.removeAll()
        tags.removeAll()
        digests.reserveCapacity(items.count * Digest.size)
        tags.reserveCapacity(items.count)
        for item in items {
            if let identity = item.artifact?.identity { tags.append(KnownDigests.tags(identity)) }
            (item.artifact?.identity.digest ?? Digest(words: (0, 0, 0, 0))).withBytes { digests.append(contentsOf: $0) }
        }
    }

    func digest(ofItem place: Int, _ identity: ArtifactIdentity) -> ArraySlice<UInt8> {
        let start = place * Digest.size
        return start < digests.count ? digests[start..<start + Digest.size] : identity.digest.bytes[...]
    }

    package var artifacts: Int {
        items.reduce(0) { if case .artifact = $1.kind { $0 + 1 } else { $0 } }
    }
}

/// One artifact with its identity. A class, because on its way to the ledger it is handed on many times, and each copy
/// of a value would count references to every one of its fields.
package final class PreparedArtifact: Sendable {
    package let artifact: Proto.Artifact
    package let identity: ArtifactIdentity

    init(_ artifact: Proto.Artifact, _ identity: ArtifactIdentity) {
        self.artifact = artifact
        self.identity = identity
    }

    fileprivate func renewed(by hasher: IdentityHasher, _ node: String) -> PreparedArtifact {
        PreparedArtifact(artifact, hasher.identity(of: artifact, from: node))
    }
}

package struct PreparedItem: Sendable {
    package enum Kind: Sendable {
        case artifact(PreparedArtifact)
        /// Refused if it comes for the first time. Time passes and clocks are set: what is asked again is looked up.
        case ahead(PreparedArtifact, Refusal)
        case refused(Refusal)
        case unchanged(digest: [UInt8], signals: StringMap = StringMap())
        case bookmark([UInt8])
    }

    package var kind: Kind
    /// Place in the batch's `leases`, or nil.
    package var lease: Int?

    var artifact: PreparedArtifact? {
        if case .artifact(let artifact) = kind { artifact } else { nil }
    }
}
