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

    /// For each identity whether neither it nor its content seems to be stored. Wrong once in thousands of millions
    /// for what is new; what another batch brings at this moment seems new too.
    package func seemNew(_ identities: [ArtifactIdentity]) -> [Bool] {
        lock.withLock { _ in
            identities.map { !artifacts.mayHold($0.digest) && !contents.mayHold($0.content) }
        }
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

    func artifact(
        _ digest: Digest, verify: (UInt32) throws(LedgerError) -> Bool
    ) throws(LedgerError) -> UInt32? { try artifacts.find(digest, verify: verify) }

    func content(
        _ digest: Digest, verify: (UInt32) throws(LedgerError) -> Bool
    ) throws(LedgerError) -> UInt32? { try contents.find(digest, verify: verify) }
}
