package import Model
package import Storage

/// Something that is computed from the ledger's commits, in order, and can be computed again. Confined to the derived
/// thread; what it stores in `apply` is stored together with its position, so it may be killed at any moment.
package protocol DerivedConsumer: AnyObject, SendableMetatype {
    /// Under which its position is stored; never changes.
    var name: String { get }
    /// Whether the commits it is given hold the contents of their new artifacts.
    var needsContent: Bool { get }
    /// Whether they hold the new artifacts themselves; sightings and tallies alone cost less to read.
    var needsArtifacts: Bool { get }
    /// Reads its own tables; called once, before anything else, and again after the database had to be opened anew.
    func load(from database: Database) throws(StorageError)
    /// Takes one commit, inside a transaction. Memory that it changes here must match the tables if that succeeds.
    func apply(_ commit: ChangeCommit, in database: Database) throws(StorageError)
    /// The last of `apply` in a transaction, for what is better stored once than with every commit.
    func settle(in database: Database) throws(StorageError)
    /// What the time alone causes, inside a transaction of its own; called about once a second.
    func pass(now: Instant, wall: WallTime, in database: Database) throws(StorageError)
    /// Lets go of what it holds open besides; it is not used again.
    func close()
}

extension DerivedConsumer {
    package var needsContent: Bool { false }
    package func settle(in database: Database) throws(StorageError) {}
    package var needsArtifacts: Bool { true }
    package func pass(now: Instant, wall: WallTime, in database: Database) throws(StorageError) {}
    package func close() {}
}
