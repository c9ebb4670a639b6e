import Model
import Sealing
import Synchronization

/// The digests that are stored, for the ledger's thread and, as a guess, for everybody else: who prepares a batch can
/// tell what is most likely new, and the ledger's word stays the only one that counts.
package final class KnownDigests: Sendable {
    // The ledger's thread alone changes them, under the lock, and reads them without; others read under the lock.
    private nonisolated(unsafe) var artifacts = DigestIndex()
    private nonisolated(unsafe) var contents = DigestIndex()
    private let lock = Mutex(())

    package init() {}

    // MARK: Any thread

    /// For each identity whether neither it nor its content seems to be stored; what another batch brings at this
    /// moment seems new too.
    ///
    /// Beside ten millions one new digest in four hundred meets the tag of another. A name that is known without its
    /// content is always such a chance; a content without the name is one too, unless many of a batch are so: then
    /// they are contents from elsewhere.
    package func seemNew(_ identities: [ArtifactIdentity]) -> [Bool] {
        let hits = lock.withLock { _ in
            identities.map { (name: artifacts.mayHold($0.digest), content: contents.mayHold($0.content)) }
        }
        let nameless = hits.count { $0.content && !$0.name }
        let areChance = nameless * Limits.chanceShare <= identities.count
        return hits.map { !$0.content || (!$0.name && areChance) }
    }

    // MARK: The ledger's thread

    var bytes: Int { artifacts.bytes + contents.bytes }

    /// Adds whole segments at a time, so that others wait for microseconds.
    func add(_ add: (_ artifacts: inout DigestIndex, _ contents: inout DigestIndex) -> Void) {
        lock.withLock { _ in add(&artifacts, &contents) }
    }

    func clear() {
        lock.withLock { _ in
            artifacts = DigestIndex()
            contents = DigestIndex()
        }
    }

    /// Both of an identity's tags in one number.
    static func tags(_ identity: ArtifactIdentity) -> UInt64 {
        UInt64(DigestIndex.tag(identity.content)) << 32 | UInt64(DigestIndex.tag(identity.digest))
    }

    /// Reads where the look-ups of these tags begin, so that the processor waits for many at once and not for one after
    /// the other. What it returns says nothing, but that the reads were needed.
    func fetch(_ tags: [UInt64]) -> UInt64 {
        tags.reduce(0) {
            $0 ^ artifacts.first(UInt32(truncatingIfNeeded: $1)) ^ contents.first(UInt32($1 >> 32))
        }
    }

    func artifact(
        _ digest: Digest, verify: (UInt32) throws(LedgerError) -> Bool
    ) throws(LedgerError) -> UInt32? { try artifacts.find(digest, verify: verify) }

    func content(
        _ digest: Digest, verify: (UInt32) throws(LedgerError) -> Bool
    ) throws(LedgerError) -> UInt32? { try contents.find(digest, verify: verify) }
}
